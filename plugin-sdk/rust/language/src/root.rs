//! Roots of Indonesian words, by stripping affixes *towards known roots*.
//!
//! Stemmers that strip by rule alone ruin what customers write: *pengiriman* becomes *irim* while
//! *dikirim* becomes *kirim*, and everyday forms (*batalin*, *ngirim*) stay as they are. Here a stripped
//! form counts only if it is a root that we know; otherwise just the harmless endings go.

use crate::vocabulary::{english, indonesian};

/// Endings, the longest first where one ends in another; the empty one stands for none.
const SUFFIXES: [&str; 26] = [
    "", "nya", "ny", "lah", "kah", "pun", "ku", "mu", "kan", "an", "in", "i", "kannya", "annya", "innya", "inya",
    "kanlah", "inlah", "kanku", "anku", "anmu", "kanmu", "anlah", "ankah", "ilah", "nyalah",
];

/// Prefixes with the first letter that they may have swallowed.
const PREFIXES: [(&str, &[&str]); 30] = [
    ("", &[]),
    ("di", &[]),
    ("ke", &[]),
    ("se", &[]),
    ("ter", &[]),
    ("ber", &[]),
    ("be", &[]),
    ("te", &[]),
    ("bel", &[]),
    ("me", &[]),
    ("mem", &["p"]),
    ("men", &["t"]),
    ("meng", &["k"]),
    ("meny", &["s"]),
    ("menge", &[]),
    ("pe", &[]),
    ("pem", &["p"]),
    ("pen", &["t"]),
    ("peng", &["k"]),
    ("peny", &["s"]),
    ("penge", &[]),
    ("per", &[]),
    ("memper", &[]),
    ("diper", &[]),
    ("nge", &[]),
    ("ng", &["k"]),
    ("ny", &["s", "c"]),
    ("n", &["t"]),
    ("m", &["p"]),
    ("ku", &[]),
];

/// A stripped form shorter than this is more often chance than a root.
const SHORTEST_ROOT: usize = 3;

/// Longer words than this are not looked at: there are none.
const LONGEST: usize = 40;

/// The root of a standard word (see [`normalise`](crate::normalise)): `pengirimannya` is `kirim`,
/// `batalkan` is `batal`, English `orders` is `order`. A word that is not known is returned without the
/// endings *-nya*, *-lah*, *-kah* if enough of it remains, else as it is.
pub fn root(word: &str) -> &str {
    if let Some(known) = known_root(word) {
        return known;
    }
    for suffix in ["nya", "lah", "kah"] {
        if let Some(stem) = word.strip_suffix(suffix).filter(|stem| stem.len() >= 4) {
            return stem;
        }
    }
    word
}

/// The root of a word, if it is one that we know.
pub(crate) fn known_root(word: &str) -> Option<&'static str> {
    if word.is_empty() || word.len() > LONGEST || !word.is_ascii() {
        return None;
    }
    if let Some((known, _)) = indonesian(word) {
        return Some(known);
    }
    if let Some((known, _)) = english(word) {
        return Some(known);
    }
    indonesian_root(word).or_else(|| english_root(word))
}

/// Whether a word is an inflected form of an Indonesian root that we know.
pub(crate) fn indonesian_form(word: &str) -> bool {
    word.is_ascii() && word.len() <= LONGEST && indonesian_root(word).is_some()
}

fn indonesian_root(word: &str) -> Option<&'static str> {
    SUFFIXES.iter().filter_map(|suffix| word.strip_suffix(suffix)).find_map(|stem| {
        PREFIXES.iter().filter_map(|(prefix, swallowed)| Some((stem.strip_prefix(prefix)?, *swallowed))).find_map(
            |(rest, swallowed)| {
                swallowed.iter().find_map(|letter| restored(letter, rest)).or_else(|| long_enough(rest))
            },
        )
    })
}

fn long_enough(rest: &str) -> Option<&'static str> {
    if rest.len() < SHORTEST_ROOT {
        return None;
    }
    indonesian(rest).map(|(known, _)| known)
}

/// The known root that is `letter` and `rest`: only before a vowel is a letter swallowed.
fn restored(letter: &str, rest: &str) -> Option<&'static str> {
    if !rest.starts_with(['a', 'e', 'i', 'o', 'u']) || rest.len() + 1 > LONGEST {
        return None;
    }
    let mut bytes = [0; LONGEST];
    bytes[0] = *letter.as_bytes().first()?;
    bytes[1..=rest.len()].copy_from_slice(rest.as_bytes());
    long_enough(std::str::from_utf8(&bytes[..=rest.len()]).ok()?)
}

fn english_root(word: &str) -> Option<&'static str> {
    ["s", "es", "ed", "d", "ing", "er", "ly"]
        .iter()
        .filter_map(|suffix| word.strip_suffix(suffix))
        .filter(|stem| stem.len() >= SHORTEST_ROOT)
        .find_map(|stem| english(stem).map(|(known, _)| known))
}

#[cfg(test)]
mod tests {
    use super::root;

    #[test]
    fn forms_of_one_root_meet() {
        for (form, expected) in [
            ("pengiriman", "kirim"),
            ("dikirim", "kirim"),
            ("mengirim", "kirim"),
            ("kirimkan", "kirim"),
            ("pesanan", "pesan"),
            ("pesananku", "pesan"),
            ("memesan", "pesan"),
            ("batalkan", "batal"),
            ("dibatalkan", "batal"),
            ("pembatalan", "batal"),
            ("pembayaran", "bayar"),
            ("bayarnya", "bayar"),
            ("pengembalian", "kembali"),
            ("dikembalikan", "kembali"),
            ("menukar", "tukar"),
            ("penukaran", "tukar"),
            ("berlangganan", "langganan"),
            ("menyimpan", "simpan"),
            ("hentikan", "henti"),
            ("ukurannya", "ukuran"),
            ("kecewa", "kecewa"),
            ("mengecewakan", "kecewa"),
            ("penjualnya", "jual"),
            ("berapa", "berapa"),
        ] {
            assert_eq!(root(form), expected, "{form}");
        }
    }

    #[test]
    fn words_that_only_look_derived_stay() {
        for word in ["berapa", "beras", "kemeja", "sepatu", "merek", "pakaian", "bekasi", "kecil", "makan", "ikan"] {
            assert_eq!(root(word), word);
        }
    }

    #[test]
    fn unknown_words_lose_only_harmless_endings() {
        assert_eq!(root("zorplaknya"), "zorplak");
        assert_eq!(root("zorplakan"), "zorplakan");
        assert_eq!(root("Ünïcode"), "Ünïcode");
    }
}
