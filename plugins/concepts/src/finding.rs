//! Finding a lexicon's phrases in a text, with the words that matched.

use crate::lexicon::Lexicon;
use crate::reading;
use crate::spelling::{self, Hash};

/// A phrase of a lexicon in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit {
    /// The concepts that it means, each with its share in hundredths.
    pub concepts: &'static [[u8; 2]],
    /// Where its words begin in [`Found::words`].
    pub start: usize,
    /// Where they end.
    pub end: usize,
}

/// The phrases of a lexicon in a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// The text's words, folded, with a space between.
    pub words: String,
    /// The length of each word.
    pub lengths: Vec<u8>,
    /// The phrases, in order; they do not overlap.
    pub hits: Vec<Hit>,
    /// What each word means alone, also inside a phrase.
    pub alone: Vec<&'static [[u8; 2]]>,
    /// The hash of each word: of the word of the lexicon that it is a form of, if it is one.
    pub forms: Vec<Hash>,
}

impl Found {
    /// The words, in order.
    pub fn each_word(&self) -> impl Iterator<Item = &str> {
        let mut at = 0;
        self.lengths.iter().map(move |length| {
            let start = at;
            at += usize::from(*length) + 1;
            self.words.get(start..at - 1).unwrap_or_default()
        })
    }

    /// The words of a hit.
    pub fn words_of(&self, hit: &Hit) -> &str {
        self.words.get(hit.start..hit.end).unwrap_or_default()
    }
}

/// Finds a lexicon's phrases in a text, the longest at each place.
pub fn find(lexicon: &Lexicon, text: &str) -> Found {
    let (tokens, letters) = reading::tokens(lexicon, text, reading::Letters::Keep);
    let alone = tokens.iter().map(|token| token.known.map_or(&[][..], |known| known.concepts())).collect();
    let form = |token: &reading::Token| {
        token.known.map_or_else(|| spelling::hash(&letters[token.at..token.at + token.len]), |known| known.hash)
    };
    let forms = tokens.iter().map(form).collect();
    // A word has at most `spelling::WORD_MAX` bytes.
    let lengths = tokens.iter().map(|token| token.len as u8).collect();
    let mut hits = Vec::with_capacity(8);
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let Some(known) = token.known else {
            at += 1;
            continue;
        };
        let (meant, next) = reading::longest(lexicon, &tokens, at, known);
        let last = tokens.get(next - 1).unwrap_or(token);
        if meant.means() {
            hits.push(Hit { concepts: meant.concepts(), start: token.at, end: last.at + last.len });
        }
        at = next;
    }
    // Folded words are ASCII.
    Found { words: String::from_utf8(letters).unwrap_or_default(), lengths, hits, alone, forms }
}
