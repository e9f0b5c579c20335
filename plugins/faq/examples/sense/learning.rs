//! Learning the directions of features, so that a message points where the question points that answers it, and away
//! from the others of the shop: a choice between the entries of a shop and none of them (softmax over cosines), by
//! adaptive gradient steps (Duchi et al., 2011), a batch of one shop's messages at a time.

use std::collections::HashMap;

use santun_concepts::learnable;
use santun_concepts::sense::AXES;
use santun_plugin_faq::index::{INDIFFERENT, SHARPNESS};

/// Features that were seen less often are left out.
const LEAST: u32 = 2;
/// So many times everything is learnt.
const ROUNDS: usize = 24;
/// What the last so many rounds end with is averaged.
const AVERAGED: usize = 8;
/// So much of each text is left out by chance, that no word alone is relied on.
const LEFT_OUT: f32 = 0.25;
const STEP: f32 = 0.05;
/// Keeps rows small.
const SHRINK: f32 = 1e-4;
/// Messages of a batch.
const BATCH: usize = 32;
/// Entries of other shops that each batch is told apart from, too.
const OTHERS: usize = 60;
/// An entry of another shop that is as like the answer as this may answer as well.
const SAME: f32 = 0.5;

/// A direction while it is learnt.
pub(crate) type Direction = [f32; AXES];

/// A text by the numbers of its features, and how much each counts.
pub(crate) type Text = Vec<(u32, f32)>;

/// What is told apart: ways to ask, an entry each, and which of them answers what is asked.
#[derive(Clone, Default)]
pub(crate) struct Lesson {
    pub(crate) entries: Vec<Vec<Text>>,
    pub(crate) asked: Vec<(Text, Option<usize>)>,
}

/// The features seen, by number.
#[derive(Default)]
pub(crate) struct Features {
    numbers: HashMap<u32, u32>,
    pub(crate) hashes: Vec<u32>,
    pub(crate) counts: Vec<u32>,
}

impl Features {
    /// A text's features, numbered.
    pub(crate) fn text(&mut self, text: &str) -> Text {
        let Self { numbers, hashes, counts } = self;
        let number = |(hash, value)| {
            let number = *numbers.entry(hash).or_insert_with(|| {
                hashes.push(hash);
                counts.push(0);
                hashes.len() as u32 - 1
            });
            counts[number as usize] += 1;
            (number, value)
        };
        learnable(text).into_iter().map(number).collect()
    }
}

/// Chance that is the same in every run.
#[derive(Clone)]
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn below(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % sides.max(1)
    }

    fn share(&mut self) -> f32 {
        (self.below(1 << 24) as f32 + 0.5) / (1 << 24) as f32
    }

    pub(crate) fn shuffle<T>(&mut self, list: &mut [T]) {
        for place in (1..list.len()).rev() {
            list.swap(place, self.below(place + 1));
        }
    }
}

/// Learns a direction for each feature; those that are left out have none. `more` makes further lessons for each round.
pub(crate) fn learn(
    features: &Features,
    lessons: &[Lesson],
    mut more: impl FnMut(&mut Dice) -> Vec<Lesson>,
    told: &str,
) -> Vec<Option<Direction>> {
    let mut dice = Dice(99);
    let mut learner = Learner::new(features, &mut dice);
    let mut sums = vec![[0_f32; AXES]; learner.rows.len()];
    for round in 0..ROUNDS {
        learner.step = STEP * (1.0 - 0.9 * round as f32 / ROUNDS as f32);
        let made = more(&mut dice);
        let mut all: Vec<&Lesson> = lessons.iter().chain(&made).collect();
        dice.shuffle(&mut all);
        let (mut right, mut many) = (0, 0);
        for lesson in all {
            let mut order: Vec<usize> = (0..lesson.asked.len()).collect();
            dice.shuffle(&mut order);
            for batch in order.chunks(BATCH) {
                right += learner.batch(lesson, batch, lessons, &mut dice);
                many += batch.len();
            }
        }
        if round + AVERAGED >= ROUNDS {
            for (sum, row) in sums.iter_mut().zip(&learner.rows) {
                sum.iter_mut().zip(row).for_each(|(sum, axis)| *sum += axis / AVERAGED as f32);
            }
        }
        if round % 8 == 7 {
            println!("{told}: round {round}: right {:.3}", right as f32 / many as f32);
        }
    }
    sums.into_iter().zip(learner.kept).map(|(row, kept)| kept.then_some(row)).collect()
}

struct Learner {
    rows: Vec<Direction>,
    kept: Vec<bool>,
    squares: Vec<f32>,
    slopes: Vec<Direction>,
    touched: Vec<u32>,
    is_touched: Vec<bool>,
    step: f32,
}

/// A text's direction, of the length of one, and how long it was.
struct Told {
    text: Text,
    direction: Direction,
    length: f32,
}

impl Learner {
    fn new(features: &Features, dice: &mut Dice) -> Self {
        let many = features.hashes.len();
        let spread = 1.7 / (AXES as f32).sqrt();
        let row = |dice: &mut Dice| [(); AXES].map(|()| (0..4).map(|_| dice.share() - 0.5).sum::<f32>() * spread);
        let kept: Vec<bool> = features.counts.iter().map(|count| *count >= LEAST).collect();
        Self {
            rows: (0..many).map(|_| row(dice)).collect(),
            kept,
            squares: vec![1e-6; many],
            slopes: vec![[0.0; AXES]; many],
            touched: Vec::new(),
            is_touched: vec![false; many],
            step: STEP,
        }
    }

    /// Where a text points without what is left out by chance.
    fn tell(&self, text: &Text, dice: &mut Dice) -> Told {
        let text: Text =
            text.iter().filter(|(n, _)| self.kept[*n as usize] && dice.share() >= LEFT_OUT).copied().collect();
        let mut direction = [0.0; AXES];
        for (number, value) in &text {
            direction.iter_mut().zip(&self.rows[*number as usize]).for_each(|(axis, of)| *axis += value * of);
        }
        let length = dot(&direction, &direction).sqrt().max(1e-3);
        direction.iter_mut().for_each(|axis| *axis /= length);
        Told { text, direction, length }
    }

    /// One step, by some messages of a lesson; how many of them it had right.
    fn batch(&mut self, lesson: &Lesson, batch: &[usize], lessons: &[Lesson], dice: &mut Dice) -> usize {
        let mut entries: Vec<Told> = lesson
            .entries
            .iter()
            .map(|ways| {
                let way = dice.below(ways.len());
                self.tell(&ways[way], dice)
            })
            .collect();
        let own = entries.len();
        for _ in 0..OTHERS {
            let other = &lessons[dice.below(lessons.len())];
            let place = dice.below(other.entries.len());
            entries.push(self.tell(&other.entries[place][0], dice));
        }
        let mut slopes = vec![[0_f32; AXES]; entries.len()];
        let mut right = 0;
        for (text, answer) in batch.iter().map(|at| &lesson.asked[*at]) {
            let asked = self.tell(text, dice);
            let alike: Vec<f32> = entries.iter().map(|entry| dot(&asked.direction, &entry.direction)).collect();
            // What is answered by no entry of its shop may be by another's; and another's may answer as well.
            let may_answer = |place: usize| match answer {
                _ if place < own => false,
                None => true,
                Some(answer) => dot(&entries[*answer].direction, &entries[place].direction) > SAME,
            };
            let left_out: Vec<bool> = (0..entries.len()).map(may_answer).collect();
            let counted = || alike.iter().zip(&left_out).filter(|(_, left_out)| !**left_out).map(|(alike, _)| *alike);
            let most = counted().fold(INDIFFERENT, f32::max);
            let none = ((INDIFFERENT - most) * SHARPNESS).exp();
            let whole: f32 = counted().map(|alike| ((alike - most) * SHARPNESS).exp()).sum::<f32>() + none;
            right += usize::from(match answer {
                Some(answer) => alike[*answer] >= most,
                None => most <= INDIFFERENT,
            });
            let mut slope = [0_f32; AXES];
            for (place, entry) in entries.iter().enumerate().filter(|(place, _)| !left_out[*place]) {
                let share = ((alike[place] - most) * SHARPNESS).exp() / whole;
                let error = (share - if *answer == Some(place) { 1.0 } else { 0.0 }) * SHARPNESS;
                if error.abs() < 1e-3 {
                    continue;
                }
                add(&mut slope, error, &entry.direction);
                add(&mut slopes[place], error, &asked.direction);
            }
            self.pass_on(&asked, &slope, batch.len());
        }
        for (entry, slope) in entries.iter().zip(&slopes) {
            if slope.iter().any(|axis| axis.abs() > 1e-7) {
                self.pass_on(entry, slope, batch.len());
            }
        }
        self.walk();
        right
    }

    /// What a slope of a text's direction is for each of its features.
    fn pass_on(&mut self, told: &Told, slope: &Direction, of: usize) {
        let along = dot(slope, &told.direction);
        let mut slope = *slope;
        let scale = 1.0 / told.length / of as f32;
        slope.iter_mut().zip(&told.direction).for_each(|(slope, axis)| *slope = (*slope - along * axis) * scale);
        for (number, value) in &told.text {
            let at = *number as usize;
            if !self.is_touched[at] {
                self.is_touched[at] = true;
                self.touched.push(*number);
            }
            add(&mut self.slopes[at], *value, &slope);
        }
    }

    fn walk(&mut self) {
        for number in self.touched.drain(..) {
            let at = number as usize;
            self.is_touched[at] = false;
            let slope = std::mem::replace(&mut self.slopes[at], [0.0; AXES]);
            self.squares[at] += dot(&slope, &slope) / AXES as f32;
            let rate = self.step / self.squares[at].sqrt();
            let row = &mut self.rows[at];
            row.iter_mut().zip(&slope).for_each(|(axis, slope)| *axis -= rate * (slope + SHRINK * *axis));
        }
    }
}

fn dot(one: &Direction, other: &Direction) -> f32 {
    one.iter().zip(other).map(|(one, other)| one * other).sum()
}

fn add(sum: &mut Direction, times: f32, what: &Direction) {
    sum.iter_mut().zip(what).for_each(|(sum, axis)| *sum += times * axis);
}
