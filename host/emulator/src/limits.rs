//! How fast a business may send, as WhatsApp limits it.
//!
//! Source: Meta, "Throughput" and "Pair rate limits": 80 messages a second for a number (20 with coexistence), and to
//! one user one message in six seconds, after a burst of 45 that borrows from the time to come.

use std::num::NonZeroU32;

use serde::{Deserialize, Serialize};

const NUMBER: NonZeroU32 = NonZeroU32::new(80).unwrap();
const COEXISTENCE: NonZeroU32 = NonZeroU32::new(20).unwrap();
const PAIR_EVERY_MS: NonZeroU32 = NonZeroU32::new(6_000).unwrap();
const PAIR_BURST: NonZeroU32 = NonZeroU32::new(45).unwrap();

/// The limits in force. What is missing is not limited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Messages a second that one business number may send; beyond it, 130429.
    pub number_per_second: Option<NonZeroU32>,
    /// Messages from one number to one customer; beyond it, 131056.
    pub pair: Option<PairLimit>,
}

impl Limits {
    /// None at all, for measuring.
    pub const NONE: Self = Self { number_per_second: None, pair: None };

    /// Those of a number that people also use from the WhatsApp app: 20 a second.
    pub fn coexistence() -> Self {
        Self { number_per_second: Some(COEXISTENCE), ..Self::default() }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self { number_per_second: Some(NUMBER), pair: Some(PairLimit::default()) }
    }
}

/// The limit of one pair of a business number and a customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PairLimit {
    /// One message in this time. Milliseconds.
    pub every_ms: NonZeroU32,
    /// So many at once.
    pub burst: NonZeroU32,
    /// What a burst costs.
    pub borrowing: Borrowing,
}

impl Default for PairLimit {
    fn default() -> Self {
        Self { every_ms: PAIR_EVERY_MS, burst: PAIR_BURST, borrowing: Borrowing::default() }
    }
}

/// What a burst costs. Meta's page can be read in two ways.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Borrowing {
    /// Room comes back one message at a time: after a full burst, one more in each interval.
    #[default]
    Refills,
    /// The harder reading: once a burst's first interval is over, nothing more until all of it is paid back ("after a
    /// burst of 20, wait two minutes").
    Repaid,
}

/// How much of a limit is used up. Times are microseconds of the emulator's clock.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Pace {
    /// When nothing will be owed any more.
    free_at: i64,
    /// When the burst began.
    burst_since: i64,
}

impl Pace {
    /// Takes one message of a number's limit, unless it is used up.
    pub(crate) fn take_of_number(&mut self, now_ms: i64, per_second: NonZeroU32) -> bool {
        let rate = i64::from(per_second.get());
        self.take(now_ms, 1_000_000 / rate, rate, Borrowing::Refills)
    }

    /// Takes one message of a pair's limit, unless it is used up.
    pub(crate) fn take_of_pair(&mut self, now_ms: i64, limit: PairLimit) -> bool {
        self.take(now_ms, i64::from(limit.every_ms.get()) * 1_000, i64::from(limit.burst.get()), limit.borrowing)
    }

    fn take(&mut self, now_ms: i64, every: i64, burst: i64, borrowing: Borrowing) -> bool {
        let now = now_ms.saturating_mul(1_000);
        if self.free_at <= now {
            *self = Self { free_at: now + every, burst_since: now };
            return true;
        }
        let room = match borrowing {
            Borrowing::Refills => self.free_at - now <= (burst - 1) * every,
            Borrowing::Repaid => {
                now < self.burst_since + every && self.free_at - self.burst_since <= (burst - 1) * every
            }
        };
        if room {
            self.free_at += every;
        }
        room
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(pace: &mut Pace, now_ms: i64, limit: PairLimit) -> usize {
        (0..100).filter(|_| pace.take_of_pair(now_ms, limit)).count()
    }

    #[test]
    fn a_burst_of_45_goes_through_and_then_one_in_six_seconds() {
        let (mut pace, limit) = (Pace::default(), PairLimit::default());
        assert_eq!(taken(&mut pace, 1_000, limit), 45);
        assert_eq!(taken(&mut pace, 6_999, limit), 0);
        assert_eq!(taken(&mut pace, 7_000, limit), 1);
        assert_eq!(taken(&mut pace, 7_000 + 44 * 6_000, limit), 44);
    }

    #[test]
    fn in_the_harder_reading_a_burst_is_paid_back_whole() {
        let limit = PairLimit { borrowing: Borrowing::Repaid, ..PairLimit::default() };
        let mut pace = Pace::default();
        assert_eq!((0..20).filter(|_| pace.take_of_pair(0, limit)).count(), 20);
        assert_eq!(taken(&mut pace, 119_999, limit), 0);
        assert_eq!(taken(&mut pace, 120_000, limit), 45);
    }

    #[test]
    fn a_number_sends_80_in_a_second() {
        let mut pace = Pace::default();
        let mut sent = |now_ms| (0..500).filter(|_| pace.take_of_number(now_ms, NUMBER)).count();
        assert_eq!(sent(5_000), 80);
        assert_eq!(sent(5_500), 40);
        assert_eq!(sent(60_000), 80);
    }
}
