//! How long to wait.

use super::human::names_human;
use super::lexicon::{GOODS, SOON};
use crate::gate::words::{any_in, is_in};

const WAIT: &[&str] = &["tunggu", "ditunggu", "nunggu", "menanti", "wait", "waiting", "antrean", "antrian", "queue"];
const UNIT: &[&str] = &[
    "menit", "mnt", "menitan", "jam", "detik", "minute", "minutes", "min", "mins", "hour", "hours", "second",
    "seconds", "hari", "day", "days",
];
const NUMBER: &[&str] = &[
    "satu", "dua", "tiga", "empat", "lima", "sepuluh", "beberapa", "setengah", "few", "couple", "one", "two", "three",
    "five", "ten", "several",
];

pub(super) fn states_wait(words: &[String]) -> bool {
    if any_in(words, GOODS) && !names_human(words) {
        return false;
    }
    any_in(words, WAIT) && (has_duration(words) || any_in(words, SOON) || numbers_place(words))
}

/// "antrean nomor 3", "number 3 in the queue".
fn numbers_place(words: &[String]) -> bool {
    any_in(words, &["antrean", "antrian", "queue"])
        && words.iter().any(|word| is_number(word) || word.starts_with("ke-"))
}

/// "5 menit", "beberapa menit", "10-15 minutes", "a few minutes", "5mnt".
pub(super) fn has_duration(words: &[String]) -> bool {
    words.iter().enumerate().any(|(at, word)| {
        let after = |ahead: usize| words.get(at + ahead).map_or("", String::as_str);
        let number = is_number(word);
        let digits = word.trim_start_matches(|char: char| char.is_ascii_digit());
        (number && (is_in(after(1), UNIT) || (is_in(after(1), &["|", "of", "-"]) && is_in(after(2), UNIT))))
            || (digits.len() < word.len() && is_in(digits, UNIT))
            || is_in(word, &["1x24"])
    })
}

fn is_number(word: &str) -> bool {
    word.starts_with(|first: char| first.is_ascii_digit()) || is_in(word, NUMBER)
}
