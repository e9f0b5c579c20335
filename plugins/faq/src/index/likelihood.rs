//! How likely an entry answers a message: a choice between all entries and none of them (a conditional logit),
//! whose weights the example `sense` finds on shops that its senses were not learnt from.

use santun_concepts::Understood;
use santun_concepts::intents::NOTHING;

use super::{Compared, Scored};

/// What is weighed of an entry.
pub const OF_ENTRY: usize = 32;
/// What is weighed of a message that no entry may answer.
pub const OF_NONE: usize = 22;

static WEIGHTS: ([f32; OF_ENTRY], [f32; OF_NONE]) = include!("weights.in");

/// What is weighed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Traits {
    /// Of each entry.
    pub entries: Vec<[f32; OF_ENTRY]>,
    /// Of the message, for none of them.
    pub none: [f32; OF_NONE],
}

/// What speaks for each entry, and for none.
pub fn traits(compared: &Compared, message: &Understood) -> Traits {
    let Understood { meaning, leanings, .. } = message;
    let found = &compared.found[..];
    let surest = leanings.first().filter(|leaning| leaning.intent != NOTHING).map_or(0.0, |leaning| leaning.share);
    let most = |of: fn(&Scored) -> f32| found.iter().map(of).fold(0.01, f32::max);
    let (intents, words) = (most(|scored| scored.intent), most(|scored| scored.words));
    let whole: f32 = found.iter().map(|scored| scored.intent * scored.intent).sum::<f32>().max(0.01);
    let liked = most(|scored| scored.likeness);
    let (ahead_in_words, ahead_in_sense) =
        (ahead(found, |scored| scored.words), ahead(found, |scored| scored.likeness));
    let entries = found
        .iter()
        .map(|scored| {
            let Scored { intent, words: said, message_covered, phrasing_covered, same, likeness, alike, .. } = *scored;
            [
                intent,
                intent * intent,
                said,
                said * said,
                intent * said,
                message_covered,
                phrasing_covered,
                (0.01 + intent).ln(),
                (0.003 + same).ln(),
                (0.03 + said).ln(),
                intent * intent / whole,
                intent / intents,
                said / words,
                message_covered * phrasing_covered,
                scored.first,
                scored.first * surest,
                (1.0 - message_covered) * intent,
                (0.05 + scored.first).ln(),
                scored.own,
                (0.01 + scored.own).ln(),
                (0.1 + scored.own).ln(),
                scored.own * said,
                likeness,
                likeness * likeness.abs(),
                alike,
                (0.002 + alike).ln(),
                (0.03 + alike).ln(),
                alike * said,
                alike * scored.own,
                likeness - liked,
                ahead_in_words(said),
                ahead_in_sense(likeness),
            ]
        })
        .collect();
    let share =
        |wanted: u16| leanings.iter().find(|leaning| leaning.intent == wanted).map_or(0.0, |leaning| leaning.share);
    let unknown = if meaning.words == 0 { 1.0 } else { (meaning.words - meaning.known) as f32 / meaning.words as f32 };
    let none = [
        1.0,
        share(NOTHING),
        surest,
        unknown,
        1.0 / (1.0 + meaning.words as f32),
        (1.0 + found.len() as f32).ln(),
        intents,
        words,
        compared.foreign,
        compared.unasked,
        compared.foreign * words,
        compared.unasked * intents,
        most(|scored| scored.first),
        most(|scored| scored.own),
        most(|scored| scored.message_covered),
        leanings.iter().map(|leaning| -leaning.share * leaning.share.max(0.001).ln()).sum(),
        found.iter().filter(|scored| scored.intent > 0.5 * intents).count().min(8) as f32 / 8.0,
        liked,
        compared.unlike,
        (0.01 + compared.unlike).ln(),
        compared.unlike * unknown,
        most(|scored| scored.alike),
    ];
    Traits { entries, none }
}

/// How far an entry is ahead of the best of the others.
fn ahead(found: &[Scored], of: fn(&Scored) -> f32) -> impl Fn(f32) -> f32 {
    let (mut best, mut second) = (0.0_f32, 0.0_f32);
    for value in found.iter().map(of) {
        second = second.max(value.min(best));
        best = best.max(value);
    }
    move |value| value - if value >= best { second } else { best }
}

/// The likeliest entries first, at most `many`, each with its probability.
pub(super) fn rank(compared: Compared, message: &Understood, many: usize) -> Vec<Scored> {
    let weighed =
        |traits: &[f32], weights: &[f32]| traits.iter().zip(weights).map(|(one, other)| one * other).sum::<f32>();
    let traits = traits(&compared, message);
    let mut found = compared.found;
    let none = weighed(&traits.none, &WEIGHTS.1);
    let mut most = none;
    for (scored, of) in found.iter_mut().zip(&traits.entries) {
        scored.score = weighed(of, &WEIGHTS.0);
        most = most.max(scored.score);
    }
    let mut whole = (none - most).exp();
    for scored in &mut found {
        scored.score = (scored.score - most).exp();
        whole += scored.score;
    }
    found.iter_mut().for_each(|scored| scored.score /= whole);
    found.sort_by(|one, other| other.score.total_cmp(&one.score).then(one.entry.cmp(&other.entry)));
    found.truncate(many);
    found
}
