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

use crate::features::NEIGHBOURS;
use crate::spelling::Hash;

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

/// What a text's features add up to.
pub(crate) struct Sums<'m> {
    model: &'m Model<'m>,
    sums: [i64; INTENTS_MAX],
    norm: f32,
    any: bool,
}

impl<'m> Sums<'m> {
    pub(crate) fn of(model: &'m Model<'m>) -> Self {
        Self { model, sums: [0; INTENTS_MAX], norm: 0.0, any: false }
    }

    pub(crate) fn add(&mut self, hash: Hash, value: f32) {
        if self.model.add(hash, value, &mut self.sums) {
            // Pieces of a word never seen tell nothing alone: gibberish has some of them.
            self.any |= value >= NEIGHBOURS;
            self.norm += value * value;
        } else if value > NEIGHBOURS {
            // A word never seen makes the rest less sure; most pairs of words were never seen.
            self.norm += value * value;
        }
    }

    /// What it leans to, the likeliest first; nothing if nothing tells.
    pub(crate) fn leanings(&self) -> Vec<Leaning> {
        if self.any { leanings(&self.sums[..NAMES.len()], self.model.unit() / self.norm.sqrt()) } else { Vec::new() }
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::understand;

    fn likeliest(text: &str) -> &'static str {
        understand(text).leanings.first().map_or("?", |leaning| leaning.name())
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
        let leanings = understand("bisa tuker ukuran ga, ongkirnya siapa yg bayar").leanings;
        assert!(!leanings.is_empty() && leanings.len() <= LEANINGS);
        assert!(leanings.is_sorted_by(|a, b| a.share >= b.share));
        assert!(leanings.iter().map(|leaning| leaning.share).sum::<f32>() <= 1.001);
    }

    #[test]
    fn what_says_nothing_leans_nowhere() {
        for text in ["", "  ", "😀", "?"] {
            assert_eq!(understand(text).leanings, [], "{text}");
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
