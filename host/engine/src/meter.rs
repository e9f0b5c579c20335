//! How long a guest computes, apart from how long it waits.

use std::pin::pin;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Instant;

/// The most that is charged between two looks at the clock. Looks come with every tick of 1 ms; a
/// longer stretch means that the operating system had set the thread aside, which is not the guest's
/// doing.
const MOST_AT_ONCE: u64 = 2_000_000;

/// Charges a call for the time that it spends on a thread: from poll to poll, so that whatever is
/// awaited (a lookup, an HTTP answer, its turn after a tick) costs nothing. One task polls at a time;
/// the atomics only make that safe to share.
#[derive(Debug)]
pub(crate) struct Meter {
    base: Instant,
    mark: AtomicU64,
    charged: AtomicU64,
}

impl Meter {
    pub(crate) fn new() -> Self {
        Self { base: Instant::now(), mark: AtomicU64::new(0), charged: AtomicU64::new(0) }
    }

    /// Nanoseconds charged up to now; called while the guest is on the thread.
    pub(crate) fn tick(&self) -> u64 {
        let now = self.nanos();
        let spent = now.saturating_sub(self.mark.swap(now, Relaxed)).min(MOST_AT_ONCE);
        self.charged.fetch_add(spent, Relaxed) + spent
    }

    /// Begins a new call.
    pub(crate) fn reset(&self) {
        self.charged.store(0, Relaxed);
    }

    /// Microseconds charged.
    pub(crate) fn micros(&self) -> u64 {
        self.charged.load(Relaxed) / 1_000
    }

    /// Microseconds since the meter was made.
    pub(crate) fn elapsed_micros(&self) -> u64 {
        self.nanos() / 1_000
    }

    /// Runs `future` and charges the time of its polls.
    pub(crate) async fn charge<F: Future>(&self, future: F) -> F::Output {
        let mut future = pin!(future);
        std::future::poll_fn(|cx| {
            self.mark.store(self.nanos(), Relaxed);
            let polled = future.as_mut().poll(cx);
            self.tick();
            polled
        })
        .await
    }

    fn nanos(&self) -> u64 {
        u64::try_from(self.base.elapsed().as_nanos()).unwrap_or(u64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[tokio::test]
    async fn waiting_is_not_charged() {
        let meter = Meter::new();
        meter.charge(tokio::time::sleep(Duration::from_millis(200))).await;
        assert!(meter.micros() < meter.elapsed_micros() / 2, "{}", meter.micros());
    }

    #[tokio::test]
    async fn computing_is_charged() {
        let meter = Meter::new();
        let until = Instant::now() + Duration::from_millis(1);
        meter.charge(async { while Instant::now() < until {} }).await;
        assert!(meter.micros() >= 900, "{}", meter.micros());
    }
}
