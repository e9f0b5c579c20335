//! The learnt model in its bytes.
//!
//! A head (fingerprint 8, unit 4), [`SLOTS`] slots of six bytes (a tag of two, where its pairs begin in
//! three, how many in one), then pairs of two bytes: an intent in ten bits, a weight in six.
//! Little-endian. A slot is found by open addressing; a count of 0 is an empty one.

use crate::spelling::Hash;

/// How many slots: at most three quarters are filled.
pub const SLOTS: usize = 65_536;
/// So many intents have a number.
pub const INTENTS_MAX: usize = 1 << 10;
const HEAD: usize = 12;
const SLOT: usize = 6;
const TABLE: usize = HEAD + SLOTS * SLOT;

/// What stands for 1 in sums of weights: finer than a number in floating point tells. Two thousand of the largest
/// weights fit ten thousand times.
pub(super) const ONE: f32 = (1_u64 << 32) as f32;

/// What a feature says of an intent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pair {
    /// The intent's number, below [`INTENTS_MAX`].
    pub intent: u16,
    /// How much it speaks for it, in the model's units, from -64 to 60.0625.
    pub weight: f32,
}

/// A model in its bytes.
#[derive(Clone, Copy)]
pub struct Model<'m>(&'m [u8]);

static BUILT_IN: &[u8] = include_bytes!("model.bin");

impl Model<'static> {
    /// The built-in model.
    pub const fn built_in() -> Self {
        Self(BUILT_IN)
    }
}

impl<'m> Model<'m> {
    /// A model in these bytes, if they are long enough for one.
    pub fn of(bytes: &'m [u8]) -> Option<Self> {
        (bytes.len() >= TABLE).then_some(Self(bytes))
    }

    /// Tells what it was learnt from.
    pub fn fingerprint(&self) -> u64 {
        self.0.first_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes))
    }

    /// What a weight of 1 adds to a logit.
    pub(super) fn unit(&self) -> f32 {
        self.0.get(8..12).and_then(|bytes| bytes.first_chunk()).map_or(0.0, |bytes| f32::from_le_bytes(*bytes))
    }

    /// Adds what a feature says, so many times over, to the sums of all intents; false if the model does not know it.
    ///
    /// In whole numbers: a message has thousands of pairs, and of each sum and product in floating point WebAssembly
    /// makes sure that it replays bit for bit, which took half of the time.
    pub(super) fn add(&self, hash: Hash, times: f32, sums: &mut [i64; INTENTS_MAX]) -> bool {
        let Some(pairs) = self.pairs(hash) else { return false };
        let times = (times * ONE / 16.0) as i64;
        let mut add = |pair: &[u8; 2]| {
            let packed = u16::from_le_bytes(*pair);
            sums[usize::from(packed >> 6)] += SIXTEENTHS[usize::from(packed & 63)] * times;
        };
        // Each turn of a loop looks whether it is time to stop.
        let (fours, rest) = pairs.as_chunks::<4>();
        fours.iter().for_each(|four| four.iter().for_each(&mut add));
        rest.iter().for_each(add);
        true
    }

    fn pairs(&self, hash: Hash) -> Option<&'m [[u8; 2]]> {
        let tag = tag(hash);
        let slots = self.0.get(HEAD..TABLE)?.as_chunks::<SLOT>().0;
        let mut at = place(hash);
        loop {
            let [low, high, a, b, c, count] = *slots.get(at)?;
            if count == 0 {
                return None;
            }
            if u16::from_le_bytes([low, high]) == tag {
                let start = TABLE + u32::from_le_bytes([a, b, c, 0]) as usize * 2;
                return Some(self.0.get(start..start + usize::from(count) * 2)?.as_chunks().0);
            }
            at = (at + 1) % SLOTS;
        }
    }
}

/// What the six bits of a weight stand for, in sixteenths of the model's units: steps grow with the weight, as most weights
/// are small.
static SIXTEENTHS: [i64; 64] = {
    let mut weights = [0; 64];
    let mut bits = 0;
    while bits < weights.len() {
        let root = bits as i64 - 32;
        weights[bits] = root * root.abs();
        bits += 1;
    }
    weights
};

/// The bits of a weight that says nothing.
const NO_WEIGHT: u16 = 32;

/// The bits whose weight is nearest.
fn bits_of(weight: f32) -> u16 {
    let root = weight.abs().sqrt() * 4.0;
    let root = if weight < 0.0 { -root } else { root };
    (root.round().clamp(-32.0, 31.0) + 32.0) as u16
}

fn place(hash: Hash) -> usize {
    hash as usize % SLOTS
}

/// What tells features apart that share a place.
fn tag(hash: Hash) -> u16 {
    (hash >> 16) as u16
}

/// A model's bytes. Of two features with one place and one tag the first is kept.
pub fn encode(fingerprint: u64, unit: f32, features: &[(Hash, Vec<Pair>)]) -> Vec<u8> {
    let mut slots = vec![[0_u8; SLOT]; SLOTS];
    let mut pairs: Vec<u8> = Vec::new();
    let mut filled = 0;
    for (hash, weights) in features {
        let known = weights.iter().filter(|pair| bits_of(pair.weight) != NO_WEIGHT).take(255).collect::<Vec<_>>();
        if known.is_empty() || filled * 4 >= SLOTS * 3 {
            continue;
        }
        let mut at = place(*hash);
        let tag = tag(*hash).to_le_bytes();
        while slots[at][5] != 0 && slots[at][..2] != tag {
            at = (at + 1) % SLOTS;
        }
        if slots[at][5] != 0 {
            continue;
        }
        filled += 1;
        let [a, b, c, _] = ((pairs.len() / 2) as u32).to_le_bytes();
        slots[at] = [tag[0], tag[1], a, b, c, known.len() as u8];
        for pair in known {
            pairs.extend((pair.intent << 6 | bits_of(pair.weight)).to_le_bytes());
        }
    }
    let mut bytes = Vec::with_capacity(TABLE + pairs.len());
    bytes.extend(fingerprint.to_le_bytes());
    bytes.extend(unit.to_le_bytes());
    bytes.extend(slots.as_flattened());
    bytes.extend(pairs);
    bytes
}

/// Tells what a model was learnt from: the files of phrases, in the order of their names.
pub fn fingerprint<'t>(files: impl IntoIterator<Item = &'t str>) -> u64 {
    files
        .into_iter()
        .flat_map(|text| text.bytes().chain([0]))
        .filter(|byte| *byte != b'\r')
        .fold(0xCBF2_9CE4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3))
}
