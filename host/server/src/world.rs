//! The real clock and the operating system's randomness.

use std::cell::RefCell;
use std::time::{SystemTime, UNIX_EPOCH};

use rand::{Rng as _, TryRng as _};
use santun_core::time::Timestamp;
use santun_core::world::World;

/// Random bytes that a thread asks the operating system for at once. An id takes 10 of them, so that a question, which
/// costs as much as sealing a short message, serves fifty ids.
///
/// They are the system's own, each given out once and wiped. Whoever continues a copy of a running machine has the rest
/// of a thread's bytes twice, though the system's own generator is told of it by the hypervisor: harmless to ids, which
/// carry the time as well, and the reason why nonces are not drawn here.
const AT_ONCE: usize = 512;

thread_local! {
    static DRAWN: RefCell<Drawn> = const { RefCell::new(Drawn { bytes: [0; AT_ONCE], left: 0 }) };
}

/// What is left of the bytes that were asked for at once.
struct Drawn {
    bytes: [u8; AT_ONCE],
    /// The first so many are left.
    left: usize,
}

impl Drawn {
    fn give(&mut self, bytes: &mut [u8], ask: impl FnOnce(&mut [u8])) {
        if self.left < bytes.len() {
            ask(&mut self.bytes);
            self.left = AT_ONCE;
        }
        let given = &mut self.bytes[self.left - bytes.len()..self.left];
        bytes.copy_from_slice(given);
        given.fill(0);
        self.left -= bytes.len();
    }
}

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

    fn fill_often(&self, bytes: &mut [u8]) {
        if bytes.len() > AT_ONCE / 8 {
            return self.fill(bytes);
        }
        DRAWN.with_borrow_mut(|drawn| drawn.give(bytes, |all| self.fill(all)));
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

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn what_is_drawn_at_once_is_given_once_and_wiped() {
        let (mut drawn, mut next) = (Drawn { bytes: [0; AT_ONCE], left: 0 }, 0_u16);
        let mut asked = 0;
        let mut given = HashSet::new();
        for length in [10, 24].into_iter().cycle().take(200) {
            let mut bytes = vec![0; length];
            drawn.give(&mut bytes, |all| {
                asked += 1;
                for two in all.chunks_mut(2) {
                    next += 1;
                    two.copy_from_slice(&next.to_be_bytes());
                }
            });
            assert!(bytes.chunks(2).all(|two| two != [0, 0] && given.insert(two.to_vec())), "{bytes:?}");
            assert!(drawn.bytes[drawn.left..].iter().all(|byte| *byte == 0));
        }
        assert_eq!(asked, 7, "200 of 17 bytes on average are 3,400 bytes");
    }

    #[test]
    fn no_two_ids_are_alike_on_however_many_threads() {
        let ids = || (0..1_000).map(|_| SystemWorld.uuid()).collect::<Vec<_>>();
        let threads: Vec<_> = (0..4).map(|_| std::thread::spawn(ids)).collect();
        let ids: Vec<_> = threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect();
        assert_eq!(ids.iter().collect::<HashSet<_>>().len(), 4_000);
    }
}
