//! What the ears have learnt: how much each feature of a message speaks for and against each of the
//! things that can be asked of the host.
//!
//! A linear model, learnt offline by the example `ears` (`make ears`) from the phrases under `learning/`
//! and the sets under `tests/language/ears/`, and kept in `model.bin`: small whole numbers in buckets of
//! twelve, found by the feature's hash. Nothing is decoded when a message comes.

use santun_language::Normalised;

use super::Heard;
use super::reading::{CLASSES_FILE, Feature, LONGEST, features, of_any};

/// What the model tells apart, in the order of its weights.
pub const TOLD: [Heard; 5] = [Heard::Stop, Heard::Start, Heard::Human, Heard::AreYouABot, Heard::MyData];

/// Weights of one feature.
type Weights = [i8; TOLD.len()];
/// Weights of several, added.
type Sums = [i32; TOLD.len()];

/// Half as many held no more than half of what tells one request from another: of authors who were not learnt from, 3 of
/// 1000 stops fewer were heard, and a fifth more messages were mistaken for one.
const BUCKETS: usize = 8192;
const SLOTS: usize = 12;
/// How many weights make 1 of a score.
const UNIT: f32 = 40.0;
/// How many words of a longer message are weighed by themselves.
const STRETCH: usize = 14;
/// How much louder a stretch has to speak than a whole message.
const DOUBT: f32 = 1.0;
/// The fingerprint of what was learnt from, and the thresholds.
const HEAD: usize = 8 + 4 * TOLD.len();
const SIZE: usize = HEAD + BUCKETS * SLOTS * (1 + TOLD.len());

/// A model in its bytes: fingerprint (8), thresholds (4 each), a tag for each slot (1 each, 0: empty), the
/// weights of each slot. Little-endian.
#[derive(Clone, Copy)]
pub struct Model<'m>(&'m [u8; SIZE]);

static BUILT_IN: &[u8; SIZE] = include_bytes!("model.bin");

impl Model<'static> {
    /// The built-in model.
    pub const fn built_in() -> Self {
        Self(BUILT_IN)
    }
}

impl<'m> Model<'m> {
    /// A model in these bytes, if they have its size.
    pub fn of(bytes: &'m [u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// What it was learnt from: see [`fingerprint`].
    pub fn fingerprint(&self) -> u64 {
        u64::from_le_bytes(*self.0.first_chunk().unwrap_or(&[0; 8]))
    }

    /// What a message most likely asks of the host, if it is likely enough.
    pub(super) fn hear(&self, text: &Normalised, is_human: impl Fn(&str) -> bool) -> Option<Heard> {
        let scores = self.scores(text, is_human);
        let beyond = |which: usize| scores[which] - self.threshold(which);
        let best = (0..TOLD.len()).max_by(|a, b| beyond(*a).total_cmp(&beyond(*b)))?;
        (beyond(best) > 0.0).then(|| TOLD[best].clone())
    }

    /// How much a message speaks for each: logits. A request may stand in a long message about something else: a
    /// stretch of it may speak louder than the whole.
    pub fn scores(&self, text: &Normalised, is_human: impl Fn(&str) -> bool) -> [f32; TOLD.len()] {
        let mut places = [Sums::default(); LONGEST + 2];
        let mut length = 0;
        features(text, is_human, |place, feature| {
            length = length.max(place);
            self.add(feature, &mut places[place]);
        });
        // What is said up to each place.
        for place in 1..=length {
            let before = places[place - 1];
            places[place].iter_mut().zip(before).for_each(|(sum, before)| *sum += before);
        }
        let whole = places[length];
        let mut most = whole;
        if length > STRETCH {
            let mut any = [-((DOUBT * UNIT) as i32); TOLD.len()];
            of_any(STRETCH).into_iter().for_each(|feature| self.add(feature, &mut any));
            for (begin, end) in places.iter().zip(&places[STRETCH..=length]) {
                for which in 0..TOLD.len() {
                    most[which] = most[which].max(any[which] + end[which] - begin[which]);
                }
            }
            // Half of "do not send me promotions again" asks for them: a start has to speak louder both in its stretch and
            // in the whole, and the whole for it.
            let [stop, start] = [0, 1];
            if most[stop] > 0 && most[start] > 0 {
                let stops = most[stop] >= most[start] || whole[start] <= whole[stop].max(0);
                let less = if stops { start } else { stop };
                most[less] = whole[less].min(0);
            }
        }
        most.map(|sum| sum as f32 / UNIT)
    }

    /// Adds what a feature weighs: nothing if it is not among those that were kept.
    ///
    /// Without a question whether it is: half of a message's features are, nobody can guess which, and each wrong guess
    /// of the processor's took longer than adding a nothing.
    fn add(&self, feature: Feature, sums: &mut Sums) {
        let (bucket, tag) = place(feature.hash);
        let (tags, rows) = self.0[HEAD..].split_at(BUCKETS * SLOTS);
        let (slot, mask) = slot(&tags.as_chunks::<SLOTS>().0[bucket], tag);
        let weights = &rows.as_chunks::<{ TOLD.len() }>().0[bucket * SLOTS + slot];
        for (sum, weight) in sums.iter_mut().zip(weights) {
            *sum += i32::from((weight & mask).cast_signed());
        }
    }

    fn threshold(&self, which: usize) -> f32 {
        let at = 8 + 4 * which;
        f32::from_le_bytes([self.0[at], self.0[at + 1], self.0[at + 2], self.0[at + 3]])
    }
}

/// The first slot that has this tag, and all ones; or else some slot, and nothing.
fn slot(tags: &[u8; SLOTS], tag: u8) -> (usize, u8) {
    const EACH: u128 = u128::MAX / 0xff;
    let mut all = [tag ^ 0xff; 16];
    all[..SLOTS].copy_from_slice(tags);
    // Zero where the tag is; of several zeros the lowest is found exactly.
    let unlike = u128::from_le_bytes(all) ^ (EACH * u128::from(tag));
    let same = unlike.wrapping_sub(EACH) & !unlike & (EACH << 7);
    ((same.trailing_zeros() as usize / 8).min(SLOTS - 1), u8::from(same != 0).wrapping_neg())
}

/// Where a feature is kept, and by which tag it is known there.
fn place(hash: u32) -> (usize, u8) {
    ((hash >> 19) as usize % BUCKETS, (hash as u8).max(1))
}

/// A feature as it is learnt: which slot it would share, and how much it counts.
pub fn learnable(text: &Normalised) -> Vec<Feature> {
    let mut found = Vec::with_capacity(256);
    features(
        text,
        |_| false,
        |_, feature| {
            let (bucket, tag) = place(feature.hash);
            found.push(Feature { hash: (bucket as u32) << 8 | u32::from(tag), ..feature });
        },
    );
    found
}

/// How many different features [`learnable`] names.
pub const LEARNABLE: usize = BUCKETS << 8;

/// Which of the learnt features are kept: the weightiest of each bucket. `weight` says how much one matters.
pub fn kept(weight: impl Fn(usize) -> f32) -> Vec<bool> {
    let mut kept = vec![false; LEARNABLE];
    for bucket in 0..BUCKETS {
        let mut tags: Vec<usize> = (1..256).map(|tag| bucket << 8 | tag).filter(|at| weight(*at) > 0.0).collect();
        tags.sort_by(|a, b| weight(*b).total_cmp(&weight(*a)).then(a.cmp(b)));
        tags.iter().take(SLOTS).for_each(|at| kept[*at] = true);
    }
    kept
}

/// A model's bytes: of the features kept, what they weigh in a message (what was learnt, times what they
/// count).
pub fn encode(
    fingerprint: u64,
    thresholds: &[f32; TOLD.len()],
    kept: &[bool],
    weights: impl Fn(usize) -> [f32; TOLD.len()],
) -> Vec<u8> {
    let mut tags = vec![0_u8; BUCKETS * SLOTS];
    let mut rows: Vec<Weights> = vec![Weights::default(); BUCKETS * SLOTS];
    for bucket in 0..BUCKETS {
        let known = (1..256).filter(|tag| kept.get(bucket << 8 | tag) == Some(&true));
        for (slot, tag) in known.take(SLOTS).enumerate() {
            tags[bucket * SLOTS + slot] = tag as u8;
            rows[bucket * SLOTS + slot] =
                weights(bucket << 8 | tag).map(|weight| (weight * UNIT).round().clamp(-127.0, 127.0) as i8);
        }
    }
    let mut bytes = Vec::with_capacity(SIZE);
    bytes.extend(fingerprint.to_le_bytes());
    thresholds.iter().for_each(|threshold| bytes.extend(threshold.to_le_bytes()));
    bytes.extend(tags);
    rows.iter().flatten().for_each(|weight| bytes.extend(weight.to_le_bytes()));
    bytes
}

/// Tells what a model was learnt from: the texts, and the classes of words.
pub fn fingerprint<'t>(texts: impl IntoIterator<Item = &'t str>) -> u64 {
    texts
        .into_iter()
        .chain([CLASSES_FILE])
        .flat_map(|text| text.bytes().chain([0]))
        .filter(|byte| *byte != b'\r')
        .fold(0xCBF2_9CE4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bot::Words;
    use crate::ears::Ears;
    use crate::message::Content;

    #[test]
    fn a_tag_is_found_in_the_first_slot_that_has_it() {
        for (place, tags) in
            [[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], [255, 128, 127, 129, 1, 1, 0, 0, 255, 254, 128, 2]]
                .iter()
                .enumerate()
        {
            for tag in 1..=255 {
                let (slot, mask) = slot(tags, tag);
                let found = (mask == 0xff).then_some(slot);
                assert_eq!(found, tags.iter().position(|known| *known == tag), "{tag} among {place}");
            }
        }
    }

    #[test]
    fn a_request_is_heard_wherever_it_stands_in_a_long_message() {
        let ears = Ears::new(&Words::default());
        let hear = |text: String| ears.hear(&Content::Text { text });
        let about = "kak tadi pesanan kue ulang tahun anak saya sudah sampai dan rasanya enak sekali, semua tamu suka, \
                     lilinnya juga lucu dan kurirnya ramah";
        for long in [about.to_owned(), [about; 9].join(". ")] {
            assert_eq!(hear(long.clone()), None);
            assert_eq!(hear(format!("tolong jangan kirim promo lagi ke nomor saya. {long}")), Some(Heard::Stop));
            assert_eq!(hear(format!("{long}. oh ya tolong jangan kirim promo lagi ke nomor saya")), Some(Heard::Stop));
            assert_eq!(hear(format!("{long}. bisa disambungkan ke admin manusia?")), Some(Heard::Human));
        }
        let midst = format!("{about}. tolong jangan kirim promo lagi ke nomor saya. {about}");
        assert_eq!(hear(midst), Some(Heard::Stop));
    }
}
