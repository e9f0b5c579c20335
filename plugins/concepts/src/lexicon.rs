//! The compiled lexicon, looked up in place.

use crate::compile::{CANON, LEADS, MEANS};
use crate::spelling::{self, Hash};

include!(concat!(env!("OUT_DIR"), "/concepts.rs"));

static PHRASES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/phrases.bin"));
static MEANINGS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/meanings.bin"));
static NEAR: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/near.bin"));

/// The number of a concept by its name in `lexicon.txt`.
pub fn concept(name: &str) -> Option<u8> {
    CONCEPTS.iter().position(|(known, _)| *known == name).and_then(|at| u8::try_from(at).ok())
}

/// What the lexicon knows of a word or a phrase.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Known {
    pub(crate) hash: Hash,
    value: u16,
    flags: u16,
}

impl Known {
    /// Whether longer phrases begin with it.
    pub(crate) fn leads(self) -> bool {
        self.flags & LEADS != 0
    }

    /// The concepts that it means, each with its share in hundredths; empty if it means nothing alone.
    pub(crate) fn concepts(self) -> &'static [[u8; 2]] {
        if self.flags & MEANS == 0 {
            return &[];
        }
        let at = usize::from(self.value);
        let count = usize::from(MEANINGS.get(at).copied().unwrap_or(0));
        MEANINGS.get(at + 1..at + 1 + count * 2).map_or(&[], |pairs| pairs.as_chunks().0)
    }

    pub(crate) fn means(self) -> bool {
        self.flags & MEANS != 0
    }
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..at + 4).map_or(0, |four| u32::from_le_bytes([four[0], four[1], four[2], four[3]]))
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    bytes.get(at..at + 2).map_or(0, |two| u16::from_le_bytes([two[0], two[1]]))
}

fn slot(hash: Hash) -> Option<Known> {
    let mask = PHRASES.len() / 8 - 1;
    let mut at = hash as usize & mask;
    loop {
        let flags = u16_at(PHRASES, at * 8 + 6);
        if flags == 0 {
            return None;
        }
        if u32_at(PHRASES, at * 8) == hash {
            return Some(Known { hash, value: u16_at(PHRASES, at * 8 + 4), flags });
        }
        at = (at + 1) & mask;
    }
}

/// A word or a phrase by its hash, in its canonical writing.
pub(crate) fn known(hash: Hash) -> Option<Known> {
    let found = slot(hash)?;
    if found.flags & CANON == 0 {
        return Some(found);
    }
    slot(u32_at(MEANINGS, usize::from(found.value)))
}

/// A word as it is written, or in its canonical writing, or freed of affixes.
pub(crate) fn word(word: &[u8]) -> Option<Known> {
    spelling::first_form(word, |form| known(spelling::hash(form)))
}

/// The word that a misspelt one means.
pub(crate) fn misspelt(word: &[u8]) -> Option<Known> {
    let mut found = None;
    spelling::near_keys(word, |key| found = found.or_else(|| near(key)));
    if found.is_none() && spelling::looks_shortened(word) {
        found = spelling::consonants_key(word).and_then(near);
    }
    found
}

fn near(key: Hash) -> Option<Known> {
    let (mut low, mut high) = (0, NEAR.len() / 8);
    while low < high {
        let middle = low.midpoint(high);
        let there = u32_at(NEAR, middle * 8);
        if there == key {
            return known(u32_at(NEAR, middle * 8 + 4));
        }
        if there < key {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    None
}
