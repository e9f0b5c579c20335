//! What the customer corrects or takes back before it was answered.

use super::composer::{Composer, Scene};
use crate::conversation::Conversation;
use crate::effects::Effects;
use crate::ids::TurnId;
use crate::message::{Amendment, Message};

/// The messages of a step as the customer wants them read.
#[derive(Clone, Debug, PartialEq)]
pub struct Settled {
    /// What they say, in order: corrected, and without what was taken back.
    pub messages: Vec<Message>,
    /// What was taken back, and the messages that correct or take back: decided with the others, and answered by
    /// nobody.
    pub besides: Vec<TurnId>,
}

/// Reads messages that are decided together, so that a correction counts for the message that it corrects.
///
/// A correction of a message that is not among them stays a message: whoever has answered the other one sees it.
pub fn settled(messages: Vec<Message>) -> Settled {
    let mut settled = Settled { messages: Vec::with_capacity(messages.len()), besides: Vec::new() };
    for message in messages {
        let amended = message.body.content.amendment().zip(amended_by(&message, &settled.messages));
        let Some((amendment, at)) = amended else {
            settled.messages.push(message);
            continue;
        };
        settled.besides.push(message.id);
        match amendment {
            Amendment::Says(words) => settled.messages[at].body.content.say_instead(&words),
            Amendment::TakenBack => settled.besides.push(settled.messages.remove(at).id),
        }
    }
    settled
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
