//! What the agent reads: five seconds, and they know.

use santun_plugin::prelude::*;

use crate::Settings;
use crate::cues::{Cue, Cues};
use crate::figures::Figures;
use crate::triggers::{Trigger, frustration};

/// The handover for a trigger.
pub(crate) fn handover(
    settings: &Settings,
    trigger: &Trigger,
    cues: &Cues,
    figures: &Figures,
    context: &Context,
) -> Verdict {
    let english = settings.summary_language == "en";
    let pick = |words: [&'static str; 2]| if english { words[1] } else { words[0] };
    let mood = mood(cues, figures);
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
    summary.push_str(&format!(". {}: {}.", pick(["Nada", "Mood"]), pick(mood.shown())));
    if !trigger.words.is_empty() {
        let words: String = trigger.words.chars().take(120).collect();
        summary.push_str(&format!(" “{words}”"));
    }

    let mut call = Handover::new(trigger.reason, summary).priority(trigger.priority);
    let reasons = [Some(trigger.reason), wider(trigger.reason)];
    let divisions = reasons.into_iter().flatten().map(|reason| settings.divisions.get(reason.as_str()));
    if let Some(division) = divisions.flatten().next() {
        call = call.division(division.clone());
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
fn wider(reason: Reason) -> Option<Reason> {
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

fn mood(cues: &Cues, figures: &Figures) -> Mood {
    match frustration(cues, figures) {
        sum if sum >= 1.4 || cues.any(&[Cue::Insult, Cue::ThreatPerson]) => Mood::Angry,
        sum if sum >= 0.45 => Mood::Upset,
        sum if sum < 0.0 && cues.has(Cue::Positive) => Mood::Positive,
        _ => Mood::Neutral,
    }
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
