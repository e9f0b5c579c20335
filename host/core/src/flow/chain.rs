//! The chain of plugins has been asked: the first reply or handover wins.

use std::borrow::Cow;

use super::composer::{Composer, Scene};
use super::handover::{hand_over, hand_over_after};
use super::summary::summary_of;
use crate::bot::OnFailure;
use crate::conversation::Conversation;
use crate::draft::{Author, Voice};
use crate::ears::reserved;
use crate::effects::Effects;
use crate::ids::{PluginName, RevisionId};
use crate::message::{Content, MediaKind, Message};
use crate::outgoing::Outgoing;
use crate::texts::TextKey;
use crate::trace::VerdictRecord;
use crate::verdict::{Decision, Event, HandoverCall, Outcome, Priority, Ruled, StateWrite, Verdict};

/// How many labels and attributes one conversation keeps.
const KEPT_AT_MOST: usize = 64;

/// After so many answers of others a question that was asked before them is no longer open.
const BESIDE_AT_MOST: u32 = 2;

/// Turns the verdicts of the plugins that were asked, in order, into the step's effects.
///
/// If all passed or failed, the host has the last word, so that no customer is left without an answer:
/// a fallback that offers a human, or a human for what no plugin can read.
pub fn conclude(
    scene: Scene<'_>,
    conversation: Conversation,
    event: &Event,
    ruled: Vec<Ruled>,
    state: Vec<StateWrite>,
) -> Effects {
    let (trigger, messages): (_, &[Message]) = match event {
        Event::Messages(messages) => ("messages", messages),
        Event::HandedBack { .. } => ("handed_back", &[]),
    };
    let mut step = Composer::new(scene, conversation, trigger);
    step.decided(messages.iter().map(|message| message.id));
    step.state = state;
    step.conversation.session.asked_meanwhile.clear();
    let winner = record(&mut step, ruled);
    match winner {
        Winner::Reply { plugin, revision, messages: words, outcome } => {
            reply(&mut step, messages, plugin, revision, words, outcome);
        }
        Winner::Handover(call) => {
            let call = with_summary(&step, call, messages);
            hand_over(&mut step, call);
        }
        Winner::Failure { plugin } => {
            failed(&mut step, messages, &format!("plugin `{plugin}` failed, and its failure calls a human"));
        }
        Winner::Nobody => nobody_answered(&mut step, messages),
    }
    if !step.has_drafts() {
        return step.finish();
    }
    let looked = step.look();
    if !looked.silenced() {
        return step.into_effects(looked).0;
    }
    step.trace.rulings.extend(looked.rulings().iter().cloned());
    if messages.is_empty() {
        step.note("the gate refused every message; nobody waits for one");
        return step.finish();
    }
    // Every word of the plugin was refused. The customer still waits for an answer, so a human gets it.
    failed(&mut step, messages, "the gate refused every message of the reply");
    step.finish()
}

/// The order in which a chain is asked now: by its own order, but whoever has asked the customer something
/// goes before the others, so that the answer is not taken for a question to somebody else. The first of
/// the chain keeps its place: there stands whoever must see everything. What the asker does not understand
/// is for the others: see [`gives_way`].
pub fn order(chain: &[PluginName], conversation: &Conversation) -> Vec<usize> {
    let mut order: Vec<usize> = (0..chain.len()).collect();
    let asker = conversation.session.asked_by.as_ref();
    if let Some(at) = asker.and_then(|asker| chain.iter().position(|plugin| plugin == asker))
        && at > 1
    {
        order[1..=at].rotate_right(1);
    }
    order
}

/// Whether a verdict waits for those of the plugins behind: whoever has asked the customer something did not
/// understand the answer, which may be none.
pub fn gives_way(plugin: &PluginName, verdict: &Verdict, asker: Option<&PluginName>) -> bool {
    asker == Some(plugin) && matches!(verdict.decision, Decision::Reply { outcome: Outcome::Fallback, .. })
}

/// Whose verdict counts.
pub(super) enum Winner {
    Reply { plugin: PluginName, revision: RevisionId, messages: Vec<Outgoing>, outcome: Outcome },
    Handover(HandoverCall),
    Failure { plugin: PluginName },
    Nobody,
}

/// Keeps every verdict in the trace, and what plugins learnt in the conversation; says who won.
pub(super) fn record(step: &mut Composer<'_>, ruled: Vec<Ruled>) -> Winner {
    let mut winner = Winner::Nobody;
    for Ruled { plugin, revision, result, micros } in ruled {
        let mut line = VerdictRecord { plugin: plugin.clone(), revision, micros, verdict: None, failure: None };
        match result {
            Ok(verdict) => {
                learn(step, &verdict);
                if matches!(winner, Winner::Nobody) {
                    winner = won(&plugin, revision, &verdict);
                }
                line.verdict = Some(verdict);
            }
            Err(failure) => {
                let on_failure =
                    step.scene.facts.bot.plugin(&plugin).map_or(OnFailure::Skip, |plugin| plugin.on_failure);
                if matches!(winner, Winner::Nobody) && on_failure == OnFailure::Handover {
                    winner = Winner::Failure { plugin };
                }
                line.failure = Some(failure);
            }
        }
        step.trace.verdicts.push(line);
    }
    winner
}

fn won(plugin: &PluginName, revision: RevisionId, verdict: &Verdict) -> Winner {
    match &verdict.decision {
        Decision::Pass => Winner::Nobody,
        // An answer without a word is none.
        Decision::Reply { messages, .. } if messages.is_empty() => Winner::Nobody,
        Decision::Reply { messages, outcome } => {
            Winner::Reply { plugin: plugin.clone(), revision, messages: messages.clone(), outcome: *outcome }
        }
        Decision::Handover(call) => {
            let mut call = call.clone();
            call.facts.extend(verdict.facts.iter().cloned());
            Winner::Handover(call)
        }
    }
}

fn learn(step: &mut Composer<'_>, verdict: &Verdict) {
    let conversation = &mut step.conversation;
    for label in &verdict.labels {
        if conversation.labels.len() < KEPT_AT_MOST {
            conversation.labels.insert(label.clone());
        }
    }
    for fact in &verdict.attributes {
        if conversation.attributes.len() < KEPT_AT_MOST || conversation.attributes.contains_key(&fact.name) {
            conversation.attributes.insert(fact.name.clone(), fact.value.clone());
        }
    }
}

pub(super) fn reply(
    step: &mut Composer<'_>,
    asked: &[Message],
    plugin: PluginName,
    revision: RevisionId,
    words: Vec<Outgoing>,
    outcome: Outcome,
) {
    if outcome == Outcome::Fallback && enough_fallbacks(step) {
        not_understood(step, asked);
        return;
    }
    let gave_way = outcome == Outcome::Answer && asker_gave_way(step);
    let session = &mut step.conversation.session;
    // Whoever asks again what was not understood still waits for the answer.
    let asks_again = outcome == Outcome::Fallback && session.asked_by.as_ref() == Some(&plugin);
    if gave_way && session.answered_beside < BESIDE_AT_MOST {
        session.answered_beside += 1;
    } else {
        let asked = outcome == Outcome::Question || asks_again;
        session.asked_by = asked.then(|| plugin.clone());
        session.answered_beside = 0;
        session.offered = if asked { words.iter().flat_map(Outgoing::options).collect() } else { Vec::new() };
    }
    for content in words {
        step.draft(Author::Plugin { plugin: plugin.clone(), revision, outcome }, content);
    }
}

/// Whether the plugin that has asked something has left what was written to another, and so waits for its answer.
fn asker_gave_way(step: &Composer<'_>) -> bool {
    let asker = step.conversation.session.asked_by.as_ref();
    step.trace.verdicts.iter().any(|record| {
        let verdict = record.verdict.as_ref();
        verdict.is_some_and(|verdict| gives_way(&record.plugin, verdict, asker))
    })
}

/// No plugin had an answer.
fn nobody_answered(step: &mut Composer<'_>, messages: &[Message]) {
    let waiting = || messages.iter().map(|message| &message.body.content).filter(|content| content.wants_answer());
    if waiting().next().is_none() {
        step.note("no plugin had an answer, and nothing in it asks for one");
        return;
    }
    if let Some(key) = waiting().filter_map(for_a_human).next_back() {
        step.note("something that no plugin took: a human is called");
        // To somebody whose request is open already the whole sentence would be told twice.
        let is_open = step.conversation.request.is_some() && key != TextKey::MediaVoice;
        let key = if is_open { TextKey::MediaAgain } else { key };
        let call = HandoverCall {
            reason: "media".to_owned(),
            priority: Priority::Normal,
            division: None,
            summary: summary_of(step, messages),
            facts: Vec::new(),
        };
        hand_over_after(step, Some(key), call);
        return;
    }
    if enough_fallbacks(step) {
        not_understood(step, messages);
        return;
    }
    step.note("no plugin had an answer");
    let readable = waiting().any(|content| !matches!(content, Content::Other { .. }));
    fallback(step, if readable { TextKey::Fallback } else { TextKey::MediaUnsupported });
}

/// The host's own fallback, which offers a human.
fn fallback(step: &mut Composer<'_>, key: TextKey) {
    let about = step.scene.facts.bot.about(step.conversation.language).to_owned();
    let human = (Cow::Borrowed(reserved::HUMAN), TextKey::HumanPathButton);
    step.say_with_buttons(key, Voice::Bot, &[("about", &about)], &[human]);
    step.conversation.session.fallbacks_in_a_row += 1;
}

fn enough_fallbacks(step: &Composer<'_>) -> bool {
    step.conversation.session.fallbacks_in_a_row >= step.scene.facts.bot.policy.fallbacks_before_handover
}

fn not_understood(step: &mut Composer<'_>, messages: &[Message]) {
    let times = step.conversation.session.fallbacks_in_a_row;
    step.note(format!("not understood {times} times in a row: a human is called"));
    let call = HandoverCall {
        reason: "not-understood".to_owned(),
        priority: Priority::Normal,
        division: None,
        summary: summary_of(step, messages),
        facts: Vec::new(),
    };
    hand_over(step, call);
}

fn failed(step: &mut Composer<'_>, messages: &[Message], why: &str) {
    step.note(why);
    let call = HandoverCall {
        reason: "bot-failed".to_owned(),
        priority: Priority::High,
        division: None,
        summary: summary_of(step, messages),
        facts: Vec::new(),
    };
    hand_over_after(step, Some(TextKey::BotFailed), call);
}

pub(super) fn with_summary(step: &Composer<'_>, mut call: HandoverCall, messages: &[Message]) -> HandoverCall {
    if call.summary.is_empty() {
        call.summary = summary_of(step, messages);
    }
    call
}

/// The wording for something that a human can read where no plugin did.
fn for_a_human(content: &Content) -> Option<TextKey> {
    match content {
        Content::Media(media) => match media.media {
            MediaKind::Voice | MediaKind::Audio => Some(TextKey::MediaVoice),
            MediaKind::Sticker => None,
            MediaKind::Image | MediaKind::Video | MediaKind::Document => Some(TextKey::MediaFile),
        },
        Content::Location(_) => Some(TextKey::MediaPlace),
        Content::Order(_) => Some(TextKey::MediaCart),
        Content::Form { .. } | Content::Contacts { .. } => Some(TextKey::MediaFile),
        Content::Text { .. } | Content::Choice { .. } | Content::Reaction { .. } | Content::Other { .. } => None,
    }
}
