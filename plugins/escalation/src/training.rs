//! Training the model: multinomial logistic regression over the features of `features.rs`, in two passes: over
//! all features, then over those that counted most. It is deterministic: the same sets make the same model.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::classes::{COUNT, Class};
use crate::features::{self, GROUPS, Group};
use crate::history::Past;
use crate::model::{BUCKETS, MAGIC, ROW, place};
use crate::reading::Reading;

/// A conversation of a set.
#[derive(Clone, Debug)]
pub struct Sample {
    /// Which set it is from.
    pub source: usize,
    /// Its class in the set.
    pub label: String,
    /// The conversation.
    pub conversation: String,
    /// What may be right.
    pub allowed: &'static [Class],
    /// Its features, with their group and how much they count before the group's own measure.
    seen: Vec<(u32, Group, f32)>,
}

/// How it is trained.
#[derive(Clone, Debug)]
pub struct Options {
    /// What each group counts.
    pub groups: [f32; GROUPS],
    /// Passes over the samples.
    pub epochs: usize,
    /// How hard weights are held near 0.
    pub hold: f32,
    /// Features seen in fewer samples are left out.
    pub least: usize,
    /// How far one sample moves a weight at first.
    pub step: f32,
    /// How many features are kept: each takes 17 bytes.
    pub keep: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { groups: [1.0, 1.0, 1.0, 1.0, 0.8, 1.5], epochs: 20, hold: 3e-4, least: 2, step: 0.3, keep: 16_000 }
    }
}

/// What the classes of the sets stand for; nothing for one that is not known.
pub fn allowed(label: &str) -> &'static [Class] {
    use Class::*;
    match label {
        "-" => &[Ordinary],
        "risk" => &[Risk],
        "money" => &[Money],
        "complaint" => &[Complaint],
        "anger" | "frustration" => &[Frustration],
        "dissatisfied" | "unclear" => &[Dissatisfied],
        "language" => &[Language],
        "humour" => &[Language, Frustration],
        "repeat" | "repetition" => &[Repetition],
        "stuck" => &[Stuck],
        "change" | "order-change" => &[OrderChange],
        "negotiate" | "negotiation" => &[Negotiation],
        "unusual" => &[Unusual],
        "creative" => &[Creative],
        "ethics" | "sensitive" => &[Sensitive, Risk],
        "sudden" => &[Sudden],
        "complex" => &[Complex],
        "keyword" => &[Complaint, OrderChange, Stuck, Sudden, Money, Frustration],
        _ => &[],
    }
}

/// Reads a set.
///
/// # Errors
///
/// Names a line that is not `class`, tab, conversation, or whose class is not known.
pub fn read(source: usize, set: &str) -> Result<Vec<Sample>, String> {
    let lines = set.lines().zip(1..).filter(|(line, _)| !line.trim().is_empty() && !line.starts_with('#'));
    lines
        .map(|(line, number)| {
            let (label, conversation) = line.split_once('\t').ok_or(format!("line {number}: a tab is missing"))?;
            let allowed = allowed(label.trim());
            if allowed.is_empty() {
                return Err(format!("line {number}: `{label}` is no class"));
            }
            let turns = crate::scoring::turns(conversation);
            let (last, earlier) = turns.split_last().ok_or(format!("line {number}: no words"))?;
            let reading = Reading::of(last.1);
            let past = Past::of(&reading.words, &crate::scoring::history(earlier));
            let seen = seen(&reading, &past);
            let (label, conversation) = (label.trim().to_owned(), conversation.to_owned());
            Ok(Sample { source, label, conversation, allowed, seen })
        })
        .collect()
}

fn seen(reading: &Reading, past: &Past) -> Vec<(u32, Group, f32)> {
    let mut all: BTreeMap<u32, (Group, f32)> = BTreeMap::new();
    let mut counts = [0_f32; GROUPS];
    features::each(reading, past, &mut |feature| {
        all.entry(feature.id).or_insert((feature.group, 0.0)).1 += 1.0;
        counts[feature.group as usize] += 1.0;
    });
    all.into_iter().map(|(id, (group, count))| (id, group, count / counts[group as usize].sqrt())).collect()
}

/// A trained model, not yet packed.
#[derive(Clone, Debug)]
pub struct Trained {
    index: HashMap<u32, usize>,
    weights: Vec<[f32; COUNT]>,
    groups: [f32; GROUPS],
}

impl Trained {
    /// How likely each class is.
    pub fn shares(&self, sample: &Sample) -> [f32; COUNT] {
        let mut sums = [0.0; COUNT];
        for (id, group, value) in &sample.seen {
            if let Some(at) = self.index.get(id) {
                let value = value * self.groups[*group as usize];
                sums.iter_mut().zip(&self.weights[*at]).for_each(|(sum, weight)| *sum += value * weight);
            }
        }
        softmax(&mut sums);
        sums
    }

    /// The model as the plugin reads it; see `model.rs`.
    pub fn pack(&self, thresholds: &[f32; COUNT], digest: u64) -> Vec<u8> {
        let mut rows: Vec<((usize, u16), [f32; ROW])> = self
            .index
            .iter()
            .map(|(id, at)| {
                let weights = &self.weights[*at];
                (place(*id), std::array::from_fn(|class| weights[class + 1] - weights[0]))
            })
            .collect();
        rows.sort_by_key(|(place, _)| *place);
        rows.dedup_by_key(|(place, _)| *place);
        let most = rows.iter().flat_map(|(_, row)| row).fold(0.0_f32, |most, weight| most.max(weight.abs()));
        let unit = most / 127.0;
        let mut bytes = MAGIC.to_vec();
        bytes.extend(digest.to_le_bytes());
        bytes.extend(u32::try_from(rows.len()).unwrap_or(u32::MAX).to_le_bytes());
        for number in [unit].iter().chain(&self.groups).chain(thresholds) {
            bytes.extend(number.to_le_bytes());
        }
        for bucket in 0..BUCKETS {
            let start = rows.partition_point(|((of, _), _)| *of < bucket);
            bytes.extend(u16::try_from(start).unwrap_or(u16::MAX).to_le_bytes());
        }
        rows.iter().for_each(|((_, tag), _)| bytes.extend(tag.to_le_bytes()));
        rows.iter().flat_map(|(_, row)| row).for_each(|weight| bytes.push((weight / unit).round() as i8 as u8));
        bytes
    }
}

fn softmax(sums: &mut [f32; COUNT]) {
    let most = sums.iter().copied().fold(f32::MIN, f32::max);
    sums.iter_mut().for_each(|sum| *sum = (*sum - most).exp());
    let whole: f32 = sums.iter().sum();
    sums.iter_mut().for_each(|sum| *sum /= whole);
}

/// Trains on samples: once on all features, then on those that counted most.
pub fn train(samples: &[&Sample], options: &Options) -> Trained {
    let wide = fit(samples, options, |_| true);
    if wide.weights.len() <= options.keep {
        return wide;
    }
    let mut counted: HashMap<u32, f32> = HashMap::new();
    for (id, group, value) in samples.iter().flat_map(|sample| &sample.seen) {
        *counted.entry(*id).or_default() += (value * options.groups[*group as usize]).powi(2);
    }
    let mut ranked: Vec<(f32, u32)> = wide
        .index
        .iter()
        .map(|(id, at)| {
            let row = &wide.weights[*at];
            let mean = row.iter().sum::<f32>() / COUNT as f32;
            // What tells the ordinary from the rest counts as much as all else together.
            let spread: f32 = row.iter().map(|weight| (weight - mean).powi(2)).sum();
            ((spread + ROW as f32 * (row[0] - mean).powi(2)) * counted[id], *id)
        })
        .collect();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let kept: HashSet<u32> = ranked.iter().take(options.keep).map(|(_, id)| *id).collect();
    fit(samples, options, |id| kept.contains(&id))
}

/// Adagrad over the samples in a shuffled order; every class that a sample may be of is as right as the model
/// finds it already.
fn fit(samples: &[&Sample], options: &Options, wanted: impl Fn(u32) -> bool) -> Trained {
    let mut counts: HashMap<u32, usize> = HashMap::new();
    samples.iter().flat_map(|sample| &sample.seen).for_each(|(id, ..)| *counts.entry(*id).or_default() += 1);
    let kept = counts.iter().filter(|(id, count)| **count >= options.least && wanted(**id));
    let mut ids: Vec<u32> = kept.map(|(id, _)| *id).collect();
    ids.sort_unstable();
    let index: HashMap<u32, usize> = ids.iter().copied().zip(0..).collect();
    let rows: Vec<Vec<(usize, f32)>> = samples
        .iter()
        .map(|sample| {
            let known = sample.seen.iter().filter_map(|(id, group, value)| Some((*index.get(id)?, group, value)));
            let worth = known.map(|(at, group, value)| (at, value * options.groups[*group as usize]));
            worth.filter(|(_, value)| *value > 0.0).collect()
        })
        .collect();
    let mut weights = vec![[0.0_f32; COUNT]; ids.len()];
    let mut squares = vec![[1e-3_f32; COUNT]; ids.len()];
    let mut order: Vec<usize> = (0..rows.len()).collect();
    let mut chance = 0x1234_5678_9abc_def1_u64;
    for _ in 0..options.epochs {
        for at in (1..order.len()).rev() {
            chance ^= chance << 13;
            chance ^= chance >> 7;
            chance ^= chance << 17;
            order.swap(at, (chance % (at as u64 + 1)) as usize);
        }
        for &at in &order {
            let row = &rows[at];
            let mut slopes = [0.0; COUNT];
            for (feature, value) in row {
                slopes.iter_mut().zip(&weights[*feature]).for_each(|(sum, weight)| *sum += value * weight);
            }
            softmax(&mut slopes);
            let right: f32 = samples[at].allowed.iter().map(|class| slopes[*class as usize]).sum();
            for class in samples[at].allowed {
                slopes[*class as usize] -= slopes[*class as usize] / right.max(1e-9);
            }
            for (feature, value) in row {
                let known = weights[*feature].iter_mut().zip(&mut squares[*feature]).zip(&slopes);
                for ((weight, square), slope) in known {
                    let slope = slope * value + options.hold * *weight;
                    *square += slope * slope;
                    *weight -= options.step * slope / square.sqrt();
                }
            }
        }
    }
    Trained { index, weights, groups: options.groups }
}

/// A number that changes when a set or the lexicon's concepts do: the model must be trained anew then.
pub fn digest(sets: &[String]) -> u64 {
    let concepts = crate::cues::CONCEPTS.iter().map(|(name, _)| *name);
    let bytes = sets.iter().map(String::as_str).chain(concepts).flat_map(|set| set.bytes().chain([0]));
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// Ordinary conversations that may call a human, of a hundred, when each set is judged by a model that has not seen
/// it. Those in `training/` are mostly look-alikes: among the sets that are not trained on, fewer call.
const FALSE_SHARE: f32 = 0.06;

/// From which share on each class calls a human, so that as many as may be are called for while the ordinary
/// conversations that call one stay within the bar. A case is: whether a human is needed, how likely the
/// model found it, and for what.
pub fn thresholds(cases: &[(bool, f32, Class)]) -> [f32; COUNT] {
    let calm = cases.iter().filter(|(needs, ..)| !needs).count();
    let budget = (calm as f32 * FALSE_SHARE) as usize;
    // The dearer a false call, the higher the thresholds; the cheapest price that keeps the budget is the one.
    let mut best = [0.9; COUNT];
    for price in (1..=40).map(|tenth| tenth as f32 / 10.0) {
        let found = at_price(cases, price);
        let called = cases.iter().filter(|(needs, needed, class)| !needs && *needed >= found[*class as usize]);
        if called.count() <= budget {
            best = found;
            break;
        }
    }
    best
}

/// For each class the threshold at which missed calls, and false ones at a price, cost least.
fn at_price(cases: &[(bool, f32, Class)], price: f32) -> [f32; COUNT] {
    let steps: Vec<f32> = (30..=90).step_by(2).map(|percent| percent as f32 / 100.0).collect();
    std::array::from_fn(|class| {
        let own: Vec<_> = cases.iter().filter(|(.., of)| *of as usize == class).collect();
        let cost = |at: f32| -> f32 {
            let one = |(needs, needed, _): &&(bool, f32, Class)| match (*needs, *needed >= at) {
                (true, false) => 1.0,
                (false, true) => price,
                _ => 0.0,
            };
            // A class with few cases keeps near the middle.
            own.iter().map(one).sum::<f32>() + 4.0 * (at - 0.6).abs()
        };
        steps.iter().copied().min_by(|a, b| cost(*a).total_cmp(&cost(*b))).unwrap_or(0.6)
    })
}

/// The files that the model is trained on, in the order of their names.
///
/// # Errors
///
/// If the folder cannot be read.
pub fn training_sets() -> std::io::Result<Vec<std::path::PathBuf>> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("training");
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        files.push(entry?.path());
    }
    files.retain(|file| file.extension().is_some_and(|extension| extension == "tsv"));
    files.sort();
    Ok(files)
}
