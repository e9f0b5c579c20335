//! What the customer corrects or takes back before it was answered.

use std::collections::HashSet;

use super::composer::{Composer, Scene};
use crate::conversation::Conversation;
use crate::effects::Effects;
use crate::ids::TurnId;
use crate::message::{Amendment, Message};
use crate::turn::{Turn, TurnBody};

/// The messages of a step as the customer wants them read.
#[derive(Clone, Debug, PartialEq)]
pub struct Settled {
    /// What they say, in order: corrected, and without what was taken back.
    pub messages: Vec<Message>,
    /// What was taken back, and the messages that correct or take back: decided with the others, and answered by
    /// nobody.
    pub besides: Vec<TurnId>,
}

/// Reads messages that are decided together, so that a correction counts for the message that it corrects, whichever
/// of them came first.
///
/// A correction of a message that is not among them stays a message: whoever has answered the other one sees it.
pub fn settled(messages: Vec<Message>) -> Settled {
    let ids: HashSet<TurnId> = messages.iter().map(|message| message.id).collect();
    let amends = |message: &Message| message.reply_to.is_some_and(|original| ids.contains(&original));
    let (amending, messages) =
        messages.into_iter().partition(|message| message.body.content.amendment().is_some() && amends(message));
    let mut settled = Settled { messages, besides: Vec::new() };
    for message in amending {
        let amended = message.body.content.amendment().zip(amended_by(&message, &settled.messages));
        settled.besides.push(message.id);
        match amended {
            Some((Amendment::Says(words), at)) => settled.messages[at].body.content.say_instead(&words),
            Some((Amendment::TakenBack, at)) => settled.besides.push(settled.messages.remove(at).id),
            // What it corrects has been taken back before.
            None => {}
        }
    }
    settled
}

/// Turns as they read now: what was corrected says what it says now, and neither corrections nor what was taken back
/// are among them. What amends a turn that is not among them stays.
pub fn as_they_read(turns: Vec<Turn>) -> Vec<Turn> {
    let ids: HashSet<TurnId> = turns.iter().map(|turn| turn.id).collect();
    let amends = |turn: &Turn| turn.reply_to.is_some_and(|of| ids.contains(&of)) && amendment_in(turn).is_some();
    let (amending, mut read): (Vec<Turn>, Vec<Turn>) = turns.into_iter().partition(amends);
    for turn in amending {
        let at = read.iter().position(|earlier| Some(earlier.id) == turn.reply_to);
        match amendment_in(&turn).zip(at) {
            Some((Amendment::Says(words), at)) => {
                if let TurnBody::Received(body) = &mut read[at].body {
                    body.content.say_instead(&words);
                }
            }
            Some((Amendment::TakenBack, at)) => drop(read.remove(at)),
            // What it corrects has been taken back before.
            None => {}
        }
    }
    read
}

fn amendment_in(turn: &Turn) -> Option<Amendment> {
    match &turn.body {
        TurnBody::Received(body) => body.content.amendment(),
        _ => None,
    }
}

/// Which of these messages another one corrects or takes back.
pub fn amended_by(amending: &Message, messages: &[Message]) -> Option<usize> {
    amending.body.content.amendment()?;
    let original = amending.reply_to?;
    messages.iter().position(|message| message.id == original)
}

/// The customer has taken back everything before it was answered: it is in the history, and nobody answers.
pub fn taken_back(scene: Scene<'_>, mut conversation: Conversation, messages: &[TurnId]) -> Effects {
    conversation.last_customer_at = conversation.last_customer_at.max(Some(scene.now()));
    let mut step = Composer::new(scene, conversation, "messages");
    step.decided(messages.iter().copied());
    step.note("the customer has taken it back before it was answered");
    step.finish()
}
