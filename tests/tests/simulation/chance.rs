//! Chance, out of a seed.

use std::sync::Mutex;

use rand::rngs::StdRng;
use rand::{Rng as _, RngExt as _, SeedableRng as _};

/// One stream of chance. Each part of a simulation has its own, so that one that draws more does not change
/// what the others draw.
pub(crate) struct Chance(Mutex<StdRng>);

impl Chance {
    pub(crate) fn of(seed: u64, stream: u64) -> Self {
        Self(Mutex::new(StdRng::seed_from_u64(seed ^ stream.wrapping_mul(0x9E37_79B9_7F4A_7C15))))
    }

    /// From `low` up to, and not including, `high`.
    pub(crate) fn between(&self, low: u64, high: u64) -> u64 {
        self.0.lock().unwrap().random_range(low..high)
    }

    pub(crate) fn one_in(&self, n: u64) -> bool {
        self.between(0, n) == 0
    }

    pub(crate) fn pick<T: Copy>(&self, all: &[T]) -> T {
        all[self.between(0, all.len() as u64) as usize]
    }

    /// One of these, by their weights.
    pub(crate) fn weighed<T: Copy>(&self, all: &[(u64, T)]) -> T {
        let whole = all.iter().map(|(weight, _)| weight).sum();
        let mut left = self.between(0, whole);
        for (weight, one) in all {
            if left < *weight {
                return *one;
            }
            left -= weight;
        }
        unreachable!("the weights sum up to the whole")
    }

    pub(crate) fn fill(&self, bytes: &mut [u8]) {
        self.0.lock().unwrap().fill_bytes(bytes);
    }
}
