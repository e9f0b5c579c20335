//! Deciding, by score and by margin: answer, offer, or leave it to the next plugin.

use santun_concepts::{Meaning, Understood};

use crate::index::{Blob, INDIFFERENT, Index, Scored};

/// How many entries are offered.
pub const OFFERED: usize = 3;

/// What is less likely than this is not offered beside others.
const OFFERED_AT: f32 = 0.01;

/// As much of the words of an entry is its name.
const NAMES: f32 = 0.6;

/// A message whose words are all of one entry is answered with it though the score is less by this.
const PLAIN: f32 = 0.1;
/// So much of a message is all of it.
const WHOLLY: f32 = 0.95;

/// An entry that asks this much of what a message asks is near it.
const NEAR: f32 = 0.05;

/// What a message comes to.
#[derive(Clone, Debug, PartialEq)]
pub enum Match {
    /// This entry answers it.
    Answer(Scored),
    /// One of these may, the likeliest first; never empty.
    Offer(Vec<Scored>),
    /// It is about none, or nothing at all; with the best score seen.
    Nothing(f32),
}

/// How a message says what it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// It asks.
    Asked,
    /// It names a topic and asks nothing ("grosir dong"): after another question it may be a new one, an answer
    /// or the name of something else.
    Named,
}

/// Whether a message asks, or names a topic alone: one word that tells, at most one beside it, and none that asks.
pub fn way(text: &str, meaning: &Meaning) -> Way {
    let asks = |name: &str| name.starts_with("q-") || name.starts_with("not");
    let asks = text.contains('?') || meaning.features.iter().filter_map(|feature| feature.name()).any(asks);
    let words = text.split(|char: char| !char.is_alphanumeric()).filter(|word| !word.is_empty()).count();
    if asks || words > 2 || meaning.words > 1 { Way::Asked } else { Way::Named }
}

/// Decides which entries a message is about.
///
/// A topic that is only named is never answered: it is asked whether that is meant. `language` is the one to answer
/// in: entries in another are the second choice.
pub fn decide<B: Blob>(index: &Index<B>, message: &Understood, way: Way, language: &str) -> Match {
    let [answer_at, margin, offer_at] = index.thresholds();
    let ranked = in_language(index, index.search(message, OFFERED * 2), language);
    let Some(best) = ranked.first().copied() else { return Match::Nothing(0.0) };
    let second = ranked.get(1).map_or(0.0, |second| second.score);
    let sure = best.score >= answer_at && best.score - second >= margin;
    if way == Way::Asked && (sure || best.score >= answer_at - PLAIN && is_plain(&best, &ranked)) {
        return Match::Answer(best);
    }
    // A name that one entry alone has finds it among a thousand that are asked alike.
    if best.score < offer_at && best.words < NAMES {
        return Match::Nothing(best.score);
    }
    let likely = ranked.into_iter().take_while(|scored| scored.score >= OFFERED_AT);
    let near: Vec<Scored> = likely.filter(|scored| way == Way::Asked || is_near(scored)).take(OFFERED).collect();
    if near.is_empty() { Match::Nothing(best.score) } else { Match::Offer(near) }
}

/// Whether a message is asked in an entry's own words, and in no other's.
fn is_plain(best: &Scored, ranked: &[Scored]) -> bool {
    let others = ranked.iter().filter(|scored| scored.entry != best.entry).map(|scored| scored.words);
    best.message_covered >= WHOLLY && best.words >= NAMES && others.fold(0.0, f32::max) <= best.words / 2.0
}

/// Whether an entry has anything of a message: when a ware is named that no entry knows, one of them is the likeliest all
/// the same.
fn is_near(scored: &Scored) -> bool {
    scored.words > 0.0 || scored.intent >= NEAR || scored.likeness >= INDIFFERENT
}

/// One entry for each question: of an entry and its twin in the other language, the one to answer in.
fn in_language<B: Blob>(index: &Index<B>, ranked: Vec<Scored>, language: &str) -> Vec<Scored> {
    let mut chosen: Vec<Scored> = Vec::with_capacity(ranked.len());
    for mut scored in ranked {
        if let Some(twin) = index.twin(scored.entry)
            && index.language(scored.entry).is_some_and(|code| code != language)
            && index.language(twin).is_none_or(|code| code == language)
        {
            scored.entry = twin;
        }
        if !chosen.iter().any(|known| known.entry == scored.entry) {
            chosen.push(scored);
        }
    }
    chosen
}
