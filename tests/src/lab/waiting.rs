//! Waiting for what comes in its own time, and chance that can be had again.

use std::time::Duration;

use rand::RngExt as _;
use tokio::time::{Instant, sleep};

use super::PATIENCE;

/// Waits until there is something; fails after [`PATIENCE`].
pub async fn eventually<T>(what: &str, look: impl AsyncFnMut() -> Option<T>) -> T {
    within(PATIENCE, what, look).await
}

/// Waits until there is something; fails after that long.
pub async fn within<T>(limit: Duration, what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let until = Instant::now() + limit;
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(Instant::now() < until, "waited in vain: {what}");
        sleep(Duration::from_millis(40)).await;
    }
}

/// A random number generator whose seed is printed, and taken from `SANTUN_TEST_SEED` if that is set.
pub fn seeded() -> rand::rngs::StdRng {
    use rand::SeedableRng as _;
    let seed = match std::env::var("SANTUN_TEST_SEED") {
        Ok(seed) => seed.parse().expect("SANTUN_TEST_SEED is a number"),
        Err(_) => rand::rng().random::<u64>(),
    };
    println!("run this again with SANTUN_TEST_SEED={seed}");
    rand::rngs::StdRng::seed_from_u64(seed)
}
