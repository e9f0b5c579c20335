//! Times of single calls, and what is said of them.

use std::time::Duration;

/// Sorted times.
pub(super) struct Samples(Vec<Duration>);

impl Samples {
    pub(super) fn of(mut times: Vec<Duration>) -> Self {
        times.sort_unstable();
        Self(times)
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// The time that this part of a thousand stays within: 500 for the median.
    pub(super) fn at(&self, part: usize) -> Duration {
        let place = (self.0.len() * part / 1_000).min(self.0.len().saturating_sub(1));
        self.0.get(place).copied().unwrap_or_default()
    }

    pub(super) fn micros(&self, part: usize) -> f64 {
        self.at(part).as_nanos() as f64 / 1e3
    }

    pub(super) fn millis(&self, part: usize) -> f64 {
        self.at(part).as_nanos() as f64 / 1e6
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_a_thousand_are_found_in_order() {
        let samples = Samples::of((1..=1_000).rev().map(Duration::from_micros).collect());
        assert_eq!(samples.at(500), Duration::from_micros(501));
        assert_eq!(samples.micros(990), 991.0);
        assert_eq!(samples.at(1_000), Duration::from_micros(1_000));
    }

    #[test]
    fn no_samples_say_nothing() {
        assert_eq!(Samples::of(Vec::new()).at(500), Duration::ZERO);
    }
}
