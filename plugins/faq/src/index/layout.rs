//! How the index lies in bytes: a head, the phrasings, the buckets, the entries, the keys. All numbers
//! are little-endian.

use std::collections::BTreeMap;

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
const MAGIC: u32 = 0x4641_5101;
/// Bytes of the head.
pub(super) const HEAD: usize = 64;
/// Bytes of a posting: the phrasing, what it covers of a feature, what it is about it.
pub(super) const POSTING: usize = 4;
/// Bytes of a phrasing: its entry and its mass in thousandths.
const PHRASING: usize = 4;
/// Bytes of a feature before its postings: its id, its rarity in thousandths, how many postings.
const FEATURE: usize = 8;

#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Header {
    pub(super) phrasings: usize,
    entries: usize,
    buckets: usize,
    directory: u64,
    postings: u64,
    offsets: u64,
    texts: u64,
    keys: u64,
    pub(super) thresholds: [f32; 3],
}

pub(super) fn write(
    entries: &[Entry],
    heads: &[(u16, f32)],
    postings: &BTreeMap<u32, Vec<[u8; POSTING]>>,
    rarity: &BTreeMap<u32, f32>,
    thresholds: &[f32; 3],
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

    let mut bytes = vec![0; HEAD];
    for (entry, mass) in heads {
        bytes.extend(entry.to_le_bytes());
        bytes.extend(((mass * 1000.0).round().clamp(1.0, 65_535.0) as u16).to_le_bytes());
    }
    let directory = bytes.len();
    let mut end = 0_u32;
    bytes.extend(end.to_le_bytes());
    for bucket in &in_buckets {
        end += u32::try_from(bucket.len()).map_err(too_large)?;
        bytes.extend(end.to_le_bytes());
    }
    let postings = bytes.len();
    in_buckets.iter().for_each(|bucket| bytes.extend(bucket));

    let offsets = bytes.len();
    let mut texts = Vec::new();
    bytes.extend(0_u32.to_le_bytes());
    for (place, entry) in entries.iter().enumerate() {
        let twin = entries.iter().enumerate().position(|(other, twin)| other != place && twin.key == entry.key);
        let twin = twin.and_then(|twin| u16::try_from(twin).ok()).unwrap_or(u16::MAX);
        texts.extend(twin.to_le_bytes());
        for text in [&entry.key, &entry.question, &entry.answer, entry.language.as_deref().unwrap_or_default()] {
            texts.extend(u32::try_from(text.len()).map_err(too_large)?.to_le_bytes());
            texts.extend(text.as_bytes());
        }
        bytes.extend(u32::try_from(texts.len()).map_err(too_large)?.to_le_bytes());
    }
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

    let mut head = Vec::with_capacity(HEAD);
    head.extend(MAGIC.to_le_bytes());
    for number in [heads.len(), entries.len(), buckets, directory, postings, offsets, texts_at, keys] {
        head.extend(u32::try_from(number).map_err(too_large)?.to_le_bytes());
    }
    thresholds.iter().for_each(|threshold| head.extend(threshold.to_le_bytes()));
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
    directory: Vec<u8>,
}

impl<B: Blob> Reader<B> {
    pub(super) fn open(blob: B) -> Option<Self> {
        let head = blob.read(0, HEAD as u32);
        if u32_at(&head, 0)? != MAGIC {
            return None;
        }
        let number = |at: usize| u32_at(&head, 4 + at * 4);
        let threshold = |at: usize| number(8 + at).map(f32::from_bits);
        let header = Header {
            phrasings: number(0)? as usize,
            entries: number(1)? as usize,
            buckets: number(2)? as usize,
            directory: u64::from(number(3)?),
            postings: u64::from(number(4)?),
            offsets: u64::from(number(5)?),
            texts: u64::from(number(6)?),
            keys: u64::from(number(7)?),
            thresholds: [threshold(0)?, threshold(1)?, threshold(2)?],
        };
        Some(Self { blob, header, directory: Vec::new() }.with_directory())
    }

    fn with_directory(mut self) -> Self {
        let length = u32::try_from((self.header.buckets + 1) * 4).unwrap_or(0);
        self.directory = self.blob.read(self.header.directory, length);
        self
    }

    /// The bytes of the bucket that a feature is in, if it is in any.
    pub(super) fn bucket(&self, id: u32) -> Vec<u8> {
        let bucket = id as usize & (self.header.buckets - 1);
        let (Some(start), Some(end)) = (u32_at(&self.directory, bucket * 4), u32_at(&self.directory, bucket * 4 + 4))
        else {
            return Vec::new();
        };
        if end <= start {
            return Vec::new();
        }
        self.blob.read(self.header.postings + u64::from(start), end - start)
    }

    /// Every phrasing's entry and mass.
    pub(super) fn heads(&self) -> Heads {
        Heads(self.blob.read(HEAD as u64, u32::try_from(self.header.phrasings * PHRASING).unwrap_or(0)))
    }

    pub(super) fn entry(&self, place: u16) -> Option<Stored> {
        let offsets = self.blob.read(self.header.offsets + u64::from(place) * 4, 8);
        let (start, end) = (u32_at(&offsets, 0)?, u32_at(&offsets, 4)?);
        if usize::from(place) >= self.header.entries {
            return None;
        }
        let bytes = self.blob.read(self.header.texts + u64::from(start), end.checked_sub(start)?);
        let (twin, mut rest) = bytes.split_first_chunk::<2>()?;
        let mut text = || -> Option<String> {
            let (length, after) = rest.split_first_chunk::<4>()?;
            let (text, after) = after.split_at_checked(u32::from_le_bytes(*length) as usize)?;
            rest = after;
            String::from_utf8(text.to_vec()).ok()
        };
        let twin = Some(u16::from_le_bytes(*twin)).filter(|twin| *twin != u16::MAX);
        let (key, question, answer, language) = (text()?, text()?, text()?, text()?);
        Some(Stored { key, question, answer, language: Some(language).filter(|code| !code.is_empty()), twin })
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

pub(super) struct Heads(Vec<u8>);

impl Heads {
    pub(super) fn get(&self, at: usize) -> Option<(u16, f32)> {
        let [a, b, c, d] = *self.0.get(at * PHRASING..)?.first_chunk()?;
        Some((u16::from_le_bytes([a, b]), f32::from(u16::from_le_bytes([c, d])) / 1000.0))
    }
}
