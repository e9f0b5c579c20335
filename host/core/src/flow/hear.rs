//! The host's own ears have understood one message: it is answered at once, before any plugin.

use super::arrival::receive;
use super::composer::{Composer, Scene};
use super::consent;
use super::handover::{self, HandoverWords, hand_over, tell};
use super::settle::call_a_human;
use super::summary::summary_of;
use super::{my_data, waiting};
use crate::conversation::{Conversation, Owner};
use crate::draft::Voice;
use crate::ears::Heard;
use crate::effects::Effects;
use crate::message::Message;
use crate::texts::TextKey;
use crate::verdict::{HandoverCall, Priority};

/// Answers what the ears have heard in one message.
pub fn hear(scene: Scene<'_>, mut conversation: Conversation, message: &Message, heard: &Heard) -> Effects {
    receive(&mut conversation, std::slice::from_ref(message), &scene.facts);
    let mut step = Composer::new(scene, conversation, "ear");
    step.decided([message.id]);
    step.trace.heard = Some(heard.name().to_owned());
    match heard {
        Heard::Stop => consent::stop(&mut step, message.id),
        Heard::Start => consent::start(&mut step, message.id),
        Heard::StartPerhaps => consent::ask_to_start(&mut step),
        Heard::Human => human(&mut step, message),
        Heard::AreYouABot | Heard::WhoAreYou => are_you_a_bot(&mut step),
        Heard::MyData => my_data::asked(&mut step, message),
        Heard::KeepWaiting => waiting::on(&mut step, message),
        Heard::BotMeanwhile => waiting::with_the_bot(&mut step),
        Heard::Consent { purpose, given, wording } => {
            consent::answered(&mut step, message.id, purpose, *given, wording);
        }
    }
    if step.has_drafts() {
        return answer(step, heard);
    }
    match step.conversation.owner {
        Owner::Agent { .. } => handover::watch_the_agent(&mut step),
        Owner::Phone { .. } => handover::waits_for_a_human(&mut step),
        Owner::Bot | Owner::Queue { .. } => {}
    }
    step.finish()
}

/// The step with its answer; or, if the gate lets none of it through (a message that came so late that WhatsApp's
/// window has closed), with a call for a human, who may know another way to a customer who asked something.
fn answer(mut step: Composer<'_>, heard: &Heard) -> Effects {
    let looked = step.look();
    if !looked.silenced() {
        return step.into_effects(looked).0;
    }
    if *heard == Heard::StartPerhaps {
        step.note("the gate refused the question whether to start again: nothing starts");
        return step.into_effects(looked).0;
    }
    if matches!(heard, Heard::Stop | Heard::Start | Heard::Consent { .. }) {
        step.note("the gate refused the confirmation: what the customer wants counts all the same");
        return step.into_effects(looked).0;
    }
    if step.conversation.owner != Owner::Bot || step.conversation.request.is_some() {
        step.note("the gate refused the answer: a human is called already");
        return step.into_effects(looked).0;
    }
    step.trace.rulings.extend(looked.rulings().iter().cloned());
    step.note("the gate refused the answer: a human is called");
    call_a_human(&mut step, "window-closed");
    step.finish()
}

pub(super) fn human(step: &mut Composer<'_>, message: &Message) {
    match step.conversation.owner {
        Owner::Bot => {
            let call = HandoverCall {
                reason: "asked".to_owned(),
                priority: Priority::Normal,
                division: None,
                summary: summary_of(step, std::slice::from_ref(message)),
                facts: Vec::new(),
            };
            hand_over(step, call);
        }
        Owner::Queue { .. } => {
            let key = tell(step, HandoverWords::StillWaiting);
            handover::promise(step, key);
        }
        Owner::Agent { .. } | Owner::Phone { .. } => step.note("a human has the conversation already"),
    }
}

fn are_you_a_bot(step: &mut Composer<'_>) {
    match step.conversation.owner {
        Owner::Queue { .. } => {
            let bot = step.scene.facts.bot;
            let values = [("bot", bot.name.as_str()), ("business", bot.business.as_str())];
            step.say(TextKey::DisclosureAskedWaiting, Voice::Queued, &values);
        }
        Owner::Bot => {
            let facts = step.scene.facts;
            let human_word = step.words(TextKey::HumanWord, &[]).0;
            step.say(
                TextKey::DisclosureAsked,
                Voice::Waiting,
                &[("bot", &facts.bot.name), ("business", &facts.bot.business), ("human_word", &human_word)],
            );
        }
        Owner::Agent { .. } | Owner::Phone { .. } => step.note("the human who has the conversation answers this"),
    }
}
