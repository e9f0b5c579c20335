//! Building the index: what each entry is about, and what it asks.

use std::collections::BTreeMap;

use santun_concepts::intents::{Leaning, NOTHING};
use santun_concepts::sense::Sense;
use santun_concepts::{Feature, KNOWN_WORD, Meaning, Models, Understood, understand, understand_with};

use super::INTENT;
use super::layout::{self, POSTING};
use crate::entries::Entry;

/// What the answer and the tags of an entry say counts this much of what the question says: a customer
/// often asks with the words of the answer ("berapa hari?").
const SUPPORT: f32 = 0.55;
/// Tags are chosen by hand.
const TAG_SUPPORT: f32 = 0.8;
/// How far the commonest feature of the index is believed, against one that no entry has.
const COMMON: f32 = 0.3;
/// More phrasings than these do not fit the postings' sixteen bits.
pub const PHRASINGS_MAX: usize = 60_000;

struct Phrasing {
    entry: usize,
    core: Vec<Feature>,
    sense: Sense,
}

/// Builds the index; `left` are the wishes that are left to other plugins, a line each.
///
/// # Errors
///
/// A sentence for the operator if there are more phrasings than an index holds.
pub fn build(entries: &[Entry], thresholds: &[f32; 3], left: &str) -> Result<Vec<u8>, String> {
    build_with(&Models::built_in(), entries, thresholds, left)
}

/// [`build`] with other models.
///
/// # Errors
///
/// As [`build`].
pub fn build_with(
    models: &Models<'_>,
    entries: &[Entry],
    thresholds: &[f32; 3],
    left: &str,
) -> Result<Vec<u8>, String> {
    let mut phrasings = Vec::new();
    let mut supports: Vec<BTreeMap<u32, f32>> = Vec::with_capacity(entries.len());
    for (number, entry) in entries.iter().enumerate() {
        let ways = std::iter::once(&entry.question).chain(&entry.also);
        for words in ways {
            let Understood { meaning, sense, .. } = understand_with(models, words);
            if !meaning.features.is_empty() {
                phrasings.push(Phrasing { entry: number, core: meaning.features, sense });
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
        heads.push((u16::try_from(phrasing.entry).map_err(|_| "too many entries")?, whole, phrasing.sense));
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

/// What an entry's answer and tags tell of what it asks, beside its questions.
const ANSWER_SHARE: f32 = 0.2;

/// What an entry asks: by the surest of its questions, and a little by its answer and tags.
fn asked(entry: &Entry) -> Vec<Leaning> {
    let mut shares: BTreeMap<u16, f32> = BTreeMap::new();
    for words in std::iter::once(&entry.question).chain(&entry.also) {
        for leaning in understand(words).leanings {
            let share = shares.entry(leaning.intent).or_default();
            *share = share.max(leaning.share);
        }
    }
    let whole: f32 = shares.values().sum::<f32>().max(0.01);
    shares.values_mut().for_each(|share| *share *= (1.0 - ANSWER_SHARE) / whole);
    let rest = format!("{} {}", entry.tags.join(" "), entry.answer);
    for leaning in understand(&rest).leanings {
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
