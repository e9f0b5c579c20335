//! Learning: multinomial logistic regression by adaptive gradient steps (Duchi et al., 2011), twice: once to
//! see which pairs of feature and intent matter, then with those that are kept.

use std::collections::HashMap;

use santun_concepts::intents::{Pair, SLOTS};
use santun_concepts::learnable;

use crate::phrases::{Dice, Sample};

const ROUNDS: usize = 12;
/// What the last so many rounds end with is averaged: the last alone leans to the texts that it saw last.
const AVERAGED: usize = 4;
/// To see which pairs matter; what is kept is learnt anew.
const FIRST_ROUNDS: usize = 5;
/// So much of each text is left to all intents (Szegedy et al., 2016): a model that may not be surer than that of what
/// it learns is less often sure of what is wrong. With it, and fewer rounds, the FAQ answers a tenth more of the
/// messages of shops held out, as rightly.
const LEFT: f32 = 0.2;
/// What is off by less is let be: with hundreds of intents it is nearly all of them at every text.
const NEAR: f32 = 4e-4;
const STEP: f32 = 0.25;
/// Keeps weights small.
const SHRINK: f32 = 1e-4;
/// Pairs that are kept: two bytes each.
const PAIRS: usize = 300_000;
/// Pairs that are kept of one feature.
const MOST: usize = 80;
/// What a pair that speaks against an intent matters, beside one that speaks for it.
const AGAINST: f32 = 0.2;
/// How much the more a pair matters that is seen more often, as a power: with a half, words of every message took all the
/// room, and those that tell had none.
const OFTEN: f32 = 0.25;

struct Seen {
    features: Vec<(u32, f32)>,
    intent: usize,
    weight: f32,
}

/// The model's unit, and of each feature kept what it says of intents.
pub(crate) fn learn(samples: &[Sample], intents: usize) -> (f32, Vec<(u32, Vec<Pair>)>) {
    let mut numbers: HashMap<u32, u32> = HashMap::new();
    let mut hashes = Vec::new();
    let mut counts: Vec<f32> = Vec::new();
    let seen: Vec<Seen> = samples
        .iter()
        .map(|sample| {
            let mut features: Vec<(u32, f32)> = learnable(&sample.text)
                .into_iter()
                .map(|(hash, value)| {
                    let number = *numbers.entry(hash).or_insert_with(|| {
                        hashes.push(hash);
                        counts.push(0.0);
                        hashes.len() as u32 - 1
                    });
                    counts[number as usize] += sample.weight;
                    (number, value)
                })
                .collect();
            let norm = features.iter().map(|(_, value)| value * value).sum::<f32>().sqrt().max(0.1);
            features.iter_mut().for_each(|(_, value)| *value /= norm);
            Seen { features, intent: usize::from(sample.intent), weight: sample.weight }
        })
        .collect();
    println!("{} features seen", hashes.len());
    let first = weigh(&seen, intents, hashes.len(), None, FIRST_ROUNDS);
    let often: Vec<f32> = counts.iter().map(|count| count.powf(OFTEN)).collect();
    let matters = |at: usize| {
        let weight = first[at];
        weight.max(-weight * AGAINST) * often[at / intents]
    };
    let mut by_matter: Vec<usize> = (0..first.len()).filter(|at| first[*at] != 0.0).collect();
    by_matter.sort_by(|a, b| matters(*b).total_cmp(&matters(*a)).then(a.cmp(b)));
    let mut filled = std::collections::HashSet::new();
    let mut kept = vec![false; first.len()];
    let mut many = vec![0_usize; hashes.len()];
    let mut left = PAIRS;
    for at in by_matter {
        if left == 0 {
            break;
        }
        if many[at / intents] >= MOST {
            continue;
        }
        if filled.len() < SLOTS * 3 / 4 || filled.contains(&(at / intents)) {
            filled.insert(at / intents);
            kept[at] = true;
            many[at / intents] += 1;
            left -= 1;
        }
    }
    let second = weigh(&seen, intents, hashes.len(), Some(&kept), ROUNDS);
    let mut sizes: Vec<f32> = second.iter().map(|weight| weight.abs()).filter(|size| *size > 0.0).collect();
    sizes.sort_by(f32::total_cmp);
    let unit = sizes[sizes.len() - 1 - sizes.len() / 500] / 63.0;
    println!("{} features, unit {unit:.3}", filled.len());
    let features = hashes
        .iter()
        .enumerate()
        .map(|(number, hash)| {
            let row = &second[number * intents..(number + 1) * intents];
            let pairs = row.iter().enumerate().filter(|(_, weight)| **weight != 0.0);
            (*hash, pairs.map(|(intent, weight)| Pair { intent: intent as u16, weight: weight / unit }).collect())
        })
        .collect();
    (unit, features)
}

fn weigh(seen: &[Seen], intents: usize, features: usize, kept: Option<&[bool]>, rounds: usize) -> Vec<f32> {
    let mut weights = vec![0_f32; features * intents];
    let mut squares = vec![1e-4_f32; features * intents];
    let mut sums = vec![0_f32; features * intents];
    let left = LEFT / intents as f32;
    let mut order: Vec<usize> = (0..seen.len()).collect();
    let mut dice = Dice(12_345);
    for round in 0..rounds {
        let (mut right, mut loss) = (0, 0.0);
        for place in (1..order.len()).rev() {
            order.swap(place, dice.below(place + 1));
        }
        for sample in order.iter().map(|place| &seen[*place]) {
            let mut scores = vec![0_f32; intents];
            for (number, value) in &sample.features {
                let row = &weights[*number as usize * intents..][..intents];
                scores.iter_mut().zip(row).for_each(|(score, weight)| *score += weight * value);
            }
            let most = scores.iter().copied().fold(f32::MIN, f32::max);
            right += usize::from(scores[sample.intent] >= most);
            scores.iter_mut().for_each(|score| *score = (*score - most).exp());
            let whole: f32 = scores.iter().sum();
            loss -= (scores[sample.intent] / whole).ln();
            let errors: Vec<(usize, f32)> = scores
                .iter()
                .enumerate()
                .map(|(intent, score)| {
                    (intent, score / whole - if intent == sample.intent { 1.0 - LEFT } else { left })
                })
                .filter(|(_, error)| error.abs() > NEAR)
                .collect();
            for (number, value) in &sample.features {
                let row = *number as usize * intents;
                for (intent, error) in &errors {
                    let at = row + intent;
                    if kept.is_some_and(|kept| !kept[at]) {
                        continue;
                    }
                    let slope = error * sample.weight * value + SHRINK * weights[at];
                    squares[at] += slope * slope;
                    weights[at] -= STEP * slope / squares[at].sqrt();
                }
            }
        }
        if round + AVERAGED >= rounds {
            sums.iter_mut().zip(&weights).for_each(|(sum, weight)| *sum += weight / AVERAGED as f32);
        }
        println!("round {round}: right {:.4}, loss {:.4}", right as f32 / seen.len() as f32, loss / seen.len() as f32);
    }
    sums
}
