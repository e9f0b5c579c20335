//! Stories: whole conversations, and what must be true of them.
//!
//! A story is a YAML file that an operator can write. The [`Player`] acts it out against a host that
//! runs, over HTTP alone: it is the customer through the emulator's control API, and the agents through
//! the host's own. After every step it waits until the host has nothing left to do for the conversation,
//! and then looks whether what was expected has come true.
//!
//! `tests/stories/README.md` lists every word of the format.

mod act;
mod acting;
mod expect;
mod failure;
mod format;
mod phone;
mod player;
mod shown;
mod time;

pub use act::{Act, AgentAct, AgentDoes, Reads};
pub use expect::{
    ConsentExpected, CountExpected, Expectation, HistoryExpected, KeptExpected, OwnerExpected, ReplyExpected,
    RequestExpected, RequestShape, TraceExpected,
};
pub use failure::StoryError;
pub use format::{Customer, Expected, Step, Story, Texts, Unreadable};
pub use player::{Player, Stage};
pub use time::TimeOfWeek;
