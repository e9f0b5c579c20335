//! The compiled lexicon, looked up in place.

use crate::compile::{CANON, LEADS, MEANS, NEAR_BUCKETS};
use crate::spelling::{self, Hash};

/// A compiled lexicon; [`lexicon!`](crate::lexicon!) makes one.
#[derive(Clone, Copy, Debug)]
pub struct Lexicon {
    /// Its words and phrases.
    pub phrases: &'static [u8],
    /// What they mean.
    pub meanings: &'static [u8],
    /// Their misspellings.
    pub near: &'static [u8],
    /// Every concept's name and weight, by its number.
    pub concepts: &'static [(&'static str, f32)],
    /// The numbers of the concepts `not` and `q-can`, which every reading needs: looked up while compiling.
    pub asking: [Option<u8>; 2],
}

/// The lexicon that the crate's build script compiled with [`compile::into_out_dir`](crate::compile::into_out_dir),
/// or with [`compile::into_out_dir_as`](crate::compile::into_out_dir_as) under a prefix.
#[macro_export]
macro_rules! lexicon {
    ($name:ident) => {
        $crate::lexicon!($name, "");
    };
    ($name:ident, $prefix:literal) => {
        include!(concat!(env!("OUT_DIR"), "/", $prefix, "concepts.rs"));

        /// The crate's lexicon.
        pub static $name: $crate::Lexicon = $crate::Lexicon {
            phrases: include_bytes!(concat!(env!("OUT_DIR"), "/", $prefix, "phrases.bin")),
            meanings: include_bytes!(concat!(env!("OUT_DIR"), "/", $prefix, "meanings.bin")),
            near: include_bytes!(concat!(env!("OUT_DIR"), "/", $prefix, "near.bin")),
            concepts: &CONCEPTS,
            asking: [$crate::number_of(&CONCEPTS, "not"), $crate::number_of(&CONCEPTS, "q-can")],
        };
    };
}

/// The number of a concept by its name.
pub const fn number_of(concepts: &[(&str, f32)], name: &str) -> Option<u8> {
    let mut at = 0;
    while at < concepts.len() {
        if is_same(concepts[at].0.as_bytes(), name.as_bytes()) {
            return Some(at as u8);
        }
        at += 1;
    }
    None
}

const fn is_same(one: &[u8], other: &[u8]) -> bool {
    let mut at = 0;
    while at < one.len() && at < other.len() && one[at] == other[at] {
        at += 1;
    }
    at == one.len() && at == other.len()
}

/// What the lexicon knows of a word or a phrase.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Known {
    pub(crate) hash: Hash,
    value: u16,
    flags: u16,
    meanings: &'static [u8],
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
        let count = usize::from(self.meanings.get(at).copied().unwrap_or(0));
        self.meanings.get(at + 1..at + 1 + count * 2).map_or(&[], |pairs| pairs.as_chunks().0)
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

impl Lexicon {
    /// What a concept tells.
    pub(crate) fn weight(&self, concept: u8) -> f32 {
        self.concepts.get(usize::from(concept)).map_or(0.0, |(_, weight)| *weight)
    }

    fn slot(&self, hash: Hash) -> Option<Known> {
        let mask = self.phrases.len() / 8 - 1;
        let mut at = hash as usize & mask;
        loop {
            let flags = u16_at(self.phrases, at * 8 + 6);
            if flags == 0 {
                return None;
            }
            if u32_at(self.phrases, at * 8) == hash {
                let value = u16_at(self.phrases, at * 8 + 4);
                return Some(Known { hash, value, flags, meanings: self.meanings });
            }
            at = (at + 1) & mask;
        }
    }

    /// A word or a phrase by its hash, in its canonical writing.
    pub(crate) fn known(&self, hash: Hash) -> Option<Known> {
        let found = self.slot(hash)?;
        if found.flags & CANON == 0 {
            return Some(found);
        }
        self.slot(u32_at(self.meanings, usize::from(found.value)))
    }

    /// A word as it is written, or in its canonical writing, or freed of affixes.
    pub(crate) fn word(&self, word: &[u8]) -> Option<Known> {
        spelling::first_form(word, |form| self.known(spelling::hash(form)))
    }

    /// The word that a misspelt one means.
    pub(crate) fn misspelt(&self, word: &[u8]) -> Option<Known> {
        let mut found = spelling::near_keys(word).find_map(|key| self.nearby(key));
        if found.is_none() && spelling::looks_shortened(word) {
            found = spelling::consonants_key(word).and_then(|key| self.nearby(key));
        }
        found
    }

    /// Keys are hashes, spread evenly: a bucket has few of them, and a word can be misspelt in as many ways as it has
    /// letters.
    fn nearby(&self, key: Hash) -> Option<Known> {
        let (begins, entries) = self.misspellings();
        let bucket = (key >> (32 - NEAR_BUCKETS)) as usize;
        let [begin, end] = *begins.get(bucket..)?.first_chunk::<2>()?;
        let (begin, end) = (usize::from(u16::from_le_bytes(begin)), usize::from(u16::from_le_bytes(end)));
        let found = entries.get(begin..end)?.iter().find(|entry| entry.first_chunk() == Some(&key.to_le_bytes()))?;
        self.known(u32_at(found, 4))
    }

    /// Where each bucket of misspellings begins, and all of them.
    fn misspellings(&self) -> (&'static [[u8; 2]], &'static [[u8; 8]]) {
        let (begins, entries) = self.near.split_at_checked(2 * ((1 << NEAR_BUCKETS) + 1)).unwrap_or_default();
        (begins.as_chunks().0, entries.as_chunks().0)
    }
}

#[cfg(test)]
mod tests {
    use crate::SHOP;

    #[test]
    fn every_misspelling_of_the_table_is_found_and_nothing_beside_it() {
        let keys: Vec<u32> = SHOP.misspellings().1.iter().map(|entry| super::u32_at(entry, 0)).collect();
        assert!(keys.len() > 1_000 && keys.is_sorted());
        for key in &keys {
            assert!(SHOP.nearby(*key).is_some(), "{key}");
        }
        let beside = keys.iter().flat_map(|key| [key.wrapping_sub(1), key.wrapping_add(1)]).chain([0, u32::MAX]);
        for key in beside.filter(|key| keys.binary_search(key).is_err()) {
            assert!(SHOP.nearby(key).is_none(), "{key}");
        }
    }
}
