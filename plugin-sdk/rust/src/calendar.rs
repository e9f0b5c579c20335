//! Days and dates without a time-zone database: enough for a promised date.

use std::fmt;
use std::str::FromStr;

/// Western Indonesia Time (Jakarta), in minutes ahead of UTC.
pub const WIB: i32 = 7 * 60;

/// A day of the calendar, as days since 1970-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub struct Day(i32);

/// Not a day written as `2026-11-22`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotADay;

impl fmt::Display for NotADay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a day written as 2026-11-22")
    }
}

impl std::error::Error for NotADay {}

impl Day {
    /// The day that a clock on the wall shows at this time (milliseconds since 1970), so many minutes ahead
    /// of UTC.
    pub fn of(millis: u64, minutes_ahead: i32) -> Self {
        let millis = i64::try_from(millis).unwrap_or(i64::MAX / 2) + i64::from(minutes_ahead) * 60_000;
        Self(i32::try_from(millis.div_euclid(86_400_000)).unwrap_or(i32::MAX))
    }

    /// A day by year, month and day of the month.
    pub fn new(year: i32, month: u32, day: u32) -> Option<Self> {
        let day_of = Self::from_civil(year, month, day);
        (1..=9999).contains(&year).then_some(())?;
        (day_of.civil() == (year, month, day)).then_some(day_of)
    }

    /// How many days this day is after another; negative if it is before.
    pub fn days_after(self, other: Self) -> i32 {
        self.0.saturating_sub(other.0)
    }

    /// The day so many days later.
    #[must_use]
    pub fn plus(self, days: i32) -> Self {
        Self(self.0.saturating_add(days))
    }

    /// Year, month and day of the month. (The algorithm of Howard Hinnant's "chrono-compatible low-level
    /// date algorithms".)
    pub fn civil(self) -> (i32, u32, u32) {
        let z = i64::from(self.0) + 719_468;
        let era = z.div_euclid(146_097);
        let doe = z.rem_euclid(146_097);
        let yoe = (doe - doe / 1_460 + doe / 36_524 - doe / 146_096) / 365;
        let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
        let mp = (5 * doy + 2) / 153;
        let day = doy - (153 * mp + 2) / 5 + 1;
        let month = if mp < 10 { mp + 3 } else { mp - 9 };
        let year = yoe + era * 400 + i64::from(month <= 2);
        (year as i32, month as u32, day as u32)
    }

    fn from_civil(year: i32, month: u32, day: u32) -> Self {
        let (year, month, day) = (i64::from(year) - i64::from(month <= 2), i64::from(month), i64::from(day));
        let era = year.div_euclid(400);
        let yoe = year.rem_euclid(400);
        let doy = (153 * (if month > 2 { month - 3 } else { month + 9 }) + 2) / 5 + day - 1;
        let doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
        Self((era * 146_097 + doe - 719_468) as i32)
    }

    /// As Indonesians write it: `22 November`, or `22 Nov` in short months of English.
    pub fn words(self, english: bool) -> String {
        const INDONESIAN: [&str; 12] = [
            "Januari",
            "Februari",
            "Maret",
            "April",
            "Mei",
            "Juni",
            "Juli",
            "Agustus",
            "September",
            "Oktober",
            "November",
            "Desember",
        ];
        const ENGLISH: [&str; 12] = [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ];
        let (_, month, day) = self.civil();
        let names = if english { ENGLISH } else { INDONESIAN };
        // `civil` gives months from 1 to 12.
        format!("{day} {}", names[(month as usize - 1) % 12])
    }
}

impl FromStr for Day {
    type Err = NotADay;

    /// Reads `2026-11-22`, with or without a time behind it.
    fn from_str(text: &str) -> Result<Self, NotADay> {
        let text = text.trim();
        let date = text.get(..10).ok_or(NotADay)?;
        if text.len() > 10 && !text[10..].starts_with(['T', ' ']) {
            return Err(NotADay);
        }
        let mut parts = date.split('-');
        let mut next = |digits: usize| {
            let part = parts.next().filter(|part| part.len() == digits && part.bytes().all(|b| b.is_ascii_digit()));
            part.and_then(|part| part.parse::<u32>().ok()).ok_or(NotADay)
        };
        let (year, month, day) = (next(4)?, next(2)?, next(2)?);
        Self::new(year as i32, month, day).ok_or(NotADay)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.civil();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_of_four_centuries_reads_back_as_it_is_written() {
        for n in -60_000..90_000 {
            assert_eq!(Day(n).to_string().parse(), Ok(Day(n)));
        }
        assert_eq!(Day(0).to_string(), "1970-01-01");
    }

    #[test]
    fn a_day_begins_earlier_in_jakarta() {
        let eve = 1_795_280_400_000; // 2026-11-21T17:00:00Z
        assert_eq!(Day::of(eve, WIB).to_string(), "2026-11-22");
        assert_eq!(Day::of(eve - 1, WIB).to_string(), "2026-11-21");
    }

    #[test]
    fn days_that_do_not_exist_are_refused() {
        for text in ["2026-02-30", "2026-13-01", "2026-1-1", "22-11-2026", "", "2026-11-22x", "éééééé"] {
            assert_eq!(text.parse::<Day>(), Err(NotADay), "{text}");
        }
        assert!("2026-11-22T10:00:00+07:00".parse::<Day>().is_ok());
    }
}
