//! The real clock and the operating system's randomness.

use std::time::{SystemTime, UNIX_EPOCH};

use rand::{Rng as _, TryRng as _};
use santun_core::time::Timestamp;
use santun_core::world::World;

/// Time and chance of the machine that the host runs on.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemWorld;

impl World for SystemWorld {
    #[expect(clippy::disallowed_methods, reason = "this is the world: the one place where the host reads the clock")]
    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }

    fn fill(&self, bytes: &mut [u8]) {
        if rand::rngs::SysRng.try_fill_bytes(bytes).is_err() {
            // The thread's generator was seeded by the system at its start and is fit for keys too.
            rand::rng().fill_bytes(bytes);
        }
    }
}
