//! The index: built once for a configuration, then read piece by piece.
//!
//! Each way to ask a question is a *phrasing*. For each feature (a concept, a word, a piece of a word)
//! the index lists the phrasings that are about it, in buckets by the feature's hash, so that a message
//! with ten features costs ten small reads however many entries there are.

mod layout;
mod likelihood;

use std::collections::BTreeMap;

use santun_concepts::intents::{self, Leaning, NOTHING};
use santun_concepts::{Feature, KNOWN_WORD, Meaning};

use crate::entries::Entry;
pub use layout::Blob;
use layout::{HEAD, Header, POSTING, Reader};
pub use likelihood::{OF_ENTRY, OF_NONE, Traits, traits};

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

/// So many entries are weighed against each other: a thousand that resemble a message a little are no reason to doubt
/// the one that it names.
const COMPARED: usize = 16;

/// How an entry did against a message.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Scored {
    /// The entry, by its place in the document.
    pub entry: u16,
    /// From 0 to 1.
    pub score: f32,
    /// How much their words and concepts are the same, from 0 to 1.
    pub words: f32,
    /// How much they ask the same, from 0 to 1.
    pub intent: f32,
    /// How much of the message is about the entry, from 0 to 1.
    pub message_covered: f32,
    /// How much of the way to ask that fits best is in the message, from 0 to 1.
    pub phrasing_covered: f32,
    /// How likely both ask one and the same thing, from 0 to 1.
    pub same: f32,
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

/// Builds the index; `left` are the wishes that are left to other plugins, a line each.
///
/// # Errors
///
/// A sentence for the operator if there are more phrasings than an index holds.
pub fn build(entries: &[Entry], thresholds: &[f32; 3], left: &str) -> Result<Vec<u8>, String> {
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
    let asked: Vec<Vec<Leaning>> = entries.iter().map(asked).collect();
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
    for (number, asked) in asked.iter().enumerate() {
        let [low, high] = u16::try_from(number).map_err(|_| "too many entries")?.to_le_bytes();
        for leaning in asked.iter().filter(|leaning| leaning.intent != NOTHING) {
            let share = byte(leaning.share.sqrt() * 255.0);
            postings.entry(INTENT | u32::from(leaning.intent)).or_default().push([low, high, share, 0]);
        }
    }
    layout::write(entries, &heads, &postings, &rarity, thresholds, left)
}

/// Tells intents from concepts and words.
const INTENT: u32 = 0x4000_0000;
/// What an entry's answer and tags tell of what it asks, beside its questions.
const ANSWER_SHARE: f32 = 0.2;

/// What an entry asks: by the surest of its questions, and a little by its answer and tags.
fn asked(entry: &Entry) -> Vec<Leaning> {
    let mut shares: BTreeMap<u16, f32> = BTreeMap::new();
    for words in std::iter::once(&entry.question).chain(&entry.also) {
        for leaning in intents::understand(words).1 {
            let share = shares.entry(leaning.intent).or_default();
            *share = share.max(leaning.share);
        }
    }
    let whole: f32 = shares.values().sum::<f32>().max(0.01);
    shares.values_mut().for_each(|share| *share *= (1.0 - ANSWER_SHARE) / whole);
    let rest = format!("{} {}", entry.tags.join(" "), entry.answer);
    for leaning in intents::understand(&rest).1 {
        *shares.entry(leaning.intent).or_default() += leaning.share * ANSWER_SHARE;
    }
    shares.into_iter().map(|(intent, share)| Leaning { intent, share }).collect()
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

    /// The wishes that are left to other plugins, a line each.
    pub fn left_wishes(&self) -> String {
        self.reader.left()
    }

    /// The entries that a message is most likely about, the best first; at most `many`.
    pub fn search(&self, meaning: &Meaning, leanings: &[Leaning], many: usize) -> Vec<Scored> {
        let found = self.compare(meaning, leanings);
        likelihood::rank(found, meaning, leanings, many)
    }

    /// How the entries that have most of a message compare to it: of an entry and its twin, the better one.
    pub fn compare(&self, meaning: &Meaning, leanings: &[Leaning]) -> Vec<Scored> {
        let Header { phrasings, entries, .. } = self.reader.header;
        if phrasings == 0 {
            return Vec::new();
        }
        let mut found = vec![Scored::default(); entries];
        self.compare_words(meaning, phrasings, &mut found);
        self.compare_intents(leanings, &mut found);
        found.iter_mut().zip(0..).for_each(|(scored, place)| scored.entry = place);
        let better = |one: &Scored, other: &Scored| {
            let weight = |scored: &Scored| scored.words + scored.intent;
            weight(one) > weight(other) || (weight(one) >= weight(other) && one.entry < other.entry)
        };
        let is_best = |scored: &Scored| {
            self.reader
                .twin(scored.entry)
                .and_then(|twin| found.get(usize::from(twin)))
                .is_none_or(|twin| better(scored, twin))
        };
        let about = |scored: &&Scored| scored.words > 0.0 || scored.intent > 0.0;
        let mut compared: Vec<Scored> = found.iter().filter(about).filter(|scored| is_best(scored)).copied().collect();
        compared.sort_by(|one, other| {
            (other.words + other.intent).total_cmp(&(one.words + one.intent)).then(one.entry.cmp(&other.entry))
        });
        compared.truncate(COMPARED);
        compared
    }

    fn compare_intents(&self, leanings: &[Leaning], found: &mut [Scored]) {
        for leaning in leanings {
            let id = INTENT | u32::from(leaning.intent);
            let bucket = self.reader.bucket(id);
            let Some((_, postings)) = layout::postings(&bucket, id) else { continue };
            let share = leaning.share.sqrt() / 255.0;
            for [low, high, entry_share, _] in postings.as_chunks::<POSTING>().0 {
                if let Some(scored) = found.get_mut(usize::from(u16::from_le_bytes([*low, *high]))) {
                    let both = share * f32::from(*entry_share);
                    scored.intent += both;
                    scored.same += both * both;
                }
            }
        }
    }

    fn compare_words(&self, meaning: &Meaning, phrasings: usize, found: &mut [Scored]) {
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
        let heads = self.reader.heads();
        for (at, covered) in message.iter().enumerate().filter(|(_, covered)| **covered > 0.0) {
            let Some((entry, mass)) = heads.get(at) else { continue };
            let Some(scored) = found.get_mut(usize::from(entry)) else { continue };
            let message_covered = (covered / whole).min(1.0);
            let phrasing_covered = (phrasing[at] / mass).min(1.0);
            let words = message_covered.powf(MESSAGE_SHARE) * phrasing_covered.powf(1.0 - MESSAGE_SHARE);
            if words > scored.words || scored.message_covered == 0.0 {
                scored.words = words;
                scored.message_covered = message_covered;
                scored.phrasing_covered = phrasing_covered;
            }
        }
    }

    /// An entry by its place.
    pub fn entry(&self, place: u16) -> Option<Stored> {
        self.reader.entry(place)
    }

    /// The entry with the same key in another language.
    pub fn twin(&self, place: u16) -> Option<u16> {
        self.reader.twin(place)
    }

    /// An entry's language; nothing if it is for all.
    pub fn language(&self, place: u16) -> Option<&str> {
        self.reader.language(place)
    }

    /// An entry by its key.
    pub fn by_key(&self, key: &str) -> Option<Stored> {
        let place = self.reader.place(key)?;
        self.entry(place)
    }
}

/// What fits no posting does not fit this many bytes either.
const _: () = assert!(HEAD == 64);
