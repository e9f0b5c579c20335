//! Learning: logistic regression for each thing that can be told, by adaptive gradient steps (Duchi et al.,
//! 2011), over features in the slots that the model keeps.

use santun_core::ears::model::{LEARNABLE, TOLD, kept, learnable};

/// A message to learn from.
#[derive(Clone)]
pub(crate) struct Sample {
    /// Slots, and how much each counts.
    features: Vec<(u32, f32)>,
    meant: [Option<bool>; TOLD.len()],
    weight: f32,
}

impl Sample {
    pub(crate) fn new(text: &str, meant: [Option<bool>; TOLD.len()], weight: f32) -> Self {
        let features = learnable(&santun_language::normalise(text));
        Self { features: features.iter().map(|feature| (feature.hash, feature.weight)).collect(), meant, weight }
    }
}

/// Scores from which a message is heard, by what is told: as `--cross --fifths` asks for to mistake fewer than 8 of
/// 1000 messages by authors that were not learnt from, most of whose messages were written to be mistaken. It says
/// .952 of stops at 8 mistaken of 1000, .954 of starts at 3.5, .981 of requests for a human at 7, .980 of "are you a
/// bot" at 2.5 and .981 of requests about data at 4; a human heard from -1.4 would be .982 at 8. Asked of all authors but
/// `shoppers` (name the others): an eighth of what is in there was taken in for having been mistaken.
///
/// Somebody in despair who is answered as if they had stopped promotions is worse off than somebody who has to say
/// *stop* twice; a start that was none costs the least: only who has stopped is asked.
pub(crate) const THRESHOLDS: [f32; TOLD.len()] = [-0.8, -1.0, -1.2, -0.7, -0.9];

const ROUNDS: usize = 8;
/// Weights are the mean of what they were after each of the last rounds: the last messages seen count no more
/// than the others.
const AVERAGED: usize = 4;
const STEP: f32 = 0.1;
/// Keeps weights small.
const SHRINK: f32 = 1e-5;

pub(crate) struct Learnt {
    pub(crate) kept: Vec<bool>,
    weights: Vec<[f32; TOLD.len()]>,
    counts: Vec<f32>,
}

impl Learnt {
    /// What a feature weighs in a message.
    pub(crate) fn weights(&self, at: usize) -> [f32; TOLD.len()] {
        self.weights[at].map(|weight| weight * self.counts[at])
    }
}

/// Learns twice: once to see which features matter, then with those that are kept.
pub(crate) fn learn(samples: &[Sample]) -> Learnt {
    let mut counts = vec![0_f32; LEARNABLE];
    let mut seen = vec![0_u32; LEARNABLE];
    for (at, weight) in samples.iter().flat_map(|sample| &sample.features) {
        counts[*at as usize] = *weight;
        seen[*at as usize] += 1;
    }
    let first = weigh(samples, None);
    let matters = |at: usize| {
        let largest = first[at].iter().fold(0_f32, |most, weight| most.max(weight.abs()));
        largest * counts[at] * (seen[at] as f32).sqrt()
    };
    let kept = kept(matters);
    Learnt { weights: weigh(samples, Some(&kept)), kept, counts }
}

fn weigh(samples: &[Sample], kept: Option<&[bool]>) -> Vec<[f32; TOLD.len()]> {
    let mut weights = vec![[0_f32; TOLD.len()]; LEARNABLE];
    let mut squares = vec![[1e-6_f32; TOLD.len()]; LEARNABLE];
    let mut order: Vec<usize> = (0..samples.len()).collect();
    let mut dice = Dice(12_345);
    let mut mean = vec![[0_f32; TOLD.len()]; LEARNABLE];
    let mut present: Vec<(usize, f32)> = Vec::new();
    for round in 0..ROUNDS {
        for place in (1..order.len()).rev() {
            order.swap(place, dice.below(place + 1));
        }
        for sample in order.iter().map(|place| &samples[*place]) {
            present.clear();
            let features = sample.features.iter().map(|(at, count)| (*at as usize, *count));
            present.extend(features.filter(|(at, _)| kept.is_none_or(|kept| kept[*at])));
            let mut scores = [0_f32; TOLD.len()];
            for (at, count) in present.iter().copied() {
                for (score, weight) in scores.iter_mut().zip(weights[at]) {
                    *score += weight * count;
                }
            }
            for told in 0..TOLD.len() {
                let Some(meant) = sample.meant[told] else { continue };
                let error = (1.0 / (1.0 + (-scores[told]).exp()) - f32::from(u8::from(meant))) * sample.weight;
                for (at, count) in present.iter().copied() {
                    let slope = error * count + SHRINK * weights[at][told];
                    squares[at][told] += slope * slope;
                    weights[at][told] -= STEP * slope / squares[at][told].sqrt();
                }
            }
        }
        if round + AVERAGED >= ROUNDS {
            for (mean, weight) in mean.as_flattened_mut().iter_mut().zip(weights.as_flattened()) {
                *mean += weight / AVERAGED as f32;
            }
        }
    }
    mean
}

/// Chance that is the same in every run.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn below(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % sides
    }
}
