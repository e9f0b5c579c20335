//! Holding webhooks back, and letting them go in another order or all in one.

use std::sync::atomic::{AtomicBool, Ordering};

use parking_lot::Mutex;
use rand::SeedableRng as _;
use rand::rngs::StdRng;
use rand::seq::SliceRandom as _;
use serde::Deserialize;

use super::{Load, Outbound, Queued, Update};

/// What is held back.
#[derive(Debug, Default)]
pub(super) struct Held {
    holding: AtomicBool,
    updates: Mutex<Vec<Update>>,
}

impl Held {
    pub(super) fn is_holding(&self) -> bool {
        self.holding.load(Ordering::Acquire)
    }

    /// Keeps an update while webhooks are held; gives it back otherwise.
    pub(super) fn keep(&self, update: Update) -> Option<Update> {
        let mut updates = self.updates.lock();
        // Asked again under the lock: a release in between must not leave one behind.
        if !self.is_holding() {
            return Some(update);
        }
        updates.push(update);
        None
    }
}

/// In which order held updates go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Order {
    /// As they happened.
    #[default]
    Kept,
    /// The newest first.
    Reversed,
    /// As a seed has it.
    Shuffled,
}

/// How held updates are let go.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Release {
    #[serde(default)]
    order: Order,
    /// With the same seed, the same order.
    #[serde(default)]
    seed: u64,
    /// The most updates in one webhook, 1 to 1,000.
    #[serde(default = "one")]
    pub(crate) batch: usize,
    /// How many copies of each webhook follow.
    #[serde(default)]
    pub(crate) duplicate: usize,
}

fn one() -> usize {
    1
}

impl Outbound {
    /// Holds every update from now on.
    pub(crate) fn hold(&self) {
        self.held.holding.store(true, Ordering::Release);
    }

    /// Whether updates are held, and how many.
    pub(crate) fn held(&self) -> (bool, usize) {
        (self.held.is_holding(), self.held.updates.lock().len())
    }

    /// Lets everything go that was held, one webhook after the other on one connection, and holds no longer. How many
    /// updates and webhooks that makes, copies included.
    pub(crate) fn release(&self, release: Release) -> (usize, usize) {
        let mut updates = {
            let mut held = self.held.updates.lock();
            self.held.holding.store(false, Ordering::Release);
            std::mem::take(&mut *held)
        };
        match release.order {
            Order::Kept => {}
            Order::Reversed => updates.reverse(),
            Order::Shuffled => updates.shuffle(&mut StdRng::seed_from_u64(release.seed)),
        }
        let Some(lane) = self.lanes.first() else { return (0, 0) };
        let since_ms = self.clock.now_ms();
        let mut webhooks = Vec::new();
        for batch in updates.chunks(release.batch) {
            for _ in 0..=release.duplicate {
                webhooks.push(Queued { since_ms, load: Load::Together(batch.to_vec()) });
            }
        }
        let made = (updates.len() * (release.duplicate + 1), webhooks.len());
        self.waiting.fetch_add(updates.len() * release.duplicate, Ordering::Relaxed);
        lane.add(webhooks);
        made
    }
}
