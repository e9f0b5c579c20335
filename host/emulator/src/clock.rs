//! The emulator's clock: the wall clock plus an offset that only grows, so that windows close, files expire and
//! redelivery gives up without anybody waiting for days.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::sync::Notify;

/// The emulator's clock.
#[derive(Debug, Default)]
pub(crate) struct Clock {
    offset_ms: AtomicI64,
    advanced: Notify,
}

impl Clock {
    /// Milliseconds since the epoch.
    #[expect(clippy::disallowed_methods, reason = "the emulator is the outside world; it shares nothing with the core")]
    pub(crate) fn now_ms(&self) -> i64 {
        let wall = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |passed| passed.as_millis());
        i64::try_from(wall).unwrap_or(i64::MAX).saturating_add(self.offset_ms.load(Ordering::Relaxed))
    }

    /// Puts the clock forward; whatever waits for a time that has come goes on.
    pub(crate) fn advance_ms(&self, by: u32) {
        self.offset_ms.fetch_add(i64::from(by), Ordering::Relaxed);
        self.advanced.notify_waiters();
    }

    /// How far the clock is ahead of the wall clock.
    pub(crate) fn offset_ms(&self) -> i64 {
        self.offset_ms.load(Ordering::Relaxed)
    }

    /// Waits for a time of this clock.
    pub(crate) async fn wait_until(&self, at_ms: i64) {
        loop {
            let advanced = self.advanced.notified();
            tokio::pin!(advanced);
            // Listening before looking: no advance falls between.
            advanced.as_mut().enable();
            let left = at_ms.saturating_sub(self.now_ms());
            let Some(left) = u64::try_from(left).ok().filter(|left| *left > 0) else { return };
            tokio::select! {
                () = tokio::time::sleep(Duration::from_millis(left)) => {}
                () = advanced => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[tokio::test]
    async fn a_week_passes_as_soon_as_the_clock_is_put_forward() {
        let clock = Arc::new(Clock::default());
        let week = 7 * 24 * 3600 * 1000;
        let until = clock.now_ms() + i64::from(week);
        let waiting = tokio::spawn({
            let clock = Arc::clone(&clock);
            async move { clock.wait_until(until).await }
        });
        tokio::task::yield_now().await;
        assert!(!waiting.is_finished());
        clock.advance_ms(week);
        waiting.await.unwrap();
    }
}
