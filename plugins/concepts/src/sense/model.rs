//! The learnt table in its bytes.
//!
//! A head (fingerprint 8), a directory of where each of [`BUCKETS`] buckets begins and where the last ends (two bytes
//! each), of each row a tag and a unit of two bytes, then the rows, four bits for each of [`AXES`] axes. A feature's bucket is told by its
//! highest bits, its tag by its lowest. Little-endian.

use crate::spelling::Hash;

/// How many axes a direction has.
pub const AXES: usize = 64;
/// Bytes of a row: two axes a byte, each a number from -7 to 7 in four bits.
const ROW: usize = AXES / 2;
/// So many rows have a number.
pub const ROWS_MAX: usize = u16::MAX as usize;
/// How many buckets; in each are some ten rows.
const BUCKETS: usize = 1 << BUCKET_BITS;
const BUCKET_BITS: u32 = 12;
const HEAD: usize = 8;
const TAGS: usize = HEAD + (BUCKETS + 1) * 2;
const TAG: usize = 4;
/// What stands for 1 in how often a feature is added.
const ONE: f32 = 64.0;
/// The largest unit: what a row's largest byte stands for, beside that of other rows.
const UNIT_MAX: f32 = 4_000.0;

/// A table in its bytes.
#[derive(Clone, Copy)]
pub struct Model<'m> {
    fingerprint: u64,
    directory: &'m [[u8; 2]],
    tags: &'m [[u8; TAG]],
    rows: &'m [[u8; ROW]],
}

static BUILT_IN: &[u8] = include_bytes!("model.bin");

impl Model<'static> {
    /// The built-in table.
    pub fn built_in() -> Self {
        Self::of(BUILT_IN).unwrap_or(Self { fingerprint: 0, directory: &[], tags: &[], rows: &[] })
    }
}

impl<'m> Model<'m> {
    /// A table in these bytes, if they are one.
    pub fn of(bytes: &'m [u8]) -> Option<Self> {
        let fingerprint = u64::from_le_bytes(*bytes.first_chunk()?);
        let directory = bytes.get(HEAD..TAGS)?.as_chunks().0;
        let count = usize::from(u16::from_le_bytes(*directory.last()?));
        let rows = TAGS + count * TAG;
        Some(Self {
            fingerprint,
            directory,
            tags: bytes.get(TAGS..rows)?.as_chunks().0,
            rows: bytes.get(rows..rows + count * ROW)?.as_chunks().0,
        })
    }

    /// Tells what it was learnt from.
    pub fn fingerprint(&self) -> u64 {
        self.fingerprint
    }

    /// Adds what a feature points at, so many times over; false if the table does not have it.
    ///
    /// In whole numbers: of each sum and product in floating point WebAssembly makes sure that it replays bit for bit.
    #[inline]
    pub(super) fn add(&self, hash: Hash, times: f32, axes: &mut [i32; AXES]) -> bool {
        let Some((unit, row)) = self.row(hash) else { return false };
        let times = ((times * ONE) as i32 * unit) >> 4;
        for ([low, high], byte) in axes.as_chunks_mut().0.iter_mut().zip(row) {
            *low += i32::from((byte << 4) as i8 >> 4) * times;
            *high += i32::from(*byte as i8 >> 4) * times;
        }
        true
    }

    fn row(&self, hash: Hash) -> Option<(i32, &'m [u8; ROW])> {
        let bucket = (hash >> (32 - BUCKET_BITS)) as usize;
        let [start, end] = *self.directory.get(bucket..)?.first_chunk::<2>()?;
        let start = usize::from(u16::from_le_bytes(start));
        let tags = self.tags.get(start..usize::from(u16::from_le_bytes(end)))?;
        let tag = (hash as u16).to_le_bytes();
        let place = tags.iter().position(|[low, high, ..]| [*low, *high] == tag)?;
        let [_, _, unit @ ..] = tags[place];
        Some((i32::from(u16::from_le_bytes(unit)), self.rows.get(start + place)?))
    }
}

/// A table's bytes. Of two features with one tag in one bucket the first is kept, and of all at most [`ROWS_MAX`].
pub fn encode(fingerprint: u64, rows: &[(Hash, [f32; AXES])]) -> Vec<u8> {
    let largest = |row: &[f32; AXES]| row.iter().fold(0.0_f32, |most, axis| most.max(axis.abs()));
    let most = rows.iter().map(|(_, row)| largest(row)).fold(1e-9, f32::max);
    let mut sorted: Vec<&(Hash, [f32; AXES])> = Vec::with_capacity(rows.len());
    let place = |hash: Hash| (hash >> (32 - BUCKET_BITS), hash as u16);
    let mut seen = std::collections::HashSet::new();
    for row in rows {
        if sorted.len() < ROWS_MAX && seen.insert(place(row.0)) {
            sorted.push(row);
        }
    }
    sorted.sort_by_key(|(hash, _)| place(*hash));
    let mut bytes = fingerprint.to_le_bytes().to_vec();
    for bucket in 0..=BUCKETS as u32 {
        let before = sorted.partition_point(|(hash, _)| place(*hash).0 < bucket);
        bytes.extend((before as u16).to_le_bytes());
    }
    let unit = |row: &[f32; AXES]| (largest(row) / most * UNIT_MAX).ceil().max(1.0);
    for (hash, row) in &sorted {
        bytes.extend((*hash as u16).to_le_bytes());
        bytes.extend((unit(row) as u16).to_le_bytes());
    }
    for (_, row) in &sorted {
        let step = unit(row) * most / UNIT_MAX / 7.0;
        let four = |axis: f32| (axis / step).round().clamp(-7.0, 7.0) as i8 as u8 & 15;
        bytes.extend(row.as_chunks().0.iter().map(|[low, high]| four(*low) | four(*high) << 4));
    }
    bytes
}
