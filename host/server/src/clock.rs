//! Days and times of day as people in the business's time zone read them off the wall.

use jiff::tz::TimeZone;
use santun_core::bot::Bot;
use santun_store::{Store, StoreError};

/// The time zone of a version by its name, such as `Asia/Jakarta`; UTC while nothing is applied.
pub fn timezone_of(bot: Option<&Bot>) -> String {
    bot.and_then(|bot| bot.office.timezone.iana_name()).unwrap_or("UTC").to_owned()
}

/// The time zone of the version that was applied last.
pub async fn timezone_applied(store: &Store) -> Result<String, StoreError> {
    let applied = store.applied_latest().await?;
    Ok(timezone_of(applied.and_then(|version| Bot::parse(&version.document).ok()).as_ref()))
}

/// A clock in a time zone.
pub struct Clock(TimeZone);

impl Clock {
    /// The clock of a time zone by its name; of UTC, if this machine does not know it.
    pub fn of(timezone: &str) -> Self {
        Self(TimeZone::get(timezone).unwrap_or(TimeZone::UTC))
    }

    /// The day, such as `2026-12-25`.
    pub fn day(&self, millis: i64) -> String {
        self.tell(millis, "%Y-%m-%d").unwrap_or_else(|| "????-??-??".to_owned())
    }

    /// The time of day, such as `14:05:09`.
    pub fn time(&self, millis: i64) -> String {
        self.tell(millis, "%H:%M:%S").unwrap_or_else(|| "--:--:--".to_owned())
    }

    /// Both.
    pub fn day_and_time(&self, millis: i64) -> String {
        format!("{} {}", self.day(millis), self.time(millis))
    }

    fn tell(&self, millis: i64, format: &str) -> Option<String> {
        let at = jiff::Timestamp::from_millisecond(millis).ok()?;
        Some(at.to_zoned(self.0.clone()).strftime(format).to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_tells_the_day_that_it_is_in_that_zone() {
        // 2026-03-13T20:00:05Z
        let late = 1_773_432_005_000;
        assert_eq!(Clock::of("Asia/Jakarta").day_and_time(late), "2026-03-14 03:00:05");
        assert_eq!(Clock::of("Mars/Olympus").day_and_time(late), "2026-03-13 20:00:05");
        assert_eq!(Clock::of("UTC").day_and_time(i64::MAX), "????-??-?? --:--:--");
    }
}
