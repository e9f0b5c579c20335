//! The ids of the host's own buttons. No plugin may use an id that begins with [`PREFIX`].

use super::Heard;
use crate::ids::Purpose;

/// What every id of the host begins with.
pub const PREFIX: &str = "santun:";

/// A human, please.
pub const HUMAN: &str = "santun:human";

/// Allow what the business starts again.
pub const START: &str = "santun:start";

/// Leave it stopped.
pub const STOP: &str = "santun:stop";

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

/// What a tap on one of the host's own buttons says.
pub(super) fn heard(id: &str) -> Option<Heard> {
    match id {
        HUMAN => return Some(Heard::Human),
        START => return Some(Heard::Start),
        STOP => return Some(Heard::Stop),
        KEEP_WAITING => return Some(Heard::KeepWaiting),
        BOT_MEANWHILE => return Some(Heard::BotMeanwhile),
        _ => {}
    }
    let mut parts = id.strip_prefix("santun:consent:")?.splitn(3, ':');
    let (purpose, answer, wording) = (parts.next()?, parts.next()?, parts.next()?);
    let given = match answer {
        "yes" => true,
        "no" => false,
        _ => return None,
    };
    if purpose.is_empty() {
        return None;
    }
    Some(Heard::Consent { purpose: purpose.into(), given, wording: wording.to_owned() })
}
