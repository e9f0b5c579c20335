//! The customer's word on what the business may start.

use super::composer::Composer;
use crate::conversation::{ConsentChange, ConsentEntry, Conversation};
use crate::draft::Voice;
use crate::ears::{Heard, reserved};
use crate::ids::{Purpose, TurnId};
use crate::message::Content;
use crate::outgoing::Button;
use crate::texts::TextKey;
use crate::turn::Happening;

pub(super) fn stop(step: &mut Composer<'_>, turn: TurnId) {
    let business = step.scene.facts.bot.business.clone();
    if step.conversation.consents.opted_out_at.is_some() {
        step.say(TextKey::StopAlready, Voice::Answer, &[("business", &business)]);
        return;
    }
    withdraw_everything(step, "word", turn);
    let start_word = step.words(TextKey::StartWord, &[]).0;
    step.say(TextKey::StopDone, Voice::Answer, &[("business", &business), ("start_word", &start_word)]);
}

pub(super) fn start(step: &mut Composer<'_>, turn: TurnId) {
    // A button can be tapped twice: the second time nothing changes, and the answer is the same.
    if step.conversation.consents.opted_out_at.is_some() {
        allow_again(step, "word", turn);
    }
    let business = step.scene.facts.bot.business.clone();
    let stop_word = step.words(TextKey::StopWord, &[]).0;
    step.say(TextKey::StartDone, Voice::Answer, &[("business", &business), ("stop_word", &stop_word)]);
}

/// Whether what the ears have heard in a message concerns the host as things stand: nothing starts again that was not
/// stopped, and whoever writes *mulai* then talks to the bot. A tap on a button of the host's is the host's.
pub fn concerns_host(conversation: &Conversation, content: &Content, heard: &Heard) -> bool {
    let tapped = matches!(content, Content::Choice { id, .. } if id.starts_with(reserved::PREFIX));
    let starts = matches!(heard, Heard::Start | Heard::StartPerhaps);
    tapped || !starts || conversation.consents.opted_out_at.is_some()
}

/// No guess takes a stop back: the customer is asked.
pub(super) fn ask_to_start(step: &mut Composer<'_>) {
    let business = step.scene.facts.bot.business.clone();
    let buttons = [(reserved::START, TextKey::StartAskYes), (reserved::STOP, TextKey::StartAskNo)];
    let titled = |(id, title): (&str, TextKey)| Button { id: id.to_owned(), title: step.words(title, &[]).0 };
    let offered = buttons.map(titled).to_vec();
    step.conversation.session.offered = offered;
    let buttons = buttons.map(|(id, title)| (id.into(), title));
    step.say_with_buttons(TextKey::StartAsk, Voice::Answer, &[("business", &business)], &buttons);
}

pub(super) fn answered(step: &mut Composer<'_>, turn: TurnId, purpose: &Purpose, given: bool, wording: &str) {
    let now = step.now();
    let consents = &mut step.conversation.consents;
    if given {
        consents.granted.insert(purpose.clone(), now);
    } else {
        consents.granted.remove(purpose);
    }
    step.consents.push(ConsentEntry {
        change: if given { ConsentChange::Given } else { ConsentChange::Withdrawn },
        purpose: Some(purpose.clone()),
        wording: Some(wording.to_owned()),
        evidence: "button".to_owned(),
        turn: Some(turn),
        at: now,
    });
    step.happened(Happening::ConsentChanged { purpose: Some(purpose.as_str().to_owned()), given });
    if !given {
        step.say(TextKey::ConsentRefused, Voice::Answer, &[]);
        return;
    }
    let language = step.conversation.language;
    let described = step.scene.facts.bot.purposes.get(purpose).and_then(|by_language| by_language.get(&language));
    let described = described.map_or_else(|| purpose.as_str().to_owned(), Clone::clone);
    let stop_word = step.words(TextKey::StopWord, &[]).0;
    step.say(TextKey::ConsentGiven, Voice::Answer, &[("purpose", &described), ("stop_word", &stop_word)]);
}

pub(super) fn withdraw_everything(step: &mut Composer<'_>, evidence: &str, turn: TurnId) {
    let now = step.now();
    step.conversation.consents.opted_out_at = Some(now);
    record(step, ConsentChange::Withdrawn, evidence, turn);
}

pub(super) fn allow_again(step: &mut Composer<'_>, evidence: &str, turn: TurnId) {
    step.conversation.consents.opted_out_at = None;
    record(step, ConsentChange::Given, evidence, turn);
}

fn record(step: &mut Composer<'_>, change: ConsentChange, evidence: &str, turn: TurnId) {
    let at = step.now();
    step.consents.push(ConsentEntry {
        change,
        purpose: None,
        wording: None,
        evidence: evidence.to_owned(),
        turn: Some(turn),
        at,
    });
    step.happened(Happening::ConsentChanged { purpose: None, given: change == ConsentChange::Given });
}
