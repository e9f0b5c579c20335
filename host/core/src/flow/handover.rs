//! From the bot to the humans, and what the customer is told about it: only what is true.

use std::borrow::Cow;

use super::arrival::waits;
use super::composer::Composer;
use super::summary;
use crate::conversation::{Owner, Request};
use crate::draft::Voice;
use crate::ears::reserved;
use crate::effects::Timer;
use crate::ids::{DivisionName, RequestId};
use crate::message::Message;
use crate::texts::TextKey;
use crate::time::Timestamp;
use crate::turn::Happening;
use crate::verdict::HandoverCall;

/// How many facts one request keeps for the agent.
const FACTS_AT_MOST: usize = 32;

/// In which words the customer is told of the queue that they are in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum HandoverWords {
    /// In the words for a new handover.
    Tell,
    /// In the words for somebody who is waiting already.
    StillWaiting,
}

/// Ownership moves to the queue of a division, with an open request; the customer is told.
pub(super) fn hand_over(step: &mut Composer<'_>, call: HandoverCall) {
    let comfort = comfort(&call);
    hand_over_after(step, comfort, call);
}

/// The same, with these words in front of it.
pub(super) fn hand_over_after(step: &mut Composer<'_>, before: Option<TextKey>, call: HandoverCall) {
    hand_over_silently(step, call);
    let key = tell_after(step, before, HandoverWords::Tell);
    promise(step, key);
}

/// What is said before anything else to somebody who is called a human for this reason, if it calls for more
/// than to know what happens next.
fn comfort(call: &HandoverCall) -> Option<TextKey> {
    let mood = call.facts.iter().find(|fact| fact.name == "mood").map(|fact| fact.value.as_str());
    let angry = mood == Some("angry");
    match call.reason.as_str() {
        "self-harm" => Some(TextKey::ComfortSelfHarm),
        "injury" => Some(TextKey::ComfortInjury),
        "grief" => Some(TextKey::ComfortGrief),
        reason if angry || reason == "frustration" => Some(TextKey::ComfortAnger),
        "complaint" => Some(TextKey::ComfortComplaint),
        "not-understood" | "repetition" | "no-progress" => Some(TextKey::ComfortNoHelp),
        _ if mood == Some("upset") => Some(TextKey::ComfortAnger),
        _ => None,
    }
}

/// Whether nobody would be offered a bot after this.
fn is_grave(comfort: Option<TextKey>) -> bool {
    matches!(comfort, Some(TextKey::ComfortSelfHarm | TextKey::ComfortInjury | TextKey::ComfortGrief))
}

/// The same, without a word to the customer.
pub(super) fn hand_over_silently(step: &mut Composer<'_>, call: HandoverCall) {
    let reason = call.reason.clone();
    let division = open_request(step, call);
    step.conversation.owner = Owner::Queue { division: division.clone() };
    step.conversation.waiting_since = None;
    step.conversation.session.bot_meanwhile = false;
    step.conversation.session.asked_by = None;
    step.conversation.session.offered.clear();
    step.conversation.session.fallbacks_in_a_row = 0;
    step.happened(Happening::HandedOver { reason, division });
    step.clear(Timer::AnswerLate);
    watch_the_queue(step);
}

/// Humans are told, and the bot goes on meanwhile: what it has to say next is not lost with what was.
pub(super) fn tell_humans(step: &mut Composer<'_>, call: HandoverCall) {
    open_request(step, call);
    step.conversation.session.bot_meanwhile = true;
}

/// Opens a request, or adds to the open one. Gives its division.
fn open_request(step: &mut Composer<'_>, call: HandoverCall) -> DivisionName {
    let division = division_of(step, call.division.as_ref());
    let now = step.now();
    let known = step.conversation.request.take();
    let is_new = known.is_none();
    let mut request = known.unwrap_or_else(|| Request {
        id: RequestId::new(step.scene.world),
        opened_at: now,
        reason: call.reason.clone(),
        priority: call.priority,
        division: division.clone(),
        summary: String::new(),
        facts: Vec::new(),
        promised: None,
        attended: false,
    });
    request.attended |= matches!(step.conversation.owner, Owner::Agent { .. } | Owner::Phone { .. });
    request.priority = request.priority.max(call.priority);
    request.reason = call.reason.clone();
    request.division = division.clone();
    if !call.summary.is_empty() {
        request.summary = call.summary;
    }
    for fact in call.facts {
        match request.facts.iter().position(|known| known.name == fact.name) {
            Some(at) => request.facts[at] = fact,
            None if request.facts.len() < FACTS_AT_MOST => request.facts.push(fact),
            None => {}
        }
    }
    step.conversation.request = Some(request);
    step.request_stands(is_new);
    division
}

/// Tells the customer what is true of the queue that they are in, and says with which wording.
pub(super) fn tell(step: &mut Composer<'_>, words: HandoverWords) -> TextKey {
    tell_after(step, None, words)
}

/// The same, with words in front of it: of comfort, or why a human is called.
fn tell_after(step: &mut Composer<'_>, before: Option<TextKey>, words: HandoverWords) -> TextKey {
    let office = step.scene.facts.office_of(&step.conversation);
    if !office.open {
        let opening = opening(step);
        let grave = is_grave(before);
        let key = match (words, opening.is_some()) {
            (HandoverWords::Tell, true) if grave => TextKey::HandoverClosedGrave,
            (HandoverWords::Tell, true) => TextKey::HandoverClosed,
            (HandoverWords::StillWaiting, true) => TextKey::HandoverStillClosed,
            (_, false) if grave => TextKey::HandoverClosedUnknownGrave,
            (_, false) => TextKey::HandoverClosedUnknown,
        };
        let opening = opening.unwrap_or_default();
        let bot = [bot_meanwhile()];
        let buttons: &[_] = if grave { &[] } else { &bot };
        step.say_after(before, key, Voice::Queued, &[("opening", &opening)], buttons);
        return key;
    }
    if words == HandoverWords::StillWaiting {
        let key = if is_attended(step) { TextKey::HandoverStillWaitingAgain } else { TextKey::HandoverStillWaiting };
        step.say(key, Voice::Queued, &[]);
        return key;
    }
    let key = match (office.agents_present, office.wait_minutes) {
        (0, _) => TextKey::HandoverNobodyYet,
        (_, Some(_)) => TextKey::HandoverWait,
        (_, None) => TextKey::HandoverPresent,
    };
    let wait = match office.wait_minutes {
        Some(minutes) => step.scene.facts.texts.wait(minutes, step.conversation.language),
        None => String::new(),
    };
    step.say_after(before, key, Voice::Queued, &[("wait", &wait)], &[]);
    key
}

/// A customer writes while the request waits. Out of hours they are told once more when somebody will be there. In
/// office hours they are told that they still wait, if nothing they were told is still to come: who was offered a
/// choice and did not take it gets a word now, and the choice again later. What was written before the request was
/// opened has had its answer.
pub(super) fn remind(step: &mut Composer<'_>, messages: &[Message]) {
    let Some(request) = &step.conversation.request else { return step.note("kept for the queue") };
    let asks = messages.iter().any(|message| waits(message) && request.opened_at < message.arrived_at);
    let told = request.promised.as_deref();
    let open = step.scene.facts.office_of(&step.conversation).open;
    let words = match (open, told) {
        _ if !asks => None,
        // What had to be told could not be said, when the request was opened.
        (_, None) => Some(HandoverWords::Tell),
        (true, Some(told)) => CHOICES.iter().any(|key| key.as_str() == told).then_some(HandoverWords::StillWaiting),
        (false, Some(told)) => (told != TextKey::HandoverStillClosed.as_str()).then_some(HandoverWords::StillWaiting),
    };
    if asks {
        summary::goes_on(step, messages);
    }
    let Some(words) = words else { return step.note("kept for the queue") };
    step.note("kept for the queue, of which the customer is told");
    let key = tell(step, words);
    // Also where no opening is known and other words were said: once is enough.
    promise(step, if open { key } else { TextKey::HandoverStillClosed });
    if open {
        watch_the_queue(step);
    }
}

/// After these the customer chooses, and nothing comes by itself.
const CHOICES: [TextKey; 3] = [TextKey::NobodyThere, TextKey::NobodyThereAgain, TextKey::AgentLate];

/// A human had the conversation, though no request was open for it.
pub(super) fn was_attended(step: &mut Composer<'_>) {
    if let Some(request) = &mut step.conversation.request {
        request.attended = true;
        step.request_stands(false);
    }
}

/// Whether a human has had the conversation since the customer has waited: "nobody has come" would be untrue.
pub(super) fn is_attended(step: &Composer<'_>) -> bool {
    step.conversation.request.as_ref().is_some_and(|request| request.attended)
}

/// Notes in the open request what the customer was last told.
pub(super) fn promise(step: &mut Composer<'_>, key: TextKey) {
    if let Some(request) = &mut step.conversation.request {
        request.promised = Some(key.as_str().to_owned());
        step.request_stands(false);
    }
}

/// Makes sure that a customer whom nobody takes gets an honest word. Out of hours the clock starts at
/// the next opening.
pub(super) fn watch_the_queue(step: &mut Composer<'_>) {
    let office = step.scene.facts.office_of(&step.conversation);
    let minutes = step.scene.facts.bot.policy.no_agent_minutes;
    match (office.open, office.next_opening) {
        (true, _) => step.set(Timer::NobodyThere, step.now().plus_minutes(minutes)),
        (false, Some(opening)) => step.set(Timer::NobodyThere, opening.plus_minutes(minutes)),
        (false, None) => step.clear(Timer::NobodyThere),
    }
}

/// Makes sure that an agent who does not answer the customer is noticed. The clock runs from the first
/// message without an answer: a customer who goes on writing does not put it back.
pub(super) fn watch_the_agent(step: &mut Composer<'_>) {
    waits_for_a_human(step);
    if let Some(due) = answer_due(step) {
        step.set(Timer::AnswerLate, due);
    }
}

/// Notes since when the customer waits for the human who has the conversation.
pub(super) fn waits_for_a_human(step: &mut Composer<'_>) {
    let now = step.now();
    step.conversation.waiting_since.get_or_insert(now);
}

/// The human who has the conversation has answered.
pub(super) fn answered(step: &mut Composer<'_>) {
    step.conversation.waiting_since = None;
    step.conversation.session.asked_meanwhile.clear();
    step.clear(Timer::AnswerLate);
}

/// Until when the agent's answer is in time, if the customer waits for one.
pub(super) fn answer_due(step: &Composer<'_>) -> Option<Timestamp> {
    let bot = step.scene.facts.bot;
    let division = match &step.conversation.request {
        Some(request) => &request.division,
        None => bot.default_division(),
    };
    let minutes = bot.division(division).map_or(10, |division| division.answer_minutes);
    Some(step.conversation.waiting_since?.plus_minutes(minutes))
}

/// The next opening in the customer's language, if it is known.
pub(super) fn opening(step: &Composer<'_>) -> Option<String> {
    let facts = &step.scene.facts;
    let opening = facts.office_of(&step.conversation).next_opening?;
    Some(facts.bot.office.describe_time(opening, facts.now, step.conversation.language))
}

/// The button for going on with the bot while the request stays open.
pub(super) fn bot_meanwhile() -> (Cow<'static, str>, TextKey) {
    (Cow::Borrowed(reserved::BOT_MEANWHILE), TextKey::ButtonBotMeanwhile)
}

/// The button for waiting on.
pub(super) fn keep_waiting() -> (Cow<'static, str>, TextKey) {
    (Cow::Borrowed(reserved::KEEP_WAITING), TextKey::ButtonKeepWaiting)
}

fn division_of(step: &mut Composer<'_>, wanted: Option<&DivisionName>) -> DivisionName {
    let bot = step.scene.facts.bot;
    match wanted {
        Some(name) if bot.division(name).is_some() => name.clone(),
        Some(name) => {
            let fallback = bot.default_division().clone();
            step.note(format!("division `{name}` is not configured: `{fallback}` takes it"));
            fallback
        }
        None => match &step.conversation.request {
            Some(request) => request.division.clone(),
            None => bot.default_division().clone(),
        },
    }
}
