//! The emulator's clock: the wall clock plus an offset that only grows, so that a window can be made to close.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// The emulator's clock.
#[derive(Debug, Default)]
pub(crate) struct Clock {
    offset_ms: AtomicI64,
}

impl Clock {
    /// Milliseconds since the epoch.
    #[expect(clippy::disallowed_methods, reason = "the emulator is the outside world; it shares nothing with the core")]
    pub(crate) fn now_ms(&self) -> i64 {
        let wall = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |passed| passed.as_millis());
        i64::try_from(wall).unwrap_or(i64::MAX).saturating_add(self.offset_ms.load(Ordering::Relaxed))
    }

    /// Puts the clock forward and tells by how much it is ahead of the wall clock.
    pub(crate) fn advance_ms(&self, by: u32) -> i64 {
        self.offset_ms.fetch_add(i64::from(by), Ordering::Relaxed) + i64::from(by)
    }

    /// How far the clock is ahead of the wall clock.
    pub(crate) fn offset_ms(&self) -> i64 {
        self.offset_ms.load(Ordering::Relaxed)
    }
}
