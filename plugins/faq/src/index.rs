//! The index: built once for a configuration, then read piece by piece.
//!
//! Each way to ask a question is a *phrasing*. For each feature (a concept, a word, a piece of a word)
//! the index lists the phrasings that are about it, in buckets by the feature's hash, so that a message
//! with ten features costs ten small reads however many entries there are.

mod layout;

use std::collections::BTreeMap;

use santun_concepts::{Feature, KNOWN_WORD, Meaning};

use crate::entries::Entry;
pub use layout::Blob;
use layout::{HEAD, Header, POSTING, Reader};

/// What the answer and the tags of an entry say counts this much of what the question says: a customer
/// often asks with the words of the answer ("berapa hari?").
const SUPPORT: f32 = 0.55;
/// Tags are chosen by hand.
const TAG_SUPPORT: f32 = 0.8;
/// How far the commonest feature of the index is believed, against one that no entry has.
const COMMON: f32 = 0.3;
/// A score leans on how much of the message is covered; the rest, on how much of the phrasing is.
const MESSAGE_SHARE: f32 = 0.62;
/// More phrasings than these do not fit the postings' sixteen bits.
pub const PHRASINGS_MAX: usize = 60_000;

/// How an entry did against a message.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scored {
    /// The entry, by its place in the document.
    pub entry: u16,
    /// From 0 to 1.
    pub score: f32,
    /// How much of the message is about the entry, from 0 to 1.
    pub message_covered: f32,
}

/// An entry as it is read back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stored {
    /// Its key.
    pub key: String,
    /// Its question.
    pub question: String,
    /// Its answer.
    pub answer: String,
    /// Its language, if it has one.
    pub language: Option<String>,
    /// The entry with the same key in another language.
    pub twin: Option<u16>,
}

struct Phrasing {
    entry: usize,
    core: Vec<Feature>,
}

/// Builds the index.
///
/// # Errors
///
/// A sentence for the operator if there are more phrasings than an index holds.
pub fn build(entries: &[Entry], thresholds: &[f32; 3]) -> Result<Vec<u8>, String> {
    let mut phrasings = Vec::new();
    let mut supports: Vec<BTreeMap<u32, f32>> = Vec::with_capacity(entries.len());
    for (number, entry) in entries.iter().enumerate() {
        let ways = std::iter::once(&entry.question).chain(&entry.also);
        for words in ways {
            let meaning = santun_concepts::read(words);
            if !meaning.features.is_empty() {
                phrasings.push(Phrasing { entry: number, core: meaning.features });
            }
        }
        supports.push(support(entry));
    }
    if phrasings.len() > PHRASINGS_MAX {
        return Err(format!(
            "the FAQ has {} ways to ask, and an index holds {PHRASINGS_MAX}: split it over two bots, or merge entries",
            phrasings.len()
        ));
    }
    let rarity = rarity(entries.len(), &phrasings);
    let mut postings: BTreeMap<u32, Vec<[u8; POSTING]>> = BTreeMap::new();
    let mut heads = Vec::with_capacity(phrasings.len());
    for (number, phrasing) in phrasings.iter().enumerate() {
        let number = u16::try_from(number).map_err(|_| "too many phrasings")?;
        let mut whole = 0.0;
        for feature in &phrasing.core {
            let mass = feature.mass * rarity.get(&feature.id).copied().unwrap_or(1.0);
            // Beside concepts, the phrasing's very words are welcome and not expected.
            let expected = if feature.mass > KNOWN_WORD { mass } else { 0.0 };
            whole += expected;
            let [low, high] = number.to_le_bytes();
            postings.entry(feature.id).or_default().push([
                low,
                high,
                byte(feature.mass * 200.0),
                byte(expected * 200.0),
            ]);
        }
        for (id, mass) in &supports[phrasing.entry] {
            if phrasing.core.iter().any(|feature| feature.id == *id) {
                continue;
            }
            let [low, high] = number.to_le_bytes();
            postings.entry(*id).or_default().push([low, high, byte(mass * 200.0), 0]);
        }
        heads.push((u16::try_from(phrasing.entry).map_err(|_| "too many entries")?, whole));
    }
    layout::write(entries, &heads, &postings, &rarity, thresholds)
}

fn byte(value: f32) -> u8 {
    value.round().clamp(0.0, 255.0) as u8
}

fn support(entry: &Entry) -> BTreeMap<u32, f32> {
    let mut support = BTreeMap::new();
    let mut add = |meaning: &Meaning, share: f32| {
        for feature in &meaning.features {
            let mass: &mut f32 = support.entry(feature.id).or_default();
            *mass = mass.max(feature.mass * share);
        }
    };
    add(&santun_concepts::read(&entry.answer), SUPPORT);
    for tag in &entry.tags {
        add(&santun_concepts::read(tag), TAG_SUPPORT);
    }
    // What is said of one way to ask holds for the entry.
    for words in std::iter::once(&entry.question).chain(&entry.also) {
        add(&santun_concepts::read(words), TAG_SUPPORT);
    }
    support
}

/// How telling each feature is: 1 for one that a single entry has, less the more entries have it.
fn rarity(entries: usize, phrasings: &[Phrasing]) -> BTreeMap<u32, f32> {
    let mut seen: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for phrasing in phrasings {
        for feature in &phrasing.core {
            let entries = seen.entry(feature.id).or_default();
            if entries.last() != Some(&phrasing.entry) {
                entries.push(phrasing.entry);
            }
        }
    }
    let whole = (1.0 + entries.max(20) as f32).ln();
    let rarity = |count: usize| {
        let idf = (1.0 + entries.max(20) as f32 / count as f32).ln() / whole;
        COMMON + (1.0 - COMMON) * idf.min(1.0)
    };
    seen.into_iter().map(|(id, entries)| (id, rarity(entries.len()))).collect()
}

/// The index of one configuration.
pub struct Index<B> {
    reader: Reader<B>,
}

impl<B: Blob> Index<B> {
    /// Opens what [`build`] made; `None` if it was made by another version.
    pub fn open(blob: B) -> Option<Self> {
        Some(Self { reader: Reader::open(blob)? })
    }

    /// The thresholds that it was built with.
    pub fn thresholds(&self) -> [f32; 3] {
        self.reader.header.thresholds
    }

    /// The entries that a message is most likely about, the best first; at most `many`.
    pub fn search(&self, meaning: &Meaning, many: usize) -> Vec<Scored> {
        let Header { phrasings, .. } = self.reader.header;
        if phrasings == 0 || meaning.features.is_empty() {
            return Vec::new();
        }
        let mut message = vec![0.0_f32; phrasings];
        let mut phrasing = vec![0.0_f32; phrasings];
        let mut whole = 0.0;
        for feature in &meaning.features {
            let bucket = self.reader.bucket(feature.id);
            let Some((rarity, postings)) = layout::postings(&bucket, feature.id) else {
                // A word that no entry uses tells nothing beyond its concept.
                if feature.mass > KNOWN_WORD {
                    whole += feature.mass;
                }
                continue;
            };
            let mass = feature.mass * rarity;
            whole += mass;
            for [low, high, covers, tells] in postings.as_chunks::<POSTING>().0 {
                let at = usize::from(u16::from_le_bytes([*low, *high]));
                let (Some(message), Some(phrasing)) = (message.get_mut(at), phrasing.get_mut(at)) else { continue };
                let covers = (f32::from(*covers) / 200.0 / feature.mass).min(1.0);
                *message += mass * covers;
                let tells = f32::from(*tells) / 200.0;
                *phrasing += tells * (feature.mass * rarity / tells.max(0.005)).min(1.0);
            }
        }
        self.best(&message, &phrasing, whole, many)
    }

    fn best(&self, message: &[f32], phrasing: &[f32], whole: f32, many: usize) -> Vec<Scored> {
        let heads = self.reader.heads();
        let mut best: Vec<Scored> = Vec::with_capacity(many + 1);
        for (at, covered) in message.iter().enumerate() {
            if *covered <= 0.0 {
                continue;
            }
            let Some((entry, mass)) = heads.get(at) else { continue };
            let message_covered = (covered / whole).min(1.0);
            let phrasing_covered = (phrasing[at] / mass).min(1.0);
            let score = message_covered.powf(MESSAGE_SHARE) * phrasing_covered.powf(1.0 - MESSAGE_SHARE);
            let scored = Scored { entry, score, message_covered };
            if best.len() == many && best.last().is_some_and(|last| last.score >= score) {
                continue;
            }
            if let Some(known) = best.iter().position(|known| known.entry == entry) {
                if best[known].score >= score {
                    continue;
                }
                best.remove(known);
            }
            let place = best.partition_point(|known| known.score >= score);
            best.insert(place, scored);
            best.truncate(many);
        }
        best
    }

    /// An entry by its place.
    pub fn entry(&self, place: u16) -> Option<Stored> {
        self.reader.entry(place)
    }

    /// An entry by its key.
    pub fn by_key(&self, key: &str) -> Option<Stored> {
        let place = self.reader.place(key)?;
        self.entry(place)
    }
}

/// What fits no posting does not fit this many bytes either.
const _: () = assert!(HEAD == 64);
