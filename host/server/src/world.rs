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
        let millis = i64::try_from(since.as_millis()).unwrap_or(i64::MAX);
        #[cfg(debug_assertions)]
        let millis = millis.saturating_add(set_wrong_by());
        Timestamp::from_millis(millis)
    }

    fn fill(&self, bytes: &mut [u8]) {
        if rand::rngs::SysRng.try_fill_bytes(bytes).is_err() {
            // The thread's generator was seeded by the system at its start and is fit for keys too.
            rand::rng().fill_bytes(bytes);
        }
    }
}

/// How many milliseconds a test has set the clock ahead, or back: what the file that `SANTUN_CLOCK` names says.
/// A build without debug assertions, and so a release, has no such clock.
#[cfg(debug_assertions)]
fn set_wrong_by() -> i64 {
    static FILE: std::sync::OnceLock<Option<std::path::PathBuf>> = std::sync::OnceLock::new();
    let Some(file) = FILE.get_or_init(|| std::env::var_os("SANTUN_CLOCK").map(Into::into)) else { return 0 };
    std::fs::read_to_string(file).ok().and_then(|text| text.trim().parse().ok()).unwrap_or(0)
}
