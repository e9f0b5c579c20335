//! What the agent reads: five seconds, and they know.

use santun_plugin::Reason;
use santun_plugin::prelude::*;

use crate::classes::Class;
use crate::cues::{Cue, Cues};
use crate::features::{self, NO_WORD};
use crate::figures::Figures;
use crate::frustration::frustration;
use crate::history::Past;
use crate::model::Model;
use crate::reading::Reading;
use crate::settings::Set;
use crate::triggers::Trigger;

/// The words of the customer in which what weighed most for a class stands: one stretch of them, so that whoever reads
/// it reads a piece of a sentence.
pub(crate) fn weighty(reading: &Reading<'_>, past: &Past, class: Class) -> String {
    let mut weights = vec![0_i32; reading.cues.length()];
    let model = Model::built_in();
    features::each(reading, past, |feature| {
        if feature.word != NO_WORD
            && let Some(weight) = weights.get_mut(usize::from(feature.word))
        {
            *weight += model.weight(feature, class);
        }
    });
    let words: Vec<&str> = reading.cues.text().split(' ').collect();
    let (start, end) = stretch(&weights);
    words.get(start..end).unwrap_or_default().join(" ")
}

/// Where the weightiest few words stand close together; if they do not, the weightiest with its neighbours.
fn stretch(weights: &[i32]) -> (usize, usize) {
    const WEIGHTIEST: usize = 3;
    const LONGEST: usize = 6;
    let mut ranked: Vec<usize> = (0..weights.len()).filter(|at| weights[*at] > 0).collect();
    ranked.sort_by_key(|at| std::cmp::Reverse(weights[*at]));
    ranked.truncate(WEIGHTIEST);
    let Some(weightiest) = ranked.first().copied() else { return (0, 0) };
    let (first, last) = (ranked.iter().min(), ranked.iter().max());
    match (first, last) {
        (Some(first), Some(last)) if last - first < LONGEST => (*first, last + 1),
        _ => (weightiest.saturating_sub(1), weights.len().min(weightiest + 2)),
    }
}

/// What the customer wrote, short enough for a glance.
fn quote(text: &str) -> String {
    const LONGEST: usize = 120;
    let text = text.trim();
    let mut short: String = text.chars().take(LONGEST).map(|ch| if ch.is_control() { ' ' } else { ch }).collect();
    if short.len() < text.len() {
        short.truncate(short.rfind(' ').unwrap_or(short.len()));
        short.push('…');
    }
    short
}

/// The handover for a trigger.
pub(crate) fn handover(set: &Set, trigger: &Trigger, reading: &Reading<'_>, context: &Context) -> Verdict {
    let Reading { cues, figures, text } = reading;
    let english = set.english(&context.bot.about);
    let pick = |words: [&'static str; 2]| if english { words[1] } else { words[0] };
    let mood = mood(trigger, cues, figures);
    let name = context.contact.name.as_deref().map(|name| format!("{}{name}", pick(["Kak ", ""])));
    let who = name.unwrap_or_else(|| pick(["Pelanggan", "The customer"]).to_owned());
    let mut summary = format!("{who} {}", pick(trigger.says));
    for (list, before) in [
        (&figures.amounts, pick([", ", ", "])),
        (&figures.orders, pick([", pesanan ", ", order "])),
        (&figures.spans, pick([", sudah ", ", for "])),
    ] {
        if let Some(first) = list.first() {
            summary.push_str(before);
            summary.push_str(first);
        }
    }
    if let Some(topic) = target(cues) {
        summary.push_str(&format!(" ({})", pick(topic.shown())));
    }
    summary.push_str(&format!(". {}: {}. “{}”", pick(["Nada", "Mood"]), pick(mood.shown()), quote(text)));

    let mut call = Handover::new(trigger.reason, summary).priority(trigger.priority);
    let reasons = [Some(trigger.reason), wider(trigger.reason)];
    if let Some(division) = reasons.into_iter().flatten().find_map(|reason| set.division(reason.as_str())) {
        call = call.division(division);
    }
    call = call.fact("trigger", trigger.rule).fact("mood", mood.label());
    for (name, list) in [("amount", &figures.amounts), ("order-number", &figures.orders), ("span", &figures.spans)] {
        if !list.is_empty() {
            call = call.fact(name, list.join(", "));
        }
    }
    let why = if trigger.words.is_empty() {
        format!("rule {}: {}", trigger.rule, trigger.says[1])
    } else {
        format!("rule {}: {} (“{}”)", trigger.rule, trigger.says[1], trigger.words)
    };
    let mut verdict = Verdict::handover(call, why).label(format!("mood-{}", mood.label())).confidence(0.9);
    verdict = verdict.label(trigger.reason.as_str());
    if let Some(wider) = wider(trigger.reason) {
        verdict = verdict.label(wider.as_str());
    }
    if let Some(topic) = target(cues) {
        verdict = verdict.label(format!("about-{}", topic.label()));
    }
    if cues.has(Cue::Insult) {
        verdict = verdict.label("abuse");
    }
    verdict
}

/// The reason that includes this one: whoever takes what is risky takes these too.
pub(crate) fn wider(reason: Reason) -> Option<Reason> {
    matches!(reason, Reason::SelfHarm | Reason::Injury | Reason::Grief).then_some(Reason::Risk)
}

/// How the customer sounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mood {
    Angry,
    Upset,
    Neutral,
    Positive,
}

fn mood(trigger: &Trigger, cues: &Cues, figures: &Figures) -> Mood {
    match frustration(cues, figures) {
        sum if sum >= 1.4 || cues.any(&[Cue::Insult, Cue::ThreatPerson]) => Mood::Angry,
        sum if sum >= 0.45 || is_hard(trigger) => Mood::Upset,
        sum if sum < 0.0 && cues.has(Cue::Positive) => Mood::Positive,
        _ => Mood::Neutral,
    }
}

/// Whether nobody says this calmly, in however calm words: fraud, a leak, a lawyer. Who asks for discretion may.
fn is_hard(trigger: &Trigger) -> bool {
    trigger.reason == Reason::Risk && trigger.rule != "sensitive"
}

impl Mood {
    fn label(self) -> &'static str {
        match self {
            Self::Angry => "angry",
            Self::Upset => "upset",
            Self::Neutral => "neutral",
            Self::Positive => "positive",
        }
    }

    fn shown(self) -> [&'static str; 2] {
        match self {
            Self::Angry => ["marah", "angry"],
            Self::Upset => ["kesal", "upset"],
            Self::Neutral => ["netral", "neutral"],
            Self::Positive => ["ramah", "friendly"],
        }
    }
}

/// What the feeling is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Target {
    Service,
    Delivery,
    Product,
}

fn target(cues: &Cues) -> Option<Target> {
    if cues.any(&[Cue::Service, Cue::BadService, Cue::NotThat, Cue::Round, Cue::BotDumb, Cue::NoHelp]) {
        return Some(Target::Service);
    }
    if cues.any(&[Cue::Damaged, Cue::WrongItem, Cue::MissingItem]) {
        return Some(Target::Product);
    }
    if cues.any(&[Cue::Late, Cue::Lost, Cue::Delivery]) {
        return Some(Target::Delivery);
    }
    cues.has(Cue::Product).then_some(Target::Product)
}

impl Target {
    fn label(self) -> &'static str {
        match self {
            Self::Service => "service",
            Self::Delivery => "delivery",
            Self::Product => "product",
        }
    }

    fn shown(self) -> [&'static str; 2] {
        match self {
            Self::Service => ["soal layanan", "about the service"],
            Self::Delivery => ["soal pengiriman", "about delivery"],
            Self::Product => ["soal produk", "about the product"],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::stretch;

    #[test]
    fn what_weighed_is_quoted_as_one_piece() {
        assert_eq!(stretch(&[0, 5, 0, 3, 0]), (1, 4));
        assert_eq!(
            stretch(&[1, 0, 0, 0, 9, 0, 0, 0, 0, 2]),
            (3, 6),
            "too far apart: the weightiest and its neighbours"
        );
        assert_eq!(stretch(&[7, 0, 0, 0, 0, 0, 0, 6]), (0, 2));
        assert_eq!(stretch(&[-1, 0]), (0, 0));
    }
}
