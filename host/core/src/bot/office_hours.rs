//! When humans are there.

use jiff::civil::{Date, DateTime};

use crate::time::Timestamp;

/// How far ahead an opening is looked for.
const DAYS_AHEAD: i64 = 30;

/// Opening hours by weekday, and holidays, in the office's time zone.
#[derive(Clone, Debug, PartialEq)]
pub struct Office {
    /// The time zone, such as `Asia/Jakarta`.
    pub timezone: jiff::tz::TimeZone,
    /// Monday first: from and to, in minutes after midnight; `None`: closed.
    pub hours: OfficeHours,
    /// Days on which it is closed.
    pub holidays: Vec<jiff::civil::Date>,
}

/// Monday first: from and to, in minutes after midnight (to at most 1,440); `None`: closed.
pub type OfficeHours = [Option<(u16, u16)>; 7];

impl Office {
    /// Whether it is open at that time.
    pub fn is_open(&self, at: Timestamp) -> bool {
        self.opening_on(self.local(at).date()).is_some_and(|(opens, closes)| opens <= at && at < closes)
    }

    /// When it opens next after `at`, within the next thirty days.
    pub fn next_opening(&self, at: Timestamp) -> Option<Timestamp> {
        let today = self.local(at).date();
        (0..=DAYS_AHEAD)
            .filter_map(|days| today.checked_add(jiff::Span::new().days(days)).ok())
            .filter_map(|date| self.opening_on(date))
            .map(|(opens, _)| opens)
            .find(|opens| *opens > at)
    }

    /// The minute after midnight that clocks in the office show.
    pub fn minute_of_day(&self, at: Timestamp) -> u16 {
        let local = self.local(at);
        u16::try_from(i16::from(local.hour()) * 60 + i16::from(local.minute())).unwrap_or(0)
    }

    /// What calendars and clocks in the office show.
    pub(super) fn local(&self, at: Timestamp) -> DateTime {
        let at = jiff::Timestamp::from_millisecond(at.as_millis()).unwrap_or_default();
        self.timezone.to_datetime(at)
    }

    /// When it opens and closes on that day, if it does.
    fn opening_on(&self, date: Date) -> Option<(Timestamp, Timestamp)> {
        let day = usize::try_from(date.weekday().to_monday_zero_offset()).ok()?;
        let (from, to) = self.hours[day]?;
        if self.holidays.contains(&date) {
            return None;
        }
        Some((self.moment(date, from)?, self.moment(date, to)?))
    }

    /// The moment at which clocks show that minute; where clocks jump over it, the one after the jump.
    fn moment(&self, date: Date, minute: u16) -> Option<Timestamp> {
        let (date, minute) = if minute < 24 * 60 { (date, minute) } else { (date.tomorrow().ok()?, 0) };
        let local = date.at(i8::try_from(minute / 60).ok()?, i8::try_from(minute % 60).ok()?, 0, 0);
        self.timezone.to_timestamp(local).ok().map(|at| Timestamp::from_millis(at.as_millisecond()))
    }
}
