//! What words are about.

use crate::letters::is_same;
use crate::normalise::Normalised;
use crate::root::root;
use crate::table::table;

table!(TOPIC_WORDS, "topics.txt");

/// Several words that together are about something that none of them is about alone.
const PHRASES: [(&str, &str); 22] = [
    ("bayar di tempat", "cod"),
    ("bayar di rumah", "cod"),
    ("bayar pas sampai", "cod"),
    ("bayar waktu sampai", "cod"),
    ("cash on delivery", "cod"),
    ("biaya kirim", "ongkir"),
    ("biaya pengiriman", "ongkir"),
    ("ongkos kirim", "ongkir"),
    ("shipping cost", "ongkir"),
    ("shipping fee", "ongkir"),
    ("delivery fee", "ongkir"),
    ("nomor resi", "lacak"),
    ("sampai mana", "lacak"),
    ("sudah sampai mana", "lacak"),
    ("where is my", "lacak"),
    ("uang kembali", "uang-kembali"),
    ("kembali uang", "uang-kembali"),
    ("kembalikan uang", "uang-kembali"),
    ("uang muka", "bayar"),
    ("jam berapa", "jam-buka"),
    ("pre order", "preorder"),
    ("nomor ponsel", "akun"),
];

/// Every topic that [`topic`] and [`topics`] name.
pub const TOPICS: [&str; 34] = [
    "kirim",
    "lacak",
    "ongkir",
    "bayar",
    "cicil",
    "cod",
    "retur",
    "uang-kembali",
    "stok",
    "harga",
    "diskon",
    "nego",
    "grosir",
    "reseller",
    "ukuran",
    "warna",
    "bahan",
    "jam-buka",
    "alamat",
    "pesan",
    "batal",
    "ubah",
    "garansi",
    "rusak",
    "kurang",
    "asli",
    "preorder",
    "member",
    "hadiah",
    "struk",
    "akun",
    "data",
    "keluhan",
    "bpom",
];

/// What a standard word is about, by itself or by its root: `nyampe`, normalised to `sampai`, is about
/// `kirim`, as are `pengiriman` and `delivery`. Most words are about nothing in particular.
pub fn topic(word: &str) -> Option<&'static str> {
    topic_with(word, || root(word))
}

fn topic_with<'w>(word: &str, root: impl FnOnce() -> &'w str) -> Option<&'static str> {
    TOPIC_WORDS.get(word).or_else(|| TOPIC_WORDS.get(root()))
}

/// What a message is about, each topic once, in the order of their first mention; phrases (*bayar di
/// tempat*) first.
pub fn topics(text: &Normalised) -> Vec<&'static str> {
    among(text, text.words().filter_map(topic))
}

/// [`topics`] of a message whose words were taken to their roots already: each standard word with its root.
pub fn topics_of(text: &Normalised, words: &[(&str, &str)]) -> Vec<&'static str> {
    among(text, words.iter().filter_map(|(word, root)| topic_with(word, || root)))
}

fn among(text: &Normalised, of_words: impl Iterator<Item = &'static str>) -> Vec<&'static str> {
    let mut found = Vec::new();
    let mut add = |topic| {
        if !found.contains(&topic) {
            found.push(topic);
        }
    };
    let begun = Begun::in_text(text.as_str());
    for (phrase, topic) in PHRASES {
        if begun.may_have(phrase) && contains_words(text.as_str(), phrase) {
            add(topic);
        }
    }
    of_words.for_each(add);
    found
}

/// How the words of a text begin: most phrases need not be looked for.
struct Begun([u64; 16]);

impl Begun {
    fn in_text(text: &str) -> Self {
        let mut begun = Self([0; 16]);
        let mut before = b' ';
        for pair in text.as_bytes().windows(2) {
            if before == b' ' {
                let bit = Self::bit(pair);
                begun.0[bit / 64] |= 1 << (bit % 64);
            }
            before = pair[0];
        }
        begun
    }

    /// Whether a phrase, of two letters at least, may begin where a word does.
    fn may_have(&self, phrase: &str) -> bool {
        phrase.as_bytes().first_chunk::<2>().is_none_or(|pair| {
            let bit = Self::bit(pair);
            self.0[bit / 64] >> (bit % 64) & 1 == 1
        })
    }

    /// Of a word's first two letters.
    fn bit(pair: &[u8]) -> usize {
        usize::from(pair[0] & 31) << 5 | usize::from(pair[1] & 31)
    }
}

/// Whether `phrase` stands in `text` at the borders of words.
pub(crate) fn contains_words(text: &str, phrase: &str) -> bool {
    // Only where a word begins is anything compared: searching the text as letters has a table to build first.
    let (text, phrase) = (text.as_bytes(), phrase.as_bytes());
    let Some(first) = phrase.first() else { return text.is_empty() };
    let begins = |at: usize| text[at] == *first && (at == 0 || text[at - 1] == b' ');
    (0..(text.len() + 1).saturating_sub(phrase.len())).filter(|at| begins(*at)).any(|at| {
        let (stands, rest) = text[at..].split_at(phrase.len());
        is_same(stands, phrase) && rest.first().is_none_or(|next| *next == b' ')
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalise;

    fn about(text: &str) -> Vec<&'static str> {
        topics(&normalise(text))
    }

    #[test]
    fn words_of_one_topic_meet() {
        for text in ["paketku blm nyampe", "pengirimannya gmn", "when will it be delivered", "brg blm dateng"] {
            assert!(about(text).contains(&"kirim"), "{text}");
        }
        assert_eq!(about("bs bayar di tempat ga?")[0], "cod");
        assert!(about("ongkos kirimnya brp").contains(&"ongkir"));
    }

    #[test]
    fn every_topic_of_the_file_is_listed_and_the_other_way_round() {
        let in_file = |topic: &str| TOPIC_WORDS.entries().iter().any(|(_, t)| *t == topic);
        for (_, topic) in TOPIC_WORDS.entries().iter().chain(&PHRASES) {
            assert!(TOPICS.contains(topic), "{topic}");
        }
        for topic in TOPICS {
            assert!(in_file(topic) || PHRASES.iter().any(|(_, t)| *t == topic), "{topic}");
        }
    }

    #[test]
    fn phrases_end_where_words_end() {
        assert!(contains_words("bayar di tempat", "di tempat"));
        assert!(!contains_words("bayar di tempatnya", "di tempat"));
    }
}
