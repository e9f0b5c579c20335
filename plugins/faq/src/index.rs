//! The index: built once for a configuration, then read piece by piece.
//!
//! Each way to ask a question is a *phrasing*. For each feature (a concept, a word, a piece of a word)
//! the index lists the phrasings that are about it, in buckets by the feature's hash, so that a message
//! with ten features costs ten small reads however many entries there are.

mod building;
mod layout;
mod likelihood;

use santun_concepts::intents::Leaning;
use santun_concepts::sense::Sense;
use santun_concepts::{KNOWN_WORD, Meaning, Understood};

pub use building::{PHRASINGS_MAX, build, build_with};
pub use layout::Blob;
use layout::{HEAD, Header, POSTING, Reader};
pub use likelihood::{OF_ENTRY, OF_NONE, Traits, traits};

/// A score leans on how much of the message is covered; the rest, on how much of the phrasing is.
const MESSAGE_SHARE: f32 = 0.62;
/// So many entries are weighed against each other: a thousand that resemble a message a little are no reason to doubt
/// the one that it names.
const COMPARED: usize = 16;

/// How much of an intent belongs to no entry: it keeps one that leans to it a little from owning it.
const UNCLAIMED: f32 = 0.1;

/// How much more likely the entry is that is a little more like the message: what the senses were learnt with.
pub const SHARPNESS: f32 = 10.0;
/// As much like the message as this is what no entry answers.
pub const INDIFFERENT: f32 = 0.36;
/// The likeness of what says nothing.
const UNLIKE: f32 = -1.0;
/// Entries that are less likely than this by their senses are compared for other reasons alone.
const ALIKE: f32 = 0.004;

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
    /// How much the entry asks what the message asks most likely, from 0 to 1.
    pub first: f32,
    /// How likely it is this entry, and not another, that answers what the message asks, from 0 to 1.
    pub own: f32,
    /// How much their senses are alike, from -1 to 1.
    pub likeness: f32,
    /// How likely it is this entry, of those compared and none, by their senses alone.
    pub alike: f32,
}

/// How a message compares to the entries.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Compared {
    /// The entries that have most of it.
    pub found: Vec<Scored>,
    /// How much of what it is about no entry is about, from 0 to 1.
    pub foreign: f32,
    /// How much of what it may ask no entry asks, from 0 to 1.
    pub unasked: f32,
    /// How likely it is none of them, by their senses alone.
    pub unlike: f32,
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

/// Tells intents from concepts and words.
const INTENT: u32 = 0x4000_0000;

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
    pub fn search(&self, message: &Understood, many: usize) -> Vec<Scored> {
        likelihood::rank(self.compare(message), message, many)
    }

    /// How the entries that have most of a message compare to it: of an entry and its twin, the better one.
    pub fn compare(&self, message: &Understood) -> Compared {
        let Header { phrasings, entries, .. } = self.reader.header;
        if phrasings == 0 {
            return Compared::default();
        }
        let mut found = vec![Scored::default(); entries];
        let foreign = self.compare_words(&message.meaning, phrasings, &mut found);
        let unasked = self.compare_intents(&message.leanings, &mut found);
        let unlike = self.compare_senses(&message.sense, &mut found);
        found.iter_mut().zip(0..).for_each(|(scored, place)| scored.entry = place);
        let better = |one: &Scored, other: &Scored| {
            let weight = |scored: &Scored| scored.words + scored.intent + scored.alike;
            weight(one) > weight(other) || (weight(one) >= weight(other) && one.entry < other.entry)
        };
        let is_best = |scored: &Scored| {
            self.reader
                .twin(scored.entry)
                .and_then(|twin| found.get(usize::from(twin)))
                .is_none_or(|twin| better(scored, twin))
        };
        let about = |scored: &&Scored| scored.words > 0.0 || scored.intent > 0.0 || scored.alike > ALIKE;
        let mut compared: Vec<Scored> = found.iter().filter(about).filter(|scored| is_best(scored)).copied().collect();
        compared.sort_by(|one, other| {
            let weight = |scored: &Scored| scored.words + scored.intent + scored.alike;
            weight(other).total_cmp(&weight(one)).then(one.entry.cmp(&other.entry))
        });
        compared.truncate(COMPARED);
        let whole: f32 = compared.iter().map(|scored| scored.alike).sum::<f32>() + unlike;
        compared.iter_mut().for_each(|scored| scored.alike /= whole);
        Compared { found: compared, foreign, unasked, unlike: unlike / whole }
    }

    /// How much of what a message may ask no entry asks.
    fn compare_intents(&self, leanings: &[Leaning], found: &mut [Scored]) -> f32 {
        let mut unasked = 0.0;
        for (place, leaning) in leanings.iter().enumerate() {
            let id = INTENT | u32::from(leaning.intent);
            let bucket = self.reader.bucket(id);
            let Some((_, postings)) = layout::postings(&bucket, id) else {
                unasked += leaning.share;
                continue;
            };
            let share = leaning.share.sqrt() / 255.0;
            let postings = postings.as_chunks::<POSTING>().0;
            let of_entry = |share: u8| f32::from(share) * f32::from(share) / (255.0 * 255.0);
            let all: f32 = postings.iter().map(|[_, _, entry_share, _]| of_entry(*entry_share)).sum();
            for [low, high, entry_share, _] in postings {
                if let Some(scored) = found.get_mut(usize::from(u16::from_le_bytes([*low, *high]))) {
                    let both = share * f32::from(*entry_share);
                    scored.intent += both;
                    scored.same += both * both;
                    scored.own += leaning.share * of_entry(*entry_share) / (all + UNCLAIMED);
                    if place == 0 {
                        scored.first = f32::from(*entry_share) / 255.0;
                    }
                }
            }
        }
        unasked
    }

    /// How like the message each entry is by their senses, and how likely beside the likeliest; gives how likely none is.
    fn compare_senses(&self, sense: &Sense, found: &mut [Scored]) -> f32 {
        found.iter_mut().for_each(|scored| scored.likeness = UNLIKE);
        let heads = self.reader.heads();
        for (at, phrasing) in self.reader.senses().iter().enumerate() {
            let likeness = sense.likeness(&Sense(phrasing.map(|axis| axis as i8)));
            let Some((entry, _)) = heads.get(at) else { continue };
            if let Some(scored) = found.get_mut(usize::from(entry)) {
                scored.likeness = scored.likeness.max(likeness);
            }
        }
        let most = found.iter().map(|scored| scored.likeness).fold(INDIFFERENT, f32::max);
        found.iter_mut().for_each(|scored| scored.alike = ((scored.likeness - most) * SHARPNESS).exp());
        ((INDIFFERENT - most) * SHARPNESS).exp()
    }

    /// How much of what a message is about no entry is about.
    fn compare_words(&self, meaning: &Meaning, phrasings: usize, found: &mut [Scored]) -> f32 {
        let mut message = vec![0.0_f32; phrasings];
        let mut phrasing = vec![0.0_f32; phrasings];
        let mut whole = 0.0;
        let mut foreign = 0.0;
        for feature in &meaning.features {
            let bucket = self.reader.bucket(feature.id);
            let Some((rarity, postings)) = layout::postings(&bucket, feature.id) else {
                // A word that no entry uses tells nothing beyond its concept.
                if feature.mass > KNOWN_WORD {
                    whole += feature.mass;
                    foreign += feature.mass;
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
        if whole > 0.0 { foreign / whole } else { 0.0 }
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
