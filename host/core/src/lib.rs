//! The words and rules of Santun: no I/O, no clock and no randomness of its own.
//!
//! Every stage of a message's way is a function here, or is told here what to do: the ears
//! ([`ears`]), the decision ([`flow`]), the gate ([`gate`]). Time and chance come in by [`world`].

pub mod bot;
pub mod conversation;
pub mod delivery;
pub mod draft;
pub mod ears;
pub mod effects;
pub mod facts;
pub mod flow;
pub mod gate;
pub mod identity;
pub mod ids;
pub mod language;
pub mod message;
pub mod outgoing;
pub mod templates;
pub mod texts;
pub mod time;
pub mod trace;
pub mod turn;
pub mod verdict;
pub mod webhook;
pub mod world;
