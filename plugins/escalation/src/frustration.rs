//! How a customer's mood sounds in their words.

use crate::cues::{Cue, Cues};
use crate::figures::Figures;

/// Frustration from which a human is called.
pub(crate) const FRUSTRATED: f32 = 0.8;

/// How frustrated the words sound, from 0 to about 3.
pub(crate) fn frustration(cues: &Cues, figures: &Figures) -> f32 {
    let has = |cue| cues.has(cue);
    let grievance = cues.any(&[
        Cue::Late,
        Cue::LongWait,
        Cue::Damaged,
        Cue::WrongItem,
        Cue::MissingItem,
        Cue::Lost,
        Cue::BadService,
        Cue::Not,
        Cue::MoneyLost,
        Cue::AskedBefore,
    ]) || !figures.spans.is_empty()
        || cues.loudness.ironic
        || cues.loudness.angry;
    let mut sum = 0.0;
    let mut add = |present: bool, weight: f32| sum += if present { weight } else { 0.0 };
    add(has(Cue::Insult), 0.9);
    add(has(Cue::Anger), 0.8);
    add(has(Cue::Disappointed), 0.8);
    add(has(Cue::BadService), 0.8);
    add(has(Cue::Sarcasm), if grievance { 0.7 } else { 0.2 });
    add(has(Cue::Swear), 0.15);
    add(has(Cue::Late), 0.35);
    add(has(Cue::LongWait), 0.35);
    add(has(Cue::AskedBefore), 0.5);
    add(has(Cue::Again), 0.25);
    add(has(Cue::NoHelp), 0.5);
    add(has(Cue::Late) && !figures.spans.is_empty(), 0.5);
    add(cues.any(&[Cue::Damaged, Cue::WrongItem, Cue::MissingItem]), 0.2);
    let loud = cues.loudness;
    add(loud.capitals, 0.45);
    add(loud.marks, 0.35);
    add(loud.angry, 0.85);
    add(loud.sad, 0.25);
    add(loud.ironic && grievance, 0.5);
    // "lama banget ga?", "kalo kecewa bisa retur?": nothing has happened.
    add(cues.any(&[Cue::Suppose, Cue::Worry]) || cues.asks_whether, -0.6);
    add(has(Cue::Joke) || loud.laughing, -0.6);
    add((has(Cue::Positive) || has(Cue::Thanks)) && !grievance, -0.7);
    // "boleh bawa anjing?", "laptop lemot, servis berapa": one word, and nobody is addressed.
    let calm = !loud.capitals && !loud.marks && !loud.angry && !has(Cue::Directed);
    let asks = cues.any(&[Cue::HowTo, Cue::How, Cue::PriceAsk]) || has(Cue::Can) && !grievance;
    add(calm && asks && cues.length() <= 8 && figures.spans.is_empty(), -0.3);
    sum + impatience(cues, figures)
}

/// How much patterns add to the frustration of the words.
fn impatience(cues: &Cues, figures: &Figures) -> f32 {
    let has = |cue| cues.has(cue);
    let denied = cues.any(&[Cue::Denial, Cue::Yet]) && has(Cue::Progress) && !cues.asks_whether;
    let long = !figures.spans.is_empty() || has(Cue::LongWait);
    let mut sum = 0.0;
    let mut add = |present: bool, weight: f32| sum += if present { weight } else { 0.0 };
    add(denied && !has(Cue::Late), 0.35);
    add(denied && !has(Cue::Late) && long, 0.5);
    add((denied || has(Cue::Late)) && has(Cue::Deadline) && !has(Cue::May), 0.5);
    add((denied || has(Cue::Late)) && has(Cue::Protest), 0.15);
    add(long && has(Cue::Protest) && cues.any(&[Cue::Progress, Cue::Delivery]) && !has(Cue::Late), 0.8);
    add(long && cues.any(&[Cue::Sarcasm, Cue::Positive]) && cues.any(&[Cue::Progress, Cue::Delivery, Cue::Got]), 0.6);
    add(has(Cue::Forever) && cues.any(&[Cue::PutOff, Cue::Answer, Cue::Progress]), 0.8);
    add(has(Cue::LongWait) && has(Cue::Endless) && has(Cue::PutOff), 0.5);
    add(has(Cue::Hyperbole) && has(Cue::Waiting) && !has(Cue::Positive), 0.85);
    let reproach = has(Cue::Reproach) && has(Cue::Here) && !has(Cue::May);
    add(reproach || (has(Cue::Denial) && has(Cue::Duty) && cues.any(&[Cue::Directed, Cue::Here])), 0.8);
    add(has(Cue::Made) && has(Cue::Ruin) && cues.any(&[Cue::Thanks, Cue::Sarcasm, Cue::Directed]), 1.5);
    add(cues.loudness.marks && cues.any(&[Cue::Answer, Cue::Ignored]), 0.5);
    add(figures.times >= 2 && cues.any(&[Cue::Endless, Cue::Progress, Cue::Asking, Cue::Protest]), 0.8);
    add(thrice(cues.text()), 0.5);
    sum
}

/// Whether a word of some length is said three times: "proses lagi proses lagi proses".
fn thrice(text: &str) -> bool {
    let words: Vec<&str> = text.split(' ').take(40).filter(|word| word.len() > 4).collect();
    words.iter().any(|word| words.iter().filter(|other| other == &word).count() >= 3)
}
