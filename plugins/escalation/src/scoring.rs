//! Measuring which conversations call a human, and why, for tests and the `scores` example.

use std::collections::BTreeMap;

use santun_plugin::Turn;
use santun_plugin::prelude::*;

use crate::Escalation;
use crate::classes::Class;
use crate::learning::allowed;

/// How a set of conversations came out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scores {
    /// By class of the set.
    pub classes: BTreeMap<String, Tally>,
    /// By the reason that was given: handovers, and those of a class that the reason fits.
    pub reasons: BTreeMap<String, (usize, usize)>,
    /// What did not come out as it should, a line each.
    pub misses: Vec<String>,
}

/// How a class came out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Its conversations.
    pub all: usize,
    /// Those that called a human.
    pub called: usize,
    /// Those that called one for the right reason.
    pub named: usize,
}

/// The class of conversations that must not call a human.
pub const ORDINARY: &str = "-";

impl Scores {
    /// Of the conversations that need a human, the share that called one.
    pub fn recall(&self) -> f64 {
        self.share(|class| class != ORDINARY)
    }

    /// Of the ordinary conversations, the share that called a human all the same.
    pub fn false_handovers(&self) -> f64 {
        self.share(|class| class == ORDINARY)
    }

    fn share(&self, of: impl Fn(&str) -> bool) -> f64 {
        let these = || self.classes.iter().filter(|(class, _)| of(class)).map(|(_, tally)| tally);
        let all: usize = these().map(|tally| tally.all).sum();
        let called: usize = these().map(|tally| tally.called).sum();
        if all == 0 { 0.0 } else { called as f64 / all as f64 }
    }

    /// Of the handovers for the reasons of a class, the share of conversations that those reasons fit.
    pub fn precision(&self, class: &str) -> f64 {
        let reasons = reasons(class);
        let these =
            || self.reasons.iter().filter(|(reason, _)| reasons.contains(&&***reason)).map(|(_, counts)| counts);
        let (all, right): (usize, usize) = (these().map(|counts| counts.0).sum(), these().map(|counts| counts.1).sum());
        if all == 0 { 0.0 } else { right as f64 / all as f64 }
    }
}

/// The reasons that fit a class of the sets. Creative and sudden matters are unusual ones, "keyword" fits every reason.
fn reasons(class: &str) -> Vec<&'static str> {
    let mut reasons: Vec<_> = allowed(class).iter().map(|class| class.reason().as_str()).collect();
    match class {
        "risk" | "ethics" | "sensitive" => {
            reasons.extend([Reason::SelfHarm, Reason::Injury, Reason::Grief].map(Reason::as_str));
        }
        "keyword" => reasons.push("asked"),
        // A customer who was not understood twice is one who makes no progress, and the other way round.
        "unclear" | "dissatisfied" => reasons.push(Class::Stuck.reason().as_str()),
        "stuck" => reasons.push(Class::Dissatisfied.reason().as_str()),
        _ => {}
    }
    reasons
}

/// Plays every conversation of a set: `class`, tab, and the customer's messages separated by ` | `, the
/// last one being decided about; the bot's begin with `bot:`.
///
/// # Errors
///
/// If the plugin refuses its configuration or a conversation.
pub fn score(conversations: &str, config: &str) -> Result<Scores, Error> {
    let mut scores = Scores::default();
    for line in conversations.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')) {
        let Some((class, conversation)) = line.split_once('\t') else { continue };
        let mut turns = turns(conversation);
        let Some((_, last)) = turns.pop() else { continue };
        let count = |by: &str| u32::try_from(turns.iter().filter(|turn| turn.0 == by).count()).unwrap_or(0);
        let (customer, bot) = (count("customer"), count("bot"));
        let host = TestHost::new().configure::<Escalation>(config)?.with_history(&turns).change(|context| {
            context.counters.customer_messages = customer;
            context.counters.bot_replies = bot;
        });
        let verdict = host.ask::<Escalation>(last)?;
        let tally = scores.classes.entry(class.to_owned()).or_default();
        tally.all += 1;
        if let Some(call) = verdict.as_handover() {
            let named = class != ORDINARY && reasons(class).contains(&&*call.reason);
            tally.called += 1;
            tally.named += usize::from(named);
            let counts = scores.reasons.entry(call.reason.clone()).or_default();
            counts.0 += 1;
            counts.1 += usize::from(named);
        }
        if (verdict.kind() == "handover") == (class == ORDINARY) {
            scores.misses.push(format!("{class:<14} {conversation:<70} {}", verdict.why()));
        }
    }
    Ok(scores)
}

/// The turns of a conversation in a set: by whom, and the words.
pub fn turns(conversation: &str) -> Vec<(&str, &str)> {
    let turns = conversation.split(" | ");
    turns.map(|turn| turn.strip_prefix("bot:").map_or(("customer", turn), |words| ("bot", words.trim()))).collect()
}

/// Turns as the host gives them.
pub(crate) fn history(turns: &[(&str, &str)]) -> Vec<Turn> {
    TestHost::new().with_history(turns).history(u32::MAX)
}
