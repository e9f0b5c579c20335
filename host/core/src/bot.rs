//! What the bot is: `bot.toml`, parsed into types that cannot be wrong.

mod document;
mod office_hours;

pub use document::{
    Bot, BotError, Channel, CustomerGrant, Division, Grants, Instance, Limits, OnFailure, Plugin, Policy, Problem, Retention,
    SecretHeader, Words,
};
pub use office_hours::{Office, OfficeHours};
