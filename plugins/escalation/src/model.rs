//! What was learnt, read in place: `model.bin`, which `make escalation` writes.
//!
//! A linear model over the features of `features.rs`: how much each speaks for every class of `classes.rs`.
//!
//! Little-endian, no padding: magic, the fingerprint of what was learnt from (`u64`), the number of features (`u32`),
//! what a weight of 1 counts (`f32`), what each group counts (`f32` each), from which logit on each class calls a
//! human (`f32` each); where each bucket of features begins (`u16` each; a feature's bucket is the upper bits of its
//! id), the lower sixteen bits of each feature's id (`u16` each), its weights (a byte for each class, 128 standing
//! for 0).

use crate::classes::{CLASSES, COUNT, Class};
use crate::features::{self, Feature, GROUPS};
use crate::history::Past;
use crate::reading::Reading;

/// How many buckets there are, as a power of two.
const BUCKETS: u32 = 12;
pub(crate) const MAGIC: &[u8; 4] = b"SNTE";
/// What stands for a weight of 0.
pub(crate) const ZERO: u8 = 128;
const UNIT: usize = 4 + 8 + 4;
const COUNTS: usize = UNIT + 4;
const THRESHOLDS: usize = COUNTS + 4 * GROUPS;
const HEAD: usize = THRESHOLDS + 4 * COUNT;

static BYTES: &[u8] = include_bytes!("../model.bin");

/// The bucket of a feature, and what tells it apart there.
pub(crate) fn place(id: u32) -> (usize, u16) {
    ((id >> (32 - BUCKETS)) as usize, id as u16)
}

/// How many features each group is taken to have beside those that are seen, so that a word or two do not shout.
pub const DAMP: f32 = 0.0;

/// What one of so many features of a group counts.
pub(crate) fn measure(seen: u32, damp: f32) -> f32 {
    1.0 / (seen as f32 + damp).max(1.0).sqrt()
}

/// Where the buckets begin, and the last one ends.
pub(crate) const STARTS: usize = (1 << BUCKETS) + 1;

/// What was learnt.
#[derive(Clone, Copy, Debug)]
pub struct Model {
    head: &'static [u8; HEAD],
    starts: &'static [[u8; 2]],
    /// Two bytes each; behind the last of them the rows begin, so that four can be read from any.
    tags: &'static [u8],
    rows: &'static [[u8; COUNT]],
}

impl Model {
    /// The one that is built in; one that calls nobody if its bytes are none.
    pub fn built_in() -> Self {
        Self::of(BYTES).unwrap_or(Self { head: &[0; HEAD], starts: &[], tags: &[], rows: &[] })
    }

    /// A model in these bytes, if they are one.
    fn of(bytes: &'static [u8]) -> Option<Self> {
        let (head, rest) = bytes.split_first_chunk::<HEAD>()?;
        let count = u32_at(head, UNIT - 4) as usize;
        let (starts, rest) = rest.split_at_checked(2 * STARTS)?;
        let rows = rest.get(2 * count..)?.get(..COUNT * count)?;
        let (starts, tags, rows) = (starts.as_chunks().0, rest, rows.as_chunks().0);
        (&head[..4] == MAGIC).then_some(Self { head, starts, tags, rows })
    }

    /// Tells what it was learnt from: see `learning::fingerprint`.
    pub fn fingerprint(&self) -> u64 {
        u64::from(u32_at(self.head, 4)) | u64::from(u32_at(self.head, 8)) << 32
    }

    /// How many features it has.
    pub fn features(&self) -> usize {
        self.rows.len()
    }

    /// What it makes of a message, given what went before.
    pub fn judge(&self, reading: &Reading<'_>, past: &Past) -> Judgement {
        let mut sums = [Sums::default(); GROUPS];
        features::each(reading, past, |feature| {
            let sums = &mut sums[feature.group as usize];
            sums.seen += 1;
            if let Some(row) = self.row(feature.id) {
                sums.add(row);
            }
        });
        let mut logits = [0.0; COUNT];
        for (group, sums) in sums.iter_mut().enumerate() {
            let scale = f32_at(self.head, UNIT) * f32_at(self.head, COUNTS + 4 * group) * measure(sums.seen, DAMP);
            for (logit, sum) in logits.iter_mut().zip(sums.whole()) {
                *logit += sum as f32 * scale;
            }
        }
        if self.rows.is_empty() {
            logits[Class::Ordinary as usize] = f32::MAX;
        }
        let class = class(&logits);
        Judgement { logits, class, threshold: f32_at(self.head, THRESHOLDS + 4 * class as usize) }
    }

    /// How much a feature speaks for a class, before its group is measured.
    pub fn weight(&self, feature: Feature, class: Class) -> i32 {
        let row = self.row(feature.id);
        row.map_or(0, |row| i32::from(row[class as usize]) - i32::from(row[Class::Ordinary as usize]))
    }

    /// The weights of a feature.
    #[inline]
    fn row(&self, id: u32) -> Option<&'static [u8; COUNT]> {
        let (bucket, tag) = place(id);
        let start = usize::from(u16::from_le_bytes(*self.starts.get(bucket)?));
        let end = usize::from(u16::from_le_bytes(*self.starts.get(bucket + 1)?));
        let wanted = u64::from(tag) * EACH_FOURTH;
        // A bucket has some four features. One by one, comparing them took 1 µs of a message of two hundred bytes.
        let mut at = start;
        while at < end {
            let four = self.tags.get(2 * at..)?.first_chunk()?;
            let differs = u64::from_le_bytes(*four) ^ wanted;
            // The lowest lane without a bit that differs has its highest bit in this.
            let same = differs.wrapping_sub(EACH_FOURTH) & !differs & (EACH_FOURTH << 15);
            if same != 0 {
                let found = at + same.trailing_zeros() as usize / 16;
                return if found < end { self.rows.get(found) } else { None };
            }
            at += 4;
        }
        None
    }
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..at + 4).map_or(0, |four| u32::from_le_bytes([four[0], four[1], four[2], four[3]]))
}

fn f32_at(bytes: &[u8], at: usize) -> f32 {
    f32::from_bits(u32_at(bytes, at))
}

/// The lowest bit of each of four times sixteen.
const EACH_FOURTH: u64 = 0x0001_0001_0001_0001;

/// Sums of rows. Sixteen bytes are added at once as four times four lanes of sixteen bits, which WebAssembly does
/// without vectors: adding them one by one was half of the time of a message.
#[derive(Clone, Copy, Default)]
struct Sums {
    seen: u32,
    lanes: [u64; 4],
    /// How many rows the lanes hold.
    held: u32,
    emptied: [i32; COUNT],
}

/// Every other byte of eight.
const EVEN: u64 = 0x00ff_00ff_00ff_00ff;
/// More rows than these would overflow a lane: 257 times 255 is all that sixteen bits hold.
const LANES_HOLD: u32 = 257;

impl Sums {
    #[inline]
    fn add(&mut self, row: &[u8; COUNT]) {
        if self.held == LANES_HOLD {
            self.empty();
        }
        let (halves, _) = row.as_chunks::<8>();
        for (half, lanes) in halves.iter().zip(self.lanes.as_chunks_mut::<2>().0) {
            let eight = u64::from_le_bytes(*half);
            lanes[0] += eight & EVEN;
            lanes[1] += eight >> 8 & EVEN;
        }
        self.held += 1;
    }

    fn empty(&mut self) {
        let zero = i32::from(ZERO) * self.held.cast_signed();
        for (at, sum) in self.emptied.iter_mut().enumerate() {
            let lanes = self.lanes[at / 8 * 2 + at % 2];
            *sum += i32::from((lanes >> (at % 8 / 2 * 16)) as u16) - zero;
        }
        (self.lanes, self.held) = ([0; 4], 0);
    }

    fn whole(&mut self) -> [i32; COUNT] {
        self.empty();
        self.emptied
    }
}

/// What the model makes of a message.
#[derive(Clone, Copy, Debug)]
pub struct Judgement {
    /// How much speaks for each class.
    pub logits: [f32; COUNT],
    class: Class,
    threshold: f32,
}

impl Judgement {
    /// How much a human is needed: a logit, 0 where one is called.
    pub fn need(&self) -> f32 {
        need(&self.logits) - self.threshold
    }

    /// The likeliest class that needs a human.
    pub fn class(&self) -> Class {
        self.class
    }

    /// How likely a class is of those that need a human, from 0 to 1.
    pub fn share(&self, class: Class) -> f32 {
        let needing = &self.logits[1..];
        let most = needing.iter().copied().fold(f32::MIN, f32::max);
        let whole: f32 = needing.iter().map(|logit| (logit - most).exp()).sum();
        (self.logits[class as usize] - most).exp() / whole
    }
}

/// How much speaks for a human against none: a logit.
pub(crate) fn need(logits: &[f32; COUNT]) -> f32 {
    let most = logits[1..].iter().copied().fold(f32::MIN, f32::max);
    most + logits[1..].iter().map(|logit| (logit - most).exp()).sum::<f32>().ln() - logits[0]
}

pub(crate) fn class(logits: &[f32; COUNT]) -> Class {
    let best = (1..COUNT).max_by(|a, b| logits[*a].total_cmp(&logits[*b]));
    best.and_then(|at| CLASSES.get(at)).copied().unwrap_or(Class::Ordinary)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_added_as_if_one_by_one() {
        let row = |seed: usize| -> [u8; COUNT] { std::array::from_fn(|at| (seed * 31 + at * 17 + seed * at) as u8) };
        let mut sums = Sums::default();
        let mut plain = [0_i32; COUNT];
        for seed in 0..700 {
            sums.add(&row(seed));
            plain.iter_mut().zip(row(seed)).for_each(|(sum, weight)| *sum += i32::from(weight) - i32::from(ZERO));
        }
        assert_eq!(sums.whole(), plain);
        assert_eq!(sums.whole(), plain);
        let mut most = Sums::default();
        (0..1000).for_each(|_| most.add(&[255; COUNT]));
        assert_eq!(most.whole(), [127_000; COUNT]);
    }
}
