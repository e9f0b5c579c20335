//! Learning how likely an entry answers a message, from what speaks for each and for none (a conditional logit).

use std::fmt::Write as _;

use santun_concepts::{Models, understand_with};
use santun_plugin_faq::THRESHOLDS;
use santun_plugin_faq::index::{self, Index, OF_ENTRY, OF_NONE, Traits, traits};

use crate::shops::Shop;

const ROUNDS: usize = 600;
const STEP: f32 = 0.3;
/// Keeps weights small.
const SHRINK: f32 = 0.0005;

pub(crate) struct Asked {
    traits: Traits,
    /// The place of the entry that answers it among the traits; none for a message that no entry answers.
    answer: Option<usize>,
}

/// A shop as it is weighed.
pub(crate) struct Weighed {
    pub(crate) name: String,
    /// How much each of its messages counts.
    weight: f32,
    asked: Vec<Asked>,
    /// Of the questions within, how many there are, those without any trait of their entry included.
    within: usize,
}

/// What a question begins with that nobody types.
const FORMAL: [&str; 14] = [
    "apakah",
    "bagaimana",
    "berapa",
    "apa",
    "yang",
    "saja",
    "jika",
    "kapan",
    "cara",
    "untuk",
    "dengan",
    "dari",
    "atau",
    "di",
];

/// How a question is asked in its own words.
const PLAIN: [&str; 8] = [
    "{} gimana kak",
    "{} brp ya kak",
    "mau tanya {}",
    "{}?",
    "halo kak, {} ya",
    "kalau {} gmn",
    "{} dong min",
    "soal {} kak",
];

/// A question as many customers ask it: by the words of the shop, without those that only make a sentence. Whoever wrote
/// the shops' messages kept from their words; from those alone it would be learnt that the same words tell little.
fn plainly(question: &str, place: usize) -> String {
    let lower = question.to_lowercase();
    let words: Vec<&str> = lower.split(|ch: char| !ch.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let telling: Vec<&str> = words.iter().copied().filter(|word| !FORMAL.contains(word)).collect();
    // Each fourth word is left out, of longer questions.
    let kept: Vec<&str> = telling
        .iter()
        .enumerate()
        .filter(|(at, _)| telling.len() < 4 || !(at + place).is_multiple_of(4))
        .map(|(_, word)| *word)
        .collect();
    PLAIN[place % PLAIN.len()].replace("{}", &kept.join(" "))
}

impl Weighed {
    /// Whether it is one of the sets.
    pub(crate) fn is_of_a_set(&self) -> bool {
        self.weight > 1.0
    }
}

pub(crate) type Weights = ([f32; OF_ENTRY], [f32; OF_NONE]);

/// What speaks for each entry of a shop, message by message.
pub(crate) fn weigh(shop: &Shop, models: &Models<'_>) -> Result<Weighed, String> {
    let bytes = index::build_with(models, &shop.entries, &THRESHOLDS, "")?;
    let index = Index::open(&bytes[..]).ok_or("no index")?;
    let (mut asked, mut within) = (Vec::new(), 0);
    let plain = shop.entries.iter().enumerate().map(|(place, entry)| (plainly(&entry.question, place), Some(place)));
    for (text, answer) in shop.asked.iter().cloned().chain(plain) {
        let (text, answer) = (&text, &answer);
        let message = understand_with(models, text);
        let compared = index.compare(&message);
        let traits = traits(&compared, &message);
        within += usize::from(answer.is_some());
        let is_answer = |scored: &index::Scored| Some(usize::from(scored.entry)) == *answer;
        let place = compared.found.iter().position(is_answer);
        if answer.is_none() || place.is_some() {
            asked.push(Asked { traits, answer: place });
        }
    }
    Ok(Weighed { name: shop.name.clone(), weight: shop.weight, asked, within })
}

fn weighed(traits: &[f32], weights: &[f32]) -> f32 {
    traits.iter().zip(weights).map(|(one, other)| one * other).sum()
}

/// How likely each entry answers, and last, how likely none does.
fn likely(traits: &Traits, weights: &Weights) -> Vec<f32> {
    let mut scores: Vec<f32> = traits.entries.iter().map(|traits| weighed(traits, &weights.0)).collect();
    scores.push(weighed(&traits.none, &weights.1));
    let most = scores.iter().copied().fold(f32::MIN, f32::max);
    scores.iter_mut().for_each(|score| *score = (*score - most).exp());
    let whole: f32 = scores.iter().sum();
    scores.iter_mut().for_each(|score| *score /= whole);
    scores
}

/// The weights under which the shops' answers are likeliest.
pub(crate) fn learn(shops: &[&Weighed]) -> Weights {
    let mut weights: Weights = ([0.0; OF_ENTRY], [0.0; OF_NONE]);
    let mut squares: Weights = ([1e-3; OF_ENTRY], [1e-3; OF_NONE]);
    let many: f32 = shops.iter().map(|shop| shop.weight * shop.asked.len() as f32).sum();
    for _ in 0..ROUNDS {
        let mut slopes: Weights = ([0.0; OF_ENTRY], [0.0; OF_NONE]);
        for (weight, asked) in shops.iter().flat_map(|shop| shop.asked.iter().map(|asked| (shop.weight, asked))) {
            let shares = likely(&asked.traits, &weights);
            for (place, traits) in asked.traits.entries.iter().enumerate() {
                let error = weight * (shares[place] - if asked.answer == Some(place) { 1.0 } else { 0.0 });
                slopes.0.iter_mut().zip(traits).for_each(|(slope, of)| *slope += error * of);
            }
            let none = shares.last().copied().unwrap_or_default();
            let error = weight * (none - if asked.answer.is_none() { 1.0 } else { 0.0 });
            slopes.1.iter_mut().zip(&asked.traits.none).for_each(|(slope, of)| *slope += error * of);
        }
        let step = |weights: &mut [f32], squares: &mut [f32], slopes: &[f32]| {
            for ((weight, square), slope) in weights.iter_mut().zip(squares).zip(slopes) {
                let slope = slope / many + SHRINK * *weight;
                *square += slope * slope;
                *weight -= STEP * slope / square.sqrt();
            }
        };
        step(&mut weights.0, &mut squares.0, &slopes.0);
        step(&mut weights.1, &mut squares.1, &slopes.1);
    }
    weights
}

/// How one message comes out.
#[derive(Clone, Copy)]
pub(crate) struct Outcome {
    /// How likely the best entry is.
    sure: f32,
    right: bool,
    among_three: bool,
    outside: bool,
}

/// How a shop's messages come out.
pub(crate) fn told(shop: &Weighed, weights: &Weights) -> Vec<Outcome> {
    shop.asked
        .iter()
        .map(|asked| {
            let shares = likely(&asked.traits, weights);
            let (_, entries) = shares.split_last().unwrap_or((&0.0, &[]));
            let mut order: Vec<usize> = (0..entries.len()).collect();
            order.sort_by(|one, other| entries[*other].total_cmp(&entries[*one]));
            let is_answer = |place: &usize| asked.answer == Some(*place);
            Outcome {
                sure: order.first().map_or(0.0, |best| entries[*best]),
                right: order.first().is_some_and(is_answer),
                among_three: order.iter().take(3).any(is_answer),
                outside: asked.answer.is_none(),
            }
        })
        .collect()
}

/// So many of the messages of some shops are within.
pub(crate) fn within<'s>(shops: impl IntoIterator<Item = &'s Weighed>) -> usize {
    shops.into_iter().map(|shop| shop.within).sum()
}

/// A line about outcomes.
pub(crate) fn summary(told: &[Outcome], within: usize) -> String {
    let count = |of: &dyn Fn(&Outcome) -> bool| told.iter().filter(|outcome| of(outcome)).count() as f32;
    let within = within.max(1) as f32;
    let outside = count(&|outcome| outcome.outside).max(1.0);
    let mut text = format!(
        "first {:.3}, among three {:.3}",
        count(&|outcome| outcome.right) / within,
        count(&|outcome| outcome.among_three) / within
    );
    for at in [0.6, 0.7, 0.8, 0.85, 0.9, 0.95] {
        let answered = count(&|outcome| outcome.sure >= at);
        let beyond = count(&|outcome| outcome.sure >= at && outcome.outside);
        let right = count(&|outcome| outcome.sure >= at && outcome.right);
        let _ = write!(
            text,
            " | {at}: {:.3} at {:.3} out {:.3}",
            (answered - beyond) / within,
            right / answered.max(1.0),
            beyond / outside
        );
    }
    text
}
