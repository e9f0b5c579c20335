//! Token buckets, as one point in time each (the generic cell rate algorithm of ITU-T I.371): the moment
//! at which the bucket would be full again.

use std::num::NonZeroU32;

use santun_core::time::Timestamp;

use super::Permit;

/// One message in six seconds to one contact, in microseconds. Source: Meta's page on the pair rate limit.
const CONTACT_INTERVAL: i64 = 6_000_000;

/// So many messages may go to one contact at once, borrowed from the time after them.
const CONTACT_BURST: i64 = 45;

#[derive(Clone, Copy, Debug)]
struct Bucket {
    /// When it is full again, in microseconds since 1970.
    full_at: i64,
}

impl Bucket {
    /// Takes one token of a bucket that holds `burst` and gains one in `interval` microseconds.
    fn take(&mut self, interval: i64, burst: i64, now: Timestamp) -> Permit {
        let now = micros(now);
        // It never lacks more than it holds: one that seems to was used before the clock was set back. What it lacks
        // from now on is kept, so that it fills up meanwhile.
        self.full_at = self.full_at.clamp(now, now.saturating_add(interval.saturating_mul(burst)));
        let earliest = self.full_at.saturating_sub(interval.saturating_mul(burst - 1));
        if earliest > now {
            // Rounded up, so that whoever waits until then is let through.
            return Permit::WaitUntil(Timestamp::from_millis(earliest.saturating_add(999) / 1000));
        }
        self.full_at = self.full_at.saturating_add(interval);
        Permit::Go
    }
}

fn micros(at: Timestamp) -> i64 {
    at.as_millis().saturating_mul(1000)
}

/// How many messages a second one number may send: 80 by default at Meta, up to 1,000, or 20 beside the
/// WhatsApp app.
#[derive(Clone, Copy, Debug)]
pub struct Throughput {
    bucket: Bucket,
    interval: i64,
    burst: i64,
}

impl Throughput {
    /// At most that many messages in any second, the burst at its beginning included.
    pub fn new(messages_per_second: NonZeroU32) -> Self {
        let rate = i64::from(messages_per_second.get());
        // What may go at once is taken from the rate, so that a second never sees more than the rate.
        let burst = (rate / 10).max(1);
        let steady = (rate - burst).max(1);
        Self { bucket: Bucket { full_at: 0 }, interval: (1_000_000 + steady - 1) / steady, burst }
    }

    /// Whether a message may be sent now; if so, it counts.
    pub fn permit(&mut self, now: Timestamp) -> Permit {
        self.bucket.take(self.interval, self.burst, now)
    }
}

/// How fast one contact may get messages from one number.
#[derive(Clone, Copy, Debug)]
pub struct ContactPace {
    bucket: Bucket,
    refusals: u32,
    not_before: Timestamp,
}

impl Default for ContactPace {
    fn default() -> Self {
        Self::new()
    }
}

impl ContactPace {
    /// A contact who has got nothing for a while.
    pub const fn new() -> Self {
        Self { bucket: Bucket { full_at: 0 }, refusals: 0, not_before: Timestamp::from_millis(0) }
    }

    /// Whether a message may be sent now; if so, it counts.
    pub fn permit(&mut self, now: Timestamp) -> Permit {
        if now < self.not_before && self.not_before.since(now) <= super::backoff::CONTACT_AT_MOST {
            return Permit::WaitUntil(self.not_before);
        }
        self.bucket.take(CONTACT_INTERVAL, CONTACT_BURST, now)
    }

    /// The Graph took a message.
    pub const fn accepted(&mut self) {
        self.refusals = 0;
    }

    /// The Graph refused a message with the pair limit: nothing for 4^n seconds, n counting from 0, as Meta
    /// advises.
    pub fn refused(&mut self, now: Timestamp) {
        self.not_before = now + super::backoff::contact(self.refusals);
        self.refusals = self.refusals.saturating_add(1);
    }

    /// Whether it says no more than a new one, so that it need not be kept.
    pub fn is_idle(&self, now: Timestamp) -> bool {
        self.bucket.full_at <= micros(now) && self.not_before <= now
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(1_763_790_000_000 + millis)
    }

    #[test]
    fn no_second_sees_more_than_the_rate() {
        for rate in [1, 2, 20, 80, 1000] {
            let mut throughput = Throughput::new(NonZeroU32::new(rate).unwrap());
            let sent: Vec<i64> = (0..5000)
                .flat_map(|millis| std::iter::repeat_n(millis, 20))
                .filter(|millis| throughput.permit(at(*millis)) == Permit::Go)
                .collect();
            let busiest =
                sent.iter().map(|start| sent.iter().filter(|at| (*start..start + 1000).contains(*at)).count()).max();
            let allowed = usize::try_from(rate.max(2)).unwrap();
            assert!(busiest.unwrap() <= allowed, "{rate}: {busiest:?}");
            assert!(sent.len() >= usize::try_from(rate * 2).unwrap(), "{rate}: {} in five seconds", sent.len());
        }
    }

    #[test]
    fn whoever_waits_as_told_is_let_through() {
        let mut throughput = Throughput::new(NonZeroU32::new(7).unwrap());
        let mut now = at(0);
        for _ in 0..100 {
            if let Permit::WaitUntil(then) = throughput.permit(now) {
                now = then;
                assert_eq!(throughput.permit(now), Permit::Go);
            }
        }
        assert!(now > at(10_000));
    }

    #[test]
    fn a_bucket_that_a_fast_clock_has_emptied_fills_up_again() {
        fn is_let_through(mut permit: impl FnMut(Timestamp) -> Permit) {
            for _ in 0..45 {
                let _ = permit(at(25 * 60 * 60 * 1000));
            }
            let mut waited = at(0);
            while let Permit::WaitUntil(then) = permit(waited) {
                assert!(then.since(at(0)) <= Duration::from_secs(6), "{then:?}");
                waited = then;
            }
        }
        let (mut throughput, mut pace) = (Throughput::new(NonZeroU32::new(80).unwrap()), ContactPace::new());
        is_let_through(|now| throughput.permit(now));
        is_let_through(|now| pace.permit(now));
    }

    #[test]
    fn a_contact_gets_a_burst_and_then_one_message_in_six_seconds() {
        let mut pace = ContactPace::new();
        for _ in 0..45 {
            assert_eq!(pace.permit(at(0)), Permit::Go);
        }
        assert_eq!(pace.permit(at(0)), Permit::WaitUntil(at(6000)));
        assert_eq!(pace.permit(at(6000)), Permit::Go);
        assert_eq!(pace.permit(at(6001)), Permit::WaitUntil(at(12_000)));
        assert!(!pace.is_idle(at(6001)));
        assert!(pace.is_idle(at(6000 * 46)));
    }

    #[test]
    fn a_refused_contact_waits_four_times_longer_each_time() {
        let mut pace = ContactPace::new();
        let mut now = at(0);
        for seconds in [1, 4, 16, 64] {
            pace.refused(now);
            let then = now + Duration::from_secs(seconds);
            assert_eq!(pace.permit(now), Permit::WaitUntil(then));
            now = then;
            assert_eq!(pace.permit(now), Permit::Go);
        }
        pace.accepted();
        pace.refused(now);
        assert_eq!(pace.permit(now), Permit::WaitUntil(now + Duration::from_secs(1)));
    }
}
