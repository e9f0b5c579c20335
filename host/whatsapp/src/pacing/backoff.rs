//! How long to wait before another attempt.

use std::time::Duration;

use santun_core::world::World;

/// The most that a channel or an address that cannot be reached is left alone.
pub(super) const CEILING: Duration = Duration::from_secs(60);

/// The most that one contact waits. Whoever seems to wait longer does so since the clock was set back.
pub(super) const CONTACT_AT_MOST: Duration = contact(u32::MAX);

/// The first wait, at most.
const FLOOR: Duration = Duration::from_secs(1);

/// The wait before attempt `attempt` (the first repeat is 0): anything between nothing and a ceiling that
/// doubles up to a minute (“full jitter”), so that what failed together does not come back together.
pub fn full_jitter(attempt: u32, world: &dyn World) -> Duration {
    let ceiling = FLOOR.saturating_mul(1_u32.checked_shl(attempt).unwrap_or(u32::MAX)).min(CEILING);
    let mut random = [0; 8];
    world.fill(&mut random);
    let chance = u128::from(u64::from_le_bytes(random));
    let millis = (ceiling.as_millis() * chance) >> 64;
    // Below the ceiling, which is a minute.
    Duration::from_millis(u64::try_from(millis).unwrap_or_default())
}

/// The wait for one contact who gets too much: 4^n seconds, as Meta advises, for at most about an hour.
pub const fn contact(refusals: u32) -> Duration {
    let exponent = if refusals > 6 { 6 } else { refusals };
    Duration::from_secs(4_u64.pow(exponent))
}

#[cfg(test)]
mod tests {
    use santun_core::time::Timestamp;

    use super::*;

    struct Chance(u8);

    impl World for Chance {
        fn now(&self) -> Timestamp {
            Timestamp::default()
        }
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(self.0);
        }
    }

    #[test]
    fn the_ceiling_doubles_up_to_a_minute() {
        let most: Vec<u128> =
            [0, 1, 2, 5, 6, 31, 32, u32::MAX].map(|n| full_jitter(n, &Chance(255)).as_millis()).to_vec();
        assert_eq!(most, [999, 1999, 3999, 31_999, 59_999, 59_999, 59_999, 59_999]);
    }

    #[test]
    fn chance_decides_below_the_ceiling() {
        assert_eq!(full_jitter(9, &Chance(0)), Duration::ZERO);
        assert_eq!(full_jitter(1, &Chance(128)).as_millis(), 1003);
    }

    #[test]
    fn a_contact_waits_at_most_about_an_hour() {
        assert_eq!(contact(0).as_secs(), 1);
        assert_eq!(contact(3).as_secs(), 64);
        assert_eq!(contact(u32::MAX).as_secs(), 4096);
    }
}
