//! When the business is open.

use super::lexicon::HUMAN;
use crate::gate::words::is_in;

const OPEN: &[&str] = &[
    "buka",
    "tutup",
    "open",
    "opens",
    "close",
    "closes",
    "closed",
    "online",
    "beroperasi",
    "operasional",
    "melayani",
    "layanan",
    "service",
];
/// Words that may stand between "open" and a time of day.
const BETWEEN: &[&str] = &[
    "setiap",
    "tiap",
    "hari",
    "dari",
    "mulai",
    "jam",
    "pukul",
    "pk",
    "sampai",
    "s/d",
    "sd",
    "hingga",
    "kerja",
    "ini",
    "besok",
    "lagi",
    "senin",
    "selasa",
    "rabu",
    "kamis",
    "jumat",
    "sabtu",
    "minggu",
    "ahad",
    "dan",
    "at",
    "from",
    "until",
    "till",
    "every",
    "day",
    "daily",
    "on",
    "again",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "mon",
    "tue",
    "wed",
    "thu",
    "fri",
    "sat",
    "sun",
    "weekdays",
    "tomorrow",
    "today",
    "and",
    "to",
    "|",
    "kami",
    "toko",
    "tersedia",
    "selama",
    "is",
    "are",
    "hours",
    "senin-jumat",
    "senin-sabtu",
    "senin-minggu",
    "monday-friday",
    "mon-fri",
    "adalah",
    "between",
];

/// "buka jam 9", "jam operasional 09.00-17.00", "open from 9am to 5pm", "24/7".
pub(super) fn states_hours(words: &[String]) -> bool {
    if words.iter().any(|word| word == "24/7") {
        return true;
    }
    words.iter().enumerate().any(|(at, word)| {
        let heading = is_in(word, &["jam", "opening", "business", "operating", "office", "working"])
            && words.get(at + 1).is_some_and(|next| {
                is_in(
                    next,
                    &["operasional", "kerja", "buka", "layanan", "pelayanan", "kantor", "toko", "hours", "tutup"],
                )
            });
        if !heading && !is_in(word, OPEN) {
            return false;
        }
        let rest = &words[at + 1..];
        let until_clock = rest.iter().position(|next| is_clock(next));
        let Some(clock) = until_clock else { return false };
        let (between, clock_word) = (&rest[..clock], rest[clock].as_str());
        let only_connects = between
            .iter()
            .enumerate()
            .all(|(at, word)| is_in(word, BETWEEN) || (heading && at == 0) || (is_in(word, HUMAN) && heading));
        only_connects && (is_certain_clock(clock_word) || is_hour_in_context(between, clock_word, &rest[clock + 1..]))
    })
}

/// `9`, `09.00`, `9am`, `09:00-17:00`.
fn is_clock(word: &str) -> bool {
    word.starts_with(|first: char| first.is_ascii_digit())
        && word.chars().all(|char| char.is_ascii_digit() || matches!(char, '.' | ':' | '-' | 'a' | 'p' | 'm'))
}

/// A time that can be nothing else.
fn is_certain_clock(word: &str) -> bool {
    word.ends_with("am")
        || word.ends_with("pm")
        || word.split('-').all(|time| {
            time.split_once(['.', ':']).is_some_and(|(hour, minute)| {
                hour.len() <= 2 && minute.len() == 2 && hour.parse::<u8>().is_ok_and(|hour| hour <= 24)
            })
        })
}

/// A bare number that its neighbours make an hour: "jam 9", "9 pagi", "from 9 to 5", "24 jam".
fn is_hour_in_context(between: &[String], clock: &str, after: &[String]) -> bool {
    let hour = clock.split('-').all(|hour| hour.parse::<u8>().is_ok_and(|hour| hour <= 24));
    let before = between.last().map_or("", String::as_str);
    let next = after.first().map_or("", String::as_str);
    hour && (is_in(before, &["jam", "pukul", "pk", "at", "from"])
        || is_in(next, &["pagi", "siang", "sore", "malam", "am", "pm", "wib", "wita", "wit", "o'clock"])
        || (clock == "24" && is_in(next, &["jam", "hours"])))
}
