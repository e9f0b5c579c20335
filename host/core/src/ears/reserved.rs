//! The ids of the host's own buttons. No plugin may use an id that begins with [`PREFIX`].

use crate::ids::Purpose;

/// What every id of the host begins with.
pub const PREFIX: &str = "santun:";

/// A human, please.
pub const HUMAN: &str = "santun:human";

/// Keep waiting for a human.
pub const KEEP_WAITING: &str = "santun:keep-waiting";

/// Go on with the bot while the request stays open.
pub const BOT_MEANWHILE: &str = "santun:bot-meanwhile";

/// Yes or no to consent for a purpose, with the wording that was asked.
pub fn consent(purpose: &Purpose, given: ConsentAnswer, wording: &str) -> String {
    let answer = match given {
        ConsentAnswer::Yes => "yes",
        ConsentAnswer::No => "no",
    };
    format!("santun:consent:{purpose}:{answer}:{wording}")
}

/// What a consent button says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConsentAnswer {
    /// Agreed.
    Yes,
    /// Refused.
    No,
}
