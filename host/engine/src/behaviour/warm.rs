//! Warm instances: only for plugins that ask for them and were granted them.

use std::time::Duration;

use parking_lot::Mutex;
use santun_core::bot::Limits;
use santun_core::time::Timestamp;
use tokio::sync::OwnedSemaphorePermit;
use wasmtime::Store;

use crate::guest::Guest;
use crate::revision::Handle;

/// Instances that one behaviour keeps while nobody calls: each holds a place of the engine.
const IDLE: usize = 8;

/// An instance with its store.
pub(super) struct Living {
    pub(super) store: Store<Guest>,
    pub(super) handle: Handle,
    pub(super) calls: u32,
    pub(super) born: Timestamp,
}

/// The instances that wait for a call, if this behaviour has any at all.
pub(crate) struct Warm {
    policy: Option<Policy>,
    idle: Mutex<Vec<(Living, OwnedSemaphorePermit)>>,
}

struct Policy {
    calls: u32,
    age: Duration,
}

impl Warm {
    pub(super) fn never() -> Self {
        Self { policy: None, idle: Mutex::default() }
    }

    pub(super) fn within(limits: &Limits) -> Self {
        let policy = Policy { calls: limits.warm_calls, age: Duration::from_secs(limits.warm_seconds.into()) };
        Self { policy: Some(policy), idle: Mutex::default() }
    }

    pub(super) fn is_granted(&self) -> bool {
        self.policy.is_some()
    }

    pub(super) fn idle(&self) -> u32 {
        u32::try_from(self.idle.lock().len()).unwrap_or(u32::MAX)
    }

    /// An instance that is still young, the last used first.
    pub(super) fn take(&self, now: Timestamp) -> Option<Living> {
        let policy = self.policy.as_ref()?;
        let mut idle = self.idle.lock();
        loop {
            // Its place is given back: the call that takes it has brought its own.
            let (living, _) = idle.pop()?;
            if policy.allows(&living, now) {
                return Some(living);
            }
        }
    }

    /// Gives up the instance that has waited longest, and its place; false if there is none.
    pub(crate) fn give_up_one(&self) -> bool {
        let mut idle = self.idle.lock();
        let oldest = if idle.is_empty() { None } else { Some(idle.remove(0)) };
        drop(idle);
        oldest.is_some()
    }

    /// Keeps an instance that has answered, unless it is spent.
    pub(super) fn keep(&self, living: Living, place: OwnedSemaphorePermit, now: Timestamp) {
        let Some(policy) = &self.policy else { return };
        if !policy.allows(&living, now) {
            return;
        }
        let mut idle = self.idle.lock();
        if idle.len() < IDLE {
            idle.push((living, place));
        }
    }
}

impl Policy {
    fn allows(&self, living: &Living, now: Timestamp) -> bool {
        living.calls < self.calls && now.since(living.born) < self.age
    }
}
