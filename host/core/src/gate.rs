//! The gate: one function through which every message to a customer goes, whoever drafted it.

use crate::conversation::Conversation;
use crate::draft::{Draft, StoredDraft};
use crate::facts::Facts;
use crate::identity::Identity;
use crate::ids::{StepId, TurnId};
use crate::trace::{Rule, Ruling};
use crate::world::World;

/// What the first look made of a step's drafts.
#[derive(Debug, Default)]
pub struct FirstLook {
    /// What may wait in the outbox, in order.
    pub stored: Vec<StoredDraft>,
    /// What may not, and why.
    pub refused: Vec<Refusal>,
    /// How every rule ruled on every draft.
    pub rulings: Vec<Ruling>,
}

/// A message that may not be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The message.
    pub turn: TurnId,
    /// The rule that refused it.
    pub rule: Rule,
    /// Why, in a sentence for the operator or agent.
    pub why: String,
}

/// The first look, when a step is decided: rules on all drafts of a step together, fills placeholders,
/// adds what must be said, splits what is too long, and notes in the conversation's session what has
/// been said.
pub fn first_look(
    _drafts: Vec<Draft>,
    _step: StepId,
    _conversation: &mut Conversation,
    _facts: &Facts<'_>,
    _world: &dyn World,
) -> FirstLook {
    unimplemented!()
}

/// What the second look decided.
#[derive(Debug)]
pub enum SecondLook {
    /// It may be sent, now.
    Cleared(ClearedMessage),
    /// It may not be sent any more.
    Refused(Refusal, Vec<Ruling>),
    /// First the customer must be told that a bot is speaking (the message that said it was not
    /// accepted): this goes before it.
    DiscloseFirst(StoredDraft),
}

/// The second look, in the moment of sending: asks again whatever can have changed.
pub fn second_look(
    _draft: StoredDraft,
    _recipient: Identity,
    _conversation: &Conversation,
    _facts: &Facts<'_>,
    _world: &dyn World,
) -> SecondLook {
    unimplemented!()
}

/// A message that may be sent, once, now. Only the gate makes one.
#[derive(Debug)]
pub struct ClearedMessage {
    _private: (),
}
