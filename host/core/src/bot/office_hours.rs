//! When humans are there.

use crate::time::Timestamp;

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

/// Monday first: from and to, in minutes after midnight; `None`: closed.
pub type OfficeHours = [Option<(u16, u16)>; 7];

impl Office {
    /// Whether it is open at that time.
    pub fn is_open(&self, _at: Timestamp) -> bool {
        unimplemented!()
    }

    /// When it opens next after `at`, within the next thirty days.
    pub fn next_opening(&self, _at: Timestamp) -> Option<Timestamp> {
        unimplemented!()
    }
}
