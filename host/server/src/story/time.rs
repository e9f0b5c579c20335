//! Time in a story: how long something takes, and what the office's clock shows.

use std::time::Duration;

use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

/// A length of time such as `90 minutes`.
pub(super) fn length(text: &str) -> Option<Duration> {
    let (number, unit) = text.trim().split_once(' ')?;
    let seconds = match unit.trim_end_matches('s') {
        "day" => 24 * 3_600,
        "hour" => 3_600,
        "minute" => 60,
        "second" => 1,
        _ => return None,
    };
    number.parse::<u64>().ok()?.checked_mul(seconds).map(Duration::from_secs)
}

/// How long ago a time such as `25 hours ago` is.
pub(super) fn ago(text: &str) -> Option<Duration> {
    length(text.strip_suffix(" ago")?)
}

/// A time of the office's clock: `16:58`, or `mon 16:58`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeOfWeek {
    weekday: Option<Weekday>,
    hour: i8,
    minute: i8,
}

impl TimeOfWeek {
    /// Reads it.
    ///
    /// # Errors
    /// A sentence that says how it is written.
    pub fn read(text: &str) -> Result<Self, String> {
        let wrong = || format!("`clock: {text}` is no time: write `16:58`, or `mon 16:58`");
        let (weekday, time) = match text.split_once(' ') {
            Some((day, time)) => (Some(weekday(day).ok_or_else(wrong)?), time),
            None => (None, text),
        };
        let time = time.split_once(':').and_then(|(hour, minute)| Some((hour.parse().ok()?, minute.parse().ok()?)));
        let (hour, minute) = time.filter(|time| matches!(time, (0..=23, 0..=59))).ok_or_else(wrong)?;
        Ok(Self { weekday, hour, minute })
    }

    /// How long it is until then.
    ///
    /// # Errors
    /// When the clock of that place never shows it.
    pub(super) fn wait_from(self, now: Timestamp, place: &TimeZone) -> Result<Duration, jiff::Error> {
        let today = now.to_zoned(place.clone());
        for days in 0..=14 {
            let day = today.date().checked_add(Span::new().days(days))?;
            let then = day.at(self.hour, self.minute, 0, 0).to_zoned(place.clone())?.timestamp();
            if then > now && self.weekday.is_none_or(|weekday| weekday == day.weekday()) {
                return Ok(Duration::try_from(then.duration_since(now)).unwrap_or_default());
            }
        }
        Err(jiff::Error::from_args(format_args!("the clock never shows {:02}:{:02}", self.hour, self.minute)))
    }
}

fn weekday(name: &str) -> Option<Weekday> {
    Some(match name {
        "mon" => Weekday::Monday,
        "tue" => Weekday::Tuesday,
        "wed" => Weekday::Wednesday,
        "thu" => Weekday::Thursday,
        "fri" => Weekday::Friday,
        "sat" => Weekday::Saturday,
        "sun" => Weekday::Sunday,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_has_a_number_and_a_unit() {
        assert_eq!(length("1 hour"), Some(Duration::from_secs(3_600)));
        assert_eq!(length("3 days"), Some(Duration::from_secs(3 * 24 * 3_600)));
        assert_eq!(ago("25 hours ago"), Some(Duration::from_secs(25 * 3_600)));
        assert_eq!((length("soon"), length("3 moons"), ago("yesterday")), (None, None, None));
    }

    #[test]
    fn the_clock_goes_forward_to_the_next_such_time() {
        let jakarta = TimeZone::get("Asia/Jakarta").unwrap();
        // A Sunday at 19:28.
        let now: Timestamp = "2026-11-22T19:28:00+07:00".parse().unwrap();
        let until = |text| TimeOfWeek::read(text).unwrap().wait_from(now, &jakarta).unwrap().as_secs();
        assert_eq!(until("19:30"), 2 * 60);
        assert_eq!(until("19:28"), 24 * 3_600);
        assert_eq!(until("mon 09:00"), (4 * 60 + 32 + 9 * 60) * 60);
        assert!(TimeOfWeek::read("25:00").is_err() && TimeOfWeek::read("monday").is_err());
    }
}
