//! Learning the model: logistic regression over the features of `features.rs`, in two passes: over all features, then
//! over those that counted most. It is deterministic: the same sets make the same model.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::classes::{COUNT, Class};
use crate::features::{self, GROUPS, Group};
use crate::history::Past;
use crate::model::{self, MAGIC, STARTS, ZERO, place};
use crate::reading::Reading;
use crate::shops::Message;

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
    /// Whether it is what somebody wrote to a shop, taken for calm by what its entry is about.
    pub everyday: bool,
    /// Its features, with their group and how often they are seen.
    seen: Vec<(u32, Group, f32)>,
    /// How many features of each group are seen.
    counts: [u32; GROUPS],
}

impl Sample {
    fn of(source: usize, label: &str, conversation: &str) -> Result<Self, String> {
        let allowed = allowed(label);
        if allowed.is_empty() {
            return Err(format!("`{label}` is no class"));
        }
        let turns = crate::scoring::turns(conversation);
        let (last, earlier) = turns.split_last().ok_or("no words")?;
        let past = Past::of(last.1, &crate::scoring::history(earlier));
        let (seen, counts) = seen(&Reading::of(last.1), &past);
        let (label, conversation) = (label.to_owned(), conversation.to_owned());
        Ok(Self { source, label, conversation, allowed, everyday: false, seen, counts })
    }

    /// Whether it needs a human.
    pub fn needs(&self) -> bool {
        self.allowed != [Class::Ordinary]
    }
}

/// Passes in which every everyday message is believed to be calm.
const FIRST_PASSES: usize = 3;

/// How it is learnt.
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
    /// How many features are kept.
    pub keep: usize,
    /// How many features each group has beside those that are seen: see `model::measure`.
    pub damp: f32,
    /// What an everyday message counts beside a conversation written for learning.
    pub everyday: f32,
    /// An everyday message that is found calm with this probability teaches nothing more. If each teaches to the end,
    /// the model tells look-alikes less well from what needs a human: recall 0.749 instead of 0.774 at as many false
    /// calls (0.778 without everyday messages), for 0.045 instead of 0.071 of those of shops held out that call.
    pub calm_enough: f32,
    /// One that is found less probably calm than this, after the first passes, is taken for one that does need a
    /// human, below an entry that is else calm.
    pub doubted: f32,
}

impl Options {
    /// How much a sample counts.
    fn weight(&self, sample: &Sample) -> f32 {
        if sample.everyday { self.everyday } else { 1.0 }
    }

    /// Whether a sample, which is found to be what it is with this probability, teaches something in this pass.
    fn teaches(&self, sample: &Sample, found: f32, epoch: usize) -> bool {
        !sample.everyday || (found <= self.calm_enough && (epoch < FIRST_PASSES || found >= self.doubted))
    }

    /// What a feature of a sample counts, seen once.
    fn measure(&self, sample: &Sample, group: Group) -> f32 {
        self.groups[group as usize] * model::measure(sample.counts[group as usize], self.damp)
    }
}

impl Default for Options {
    fn default() -> Self {
        Self {
            groups: [1.0, 1.0, 1.0, 0.8, 1.5],
            epochs: 14,
            hold: 6e-4,
            least: 2,
            step: 0.3,
            keep: 16_000,
            damp: model::DAMP,
            everyday: 0.3,
            calm_enough: 0.5,
            doubted: 0.15,
        }
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
            Sample::of(source, label.trim(), conversation).map_err(|fault| format!("line {number}: {fault}"))
        })
        .collect()
}

/// What was written to shops as samples that call nobody. Each shop is a source of its own, counted on from `sources`.
///
/// # Errors
///
/// Names a message that has no words.
pub fn everyday(sources: usize, messages: &[Message]) -> Result<Vec<Sample>, String> {
    let of = |message: &Message| Sample::of(sources + message.shop, "-", &message.text);
    messages.iter().map(|message| Ok(Sample { everyday: true, ..of(message)? })).collect()
}

/// How conversations open, one a line: what [`continued`] puts before those that have no beginning.
const OPENINGS: &str = include_str!("../training/openings.txt");

/// Every other of the samples that are a single message, with an ordinary conversation before it: the same is said
/// at the beginning of a conversation and in the midst of one.
///
/// # Errors
///
/// None that the samples did not have.
pub fn continued(samples: &[Sample]) -> Result<Vec<Sample>, String> {
    let openings: Vec<&str> = OPENINGS.lines().filter(|line| !line.starts_with('#')).collect();
    let single = samples.iter().filter(|sample| !sample.conversation.contains(" | "));
    single
        .enumerate()
        .filter(|(at, _)| at % 2 == 0)
        .map(|(at, sample)| {
            // Neighbours in a set are alike: they get openings far apart.
            let opening = openings.get(at * 29 % openings.len().max(1)).copied().unwrap_or_default();
            let later = Sample::of(sample.source, &sample.label, &format!("{opening} | {}", sample.conversation))?;
            Ok(Sample { everyday: sample.everyday, ..later })
        })
        .collect()
}

fn seen(reading: &Reading<'_>, past: &Past) -> (Vec<(u32, Group, f32)>, [u32; GROUPS]) {
    let mut all: BTreeMap<u32, (Group, f32)> = BTreeMap::new();
    let mut counts = [0; GROUPS];
    features::each(reading, past, |feature| {
        all.entry(feature.id).or_insert((feature.group, 0.0)).1 += 1.0;
        counts[feature.group as usize] += 1;
    });
    (all.into_iter().map(|(id, (group, count))| (id, group, count)).collect(), counts)
}

/// What was learnt, not yet packed.
#[derive(Clone, Debug)]
pub struct Learnt {
    index: HashMap<u32, usize>,
    weights: Vec<[f32; COUNT]>,
    options: Options,
}

impl Learnt {
    /// How much a human is needed in a conversation, and for what.
    pub fn judge(&self, sample: &Sample) -> (f32, Class) {
        let mut logits = [0.0; COUNT];
        for (id, group, value) in &sample.seen {
            if let Some(at) = self.index.get(id) {
                let value = value * self.options.measure(sample, *group);
                logits.iter_mut().zip(&self.weights[*at]).for_each(|(sum, weight)| *sum += value * weight);
            }
        }
        (model::need(&logits), model::class(&logits))
    }

    /// The model as the plugin reads it; see `model.rs`.
    pub fn pack(&self, thresholds: &[f32; COUNT], fingerprint: u64) -> Vec<u8> {
        let mut rows: Vec<((usize, u16), [f32; COUNT])> = Vec::with_capacity(self.index.len());
        for (id, at) in &self.index {
            // What speaks for all classes alike tells nothing.
            let row = self.weights[*at];
            let mean = row.iter().sum::<f32>() / COUNT as f32;
            rows.push((place(*id), row.map(|weight| weight - mean)));
        }
        // Of two that share a place the weightier is kept.
        let size = |row: &[f32; COUNT]| row.iter().map(|weight| weight.abs()).fold(0.0, f32::max);
        rows.sort_by(|a, b| a.0.cmp(&b.0).then(size(&b.1).total_cmp(&size(&a.1))));
        rows.dedup_by_key(|(place, _)| *place);
        let unit = rows.iter().map(|(_, row)| size(row)).fold(0.0, f32::max) / f32::from(ZERO - 1);
        let mut bytes = MAGIC.to_vec();
        bytes.extend(fingerprint.to_le_bytes());
        bytes.extend(u32::try_from(rows.len()).unwrap_or(u32::MAX).to_le_bytes());
        for number in [unit].iter().chain(&self.options.groups).chain(thresholds) {
            bytes.extend(number.to_le_bytes());
        }
        for bucket in 0..STARTS {
            let start = rows.partition_point(|((of, _), _)| *of < bucket);
            bytes.extend(u16::try_from(start).unwrap_or(u16::MAX).to_le_bytes());
        }
        rows.iter().for_each(|((_, tag), _)| bytes.extend(tag.to_le_bytes()));
        let packed = |weight: &f32| ((weight / unit).round() + f32::from(ZERO)) as u8;
        rows.iter().flat_map(|(_, row)| row).for_each(|weight| bytes.push(packed(weight)));
        bytes
    }
}

fn softmax(sums: &mut [f32; COUNT]) {
    let most = sums.iter().copied().fold(f32::MIN, f32::max);
    sums.iter_mut().for_each(|sum| *sum = (*sum - most).exp());
    let whole: f32 = sums.iter().sum();
    sums.iter_mut().for_each(|sum| *sum /= whole);
}

/// Learns from samples: once over all features, then over those that counted most.
pub fn learn(samples: &[&Sample], options: &Options) -> Learnt {
    let wide = fit(samples, options, |_| true);
    if wide.weights.len() <= options.keep {
        return wide;
    }
    let mut counted: HashMap<u32, f32> = HashMap::new();
    for sample in samples {
        for (id, group, value) in &sample.seen {
            *counted.entry(*id).or_default() +=
                options.weight(sample) * (value * options.measure(sample, *group)).powi(2);
        }
    }
    let mut ranked: Vec<(f32, u32)> = wide
        .index
        .iter()
        .map(|(id, at)| {
            let row = &wide.weights[*at];
            let mean = row.iter().sum::<f32>() / COUNT as f32;
            // What tells the ordinary from the rest counts as much as all else together.
            let spread: f32 = row.iter().map(|weight| (weight - mean).powi(2)).sum();
            ((spread + COUNT as f32 * (row[0] - mean).powi(2)) * counted[id], *id)
        })
        .collect();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let kept: HashSet<u32> = ranked.iter().take(options.keep).map(|(_, id)| *id).collect();
    fit(samples, options, |id| kept.contains(&id))
}

/// Adagrad over the samples in a shuffled order; every class that a sample may be of is as right as the model
/// finds it already.
fn fit(samples: &[&Sample], options: &Options, wanted: impl Fn(u32) -> bool) -> Learnt {
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
            let worth = known.map(|(at, group, value)| (at, value * options.measure(sample, *group)));
            worth.filter(|(_, value)| *value > 0.0).collect()
        })
        .collect();
    let mut weights = vec![[0.0_f32; COUNT]; ids.len()];
    let mut squares = vec![[1e-3_f32; COUNT]; ids.len()];
    let mut order: Vec<usize> = (0..rows.len()).collect();
    let mut chance = 0x1234_5678_9abc_def1_u64;
    let mut sums = vec![[0.0_f32; COUNT]; ids.len()];
    for epoch in 0..options.epochs {
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
            let right = samples[at].allowed;
            let whole: f32 = right.iter().map(|class| slopes[*class as usize]).sum();
            if !options.teaches(samples[at], whole, epoch) {
                continue;
            }
            for class in right {
                slopes[*class as usize] -= slopes[*class as usize] / whole.max(1e-9);
            }
            let share = options.weight(samples[at]);
            for (feature, value) in row {
                let known = weights[*feature].iter_mut().zip(&mut squares[*feature]).zip(&slopes);
                for ((weight, square), slope) in known {
                    let slope = share * (slope * value + options.hold * *weight);
                    *square += slope * slope;
                    *weight -= options.step * slope / square.sqrt();
                }
            }
        }
        if epoch >= options.epochs / 2 {
            sums.iter_mut().flatten().zip(weights.iter().flatten()).for_each(|(sum, weight)| *sum += weight);
        }
    }
    // The mean of the later half of the way is steadier than its end.
    let passes = (options.epochs - options.epochs / 2) as f32;
    sums.iter_mut().flatten().for_each(|sum| *sum /= passes);
    Learnt { index, weights: sums, options: options.clone() }
}

/// A number that changes when a set, what is learnt of the messages to shops, or the lexicon does: the model must be
/// learnt anew then.
pub fn fingerprint(sets: &[String], messages: &[Message]) -> u64 {
    const LEXICON: [&str; 4] =
        [include_str!("../cues.txt"), include_str!("../classes.txt"), include_str!("../senses.txt"), OPENINGS];
    let messages = messages.iter().map(|message| message.text.as_str());
    let bytes = sets.iter().map(String::as_str).chain(LEXICON).chain(messages).flat_map(|set| set.bytes().chain([0]));
    bytes
        .filter(|byte| *byte != b'\r')
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// A conversation that a model judged which had not seen it: whether it needs a human, how much it was found to, and
/// for what.
pub type Case = (bool, f32, Class);

/// From which logit on each class calls a human, so that as many as may be are called for while no more than
/// `may_call` of the ordinary conversations call one.
pub fn thresholds(cases: &[Case], may_call: f32) -> [f32; COUNT] {
    let calm = cases.iter().filter(|(needs, ..)| !needs).count();
    let budget = (calm as f32 * may_call) as usize;
    // The dearer a false call, the higher the thresholds; the cheapest price that keeps the budget is the one.
    let mut found = [f32::MAX; COUNT];
    for price in (1..=300).map(|step| step as f32 / 50.0) {
        found = at_price(cases, price);
        let called = cases.iter().filter(|(needs, need, class)| !needs && *need >= found[*class as usize]);
        if called.count() <= budget {
            break;
        }
    }
    found
}

/// For each class the threshold at which missed calls, and false ones at a price, cost least.
fn at_price(cases: &[Case], price: f32) -> [f32; COUNT] {
    std::array::from_fn(|class| {
        let own: Vec<_> = cases.iter().filter(|(.., of)| *of as usize == class).collect();
        let cost = |at: f32| -> f32 {
            let one = |(needs, need, _): &&Case| match (*needs, *need >= at) {
                (true, false) => 1.0,
                (false, true) => price,
                _ => 0.0,
            };
            // A class with few cases keeps near the middle.
            own.iter().map(one).sum::<f32>() + 2.0 * (at - USUAL).abs()
        };
        let steps = (-20..=60).map(|tenth| tenth as f32 / 10.0);
        steps.min_by(|a, b| cost(*a).total_cmp(&cost(*b))).unwrap_or(USUAL)
    })
}

/// Where the thresholds are drawn to.
const USUAL: f32 = 1.0;

/// The files that the model learns from, in the order of their names.
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
