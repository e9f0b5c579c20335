//! Disorder by chance: copies, updates that come late and so out of order, and `delivered` left out before `read`.
//!
//! Source: Meta, "Webhooks": order is not guaranteed, duplicates happen, and what failed may come for seven days.

use std::sync::atomic::{AtomicBool, Ordering};

use parking_lot::Mutex;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use serde::{Deserialize, Serialize};

/// The latest that an update may come: as long as WhatsApp repeats.
const WEEK_S: u32 = 7 * 24 * 3600;

/// How much goes wrong. Chances are 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Disorder {
    /// The chance of an update to come twice.
    #[serde(default)]
    duplicate: f64,
    /// The chance of an update to come late.
    #[serde(default)]
    late: f64,
    /// The latest that late ones come. Seconds of the emulator's clock.
    #[serde(default = "a_minute")]
    late_by_up_to_s: u32,
    /// The chance of `delivered` to be left out where `read` comes with it.
    #[serde(default)]
    skip_delivered: f64,
    /// With the same seed, the same updates are met.
    #[serde(default)]
    seed: u64,
}

fn a_minute() -> u32 {
    60
}

impl Disorder {
    /// What is wrong with it, if anything.
    pub(crate) fn complaint(&self) -> Option<&'static str> {
        let chances = [self.duplicate, self.late, self.skip_delivered];
        if !chances.iter().all(|chance| (0.0..=1.0).contains(chance)) {
            return Some("`duplicate`, `late` and `skip_delivered` are chances: 0 to 1");
        }
        if !(1..=WEEK_S).contains(&self.late_by_up_to_s) {
            return Some("`late_by_up_to_s` must be 1 to 604800: WhatsApp repeats for seven days");
        }
        None
    }
}

#[derive(Debug)]
struct Rule {
    disorder: Disorder,
    chance: StdRng,
}

/// The disorder that rules, if any.
#[derive(Debug, Default)]
pub(crate) struct Disorders {
    rule: Mutex<Option<Rule>>,
    /// So that without one nothing is locked.
    rules: AtomicBool,
}

impl Disorders {
    /// Whether there is one.
    pub(crate) fn rules(&self) -> bool {
        self.rules.load(Ordering::Acquire)
    }

    /// Lets this one rule from now on, or none.
    pub(crate) fn set(&self, disorder: Option<Disorder>) {
        let chance = |disorder: Disorder| StdRng::seed_from_u64(disorder.seed);
        *self.rule.lock() = disorder.map(|disorder| Rule { disorder, chance: chance(disorder) });
        self.rules.store(disorder.is_some(), Ordering::Release);
    }

    /// The one that rules.
    pub(crate) fn get(&self) -> Option<Disorder> {
        self.rule.lock().as_ref().map(|rule| rule.disorder)
    }

    /// For one update: how late each of its copies comes, at least one. Milliseconds; 0 is now.
    pub(super) fn scatter(&self) -> Vec<i64> {
        let mut rule = self.rule.lock();
        let Some(Rule { disorder, chance }) = rule.as_mut() else { return vec![0] };
        let copies = if chance.random_bool(disorder.duplicate) { 2 } else { 1 };
        let late = |chance: &mut StdRng| {
            let late = chance.random_bool(disorder.late);
            if late { chance.random_range(1..=i64::from(disorder.late_by_up_to_s) * 1_000) } else { 0 }
        };
        (0..copies).map(|_| late(chance)).collect()
    }

    /// Whether this `delivered` is left out.
    pub(crate) fn skips_delivered(&self) -> bool {
        self.rules()
            && self.rule.lock().as_mut().is_some_and(|rule| rule.chance.random_bool(rule.disorder.skip_delivered))
    }
}
