//! Roots of Indonesian words, by stripping affixes *towards known roots*.
//!
//! Stemmers that strip by rule alone ruin what customers write: *pengiriman* becomes *irim* while
//! *dikirim* becomes *kirim*, and everyday forms (*batalin*, *ngirim*) stay as they are. Here a stripped
//! form counts only if it is a root that we know; otherwise just the harmless endings go.

use crate::letters::{without_begin, without_end};
use crate::vocabulary::{english, indonesian, stands};

/// What may stand behind, by a word's last letter: the longest last where one ends in another; the empty one stands
/// for none.
fn suffixes(word: &str) -> &'static [&'static str] {
    match word.as_bytes().last() {
        Some(b'a') => &["", "nya", "kannya", "annya", "innya", "inya"],
        Some(b'h') => &["", "lah", "kah", "kanlah", "inlah", "anlah", "ankah", "ilah", "nyalah"],
        Some(b'i') => &["", "i"],
        Some(b'n') => &["", "pun", "kan", "an", "in"],
        Some(b'u') => &["", "ku", "mu", "kanku", "anku", "anmu", "kanmu"],
        Some(b'y') => &["", "ny"],
        _ => &[""],
    }
}

/// A prefix, with the first letters that it may have swallowed.
type Prefix = (&'static str, &'static [u8]);

/// What may stand before, by a word's first letter; the empty one stands for none.
fn prefixes(word: &str) -> &'static [Prefix] {
    match word.as_bytes().first() {
        Some(b'b') => &[("", b""), ("ber", b""), ("be", b""), ("bel", b"")],
        Some(b'd') => &[("", b""), ("di", b""), ("diper", b"")],
        Some(b'k') => &[("", b""), ("ke", b""), ("ku", b"")],
        Some(b'm') => &[
            ("", b""),
            ("me", b""),
            ("mem", b"p"),
            ("men", b"t"),
            ("meng", b"k"),
            ("meny", b"s"),
            ("menge", b""),
            ("memper", b""),
            ("m", b"p"),
        ],
        Some(b'n') => &[("", b""), ("nge", b""), ("ng", b"k"), ("ny", b"sc"), ("n", b"t")],
        Some(b'p') => &[
            ("", b""),
            ("pe", b""),
            ("pem", b"p"),
            ("pen", b"t"),
            ("peng", b"k"),
            ("peny", b"s"),
            ("penge", b""),
            ("per", b""),
        ],
        Some(b's') => &[("", b""), ("se", b"")],
        Some(b't') => &[("", b""), ("ter", b""), ("te", b"")],
        _ => &[("", b"")],
    }
}

/// A stripped form shorter than this is more often chance than a root.
const SHORTEST_ROOT: usize = 3;

/// Longer words than this are not looked at: there are none.
const LONGEST: usize = 40;

/// The root of a standard word (see [`normalise`](crate::normalise)): `pengirimannya` is `kirim`,
/// `batalkan` is `batal`, English `orders` is `order`. A word that is not known is returned without the
/// endings *-nya*, *-lah*, *-kah* if enough of it remains, else as it is.
pub fn root(word: &str) -> &str {
    root_and_known(word).0
}

/// The [`root`] of a word, and whether it [`is_known`](crate::is_known): both for the price of one.
pub fn root_and_known(word: &str) -> (&str, bool) {
    known_root(word).map_or_else(|| (unknown_root(word), false), |known| (known, true))
}

fn unknown_root(word: &str) -> &str {
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
    if let Some((known, _)) = stands(word) {
        return Some(known);
    }
    indonesian_root(word).or_else(|| english_root(word))
}

/// Whether a word is an inflected form of an Indonesian root that we know.
pub(crate) fn indonesian_form(word: &str) -> bool {
    word.is_ascii() && word.len() <= LONGEST && indonesian_root(word).is_some()
}

fn indonesian_root(word: &str) -> Option<&'static str> {
    let prefixes = prefixes(word);
    suffixes(word).iter().filter_map(|suffix| without_end(word, suffix)).find_map(|stem| {
        prefixes.iter().filter_map(|(prefix, swallowed)| Some((without_begin(stem, prefix)?, *swallowed))).find_map(
            |(rest, swallowed)| {
                swallowed.iter().find_map(|letter| restored(*letter, rest)).or_else(|| long_enough(rest))
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
fn restored(letter: u8, rest: &str) -> Option<&'static str> {
    if !rest.starts_with(['a', 'e', 'i', 'o', 'u']) || rest.len() + 1 > LONGEST {
        return None;
    }
    let mut bytes = [0; LONGEST];
    bytes[0] = letter;
    bytes[1..=rest.len()].copy_from_slice(rest.as_bytes());
    long_enough(std::str::from_utf8(&bytes[..=rest.len()]).ok()?)
}

fn english_root(word: &str) -> Option<&'static str> {
    ["s", "es", "ed", "d", "ing", "er", "ly"]
        .iter()
        .filter_map(|suffix| without_end(word, suffix))
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
