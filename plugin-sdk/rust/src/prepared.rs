//! What is built once from a configuration, and read back piece by piece.
//!
//! [`Prepared::of`] stores one value; reading it back decodes it whole. That suits settings. An index of
//! thousands of entries is better stored as [`Parts`]: each read costs a call only what it reads.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::{Error, Host};

/// What [`Plugin::prepare`](crate::Plugin::prepare) made: bytes that every call can read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prepared(Vec<u8>);

impl Prepared {
    /// One value, compactly encoded (postcard). `host.prepared()` reads it back.
    ///
    /// # Errors
    ///
    /// If the value has a shape that cannot be stored, such as a JSON value.
    pub fn of<T: Serialize>(value: &T) -> Result<Self, Error> {
        encoded(value).map(Self)
    }

    /// Bytes in a shape of the plugin's own.
    pub fn from_bytes(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// Several parts, in order; [`Parts`] reads them back one by one.
    pub fn from_parts(parts: &[Vec<u8>]) -> Self {
        let mut bytes = Vec::with_capacity(PART_ENTRY * (parts.len() + 1) + parts.iter().map(Vec::len).sum::<usize>());
        let mut end = PART_ENTRY * (parts.len() + 1);
        bytes.extend_from_slice(&(end as u64).to_le_bytes());
        for part in parts {
            end += part.len();
            bytes.extend_from_slice(&(end as u64).to_le_bytes());
        }
        parts.iter().for_each(|part| bytes.extend_from_slice(part));
        Self(bytes)
    }

    /// The bytes.
    pub fn into_bytes(self) -> Vec<u8> {
        self.0
    }
}

const PART_ENTRY: usize = 8;

/// One value as a part.
///
/// # Errors
///
/// If the value has a shape that cannot be stored.
pub fn encoded<T: Serialize>(value: &T) -> Result<Vec<u8>, Error> {
    postcard::to_allocvec(value).map_err(|_| Error::new("a prepared value has a shape that cannot be stored"))
}

/// A value that [`encoded`] wrote.
///
/// # Errors
///
/// If it is not such a value.
pub fn decoded<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Error> {
    postcard::from_bytes(bytes)
        .map_err(|_| Error::new("what `prepare` stored is not what `handle` reads: let both use one type"))
}

/// Where a part begins and ends, by the table's bytes from its place on.
fn pair_of_places(table: &[u8]) -> Option<(u64, u64)> {
    let (start, rest) = table.split_first_chunk::<8>()?;
    Some((u64::from_le_bytes(*start), u64::from_le_bytes(*rest.first_chunk()?)))
}

/// Bytes that are read at once for the first part.
const FIRST_READ: u32 = 512;

/// The parts that [`Prepared::from_parts`] stored.
pub struct Parts<'h> {
    host: &'h dyn Host,
}

impl<'h> Parts<'h> {
    /// The parts, without reading anything yet.
    pub fn new(host: &'h dyn Host) -> Self {
        Self { host }
    }

    /// Where a part begins and how long it is; nothing if there is no such part.
    fn bounds(&self, part: usize) -> Option<(u64, u64)> {
        let pair = self.host.prepared_read((part * PART_ENTRY) as u64, 2 * PART_ENTRY as u32);
        let (start, end) = pair_of_places(&pair)?;
        // Nothing lies beyond the end, whatever is asked for.
        (start <= end).then(|| (start, end - start))
    }

    /// All bytes of a part; empty if there is no such part.
    pub fn bytes(&self, part: usize) -> Vec<u8> {
        if part == 0 {
            return self.first();
        }
        let (start, length) = self.bounds(part).unwrap_or((0, 0));
        self.host.prepared_read(start, u32::try_from(length).unwrap_or(u32::MAX))
    }

    /// The first part, customarily the settings, which every call needs: with where it lies in one read, if it
    /// is as small as settings are. Each read is a call to the host, and costs as much as copying some kilobytes.
    fn first(&self) -> Vec<u8> {
        let mut head = self.host.prepared_read(0, FIRST_READ);
        let Some((start, end)) = pair_of_places(&head) else { return Vec::new() };
        let Ok(length) = u32::try_from(end.saturating_sub(start)) else { return Vec::new() };
        match (usize::try_from(start), usize::try_from(end)) {
            (Ok(start), Ok(end)) if end <= head.len() => {
                head.truncate(end);
                head.drain(..start.min(end));
                head
            }
            _ => self.host.prepared_read(start, length),
        }
    }

    /// `length` bytes of a part from `offset`; fewer at its end.
    pub fn read(&self, part: usize, offset: u64, length: u32) -> Vec<u8> {
        self.piece(part).read(offset, length)
    }

    /// A part that is read several times: its place is looked up once.
    pub fn piece(&self, part: usize) -> Piece<'h> {
        let (start, length) = self.bounds(part).unwrap_or((0, 0));
        Piece { host: self.host, start, length }
    }

    /// A part that is one value.
    ///
    /// # Errors
    ///
    /// If it is not such a value.
    pub fn decode<T: DeserializeOwned>(&self, part: usize) -> Result<T, Error> {
        decoded(&self.bytes(part))
    }
}

/// One part, for reading here and there.
#[derive(Clone, Copy)]
pub struct Piece<'h> {
    host: &'h dyn Host,
    start: u64,
    length: u64,
}

impl Piece<'_> {
    /// Its length in bytes.
    pub fn size(&self) -> u64 {
        self.length
    }

    /// `length` bytes from `offset`; fewer at its end.
    pub fn read(&self, offset: u64, length: u32) -> Vec<u8> {
        let left = self.length.saturating_sub(offset);
        let length = u64::from(length).min(left);
        if length == 0 {
            return Vec::new();
        }
        // At most `u32::MAX`, by the minimum above.
        self.host.prepared_read(self.start + offset, length as u32)
    }
}

/// Builds a part that finds values by exact keys, a key having any number of values.
#[derive(Clone, Debug, Default)]
pub struct IndexBuilder {
    entries: Vec<(u64, u32, u32)>,
    values: Vec<u8>,
}

/// Bytes of an index before its buckets: how many buckets there are, as a power of two.
const INDEX_HEAD: usize = 4;
/// Bytes of one entry: the key's hash, where the value begins, how long it is.
const INDEX_ENTRY: usize = 16;

impl IndexBuilder {
    /// Adds a value under a key. Values of one key come back in the order in which they were added.
    ///
    /// # Errors
    ///
    /// If the index has grown over 4 GiB.
    pub fn insert(&mut self, key: &str, value: &[u8]) -> Result<(), Error> {
        let too_large = |_| Error::new("this index is too large: leave out what is no longer needed");
        let offset = u32::try_from(self.values.len()).map_err(too_large)?;
        let length = u32::try_from(value.len()).map_err(too_large)?;
        self.entries.push((hash(key), offset, length));
        self.values.extend_from_slice(value);
        Ok(())
    }

    /// The part, for [`Prepared::from_parts`].
    pub fn finish(mut self) -> Vec<u8> {
        self.entries.sort_by_key(|(hash, ..)| *hash);
        let bits = (self.entries.len() / 4).max(1).ilog2();
        let buckets = 1_usize << bits;
        let mut part =
            Vec::with_capacity(INDEX_HEAD + 4 * (buckets + 1) + INDEX_ENTRY * self.entries.len() + self.values.len());
        part.extend_from_slice(&bits.to_le_bytes());
        let mut first = 0;
        for bucket in 0..=buckets {
            while first < self.entries.len() && bucket_of(self.entries[first].0, bits) < bucket {
                first += 1;
            }
            // No more entries than bytes, and those were checked on insertion.
            part.extend_from_slice(&(first as u32).to_le_bytes());
        }
        for (hash, offset, length) in self.entries {
            part.extend_from_slice(&hash.to_le_bytes());
            part.extend_from_slice(&offset.to_le_bytes());
            part.extend_from_slice(&length.to_le_bytes());
        }
        part.extend_from_slice(&self.values);
        part
    }
}

/// An index that [`IndexBuilder`] built, read from a part: three small reads find a value among any number.
pub struct Index<'h> {
    piece: Piece<'h>,
    bits: u32,
}

impl<'h> Index<'h> {
    /// The index in this part.
    pub fn open(piece: Piece<'h>) -> Self {
        let bits = piece.read(0, INDEX_HEAD as u32).try_into().map(u32::from_le_bytes).unwrap_or(0).min(31);
        Self { piece, bits }
    }

    /// All values of a key, in the order in which they were added. Keys are compared by a 64-bit hash: let
    /// the value carry the key where a mistaken match would do harm.
    pub fn get(&self, key: &str) -> Vec<Vec<u8>> {
        let hash = hash(key);
        let table = INDEX_HEAD as u64;
        let buckets = 1_u64 << self.bits;
        let range = self.piece.read(table + 4 * bucket_of(hash, self.bits) as u64, 8);
        let Some((first, last)) = pair(&range) else { return Vec::new() };
        let entries = table + 4 * (buckets + 1);
        let from = entries + u64::from(first) * INDEX_ENTRY as u64;
        let bytes = self.piece.read(from, last.saturating_sub(first).saturating_mul(INDEX_ENTRY as u32));
        let total = pair(&self.piece.read(table + 4 * (buckets - 1), 8)).map_or(0, |(_, total)| total);
        let values = entries + u64::from(total) * INDEX_ENTRY as u64;
        let (found, _) = bytes.as_chunks::<INDEX_ENTRY>();
        let found = found.iter().filter(|entry| entry[..8] == hash.to_le_bytes());
        found
            .filter_map(|entry| pair(&entry[8..]))
            .map(|(offset, length)| self.piece.read(values + u64::from(offset), length))
            .collect()
    }
}

fn pair(bytes: &[u8]) -> Option<(u32, u32)> {
    let (first, rest) = bytes.split_first_chunk::<4>()?;
    Some((u32::from_le_bytes(*first), u32::from_le_bytes(rest.first_chunk().copied()?)))
}

fn bucket_of(hash: u64, bits: u32) -> usize {
    if bits == 0 { 0 } else { (hash >> (64 - bits)) as usize }
}

/// FNV-1a with a finish that spreads the high bits, by which buckets are chosen.
fn hash(key: &str) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in key.bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    hash ^= hash >> 32;
    hash = hash.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    hash ^ (hash >> 29)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::TestHost;

    #[test]
    fn parts_come_back_one_by_one() {
        let settings = encoded(&("Sari", 3_u8)).unwrap();
        let host = TestHost::new().with_prepared(Prepared::from_parts(&[settings, b"abcdef".to_vec(), Vec::new()]));
        let parts = Parts::new(&host);
        assert_eq!(parts.decode::<(String, u8)>(0).unwrap(), ("Sari".to_owned(), 3));
        assert_eq!(parts.bytes(1), b"abcdef");
        assert_eq!(parts.read(1, 2, 3), b"cde");
        assert_eq!(parts.read(1, 4, 30), b"ef");
        assert_eq!(parts.bytes(2), b"");
        assert_eq!(parts.bytes(9), b"");
    }

    #[test]
    fn an_index_finds_every_value_of_every_key_in_order() {
        let mut index = IndexBuilder::default();
        for n in 0..5_000_u32 {
            index.insert(&format!("TC{n}"), &n.to_le_bytes()).unwrap();
            index.insert(&format!("phone{}", n % 7), &n.to_le_bytes()).unwrap();
        }
        let host = TestHost::new().with_prepared(Prepared::from_parts(&[index.finish()]));
        let index = Index::open(Parts::new(&host).piece(0));
        for n in 0..5_000_u32 {
            assert_eq!(index.get(&format!("TC{n}")), [n.to_le_bytes()]);
        }
        let three = index.get("phone3");
        assert!(three.iter().map(|bytes| u32::from_le_bytes(bytes[..].try_into().unwrap())).eq((3..5_000).step_by(7)));
        assert!(index.get("TC5000").is_empty());
    }

    #[test]
    fn an_empty_index_finds_nothing() {
        let host = TestHost::new().with_prepared(Prepared::from_parts(&[IndexBuilder::default().finish()]));
        assert!(Index::open(Parts::new(&host).piece(0)).get("TC1").is_empty());
    }
}
