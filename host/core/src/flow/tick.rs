//! A timer has gone off.

use super::composer::{Composer, Scene};
use super::handover::{self, HandoverWords};
use super::summary::summary_of;
use crate::conversation::{Conversation, Owner, Session};
use crate::draft::Voice;
use crate::effects::{Effects, RequestChange, Timer};
use crate::texts::{TextKey, Values};
use crate::turn::Happening;
use crate::verdict::{HandoverCall, Priority};

/// What a timer brings about. One that has lost its cause (the request was taken meanwhile) only clears
/// itself.
pub fn tick(scene: Scene<'_>, conversation: Conversation, timer: Timer) -> Effects {
    let mut step = Composer::new(scene, conversation, "timer");
    step.note(format!("timer `{}`", timer.as_str()));
    step.clear(timer);
    match timer {
        Timer::NobodyThere => nobody_there(&mut step),
        Timer::AnswerLate => answer_late(&mut step),
        Timer::PhoneRelease => phone_release(&mut step),
    }
    step.finish()
}

fn nobody_there(step: &mut Composer<'_>) {
    if !matches!(step.conversation.owner, Owner::Queue { .. }) {
        return;
    }
    if !step.scene.facts.office_of(&step.conversation).open {
        let key = handover::tell(step, HandoverWords::Tell);
        handover::promise(step, key);
        handover::watch_the_queue(step);
        return;
    }
    let key = if handover::is_attended(step) { TextKey::NobodyThereAgain } else { TextKey::NobodyThere };
    offer_a_choice(step, key, &[]);
}

fn offer_a_choice(step: &mut Composer<'_>, key: TextKey, values: &Values<'_>) {
    let buttons = [handover::keep_waiting(), handover::bot_meanwhile()];
    step.say_with_buttons(key, Voice::Queued, values, &buttons);
    handover::promise(step, key);
}

/// An agent has not answered within the division's time: the conversation goes back to the queue, more
/// pressing than before, and the customer is told the truth.
fn answer_late(step: &mut Composer<'_>) {
    let Owner::Agent { name, .. } = step.conversation.owner.clone() else { return };
    let Some(due) = handover::answer_due(step) else { return };
    if step.now() < due {
        step.set(Timer::AnswerLate, due);
        return;
    }
    let division = match &step.conversation.request {
        Some(request) => request.division.clone(),
        None => step.scene.facts.bot.default_division().clone(),
    };
    step.note("the agent did not answer in time: back to the queue");
    let call = HandoverCall {
        reason: "answer-late".to_owned(),
        priority: Priority::High,
        division: Some(division),
        summary: summary_of(step, &[]),
        facts: Vec::new(),
    };
    handover::hand_over_silently(step, call);
    if step.scene.facts.office_of(&step.conversation).open {
        offer_a_choice(step, TextKey::AgentLate, &[("agent", &name)]);
        // That was the word which the timer of the queue would bring.
        step.clear(Timer::NobodyThere);
    } else {
        let key = handover::tell(step, HandoverWords::StillWaiting);
        handover::promise(step, key);
    }
}

fn phone_release(step: &mut Composer<'_>) {
    let Owner::Phone { until } = step.conversation.owner else { return };
    if step.now() < until {
        step.set(Timer::PhoneRelease, until);
        return;
    }
    let unanswered = step.conversation.waiting_since.is_some();
    return_to_the_bot(step);
    step.happened(Happening::ReleasedByPhone);
    if unanswered {
        step.note("the customer has waited for an answer from the phone app: a human is called");
        let call = HandoverCall {
            reason: "answer-late".to_owned(),
            priority: Priority::High,
            division: None,
            summary: summary_of(step, &[]),
            facts: Vec::new(),
        };
        handover::hand_over(step, call);
        handover::was_attended(step);
    }
}

/// The bot has the conversation again, in a new session in which it introduces itself.
pub(super) fn return_to_the_bot(step: &mut Composer<'_>) {
    let at = step.now();
    if let Some(request) = step.conversation.request.take() {
        step.requests.push(RequestChange::Closed { id: request.id, at });
    }
    let after = match std::mem::take(&mut step.conversation.owner) {
        Owner::Agent { name, .. } => Some(name),
        Owner::Bot | Owner::Queue { .. } | Owner::Phone { .. } => None,
    };
    step.conversation.waiting_since = None;
    let ordinal = step.conversation.session.ordinal + 1;
    step.conversation.session = Session { after_hand_back: true, after, ..Session::begun(ordinal, at) };
    step.clear(Timer::NobodyThere);
    step.clear(Timer::AnswerLate);
    step.clear(Timer::PhoneRelease);
}
