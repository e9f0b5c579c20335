//! An answer to the customer.

use crate::limited::Forbidden;
use crate::outgoing::Outgoing;

/// An answer of one to eight messages.
#[derive(Clone, Debug, PartialEq)]
pub struct Reply {
    pub(super) messages: Vec<Outgoing>,
    pub(super) outcome: Outcome,
}

/// What kind of answer a reply is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It resolves something.
    Answer,
    /// It needs the customer to say more.
    Question,
    /// It greets.
    Greeting,
    /// It did not understand: the host adds the way to a human, and counts.
    Fallback,
}

impl Reply {
    /// Messages in order; none, or more than eight, do not compile.
    pub fn new<const N: usize>(outcome: Outcome, messages: [Outgoing; N]) -> Self {
        const { assert!(N >= 1 && N <= 8, "a reply has one to eight messages") };
        Self { messages: messages.into(), outcome }
    }

    /// As many messages as there happen to be.
    ///
    /// # Errors
    ///
    /// If there are not one to eight.
    pub fn from_vec(outcome: Outcome, messages: Vec<Outgoing>) -> Result<Self, Forbidden> {
        if messages.is_empty() || messages.len() > 8 {
            return Err(Forbidden::MessageCount(messages.len()));
        }
        Ok(Self { messages, outcome })
    }

    /// One message that resolves something.
    pub fn answer(message: impl Into<Outgoing>) -> Self {
        Self::new(Outcome::Answer, [message.into()])
    }

    /// One message that needs the customer to say more.
    pub fn question(message: impl Into<Outgoing>) -> Self {
        Self::new(Outcome::Question, [message.into()])
    }

    /// One message that greets.
    pub fn greeting(message: impl Into<Outgoing>) -> Self {
        Self::new(Outcome::Greeting, [message.into()])
    }

    /// One message that says that the bot did not understand. The host adds the way to a human.
    pub fn fallback(message: impl Into<Outgoing>) -> Self {
        Self::new(Outcome::Fallback, [message.into()])
    }

    /// The messages.
    pub fn messages(&self) -> &[Outgoing] {
        &self.messages
    }

    /// What kind of answer it is.
    pub fn outcome(&self) -> Outcome {
        self.outcome
    }
}

impl Outcome {
    /// The contract's word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Answer => "answer",
            Self::Question => "question",
            Self::Greeting => "greeting",
            Self::Fallback => "fallback",
        }
    }
}
