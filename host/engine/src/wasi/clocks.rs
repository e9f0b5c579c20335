//! Clocks that a replay shows again.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::task::Poll;

use async_trait::async_trait;
use wasmtime::component::Resource;
use wasmtime_wasi::p2::bindings::clocks::{monotonic_clock, wall_clock};
use wasmtime_wasi::p2::{DynPollable, Pollable, subscribe};

use super::Shared;
use crate::guest::Guest;

/// A monotonic clock in nanoseconds. It stands still while the guest computes, and jumps to the
/// earliest deadline when the guest waits: nobody really sleeps.
#[derive(Debug, Default)]
pub(crate) struct VirtualClock {
    now: AtomicU64,
    /// The earliest deadline of those that are waited for, plus one; zero if there is none.
    earliest: AtomicU64,
}

impl VirtualClock {
    /// Advances by a wait that really happened, such as an HTTP answer.
    pub(crate) fn advance(&self, micros: u64) {
        self.now.fetch_add(micros.saturating_mul(1_000), Relaxed);
    }

    fn jump_to(&self, deadline: u64) {
        self.now.fetch_max(deadline, Relaxed);
        self.earliest.store(0, Relaxed);
    }

    fn waits_for(&self, deadline: u64) {
        let earliest = self.earliest.load(Relaxed);
        if earliest == 0 || deadline < earliest - 1 {
            self.earliest.store(deadline.saturating_add(1), Relaxed);
        }
    }

    fn is_earliest(&self, deadline: u64) -> bool {
        self.earliest.load(Relaxed) == deadline.saturating_add(1)
    }
}

impl wall_clock::Host for Guest {
    fn now(&mut self) -> wasmtime::Result<wall_clock::Datetime> {
        let millis = u64::try_from(self.call.now.as_millis()).unwrap_or(0);
        let nanoseconds = u32::try_from(millis % 1_000).unwrap_or(0) * 1_000_000;
        Ok(wall_clock::Datetime { seconds: millis / 1_000, nanoseconds })
    }

    fn resolution(&mut self) -> wasmtime::Result<wall_clock::Datetime> {
        Ok(wall_clock::Datetime { seconds: 0, nanoseconds: 1_000_000 })
    }
}

impl monotonic_clock::Host for Guest {
    fn now(&mut self) -> wasmtime::Result<u64> {
        Ok(self.shared.clock.now.load(Relaxed))
    }

    fn resolution(&mut self) -> wasmtime::Result<u64> {
        Ok(1)
    }

    fn subscribe_instant(&mut self, when: u64) -> wasmtime::Result<Resource<DynPollable>> {
        let deadline = Deadline { at: when, shared: self.shared.clone() };
        let deadline = self.resources().push(deadline)?;
        subscribe(self.resources(), deadline)
    }

    fn subscribe_duration(&mut self, duration: u64) -> wasmtime::Result<Resource<DynPollable>> {
        let when = self.shared.clock.now.load(Relaxed).saturating_add(duration);
        monotonic_clock::Host::subscribe_instant(self, when)
    }
}

/// A point on a virtual clock that is waited for.
struct Deadline {
    at: u64,
    shared: Arc<Shared>,
}

#[async_trait]
impl Pollable for Deadline {
    /// `wasi:io/poll` polls all of its list in rounds. In the first round every deadline that lies
    /// ahead is announced; if nothing else was ready, the earliest wins in the second.
    async fn ready(&mut self) {
        let (at, clock) = (self.at, &self.shared.clock);
        let mut announced = false;
        std::future::poll_fn(|cx| {
            if at <= clock.now.load(Relaxed) {
                return Poll::Ready(());
            }
            if announced && clock.is_earliest(at) {
                clock.jump_to(at);
                return Poll::Ready(());
            }
            if !announced {
                announced = true;
                clock.waits_for(at);
                cx.waker().wake_by_ref();
            }
            Poll::Pending
        })
        .await;
    }
}

impl Drop for Deadline {
    fn drop(&mut self) {
        if self.shared.clock.is_earliest(self.at) {
            self.shared.clock.earliest.store(0, Relaxed);
        }
    }
}
