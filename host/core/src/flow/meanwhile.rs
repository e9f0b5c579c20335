//! What the customer asks while a human is waited for: once they go on with the bot, nobody has to ask again.

use santun_language::{is_one_of, normalise, topics};

use super::arrival::waits;
use super::chain::{self, Winner};
use super::composer::{Composer, Scene};
use super::handover::{hand_over, tell_humans};
use crate::conversation::{Conversation, Owner};
use crate::draft::Voice;
use crate::effects::Effects;
use crate::message::{Content, Message};
use crate::texts::TextKey;
use crate::turn::{Speaker, Turn, TurnBody};
use crate::verdict::{Decision, HandoverCall, Outcome, Priority, Ruled, StateWrite, Verdict};

/// How many questions are kept, the latest.
const KEPT: usize = 8;

/// Keeps in mind what a customer who waits has asked in words.
pub(super) fn asked(step: &mut Composer<'_>, messages: &[Message]) {
    let in_words = |message: &&Message| matches!(message.body.content, Content::Text { .. }) && waits(message);
    let asked = &mut step.conversation.session.asked_meanwhile;
    asked.extend(messages.iter().filter(in_words).map(|message| message.id));
    let excess = asked.len().saturating_sub(KEPT);
    asked.drain(..excess);
}

/// Whether something that a bot may answer is among it, as far as the latest turns tell.
pub(super) fn is_asked(step: &Composer<'_>) -> bool {
    let asked = &step.conversation.session.asked_meanwhile;
    step.scene.past.iter().any(|turn| asked.contains(&turn.id) && asks(turn.body.words()))
}

/// Whether words ask for something, rather than call (*halo??*) or lament (*yah, padahal penting*).
fn asks(words: &str) -> bool {
    let words = normalise(words);
    let coded = words.tokens().any(|token| token.word.bytes().filter(u8::is_ascii_digit).count() >= CODE);
    coded || !topics(&words).is_empty() || (words.asks() && words.words().any(|word| is_one_of(ASKS, word)))
}

/// So many digits are the number of something.
const CODE: usize = 4;
/// What stands in a question; without it a question mark is often only a call.
const ASKS: &str = "\
    apa apakah berapa bagaimana kapan mana dimana siapa bisa boleh ada adakah cara what how when where which can could \
    may do does is are";

/// What the customer has asked while waiting, if the bot is to answer it now; `turns` are the latest of the
/// conversation.
pub fn asked_meanwhile(conversation: &Conversation, turns: &[Turn]) -> Vec<Message> {
    let asked = &conversation.session.asked_meanwhile;
    if conversation.owner != Owner::Bot || asked.is_empty() {
        return Vec::new();
    }
    let of_the_customer = turns.iter().filter(|turn| turn.by == Speaker::Customer && asked.contains(&turn.id));
    let message = |turn: &Turn| match &turn.body {
        TurnBody::Received(body) => Some(Message {
            id: turn.id,
            conversation: conversation.id,
            sent_at: turn.at,
            arrived_at: turn.at,
            reply_to: None,
            body: body.clone(),
        }),
        _ => None,
    };
    of_the_customer.filter_map(message).collect()
}

/// Whether a verdict about what was asked meanwhile waits for those of the plugins behind: a human is called already,
/// and the customer has chosen the bot. Somebody in danger is no matter for a bot.
pub fn gives_way_meanwhile(verdict: &Verdict) -> bool {
    matches!(&verdict.decision, Decision::Handover(call) if call.priority < Priority::Urgent)
}

/// Turns the verdicts about what was asked meanwhile into the step's effects: an answer is given; what calls for a
/// human is told to those who are called already.
pub fn conclude_meanwhile(
    scene: Scene<'_>,
    conversation: Conversation,
    messages: &[Message],
    ruled: Vec<Ruled>,
    state: Vec<StateWrite>,
) -> Effects {
    // The messages keep the step that kept them: it decided that a human is to answer them.
    let mut step = Composer::new(scene, conversation, "meanwhile");
    step.state = state;
    step.conversation.session.asked_meanwhile.clear();
    let called: Vec<HandoverCall> = ruled.iter().filter_map(called).collect();
    match chain::record(&mut step, ruled) {
        Winner::Handover(call) if call.priority >= Priority::Urgent => {
            let call = chain::with_summary(&step, call, messages);
            hand_over(&mut step, call);
            return step.finish();
        }
        _ if !messages.iter().any(|message| asks(message.body.content.words())) => {
            step.note("nothing in it asks for the bot");
        }
        Winner::Reply { plugin, revision, messages: words, outcome } if outcome != Outcome::Fallback => {
            chain::reply(&mut step, messages, plugin, revision, words, outcome);
        }
        _ => step.say(TextKey::BotMeanwhileUnknown, Voice::Bot, &[]),
    }
    called.into_iter().for_each(|call| add_to_the_request(&mut step, call));
    let looked = step.look();
    if looked.silenced() {
        step.trace.rulings.extend(looked.rulings().iter().cloned());
        step.say(TextKey::BotMeanwhileUnknown, Voice::Bot, &[]);
        return step.finish();
    }
    step.into_effects(looked).0
}

/// How pressing it is, and the facts: whom the request is for, why, and what it tells stays as it is.
fn add_to_the_request(step: &mut Composer<'_>, call: HandoverCall) {
    let Some(request) = &step.conversation.request else { return };
    let reason = request.reason.clone();
    tell_humans(step, HandoverCall { reason, division: None, summary: String::new(), ..call });
}

fn called(ruled: &Ruled) -> Option<HandoverCall> {
    match &ruled.result {
        Ok(Verdict { decision: Decision::Handover(call), .. }) => Some(call.clone()),
        _ => None,
    }
}
