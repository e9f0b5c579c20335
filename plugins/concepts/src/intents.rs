//! What a text asks, of all that businesses are asked.
//!
//! "klo kegedean gmn" and "Apakah bisa tukar ukuran?" share neither word nor concept; both are the intent
//! `exchange-size`. A linear model, learnt offline by the example `intents` from the phrases under
//! `intents/` and kept in `intents/model.bin`, leans from words, pairs of words, pieces of unknown words and
//! concepts to intents. Entries and messages that lean to the same ones meet. Nothing is decoded when a
//! message comes.

mod halvings;
mod model;

use halvings::Halvings;
use model::ONE;
pub use model::{INTENTS_MAX, Model, Pair, SLOTS, encode, fingerprint};

use crate::SHOP;
use crate::lexicon::Lexicon;
use crate::reading::{self, Letters, Meaning, Token};
use crate::spelling::{self, Hash};

/// The intents' names, by their number; the first asks nothing that a business answers.
pub static NAMES: &[&str] = &include!("intents/names.in");

/// The intent of what asks nothing.
pub const NOTHING: u16 = 0;

/// An intent that a text leans to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Leaning {
    /// Its number.
    pub intent: u16,
    /// How much of the text's whole leaning goes to it, from 0 to 1.
    pub share: f32,
}

impl Leaning {
    /// The intent's name, for explanations.
    pub fn name(self) -> &'static str {
        NAMES.get(usize::from(self.intent)).copied().unwrap_or("?")
    }
}

/// At most so many intents are told of a text.
pub const LEANINGS: usize = 16;
/// Less than this share is no leaning.
const LEAST: f32 = 0.004;

/// Reads what a text is about and what it asks, its likeliest intents first.
pub fn understand(text: &str) -> (Meaning, Vec<Leaning>) {
    understand_with(&Model::built_in(), text)
}

/// [`understand`] with another model.
pub fn understand_with(model: &Model<'_>, text: &str) -> (Meaning, Vec<Leaning>) {
    let (tokens, letters) = reading::tokens(&SHOP, text, Letters::Unknown);
    let meaning = reading::with_fields(text, &tokens, &letters);
    let mut sums = [0_i64; INTENTS_MAX];
    let mut norm = 0.0;
    let mut any = false;
    features(&SHOP, &tokens, &letters, &meaning, |hash, value| {
        if model.add(hash, value, &mut sums) {
            // Pieces of a word never seen tell nothing alone: gibberish has some of them.
            any |= value >= NEIGHBOURS;
            norm += value * value;
        } else if value > NEIGHBOURS {
            // A word never seen makes the rest less sure; most pairs of words were never seen.
            norm += value * value;
        }
    });
    // A number alone asks nothing.
    any &= tokens.iter().any(|token| !token.number);
    let leanings = if any { leanings(&sums[..NAMES.len()], model.unit() / norm.sqrt()) } else { Vec::new() };
    (meaning, leanings)
}

/// By sums, and what a weight of 1 adds to a logit. In whole numbers but for the few that are told: WebAssembly looks
/// after every sum and product whether it is a number, and calls a function for an exponential.
fn leanings(sums: &[i64], scale: f32) -> Vec<Leaning> {
    let Some(most) = sums.iter().max() else { return Vec::new() };
    // What is far below the best adds nothing that shows.
    let least = most - (7.0 / scale * ONE) as i64;
    let halvings = Halvings::of(scale);
    let mut whole = 0;
    let mut found: Vec<(u32, u16)> = Vec::with_capacity(LEANINGS + 1);
    for (intent, sum) in sums.iter().enumerate() {
        if *sum < least {
            continue;
        }
        let share = halvings.share(most - sum);
        whole += u64::from(share);
        // Of hundreds of intents nearly all are behind the last that is told.
        if found.get(LEANINGS - 1).is_some_and(|last| last.0 >= share) {
            continue;
        }
        let place = found.partition_point(|known| known.0 >= share);
        found.insert(place, (share, intent as u16));
        found.truncate(LEANINGS);
    }
    let leanings = found.iter().map(|(share, intent)| Leaning { intent: *intent, share: *share as f32 / whole as f32 });
    leanings.filter(|leaning| leaning.share >= LEAST).collect()
}

/// What the model can learn of a text: features by their hash, and how much each counts.
pub fn learnable(text: &str) -> Vec<(Hash, f32)> {
    let (tokens, letters) = reading::tokens(&SHOP, text, Letters::Unknown);
    let meaning = reading::with_fields(text, &tokens, &letters);
    let mut found = Vec::new();
    features(&SHOP, &tokens, &letters, &meaning, |hash, value| found.push((hash, value)));
    found
}

const STOP_WORD: f32 = 0.35;
const WORD: f32 = 1.0;
/// Next to each other, or with nothing between that tells.
const NEIGHBOURS: f32 = 0.5;
const CONCEPT: f32 = 0.7;
const PIECES: f32 = 1.0;

fn features(lexicon: &Lexicon, tokens: &[Token], letters: &[u8], meaning: &Meaning, mut each: impl FnMut(Hash, f32)) {
    let mut before: Option<Hash> = None;
    let mut telling_before: Option<Hash> = None;
    for token in tokens {
        let stop = token.is_stop(lexicon);
        let id = if token.number {
            spelling::hash(b"#")
        } else {
            token.known.map_or_else(|| spelling::hash(&letters[token.at..token.at + token.len]), |known| known.hash)
        };
        each(spelling::extend(11, id), if stop || token.number { STOP_WORD } else { WORD });
        if let Some(before) = before {
            each(spelling::extend(spelling::extend(12, before), id), NEIGHBOURS);
        }
        if !stop {
            if let Some(last) = telling_before
                && before != Some(last)
            {
                each(spelling::extend(spelling::extend(12, last), id), NEIGHBOURS);
            }
            telling_before = Some(id);
        }
        before = Some(id);
        if token.known.is_none() && !token.number {
            pieces(&letters[token.at..token.at + token.len], &mut each);
        }
    }
    for feature in meaning.features.iter().filter(|feature| feature.is_concept()) {
        each(spelling::extend(14, feature.id), feature.mass.min(1.0) * CONCEPT);
    }
}

/// Pieces of three to five letters: they find a word again in another form.
fn pieces(word: &[u8], each: &mut impl FnMut(Hash, f32)) {
    if word.len() < 3 {
        return;
    }
    let mut framed = [b'^'; spelling::WORD_MAX + 2];
    let framed = spelling::framed(word, &mut framed);
    let count = framed.windows(3).len() + framed.windows(4).len() + framed.windows(5).len();
    let value = PIECES / (count as f32).sqrt();
    for piece in framed.windows(3).chain(framed.windows(4)).chain(framed.windows(5)) {
        each(spelling::extend(13, spelling::hash(piece)), value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn likeliest(text: &str) -> &'static str {
        understand(text).1.first().map_or("?", |leaning| leaning.name())
    }

    #[test]
    fn everyday_words_lean_to_what_they_ask() {
        for (text, intent) in [
            ("klo kegedean gmn", "exchange-size"),
            ("ini bisa dibayar pas barang sampe?", "cod"),
            ("nyampe kapan kak", "delivery-time"),
            ("masih ada ga", "stock"),
            ("kirim ke luar negeri bisa?", "ship-overseas"),
            ("lagi ada potongan harga?", "promo"),
            ("how do i return it", "return"),
            ("lagi hujan ga di sana", "-"),
        ] {
            assert_eq!(likeliest(text), intent, "{text}");
        }
    }

    #[test]
    fn shares_are_shares_and_the_likeliest_comes_first() {
        let (_, leanings) = understand("bisa tuker ukuran ga, ongkirnya siapa yg bayar");
        assert!(!leanings.is_empty() && leanings.len() <= LEANINGS);
        assert!(leanings.is_sorted_by(|a, b| a.share >= b.share));
        assert!(leanings.iter().map(|leaning| leaning.share).sum::<f32>() <= 1.001);
    }

    #[test]
    fn what_says_nothing_leans_nowhere() {
        for text in ["", "  ", "😀", "?"] {
            assert_eq!(understand(text).1, [], "{text}");
        }
        for text in ["\u{0}", &"x".repeat(100_000), &"bayar ".repeat(10_000)] {
            let _ = understand(text);
        }
    }

    #[test]
    fn the_model_was_learnt_from_the_phrases_that_lie_beside_it() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/intents");
        let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
        files.sort();
        let texts: Vec<String> = files.iter().map(|file| std::fs::read_to_string(file).unwrap()).collect();
        let known = Model::built_in().fingerprint();
        assert_eq!(known, fingerprint(texts.iter().map(String::as_str)), "`make intents` learns them anew");
        for name in texts.iter().flat_map(|text| text.lines()).filter_map(|line| line.strip_prefix("= ")) {
            assert!(NAMES.contains(&name), "{name}");
        }
    }
}
