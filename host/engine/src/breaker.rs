//! A breaker: after failures in a row a plugin is left alone for a while.

use std::time::Duration;

use parking_lot::Mutex;
use santun_core::time::Timestamp;

/// Failures in a row that open it.
const FAILURES: u32 = 5;
/// How long it stays open at first; doubled each time that the probe fails.
const FIRST_PAUSE: Duration = Duration::from_secs(30);
/// The longest pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(300);

/// Where a breaker stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BreakerState {
    /// Calls run.
    Closed {
        /// Failures in a row up to now.
        failures: u32,
    },
    /// Calls are refused.
    Open {
        /// Until when.
        until: Timestamp,
    },
    /// One call runs to see whether the plugin has recovered; others are refused.
    Probing {
        /// When another call may probe, should this one never come back.
        until: Timestamp,
    },
}

#[derive(Debug)]
pub(crate) struct Breaker {
    inner: Mutex<Inner>,
}

#[derive(Debug)]
struct Inner {
    state: BreakerState,
    pause: Duration,
}

impl Breaker {
    pub(crate) fn new() -> Self {
        Self { inner: Mutex::new(Inner { state: BreakerState::Closed { failures: 0 }, pause: FIRST_PAUSE }) }
    }

    pub(crate) fn state(&self) -> BreakerState {
        self.inner.lock().state
    }

    /// Whether a call may run now; if not, until when calls are refused.
    pub(crate) fn admit(&self, now: impl Fn() -> Timestamp) -> Result<(), Timestamp> {
        let mut inner = self.inner.lock();
        match inner.state {
            BreakerState::Closed { .. } => Ok(()),
            BreakerState::Open { until } | BreakerState::Probing { until } => {
                let now = now();
                if now < until {
                    return Err(until);
                }
                inner.state = BreakerState::Probing { until: now + inner.pause };
                Ok(())
            }
        }
    }

    pub(crate) fn succeeded(&self) {
        let mut inner = self.inner.lock();
        if inner.state != (BreakerState::Closed { failures: 0 }) {
            *inner = Inner { state: BreakerState::Closed { failures: 0 }, pause: FIRST_PAUSE };
        }
    }

    /// Records a failure; true if that opened it.
    pub(crate) fn failed(&self, now: Timestamp) -> bool {
        let mut inner = self.inner.lock();
        match inner.state {
            BreakerState::Closed { failures } if failures + 1 < FAILURES => {
                inner.state = BreakerState::Closed { failures: failures + 1 };
                false
            }
            BreakerState::Closed { .. } => {
                inner.state = BreakerState::Open { until: now + inner.pause };
                true
            }
            BreakerState::Probing { .. } => {
                inner.pause = (inner.pause * 2).min(LONGEST_PAUSE);
                inner.state = BreakerState::Open { until: now + inner.pause };
                true
            }
            // A call that began before it opened.
            BreakerState::Open { .. } => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_seconds(seconds)
    }

    #[test]
    fn five_failures_in_a_row_open_it_and_a_success_between_them_does_not() {
        let breaker = Breaker::new();
        (0..4).for_each(|_| assert!(!breaker.failed(at(0))));
        breaker.succeeded();
        (0..4).for_each(|_| assert!(!breaker.failed(at(0))));
        assert!(breaker.admit(|| at(0)).is_ok());
        assert!(breaker.failed(at(0)));
        assert_eq!(breaker.admit(|| at(29)), Err(at(30)));
    }

    #[test]
    fn one_probe_runs_after_the_pause_and_its_success_closes_it() {
        let breaker = Breaker::new();
        (0..5).for_each(|_| _ = breaker.failed(at(0)));
        assert!(breaker.admit(|| at(30)).is_ok());
        assert_eq!(breaker.admit(|| at(31)), Err(at(60)));
        breaker.succeeded();
        assert_eq!(breaker.state(), BreakerState::Closed { failures: 0 });
    }

    #[test]
    fn failing_probes_double_the_pause_up_to_five_minutes() {
        let breaker = Breaker::new();
        (0..5).for_each(|_| _ = breaker.failed(at(0)));
        let mut now = 30;
        for pause in [60, 120, 240, 300, 300] {
            assert!(breaker.admit(|| at(now)).is_ok());
            assert!(breaker.failed(at(now)));
            assert_eq!(breaker.state(), BreakerState::Open { until: at(now + pause) });
            now += pause;
        }
    }
}
