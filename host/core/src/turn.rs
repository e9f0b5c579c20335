//! Turns: the history of a conversation as people read it.

use serde::{Deserialize, Serialize};

use crate::draft::Author;
use crate::ids::{DivisionName, StepId, TurnId, UserId};
use crate::message::MessageBody;
use crate::outgoing::Outgoing;
use crate::time::Timestamp;

/// Who made a turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Speaker {
    /// The person who writes to the business.
    Customer,
    /// A plugin, or the host in the bot's name.
    Bot,
    /// A human of the business.
    Agent,
    /// Nobody: something happened.
    System,
}

impl Speaker {
    /// Its name, as plugins and the API see it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::Bot => "bot",
            Self::Agent => "agent",
            Self::System => "system",
        }
    }
}

/// One turn.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Turn {
    /// Its id.
    pub id: TurnId,
    /// When it happened: for a customer's message, by WhatsApp's clock.
    pub at: Timestamp,
    /// Who made it.
    pub by: Speaker,
    /// The step that it was decided in or came from.
    pub step: Option<StepId>,
    /// The turn that it quotes, reacts to, corrects or takes back, if that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<TurnId>,
    /// What it is.
    pub body: TurnBody,
}

/// What a turn is. This is what is sealed and stored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "turn", rename_all = "snake_case")]
pub enum TurnBody {
    /// A customer's message.
    Received(MessageBody),
    /// A message to the customer.
    Said {
        /// Who answers for it.
        author: Author,
        /// What it says.
        content: Outgoing,
    },
    /// A message that a human sent from the WhatsApp app.
    SaidByPhone(MessageBody),
    /// A note among agents; the customer never sees it.
    Note {
        /// Who wrote it.
        user: UserId,
        /// What it says.
        text: String,
    },
    /// Something that happened.
    Happened(Happening),
}

impl TurnBody {
    /// Its kind in one word, as plugins and the API see it.
    pub fn kind(&self) -> &str {
        match self {
            Self::Received(body) | Self::SaidByPhone(body) => body.content.kind(),
            Self::Said { content, .. } => content.kind(),
            Self::Note { .. } => "note",
            Self::Happened(happening) => happening.name(),
        }
    }

    /// Its words, or nothing.
    pub fn words(&self) -> &str {
        match self {
            Self::Received(body) | Self::SaidByPhone(body) => body.content.words(),
            Self::Said { content, .. } => content.words(),
            Self::Note { text, .. } => text,
            Self::Happened(_) => "",
        }
    }
}

/// Something that happened to a conversation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Happening {
    /// It was handed over to humans.
    HandedOver {
        /// Why, in one word.
        reason: String,
        /// To whom.
        division: DivisionName,
    },
    /// An agent took it.
    Taken {
        /// Who.
        user: UserId,
        /// Their name.
        name: String,
    },
    /// It moved to another division.
    Transferred {
        /// To whom.
        division: DivisionName,
    },
    /// A human gave it back to the bot.
    HandedBack {
        /// What they noted for the bot.
        note: Option<String>,
    },
    /// An agent closed the request.
    Resolved {
        /// Who.
        user: UserId,
    },
    /// A human answered from the WhatsApp app.
    TakenByPhone,
    /// Nobody has answered from the WhatsApp app for so long that the bot may speak again.
    ReleasedByPhone,
    /// The customer, while waiting, chose to go on with the bot.
    BotMeanwhile,
    /// The customer chose to keep waiting for a human.
    KeepsWaiting,
    /// The contact stopped, or allowed again, what the business starts.
    ConsentChanged {
        /// For which purpose, or all.
        purpose: Option<String>,
        /// Whether it is given now.
        given: bool,
    },
    /// The customer changed WhatsApp's own setting for marketing messages.
    PreferenceChanged {
        /// Whether they are wanted now.
        wanted: bool,
    },
    /// WhatsApp says that the contact stopped marketing messages (error 131050).
    StoppedMarketing,
    /// A message that WhatsApp had taken never reached the customer.
    NotDelivered {
        /// Which.
        #[serde(rename = "message")]
        turn: TurnId,
        /// Meta's code of the reason; 0 if none was given.
        code: i64,
        /// Why, in Meta's words.
        reason: String,
    },
    /// A message could not be sent.
    NotSent {
        /// Which.
        #[serde(rename = "message")]
        turn: TurnId,
        /// Meta's code of the reason; 0 if it was not Meta.
        #[serde(default)]
        code: i64,
        /// Why, in a sentence.
        reason: String,
    },
}

/// A turn by nobody that a step must take note of: WhatsApp has told something beside messages.
#[derive(Clone, Debug, PartialEq)]
pub struct News {
    /// The turn.
    pub id: TurnId,
    /// When.
    pub at: Timestamp,
    /// What it tells.
    pub what: Happening,
}

impl Happening {
    /// Its name, as the API and plugins see it.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::HandedOver { .. } => "handed_over",
            Self::Taken { .. } => "taken",
            Self::Transferred { .. } => "transferred",
            Self::HandedBack { .. } => "handed_back",
            Self::Resolved { .. } => "resolved",
            Self::TakenByPhone => "taken_by_phone",
            Self::ReleasedByPhone => "released_by_phone",
            Self::BotMeanwhile => "bot_meanwhile",
            Self::KeepsWaiting => "keeps_waiting",
            Self::ConsentChanged { .. } => "consent_changed",
            Self::PreferenceChanged { .. } => "preference_changed",
            Self::StoppedMarketing => "stopped_marketing",
            Self::NotDelivered { .. } => "not_delivered",
            Self::NotSent { .. } => "not_sent",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_happened_can_be_read_back_from_what_is_stored() {
        let id = "01890a5d-ac96-774b-bcce-b302099a8057";
        let turn: TurnId = id.parse().unwrap();
        let user: UserId = id.parse().unwrap();
        let all = [
            Happening::HandedOver { reason: "asked".to_owned(), division: DivisionName::from("cs") },
            Happening::Taken { user, name: "Budi".to_owned() },
            Happening::Transferred { division: DivisionName::from("cs") },
            Happening::HandedBack { note: Some("paid".to_owned()) },
            Happening::Resolved { user },
            Happening::TakenByPhone,
            Happening::ReleasedByPhone,
            Happening::BotMeanwhile,
            Happening::KeepsWaiting,
            Happening::ConsentChanged { purpose: None, given: false },
            Happening::PreferenceChanged { wanted: false },
            Happening::StoppedMarketing,
            Happening::NotDelivered { turn, code: 131_026, reason: "undeliverable".to_owned() },
            Happening::NotSent { turn, code: 0, reason: "the window is closed".to_owned() },
        ];
        for happening in all {
            let body = TurnBody::Happened(happening);
            let stored = serde_json::to_string(&body).unwrap();
            assert_eq!(serde_json::from_str::<TurnBody>(&stored).unwrap(), body, "{stored}");
        }
    }
}
