//! What learnt models see in a text: its words, pairs of neighbours, pieces of unknown words, and concepts.

use crate::SHOP;
use crate::lexicon::Lexicon;
use crate::reading::{self, Letters, Meaning, Token};
use crate::spelling::{self, Hash};

/// What models can learn of a text: features by their hash, and how much each counts.
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
pub(crate) const NEIGHBOURS: f32 = 0.5;
const CONCEPT: f32 = 0.7;
const PIECES: f32 = 1.0;

pub(crate) fn features(
    lexicon: &Lexicon,
    tokens: &[Token],
    letters: &[u8],
    meaning: &Meaning,
    mut each: impl FnMut(Hash, f32),
) {
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
