//! A conversation as text: who spoke, what was said, and why.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;

use santun_core::draft::Author;
use santun_core::ids::{StepId, TurnId, UserId};
use santun_core::outgoing::Outgoing;
use santun_core::trace::{Effect, Ruling, Trace, VerdictRecord};
use santun_core::turn::{Happening, TurnBody};

use crate::clock::Clock;
use crate::http::api::views::{ConversationWhole, TurnLine};

/// The whole conversation.
pub fn of(whole: &ConversationWhole) -> String {
    let traces: HashMap<StepId, &Trace> = whole.steps.iter().map(|trace| (trace.step, trace)).collect();
    let clock = Clock::of(&whole.timezone);
    let mut text = standing(whole, &clock);
    let agents = agents(whole);
    let answered: HashSet<StepId> =
        whole.turns.iter().filter(|turn| turn.by != "customer").filter_map(|turn| turn.step).collect();
    let last_of: HashMap<StepId, TurnId> = whole.turns.iter().filter_map(|turn| Some((turn.step?, turn.id))).collect();
    let mut explained: Option<StepId> = None;
    let mut day = String::new();
    for turn in &whole.turns {
        let today = clock.day(turn.at);
        if today != day {
            let _ = writeln!(text, "{today}");
            day = today;
        }
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{}", said(turn, whole, &agents, &clock));
        for line in extras(turn) {
            let _ = writeln!(text, "{:>14}  {line}", "");
        }
        // What has had no answer is explained beneath the last of it.
        let unanswered = |step: &StepId| !answered.contains(step) && last_of.get(step) == Some(&turn.id);
        let step = turn.step.filter(|step| turn.by != "customer" || unanswered(step));
        if let Some(trace) = step.and_then(|step| traces.get(&step)) {
            let first = explained != step;
            explained = step;
            let kept = |ruling: &&Ruling| whole.turns.iter().any(|turn| turn.id == ruling.turn);
            let refusals = trace.rulings.iter().filter(|ruling| ruling.effect == Effect::Refused);
            let refused: Vec<&Ruling> = refusals.filter(|ruling| !kept(ruling)).collect();
            for line in why(turn, trace, &refused, first) {
                let _ = writeln!(text, "{:>14}  · {line}", "");
            }
        }
    }
    text
}

/// What an agent must know before reading: who has it, the open request, what was promised.
fn standing(whole: &ConversationWhole, clock: &Clock) -> String {
    let mut text = String::new();
    if let Some(contact) = whole.conversation["contact"].as_str() {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "Contact: {contact}. Times are those of {}.", whole.timezone);
    }
    let Some(request) = &whole.request else { return text };
    // Writing to a string cannot fail.
    let _ = writeln!(
        text,
        "Request: {} ({}), for {}, since {} {}",
        request.reason,
        crate::http::api::views::word(&request.priority),
        request.division,
        clock.day(request.opened_at.as_millis()),
        clock.time(request.opened_at.as_millis()),
    );
    for line in request.summary.lines() {
        let _ = writeln!(text, "  {line}");
    }
    for fact in &request.facts {
        let _ = writeln!(text, "  {}: {}", fact.name, fact.value);
    }
    if let Some(promised) = &request.promised {
        let _ = writeln!(text, "  The customer was told: {promised}");
    }
    text.push('\n');
    text
}

/// The names of the agents who have taken it.
fn agents(whole: &ConversationWhole) -> HashMap<UserId, &str> {
    let taken = whole.turns.iter().filter_map(|turn| match &turn.body {
        TurnBody::Happened(Happening::Taken { user, name }) => Some((*user, name.as_str())),
        _ => None,
    });
    taken.collect()
}

fn said(turn: &TurnLine, whole: &ConversationWhole, agents: &HashMap<UserId, &str>, clock: &Clock) -> String {
    let clock = clock.time(turn.at);
    let speaker = match (turn.by.as_str(), &turn.body) {
        ("customer", _) => whole.name.as_deref().unwrap_or("customer"),
        ("agent", TurnBody::Said { author: Author::Agent { user }, .. }) => {
            agents.get(user).copied().unwrap_or("agent")
        }
        (by, _) => by,
    };
    let words = match &turn.body {
        TurnBody::Happened(happening) => happened(happening),
        _ if turn.text.is_empty() => format!("[{}]", turn.kind),
        _ if turn.kind == "text" || turn.kind == "choice" => turn.text.clone(),
        _ => format!("[{}] {}", turn.kind, turn.text),
    };
    let speaker: String = speaker.chars().take(12).collect();
    let indented = words.replace('\n', &format!("\n{:>16}", ""));
    format!("{clock} {speaker:>8}  {indented}")
}

fn extras(turn: &TurnLine) -> Vec<String> {
    let mut lines = Vec::new();
    if let TurnBody::Said { content, .. } = &turn.body {
        match content {
            Outgoing::Buttons { buttons, .. } => {
                lines.push(buttons.iter().map(|button| format!("[ {} ]", button.title)).collect::<Vec<_>>().join(" "));
            }
            Outgoing::List { button, sections, .. } => {
                let rows = sections.iter().flat_map(|section| &section.rows);
                let titles: Vec<&str> = rows.map(|row| row.title.as_str()).collect();
                lines.push(format!("[ {button} ▾ ] {}", titles.join(" | ")));
            }
            Outgoing::Link { label, url, .. } => lines.push(format!("[ {label} → {url} ]")),
            Outgoing::Contacts { cards } => {
                lines.extend(cards.iter().map(|card| format!("[ {}: {} ]", card.name, card.phones.join(", "))));
            }
            Outgoing::Form { label, .. } => lines.push(format!("[ {label} ]")),
            Outgoing::Product { product_id, .. } => lines.push(format!("[ {product_id} ]")),
            Outgoing::ProductList { sections, .. } => {
                let products = sections.iter().flat_map(|section| &section.products);
                lines.push(format!("[ {} ]", products.cloned().collect::<Vec<_>>().join(" | ")));
            }
            _ => {}
        }
    }
    lines
}

fn why(turn: &TurnLine, trace: &Trace, refused: &[&Ruling], first: bool) -> Vec<String> {
    let mut lines = Vec::new();
    if let TurnBody::Said { author, .. } = &turn.body {
        lines.push(match author {
            Author::Plugin { plugin, revision, outcome } => {
                format!("plugin {plugin}, revision {}, as {}", revision.short(), crate::http::api::views::word(outcome))
            }
            Author::Host { wording, .. } => format!("host, wording {wording}"),
            Author::Agent { .. } => "a human".to_owned(),
        });
        let touched = trace.rulings.iter().filter(|ruling| ruling.turn == turn.id);
        let mut passed = Vec::new();
        for ruling in touched {
            match ruling.effect {
                Effect::Passed => passed.push(ruling.rule.as_str()),
                Effect::NotBound => {}
                _ => lines.push(format!("rule {} {}: {}", ruling.rule.as_str(), effect(ruling.effect), ruling.why)),
            }
        }
        if !passed.is_empty() {
            lines.push(format!("rules that let it pass: {}", passed.join(", ")));
        }
        if let Some(delivery) = &turn.delivery {
            let progress = delivery.progress.as_deref().unwrap_or(&delivery.state);
            lines.push(format!("delivery: {progress}"));
        }
    }
    if first {
        if let Some(heard) = &trace.heard {
            lines.push(format!("the host heard: {heard}"));
        }
        lines.extend(trace.verdicts.iter().map(verdict));
        lines.extend(refused.iter().map(|ruling| {
            format!("rule {} refused a message that was not kept: {}", ruling.rule.as_str(), ruling.why)
        }));
        lines.extend(trace.notes.iter().cloned());
    }
    lines
}

fn verdict(record: &VerdictRecord) -> String {
    let asked = format!("{} {} ({} µs)", record.plugin, record.revision.short(), record.micros);
    match (&record.verdict, &record.failure) {
        (Some(verdict), _) => {
            let confidence = verdict.confidence.map_or_else(String::new, |sure| format!(" at {sure:.2}"));
            format!("{asked}: {}{confidence}: {}", verdict.decision.name(), verdict.why)
        }
        (None, Some(failure)) => format!("{asked}: failed: {failure}"),
        (None, None) => asked,
    }
}

const fn effect(effect: Effect) -> &'static str {
    match effect {
        Effect::Passed => "passed it",
        Effect::Changed => "changed it",
        Effect::Refused => "refused it",
        Effect::NotBound => "does not bind",
    }
}

fn happened(happening: &Happening) -> String {
    match happening {
        Happening::HandedOver { reason, division } => format!("— handed over to {division} ({reason}) —"),
        Happening::Taken { name, .. } => format!("— taken by {name} —"),
        Happening::Transferred { division } => format!("— moved to {division} —"),
        Happening::HandedBack { note: Some(note) } => format!("— handed back to the bot: {note} —"),
        Happening::HandedBack { note: None } => "— handed back to the bot —".to_owned(),
        Happening::Resolved { .. } => "— resolved —".to_owned(),
        Happening::TakenByPhone => "— answered from the WhatsApp app —".to_owned(),
        Happening::ReleasedByPhone => "— the phone is quiet: the bot may speak again —".to_owned(),
        Happening::BotMeanwhile => "— goes on with the bot, the request stays open —".to_owned(),
        Happening::KeepsWaiting => "— keeps waiting —".to_owned(),
        Happening::ConsentChanged { purpose, given } => {
            let what = purpose.as_deref().unwrap_or("everything that the business starts");
            format!("— consent for {what}: {} —", if *given { "given" } else { "withdrawn" })
        }
        Happening::PreferenceChanged { wanted: true } => "— marketing allowed in WhatsApp's settings —".to_owned(),
        Happening::PreferenceChanged { wanted: false } => "— marketing refused in WhatsApp's settings —".to_owned(),
        Happening::StoppedMarketing => "— WhatsApp tells that marketing was stopped —".to_owned(),
        Happening::NotDelivered { reason, .. } => format!("— did not arrive: {reason} —"),
        Happening::NotSent { reason, .. } => format!("— not sent: {reason} —"),
    }
}
