//! Customer messages have come.

use super::composer::{Composer, Scene};
use super::handover::{HandoverWords, hand_over};
use crate::conversation::{Conversation, Owner, Session};
use crate::draft::Voice;
use crate::effects::{Effects, Timer};
use crate::facts::Facts;
use crate::message::Message;
use crate::texts::TextKey;
use crate::time::Timestamp;
use crate::verdict::{Context, Counters, HandoverCall, Priority};

/// What to do with customer messages that the ears did not take.
#[derive(Clone, Debug, PartialEq)]
pub enum Plan {
    /// Ask the chain, with this context.
    Ask(Box<Context>),
    /// Keep them for the humans: [`keep`].
    Keep,
    /// They are too old for an ordinary answer: [`stale`].
    Stale,
}

/// Notes in the conversation that the customer has written, and says what to do with the messages.
///
/// A new session begins with the first message, or after a gap of `policy.session_gap_hours`.
pub fn receive(conversation: &mut Conversation, messages: &[Message], facts: &Facts<'_>) -> Plan {
    let now = facts.now;
    let written = messages.iter().map(|message| message.sent_at).max().unwrap_or(now).min(now);
    begin_session_after_a_gap(conversation, written, facts.bot.policy.session_gap_hours);
    let before = counters(conversation);
    conversation.last_customer_at = conversation.last_customer_at.max(Some(written));
    conversation.session.last_turn_at = conversation.session.last_turn_at.max(written);
    conversation.session.customer_messages += u32::try_from(messages.len()).unwrap_or(u32::MAX);
    if conversation.owner != Owner::Bot {
        return Plan::Keep;
    }
    let oldest = messages.iter().map(|message| message.sent_at).min().unwrap_or(now);
    if oldest.plus_minutes(facts.bot.policy.stale_minutes) < now && messages.iter().any(waits) {
        return Plan::Stale;
    }
    Plan::Ask(Box::new(context(conversation, before, facts)))
}

/// The context for plugins when no new message has come.
fn context(conversation: &Conversation, counters: Counters, facts: &Facts<'_>) -> Context {
    let channel = facts.bot.channel(&conversation.channel).map_or_else(String::new, |channel| channel.name.clone());
    Context {
        now: facts.now,
        channel,
        language: conversation.language,
        bot_name: facts.bot.name.clone(),
        business: facts.bot.business.clone(),
        about: facts.bot.about.clone(),
        counters,
        office: facts.office_of(conversation),
        attributes: conversation.attributes.clone(),
    }
}

fn counters(conversation: &Conversation) -> Counters {
    let session = &conversation.session;
    Counters {
        sessions: session.ordinal,
        customer_messages: session.customer_messages,
        bot_replies: session.bot_replies,
        fallbacks_in_a_row: session.fallbacks_in_a_row,
    }
}

fn begin_session_after_a_gap(conversation: &mut Conversation, at: Timestamp, gap_hours: u32) {
    let session = &conversation.session;
    let fresh = conversation.last_customer_at.is_none() && session.bot_replies == 0;
    if !fresh && session.last_turn_at.plus_hours(gap_hours) <= at && conversation.owner == Owner::Bot {
        conversation.session = Session::begun(session.ordinal + 1, at);
    }
}

fn waits(message: &Message) -> bool {
    message.body.content.wants_answer()
}

/// Messages that nobody but a human answers: they are in the history, and that is all. A customer who
/// writes out of hours, while the request waits, is told once more when somebody will be there.
pub fn keep(scene: Scene<'_>, conversation: Conversation, messages: &[Message]) -> Effects {
    let mut step = Composer::new(scene, conversation, "messages");
    step.decided(messages.iter().map(|message| message.id));
    match step.conversation.owner.clone() {
        Owner::Bot => step.note("kept without an answer: nothing in it asks for one"),
        Owner::Queue { .. } => super::handover::remind_when_closed(&mut step, messages),
        Owner::Agent { .. } => {
            super::handover::watch_the_agent(&mut step);
            step.note("kept for the agent");
        }
        Owner::Phone { .. } => step.note("kept for whoever answers from the phone app"),
    }
    step.finish()
}

/// Messages that are too old for an ordinary answer: an honest apology, and a human is called.
pub fn stale(scene: Scene<'_>, conversation: Conversation, messages: &[Message]) -> Effects {
    let mut step = Composer::new(scene, conversation, "messages");
    step.decided(messages.iter().map(|message| message.id));
    step.note("too old for an ordinary answer");
    let call = HandoverCall {
        reason: "late".to_owned(),
        priority: Priority::High,
        division: None,
        summary: super::handover::summary_of(&step, messages),
        facts: Vec::new(),
    };
    step.say(TextKey::Stale, Voice::Waiting, &[]);
    hand_over(&mut step, call, HandoverWords::Tell);
    step.clear(Timer::PhoneRelease);
    step.finish()
}

/// The context for plugins as things stand, when an event is not the customer's.
pub fn context_now(conversation: &Conversation, facts: &Facts<'_>) -> Context {
    context(conversation, counters(conversation), facts)
}
