//! Measuring which conversations call a human, for tests and the `scores` example.

use std::collections::BTreeMap;

use santun_plugin::prelude::*;

use crate::Escalation;

/// How a set of conversations came out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scores {
    /// By class: conversations, and those that called a human.
    pub classes: BTreeMap<String, (usize, usize)>,
    /// What did not come out as it should, a line each.
    pub misses: Vec<String>,
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
        let (all, called) = self
            .classes
            .iter()
            .filter(|(class, _)| of(class))
            .fold((0, 0), |(all, called), (_, counts)| (all + counts.0, called + counts.1));
        if all == 0 { 0.0 } else { called as f64 / all as f64 }
    }
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
        let mut turns: Vec<(&str, &str)> = conversation
            .split(" | ")
            .map(|turn| turn.strip_prefix("bot:").map_or(("customer", turn), |words| ("bot", words.trim())))
            .collect();
        let Some((_, last)) = turns.pop() else { continue };
        let count = |by: &str| u32::try_from(turns.iter().filter(|turn| turn.0 == by).count()).unwrap_or(0);
        let (customer, bot) = (count("customer"), count("bot"));
        let host = TestHost::new().configure::<Escalation>(config)?.with_history(&turns).change(|context| {
            context.counters.customer_messages = customer;
            context.counters.bot_replies = bot;
        });
        let verdict = host.ask::<Escalation>(last)?;
        let called = verdict.kind() == "handover";
        let counts = scores.classes.entry(class.to_owned()).or_default();
        counts.0 += 1;
        counts.1 += usize::from(called);
        if called == (class == ORDINARY) {
            scores.misses.push(format!("{class:<14} {conversation:<70} {}", verdict.why()));
        }
    }
    Ok(scores)
}
