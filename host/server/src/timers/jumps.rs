//! A clock that is set while the host runs.

use std::time::Duration;

use santun_core::time::Timestamp;

/// What a clock may differ by from one look to the next: being brought into line slowly is no jump.
const JUMP: Duration = Duration::from_secs(5);

/// Compares the clock on the wall with a steady one.
#[derive(Debug, Default)]
pub(super) struct Jumps {
    last: Option<(Timestamp, Duration)>,
}

impl Jumps {
    /// Looks at both clocks, the steady one as the time since some moment; gives by how many milliseconds the one on the
    /// wall was set forward (or back, if below zero) since the last look.
    pub(super) fn look(&mut self, wall: Timestamp, steady: Duration) -> Option<i64> {
        let (wall_before, steady_before) = self.last.replace((wall, steady))?;
        let passed = steady.saturating_sub(steady_before).as_millis() as i64;
        let by = wall.as_millis() - wall_before.as_millis() - passed;
        (by.unsigned_abs() > JUMP.as_millis() as u64).then_some(by)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_is_set_is_told_from_one_that_goes() {
        let mut jumps = Jumps::default();
        let mut look = |wall, steady| jumps.look(Timestamp::from_seconds(wall), Duration::from_secs(steady));
        assert_eq!(look(1_000, 0), None, "the first look has nothing to compare");
        assert_eq!(look(1_001, 1), None);
        assert_eq!(look(1_005, 2), None, "brought into line");
        assert_eq!(look(1_066, 3), Some(60_000));
        assert_eq!(look(1_067, 4), None, "told once");
        assert_eq!(look(900, 5), Some(-168_000));
    }
}
