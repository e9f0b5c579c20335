//! What the FAQ asked last: which of some entries the customer means. An answer that is typed is taken like a tap.

use santun_language::{Words, words, words_of};
use santun_plugin::prelude::*;
use serde::{Deserialize, Serialize};

/// Where it is remembered.
const KEY: &str = "asked";
/// After this long, in milliseconds, a number means no entry any more.
const MEMORY: u64 = 60 * 60 * 1_000;
/// Answers of more words than these are questions of their own.
const LONGEST: usize = 6;

/// The entries that were offered last, in their order.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Asked {
    /// Each with its key and its question.
    pub(crate) entries: Vec<(String, String)>,
    /// How often in a row it was asked what is meant, and no entry was found for the answer.
    #[serde(default)]
    pub(crate) times: u32,
    at: u64,
}

impl Asked {
    pub(crate) fn recall(host: &dyn Host, now: u64) -> Self {
        let asked: Self = host.recall(KEY).unwrap_or_default();
        if now.saturating_sub(asked.at) > MEMORY { Self::default() } else { asked }
    }

    /// Remembers what is asked now, instead of what was asked before.
    ///
    /// # Errors
    ///
    /// If it cannot be stored.
    pub(crate) fn remember(&self, entries: Vec<(String, String)>, host: &dyn Host, now: u64) -> Result<(), Error> {
        host.remember(KEY, &Self { entries, times: self.times.saturating_add(1), at: now })
    }

    /// Something else is talked about.
    pub(crate) fn forget(&self, host: &dyn Host) {
        if !self.entries.is_empty() {
            host.forget(KEY);
        }
    }

    /// The key of the entry that a typed answer means: by its place, by some of its words, or by a plain yes if
    /// one alone was asked about.
    pub(crate) fn meant(&self, typed: &[String]) -> Option<&str> {
        if self.entries.is_empty() {
            return None;
        }
        let telling: Vec<&String> = typed.iter().filter(|word| !BESIDE.has(word)).collect();
        if telling.is_empty() || telling.len() > LONGEST {
            return None;
        }
        if let [(key, _)] = &self.entries[..]
            && telling.iter().all(|word| YES.has(word))
        {
            return Some(key);
        }
        self.by_place(&telling).or_else(|| self.by_words(&telling))
    }

    fn by_place(&self, telling: &[&String]) -> Option<&str> {
        let [only] = telling else { return None };
        let place = match only.as_str() {
            "terakhir" | "last" | "bawah" | "paling-bawah" => self.entries.len(),
            "atas" => 1,
            word => PLACES.iter().position(|ways| ways.contains(&word))? + 1,
        };
        let (key, _) = self.entries.get(place.checked_sub(1)?)?;
        Some(key)
    }

    /// By words of one of the questions that the others do not have; every word typed must be of it.
    fn by_words(&self, telling: &[&String]) -> Option<&str> {
        let has = |question: &str, word: &str| {
            words_of(question).iter().any(|known| *known == word || is_form_of(word, known))
        };
        let mut fitting = self.entries.iter().filter(|(_, question)| telling.iter().all(|word| has(question, word)));
        let (key, _) = fitting.next()?;
        fitting.next().is_none().then_some(key.as_str())
    }
}

/// Whether one word is the other with an ending or a beginning more: "ukuran", "ukurannya".
fn is_form_of(one: &str, other: &str) -> bool {
    let (short, long) = if one.len() < other.len() { (one, other) } else { (other, one) };
    short.len() >= 4 && long.contains(short)
}

/// How a place is typed, by its number.
const PLACES: [&[&str]; 3] = [
    &["1", "satu", "pertama", "kesatu", "first", "one", "a"],
    &["2", "dua", "kedua", "ke2", "second", "two", "b"],
    &["3", "tiga", "ketiga", "ke3", "third", "three", "c"],
];

/// What agrees, where one entry was asked about.
const YES: Words = words!("ya iya iyah yes yup yap betul bener benar bnr btl y yoi right correct");

/// Words that may stand beside the choice.
const BESIDE: Words = words!(
    "\
    yang yg yng nomor nomer no nmr ke itu kak kakak min dong aja saja deh sih nih pilih pilihan opsi mau tanya nanya \
    maksud maksudnya maksudku aku saya the one number option please soal tentang about i mean ini ah tadi"
);

#[cfg(test)]
mod tests {
    use super::*;

    fn asked() -> Asked {
        let entry = |key: &str, question: &str| (key.to_owned(), question.to_owned());
        let entries = vec![
            entry("kurir", "Dikirim lewat kurir apa?"),
            entry("ongkir", "Berapa ongkos kirimnya?"),
            entry("lama", "Berapa lama pengirimannya?"),
        ];
        Asked { entries, ..Asked::default() }
    }

    #[test]
    fn a_choice_is_typed_in_many_ways() {
        let asked = asked();
        for (text, key) in [
            ("2", "ongkir"),
            ("yg kedua", "ongkir"),
            ("yang ke 3 kak", "lama"),
            ("yg ketiga aja kak", "lama"),
            ("no 1", "kurir"),
            ("the first one", "kurir"),
            ("yang terakhir", "lama"),
            ("kurir", "kurir"),
            ("soal kurirnya kak", "kurir"),
            ("ongkos kirim", "ongkir"),
            ("berapa lama", "lama"),
        ] {
            assert_eq!(asked.meant(&words_of(text)), Some(key), "{text}");
        }
    }

    #[test]
    fn other_words_are_no_choice() {
        let asked = asked();
        for text in
            ["berapa", "4", "kak", "", "ada warna merah ga", "bukan itu", "iya", "kirim ke papua bisa dua hari ga"]
        {
            assert_eq!(asked.meant(&words_of(text)), None, "{text}");
        }
    }

    #[test]
    fn of_one_entry_a_plain_yes_is_enough() {
        let mut asked = asked();
        asked.entries.truncate(1);
        assert_eq!(asked.meant(&words_of("iya kak")), Some("kurir"));
        assert_eq!(asked.meant(&words_of("bukan")), None);
    }
}
