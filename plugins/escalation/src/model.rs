//! The trained model, read in place: `model.bin`, which `make language-train` writes.
//!
//! Little-endian, no padding: magic `SNTM`, the training sets' digest (`u64`), the number of features (`u32`), what a
//! weight of 1 counts (`f32`), what each group counts (`f32` each), from which share on each class calls a human
//! (`f32` each); then where each bucket of features begins (`u16` each; a feature's bucket is the upper twelve bits
//! of its id), the lower sixteen bits of each feature's id (`u16` each), and its fifteen weights against
//! ordinary (`i8` each).

use crate::classes::{CLASSES, COUNT, Class};
use crate::features::{Feature, GROUPS};

/// What a row has: a weight for each class but the ordinary one.
pub(crate) const ROW: usize = COUNT - 1;
/// How many buckets there are.
pub(crate) const BUCKETS: usize = 4096;
/// Where the buckets begin.
pub(crate) const HEAD: usize = 4 + 8 + 4 + 4 + 4 * GROUPS + 4 * COUNT;
pub(crate) const MAGIC: &[u8; 4] = b"SNTM";

static BYTES: &[u8] = include_bytes!("../model.bin");
const _: () = {
    let mut at = 0;
    while at < MAGIC.len() {
        assert!(BYTES[at] == MAGIC[at], "model.bin is no model");
        at += 1;
    }
};

/// A trained model.
#[derive(Clone, Copy, Debug)]
pub struct Model {
    bytes: &'static [u8],
}

/// The bucket of a feature, and what tells it apart there.
pub(crate) fn place(id: u32) -> (usize, u16) {
    ((id >> 20) as usize, id as u16)
}

impl Model {
    /// The one that is built in.
    pub fn built_in() -> Self {
        Self { bytes: BYTES }
    }

    /// What the training sets were when it was trained.
    pub fn digest(self) -> u64 {
        u64::from(self.u32_at(4)) | u64::from(self.u32_at(8)) << 32
    }

    /// How many features it has.
    pub fn features(self) -> usize {
        self.u32_at(12) as usize
    }

    /// From which share on a class calls a human.
    pub fn threshold(self, class: Class) -> f32 {
        self.f32_at(20 + 4 * GROUPS + 4 * class as usize)
    }

    fn u32_at(self, at: usize) -> u32 {
        self.bytes.get(at..at + 4).map_or(0, |four| u32::from_le_bytes([four[0], four[1], four[2], four[3]]))
    }

    fn f32_at(self, at: usize) -> f32 {
        f32::from_bits(self.u32_at(at))
    }

    fn tables(self) -> Tables {
        let rest = self.bytes.get(HEAD..).unwrap_or_default();
        let (starts, rest) = rest.split_at_checked(2 * BUCKETS).unwrap_or_default();
        let (tags, rows) = rest.split_at_checked(2 * self.features()).unwrap_or_default();
        Tables { starts: starts.as_chunks().0, tags: tags.as_chunks().0, rows: rows.as_chunks().0 }
    }

    /// How likely a message is of each class, given its features.
    pub fn judge(self, each: impl FnOnce(&mut dyn FnMut(Feature))) -> Judgement {
        let mut sums = [[0_i32; ROW]; GROUPS];
        let mut counts = [0_u32; GROUPS];
        let tables = self.tables();
        each(&mut |feature| {
            let group = feature.group as usize;
            counts[group] += 1;
            if let Some(row) = tables.row(feature.id) {
                for (sum, weight) in sums[group].iter_mut().zip(row) {
                    *sum += i32::from(*weight as i8);
                }
            }
        });
        let scales = self.scales(&counts);
        let mut shares = [0.0_f32; COUNT];
        for (share, class) in shares[1..].iter_mut().zip(0..) {
            *share = sums.iter().zip(&scales).map(|(sum, scale)| sum[class] as f32 * scale).sum();
        }
        let most = shares.iter().copied().fold(0.0, f32::max);
        let mut whole = 0.0;
        for share in &mut shares {
            *share = (*share - most).exp();
            whole += *share;
        }
        shares.iter_mut().for_each(|share| *share /= whole);
        Judgement { shares, scales }
    }

    fn scales(self, counts: &[u32; GROUPS]) -> [f32; GROUPS] {
        let unit = self.f32_at(16);
        let mut scales = [0.0; GROUPS];
        for (group, scale) in scales.iter_mut().enumerate() {
            *scale = unit * self.f32_at(20 + 4 * group) / (counts[group].max(1) as f32).sqrt();
        }
        scales
    }

    /// What a feature adds to a class in a judged message.
    pub fn weight(self, feature: Feature, class: Class, judgement: &Judgement) -> f32 {
        let Some(at) = (class as usize).checked_sub(1) else { return 0.0 };
        let weight = self.tables().row(feature.id).and_then(|row| row.get(at)).map_or(0, |weight| *weight as i8);
        f32::from(weight) * judgement.scales[feature.group as usize]
    }
}

/// The parts of the model behind its head.
struct Tables {
    starts: &'static [[u8; 2]],
    tags: &'static [[u8; 2]],
    rows: &'static [[u8; ROW]],
}

impl Tables {
    /// The weights of a feature.
    fn row(&self, id: u32) -> Option<&'static [u8; ROW]> {
        let (bucket, tag) = place(id);
        let start = usize::from(u16::from_le_bytes(*self.starts.get(bucket)?));
        let end = self.starts.get(bucket + 1).map_or(self.tags.len(), |end| usize::from(u16::from_le_bytes(*end)));
        let tag = tag.to_le_bytes();
        let found = self.tags.get(start..end)?.iter().position(|known| *known == tag)?;
        self.rows.get(start + found)
    }
}

/// What the model makes of a message.
#[derive(Clone, Copy, Debug)]
pub struct Judgement {
    /// How likely each class is; together 1.
    pub shares: [f32; COUNT],
    scales: [f32; GROUPS],
}

impl Judgement {
    /// How likely it is that a human is needed.
    pub fn needed(&self) -> f32 {
        1.0 - self.shares[0]
    }

    /// The likeliest class that needs a human.
    pub fn class(&self) -> Class {
        let best = (1..COUNT).max_by(|a, b| self.shares[*a].total_cmp(&self.shares[*b]));
        best.and_then(|at| CLASSES.get(at)).copied().unwrap_or(Class::Ordinary)
    }
}
