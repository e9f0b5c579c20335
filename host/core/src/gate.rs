//! The gate: one function through which every message to a customer goes, whoever drafted it.
//!
//! It looks twice. [`first_look`] rules when a step is decided: on all its drafts together, adding what
//! must be said and refusing what may not be; what passes waits in the outbox as a
//! [`StoredDraft`](crate::draft::StoredDraft). [`second_look`] rules in the moment of sending, with that
//! moment's facts, and is the only maker of a [`ClearedMessage`], the only thing that a sender takes.
//!
//! Eight rules, a file each: disclosure, human path, ownership, consent, window, promises, form, care.
//! Every ruling is recorded, whatever it was. "The bot" below stands for plugins and for the host's own
//! words in the bot's name; a text of the host that answers the customer's own stop, start or my-data, or
//! announces a human ([`Voice::Always`](crate::draft::Voice::Always)), is nobody's pretence of a person
//! and is not bound by the first two.

use crate::ids::TurnId;
use crate::trace::Rule;

mod care;
mod cleared;
mod consent;
mod disclosure;
mod fingerprint;
mod first_look;
mod foresight;
mod form;
mod human_path;
mod ownership;
mod parts;
mod piece;
mod promises;
mod second_look;
mod sheet;
mod window;
mod words;

pub use cleared::ClearedMessage;
pub use first_look::{FirstLook, first_look};
pub use foresight::{Objection, objections};
pub(crate) use promises::{Promise, promised};
pub use second_look::{SecondLook, second_look};

/// A message that may not be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The message.
    pub turn: TurnId,
    /// The rule that refused it.
    pub rule: Rule,
    /// Why, in a sentence for the operator or agent. It repeats nothing of the message.
    pub why: String,
}

#[cfg(test)]
mod tests;
