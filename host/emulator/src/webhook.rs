//! Webhooks to the host: what they carry, how they are signed and delivered, and delivered again.

pub(crate) mod body;
pub(crate) mod delivery;
pub(crate) mod disorder;
pub(crate) mod handshake;
mod hold;

use std::collections::VecDeque;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use parking_lot::Mutex;
use tokio::sync::Notify;

use crate::clock::Clock;
use crate::standing::Unsubscribed;
pub(crate) use body::{Place, Update};
use disorder::Disorders;
use hold::Held;
pub(crate) use hold::Release;

/// What waits on a connection, and since when. Milliseconds of the emulator's clock.
#[derive(Debug)]
pub(crate) struct Queued {
    since_ms: i64,
    load: Load,
}

/// What a webhook may carry.
#[derive(Debug)]
enum Load {
    /// An update, which its neighbours may join.
    One(Update),
    /// A webhook by itself.
    Together(Vec<Update>),
}

/// What one connection has to deliver, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Lane {
    queue: Mutex<VecDeque<Queued>>,
    wake: Notify,
}

impl Lane {
    fn add(&self, loads: impl IntoIterator<Item = Queued>) {
        self.queue.lock().extend(loads);
        self.wake.notify_one();
    }

    /// The next webhook's updates, at most `batch` of those that may travel together, and since when the oldest waits.
    fn take(&self, batch: usize) -> Option<(i64, Vec<Update>)> {
        let mut queue = self.queue.lock();
        let Queued { since_ms, load } = queue.pop_front()?;
        let mut updates = match load {
            Load::Together(updates) => return Some((since_ms, updates)),
            Load::One(update) => vec![update],
        };
        while updates.len() < batch {
            match queue.pop_front() {
                Some(Queued { load: Load::One(update), .. }) => updates.push(update),
                Some(whole) => {
                    queue.push_front(whole);
                    break;
                }
                None => break,
            }
        }
        Some((since_ms, updates))
    }
}

/// All updates that wait for delivery.
#[derive(Debug)]
pub(crate) struct Outbound {
    clock: Arc<Clock>,
    lanes: Vec<Arc<Lane>>,
    waiting: Arc<AtomicUsize>,
    most_waiting: usize,
    held: Held,
    unsubscribed: Unsubscribed,
    /// What goes wrong by chance.
    pub(crate) disorder: Disorders,
}

impl Outbound {
    /// Room for updates on as many connections. None, and every update is dropped.
    pub(crate) fn new(clock: Arc<Clock>, connections: usize, most_waiting: usize, unsubscribed: Unsubscribed) -> Self {
        let lanes = (0..connections).map(|_| Arc::default()).collect();
        let (held, disorder) = (Held::default(), Disorders::default());
        Self { clock, lanes, waiting: Arc::default(), most_waiting, held, unsubscribed, disorder }
    }

    /// Whether there is somewhere to deliver to.
    pub(crate) fn leads_somewhere(&self) -> bool {
        !self.lanes.is_empty()
    }

    /// Whether so much waits that customers should hold back.
    pub(crate) fn is_full(&self) -> bool {
        self.waiting() >= self.most_waiting
    }

    /// Updates that wait, those of failed webhooks, held ones and late ones included.
    pub(crate) fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }

    /// Queues updates of one customer, in this order.
    pub(crate) fn push(&self, customer: &str, updates: impl IntoIterator<Item = Update>) {
        let Some(lane) = self.lane_of(customer) else { return };
        let since_ms = self.clock.now_ms();
        let updates = updates.into_iter().filter(|update| !self.unsubscribed.holds(update.number));
        if self.held.is_holding() || self.disorder.rules() {
            for update in updates {
                self.waiting.fetch_add(1, Ordering::Relaxed);
                if let Some(update) = self.held.keep(update) {
                    self.scatter(lane, update, since_ms);
                }
            }
            return;
        }
        let mut queue = lane.queue.lock();
        let before = queue.len();
        queue.extend(updates.map(|update| Queued { since_ms, load: Load::One(update) }));
        // Before anybody can take them, and count them down.
        self.waiting.fetch_add(queue.len() - before, Ordering::Relaxed);
        drop(queue);
        lane.wake.notify_one();
    }

    /// Queues updates of one customer when the clock shows this much more. Milliseconds.
    pub(crate) fn push_after(&self, customer: &str, mut updates: Vec<Update>, after_ms: i64) {
        let Some(lane) = self.lane_of(customer).cloned() else { return };
        updates.retain(|update| !self.unsubscribed.holds(update.number));
        self.waiting.fetch_add(updates.len(), Ordering::Relaxed);
        let at_ms = self.clock.now_ms().saturating_add(after_ms);
        for update in updates {
            arrive_late(Arc::clone(&self.clock), Arc::clone(&lane), update, at_ms);
        }
    }

    fn lane_of(&self, customer: &str) -> Option<&Arc<Lane>> {
        if self.lanes.is_empty() {
            return None;
        }
        let mut hasher = DefaultHasher::new();
        customer.hash(&mut hasher);
        #[expect(clippy::cast_possible_truncation, reason = "any part of a hash is a hash")]
        self.lanes.get(hasher.finish() as usize % self.lanes.len())
    }

    /// Queues an update, which is counted already, once or twice, now or later, as chance has it.
    fn scatter(&self, lane: &Arc<Lane>, update: Update, since_ms: i64) {
        let delays = self.disorder.scatter();
        self.waiting.fetch_add(delays.len() - 1, Ordering::Relaxed);
        for late_ms in delays {
            match late_ms {
                0 => lane.add([Queued { since_ms, load: Load::One(update.clone()) }]),
                late_ms => {
                    let at_ms = since_ms.saturating_add(late_ms);
                    arrive_late(Arc::clone(&self.clock), Arc::clone(lane), update.clone(), at_ms);
                }
            }
        }
    }
}

/// Puts an update into a lane when the clock shows this time.
fn arrive_late(clock: Arc<Clock>, lane: Arc<Lane>, update: Update, at_ms: i64) {
    tokio::spawn(async move {
        clock.wait_until(at_ms).await;
        lane.add([Queued { since_ms: clock.now_ms(), load: Load::One(update) }]);
    });
}
