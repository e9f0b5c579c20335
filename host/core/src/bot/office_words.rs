//! Opening hours and times as people say them.

use jiff::civil::Date;

use super::Office;
use crate::language::Language;
use crate::time::Timestamp;

/// The words of one language.
struct Words {
    days: [&'static str; 7],
    months: [&'static str; 12],
    today: &'static str,
    tomorrow: &'static str,
    at: &'static str,
    every_day: &'static str,
    around_the_clock: &'static str,
    never: &'static str,
    between: char,
    after_weekday: &'static str,
}

const INDONESIAN: Words = Words {
    days: ["Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"],
    months: [
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
    ],
    today: "hari ini",
    tomorrow: "besok",
    at: "pukul",
    every_day: "setiap hari",
    around_the_clock: "24 jam",
    never: "belum ada jam buka",
    between: '.',
    after_weekday: ", ",
};

const ENGLISH: Words = Words {
    days: ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
    months: [
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
    ],
    today: "today",
    tomorrow: "tomorrow",
    at: "at",
    every_day: "every day",
    around_the_clock: "around the clock",
    never: "no opening hours yet",
    between: ':',
    after_weekday: " ",
};

const fn words(language: Language) -> &'static Words {
    match language {
        Language::Id => &INDONESIAN,
        Language::En => &ENGLISH,
    }
}

impl Words {
    fn clock(&self, minute: u16) -> String {
        format!("{:02}{}{:02}", minute / 60, self.between, minute % 60)
    }

    fn opening(&self, (from, to): (u16, u16)) -> String {
        if (from, to) == (0, 24 * 60) {
            return self.around_the_clock.to_owned();
        }
        format!("{}–{}", self.clock(from), self.clock(to))
    }

    fn weekday(&self, date: Date) -> &'static str {
        // `to_monday_zero_offset` is 0 to 6.
        self.days[usize::try_from(date.weekday().to_monday_zero_offset()).unwrap_or(0) % 7]
    }

    fn month(&self, date: Date) -> &'static str {
        self.months[usize::try_from(date.month() - 1).unwrap_or(0) % 12]
    }
}

impl Office {
    /// The weekly hours, for `{office.hours}`: "Senin–Jumat 09.00–17.00, Sabtu 09.00–13.00".
    pub fn describe_hours(&self, language: Language) -> String {
        let words = words(language);
        let mut parts = Vec::new();
        let mut day = 0;
        while day < 7 {
            let same = self.hours[day..].iter().take_while(|hours| **hours == self.hours[day]).count();
            if let Some(hours) = self.hours[day] {
                let days = match same {
                    7 => words.every_day.to_owned(),
                    1 => words.days[day].to_owned(),
                    _ => format!("{}–{}", words.days[day], words.days[day + same - 1]),
                };
                parts.push(format!("{days} {}", words.opening(hours)));
            }
            day += same;
        }
        if parts.is_empty() { words.never.to_owned() } else { parts.join(", ") }
    }

    /// A time to come, for `{office.next-opening}`: "besok pukul 09.00", "Senin pukul 09.00".
    pub fn describe_time(&self, at: Timestamp, now: Timestamp, language: Language) -> String {
        let words = words(language);
        let date = self.local(at).date();
        let days_ahead = self.local(now).date().until(date).map_or(0, |span| span.get_days());
        let day = match days_ahead {
            0 => words.today.to_owned(),
            1 => words.tomorrow.to_owned(),
            2..=6 => words.weekday(date).to_owned(),
            _ => format!("{}{}{} {}", words.weekday(date), words.after_weekday, date.day(), words.month(date)),
        };
        format!("{day} {} {}", words.at, words.clock(self.minute_of_day(at)))
    }
}
