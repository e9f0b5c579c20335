//! How the index lies in bytes: a head, the entries' places and languages, the phrasings, their senses, the buckets'
//! directory, the buckets, the entries' texts, the keys, the wishes that are left to others. All numbers are little-endian.
//!
//! A call to the host costs more than some kilobytes: what every message needs lies in front and is read
//! at once. Concepts and intents have small numbers, so that their buckets come first.

use std::borrow::Cow;
use std::collections::BTreeMap;

use santun_concepts::sense::{AXES, Sense};

use crate::entries::Entry;

use super::Stored;

/// Where the bytes are read from.
pub trait Blob {
    /// `length` bytes from `offset`; fewer at the end.
    fn read(&self, offset: u64, length: u32) -> Vec<u8>;
}

impl Blob for &[u8] {
    fn read(&self, offset: u64, length: u32) -> Vec<u8> {
        let start = usize::try_from(offset).unwrap_or(usize::MAX).min(self.len());
        let end = start.saturating_add(length as usize).min(self.len());
        self[start..end].to_vec()
    }
}

/// Names the layout; changed whenever it is.
const MAGIC: u32 = 0x4641_5104;
/// Bytes of the head.
pub(super) const HEAD: usize = 64;
/// Bytes of a posting: the phrasing, what it covers of a feature, what it is about it.
pub(super) const POSTING: usize = 4;
/// Bytes of an entry in front: where its text begins and how long it is, its twin, its language's place.
const ENTRY: usize = 12;
/// How much is read at once.
const AT_ONCE: u32 = 20 * 1024;
/// Bytes of a phrasing: its entry and its mass in thousandths.
const PHRASING: usize = 4;
/// Bytes of a feature before its postings: its id, its rarity in thousandths, how many postings.
const FEATURE: usize = 8;

#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Header {
    pub(super) phrasings: usize,
    pub(super) entries: usize,
    buckets: usize,
    directory: usize,
    postings: u64,
    phrasings_at: usize,
    texts: u64,
    keys: u64,
    pub(super) thresholds: [f32; 3],
    /// Where the wishes are that are left to others, and how long they are.
    left: (u64, u32),
}

pub(super) fn write(
    entries: &[Entry],
    heads: &[(u16, f32, Sense)],
    postings: &BTreeMap<u32, Vec<[u8; POSTING]>>,
    rarity: &BTreeMap<u32, f32>,
    thresholds: &[f32; 3],
    left: &str,
) -> Result<Vec<u8>, String> {
    let too_large = |_| "the FAQ's index is too large: shorten the answers".to_owned();
    let buckets = (postings.len() / 2).next_power_of_two().clamp(16, 4096);
    let mut in_buckets: Vec<Vec<u8>> = vec![Vec::new(); buckets];
    for (id, list) in postings {
        let bucket = &mut in_buckets[*id as usize & (buckets - 1)];
        let rarity = (rarity.get(id).copied().unwrap_or(1.0) * 1000.0).round() as u16;
        bucket.extend(id.to_le_bytes());
        bucket.extend(rarity.to_le_bytes());
        bucket.extend(u16::try_from(list.len()).unwrap_or(u16::MAX).to_le_bytes());
        list.iter().take(usize::from(u16::MAX)).for_each(|posting| bucket.extend(posting));
    }

    let mut texts = Vec::new();
    let mut bytes = vec![0; HEAD];
    for (place, entry) in entries.iter().enumerate() {
        let twin = entries.iter().enumerate().position(|(other, twin)| other != place && twin.key == entry.key);
        let twin = twin.and_then(|twin| u16::try_from(twin).ok()).unwrap_or(u16::MAX);
        let start = texts.len();
        for text in [&entry.key, &entry.question, &entry.answer] {
            texts.extend(u32::try_from(text.len()).map_err(too_large)?.to_le_bytes());
            texts.extend(text.as_bytes());
        }
        bytes.extend(u32::try_from(start).map_err(too_large)?.to_le_bytes());
        bytes.extend(u32::try_from(texts.len() - start).map_err(too_large)?.to_le_bytes());
        bytes.extend(twin.to_le_bytes());
        let mut language = [0; 2];
        language.iter_mut().zip(entry.language.as_deref().unwrap_or_default().bytes()).for_each(|(to, of)| *to = of);
        bytes.extend(language);
    }
    let phrasings_at = bytes.len();
    for (entry, mass, _) in heads {
        bytes.extend(entry.to_le_bytes());
        bytes.extend(((mass * 1000.0).round().clamp(1.0, 65_535.0) as u16).to_le_bytes());
    }
    heads.iter().for_each(|(.., sense)| bytes.extend(sense.0.map(|axis| axis as u8)));
    let directory = bytes.len();
    let mut end = 0_u32;
    bytes.extend(end.to_le_bytes());
    for bucket in &in_buckets {
        end += u32::try_from(bucket.len()).map_err(too_large)?;
        bytes.extend(end.to_le_bytes());
    }
    let postings = bytes.len();
    in_buckets.iter().for_each(|bucket| bytes.extend(bucket));
    let texts_at = bytes.len();
    bytes.extend(texts);

    let keys = bytes.len();
    let mut sorted: Vec<(u32, u16)> = Vec::with_capacity(entries.len());
    for (place, entry) in entries.iter().enumerate() {
        let place = u16::try_from(place).map_err(|_| "an index holds 65,535 entries: split the FAQ over two bots")?;
        sorted.push((santun_concepts::spelling::hash(entry.key.as_bytes()), place));
    }
    sorted.sort_unstable();
    for (hash, place) in sorted {
        bytes.extend(hash.to_le_bytes());
        bytes.extend(u32::from(place).to_le_bytes());
    }

    let left_at = bytes.len();
    bytes.extend(left.bytes());

    let mut head = Vec::with_capacity(HEAD);
    head.extend(MAGIC.to_le_bytes());
    for number in [heads.len(), entries.len(), buckets, directory, postings, phrasings_at, texts_at, keys] {
        head.extend(u32::try_from(number).map_err(too_large)?.to_le_bytes());
    }
    thresholds.iter().for_each(|threshold| head.extend(threshold.to_le_bytes()));
    for number in [left_at, left.len()] {
        head.extend(u32::try_from(number).map_err(too_large)?.to_le_bytes());
    }
    bytes[..head.len()].copy_from_slice(&head);
    Ok(bytes)
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().copied().map(u32::from_le_bytes)
}

/// A feature's rarity and postings in its bucket.
pub(super) fn postings(bucket: &[u8], id: u32) -> Option<(f32, &[u8])> {
    let mut at = 0;
    loop {
        let known = u32_at(bucket, at)?;
        let rarity = u16::from_le_bytes(*bucket.get(at + 4..)?.first_chunk()?);
        let count = usize::from(u16::from_le_bytes(*bucket.get(at + 6..)?.first_chunk()?));
        let postings = bucket.get(at + FEATURE..at + FEATURE + count * POSTING)?;
        if known == id {
            return Some((f32::from(rarity) / 1000.0, postings));
        }
        at += FEATURE + count * POSTING;
    }
}

pub(super) struct Reader<B> {
    blob: B,
    pub(super) header: Header,
    /// What lies in front, up to the buckets and as many of them as are read at once.
    front: Vec<u8>,
}

impl<B: Blob> Reader<B> {
    pub(super) fn open(blob: B) -> Option<Self> {
        let mut front = blob.read(0, AT_ONCE);
        if u32_at(&front, 0)? != MAGIC {
            return None;
        }
        let number = |at: usize| u32_at(&front, 4 + at * 4);
        let threshold = |at: usize| number(8 + at).map(f32::from_bits);
        let header = Header {
            phrasings: number(0)? as usize,
            entries: number(1)? as usize,
            buckets: number(2)? as usize,
            directory: number(3)? as usize,
            postings: u64::from(number(4)?),
            phrasings_at: number(5)? as usize,
            texts: u64::from(number(6)?),
            keys: u64::from(number(7)?),
            thresholds: [threshold(0)?, threshold(1)?, threshold(2)?],
            left: (u64::from(number(11)?), number(12)?),
        };
        if header.postings > u64::from(AT_ONCE) {
            let rest = u32::try_from(header.postings).ok()? - AT_ONCE;
            front.extend(blob.read(u64::from(AT_ONCE), rest));
        }
        Some(Self { blob, header, front })
    }

    /// The bytes of the bucket that a feature is in, if it is in any.
    pub(super) fn bucket(&self, id: u32) -> Cow<'_, [u8]> {
        let bucket = id as usize & (self.header.buckets - 1);
        let at = self.header.directory + bucket * 4;
        let (Some(start), Some(end)) = (u32_at(&self.front, at), u32_at(&self.front, at + 4)) else {
            return Cow::Borrowed(&[]);
        };
        if end <= start {
            return Cow::Borrowed(&[]);
        }
        let from = self.header.postings + u64::from(start);
        let here = usize::try_from(from).ok().and_then(|from| self.front.get(from..from + (end - start) as usize));
        here.map_or_else(|| Cow::Owned(self.blob.read(from, end - start)), Cow::Borrowed)
    }

    /// Every phrasing's entry and mass.
    /// The wishes that are left to others, a line each.
    pub(super) fn left(&self) -> String {
        match self.header.left {
            (_, 0) => String::new(),
            (at, length) => String::from_utf8(self.blob.read(at, length)).unwrap_or_default(),
        }
    }

    pub(super) fn heads(&self) -> Heads<'_> {
        let at = self.header.phrasings_at;
        Heads(self.front.get(at..at + self.header.phrasings * PHRASING).unwrap_or_default())
    }

    /// Every phrasing's sense, in the order of the phrasings.
    pub(super) fn senses(&self) -> &[[u8; AXES]] {
        let at = self.header.phrasings_at + self.header.phrasings * PHRASING;
        self.front.get(at..at + self.header.phrasings * AXES).unwrap_or_default().as_chunks().0
    }

    fn place_of(&self, entry: u16) -> Option<&[u8; ENTRY]> {
        if usize::from(entry) >= self.header.entries {
            return None;
        }
        self.front.get(HEAD + usize::from(entry) * ENTRY..)?.first_chunk()
    }

    /// An entry's twin in another language.
    pub(super) fn twin(&self, entry: u16) -> Option<u16> {
        let [.., low, high, _, _] = *self.place_of(entry)?;
        Some(u16::from_le_bytes([low, high])).filter(|twin| *twin != u16::MAX)
    }

    /// An entry's language; nothing if it is for all.
    pub(super) fn language(&self, entry: u16) -> Option<&str> {
        let [.., first, second] = self.place_of(entry)?;
        if *first == 0 {
            return None;
        }
        std::str::from_utf8(if *second == 0 { std::slice::from_ref(first) } else { &self.place_of(entry)?[10..] }).ok()
    }

    pub(super) fn entry(&self, entry: u16) -> Option<Stored> {
        let place = self.place_of(entry)?;
        let (start, length) = (u32_at(place, 0)?, u32_at(place, 4)?);
        let bytes = self.blob.read(self.header.texts + u64::from(start), length);
        let mut rest = &bytes[..];
        let mut text = || -> Option<String> {
            let (length, after) = rest.split_first_chunk::<4>()?;
            let (text, after) = after.split_at_checked(u32::from_le_bytes(*length) as usize)?;
            rest = after;
            String::from_utf8(text.to_vec()).ok()
        };
        let (key, question, answer) = (text()?, text()?, text()?);
        let language = self.language(entry).map(str::to_owned);
        Some(Stored { key, question, answer, language, twin: self.twin(entry) })
    }

    pub(super) fn place(&self, key: &str) -> Option<u16> {
        let hash = santun_concepts::spelling::hash(key.as_bytes());
        let keys = self.blob.read(self.header.keys, u32::try_from(self.header.entries * 8).ok()?);
        let (pairs, _) = keys.as_chunks::<8>();
        pairs
            .iter()
            .filter(|pair| u32_at(&pair[..], 0) == Some(hash))
            .filter_map(|pair| u16::try_from(u32_at(&pair[..], 4)?).ok())
            .find(|place| self.entry(*place).is_some_and(|entry| entry.key == key))
    }
}

pub(super) struct Heads<'f>(&'f [u8]);

impl Heads<'_> {
    pub(super) fn get(&self, at: usize) -> Option<(u16, f32)> {
        let [a, b, c, d] = *self.0.get(at * PHRASING..)?.first_chunk()?;
        Some((u16::from_le_bytes([a, b]), f32::from(u16::from_le_bytes([c, d])) / 1000.0))
    }
}
