//! What the bot is: `bot.toml`, parsed into types that cannot be wrong.
//!
//! [`Bot::parse`] is the only way in. It reports everything that is wrong at once, each with its line
//! and column, and a [`Bot`] that exists can be served: it has a channel, a division of humans, an
//! office with hours, and every name in it names something.

mod change;
mod document;
mod office_hours;
mod office_words;
mod parse;
mod pin;
mod reading;
mod view;

pub use change::Change;
pub use document::{
    Bot, BotError, Channel, CustomerGrant, Division, FileReference, Grants, Instance, Limits, OnFailure, Plugin,
    Policy, Problem, Retention, SecretHeader, Source, Words,
};
pub use office_hours::{Office, OfficeHours};
pub use pin::pinned;
pub use reading::did_you_mean;
pub(crate) use reading::nearest;

#[cfg(test)]
mod tests;
