//! What a webhook brings, in our own words. `host/whatsapp` makes these, the store keeps them.

use serde::{Deserialize, Serialize};

use crate::delivery::{GraphError, Progress};
use crate::identity::{Identity, PersonName, Wamid};
use crate::ids::{ChannelId, TurnId};
use crate::message::{Arrival, MessageBody};
use crate::templates::TemplateName;
use crate::time::Timestamp;

/// One update of a webhook.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "update", rename_all = "snake_case")]
pub enum Update {
    /// A customer wrote.
    Message(Arrival),
    /// A human of the business answered from the WhatsApp app.
    Echo(Echo),
    /// What became of a message that we sent.
    Status(StatusUpdate),
    /// A customer changed WhatsApp's own setting for marketing messages.
    Preference {
        /// The number that it concerns.
        channel: ChannelId,
        /// Who.
        who: Identity,
        /// Whether marketing messages are wanted now.
        wanted: bool,
        /// When.
        at: Timestamp,
    },
    /// A customer's phone number or user id changed.
    IdentityChanged {
        /// The number that it came to.
        channel: ChannelId,
        /// Who they were.
        before: Identity,
        /// Who they are.
        after: Identity,
        /// Meta's id of the message that says so, if it is one.
        wamid: Option<Wamid>,
        /// When.
        at: Timestamp,
    },
    /// Meta told where a message template stands.
    Template(TemplateUpdate),
    /// Anything else: kept as it came, sealed, and counted.
    Kept {
        /// The number that it concerns, if it names one.
        channel: Option<ChannelId>,
        /// Meta's name of the field, with what was not understood after a slash, such as
        /// `messages/statuses` or `account_update`.
        field: String,
        /// The value as JSON.
        json: String,
    },
}

impl Update {
    /// The number that it concerns.
    pub fn channel(&self) -> Option<&ChannelId> {
        match self {
            Self::Message(arrival) => Some(&arrival.channel),
            Self::Echo(echo) => Some(&echo.channel),
            Self::Status(status) => Some(&status.channel),
            Self::Preference { channel, .. } | Self::IdentityChanged { channel, .. } => Some(channel),
            // An account may have several numbers.
            Self::Template(_) => None,
            Self::Kept { channel, .. } => channel.as_ref(),
        }
    }
}

/// Where a message template stands with Meta.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateUpdate {
    /// Which template.
    pub template: TemplateName,
    /// Why Meta takes it no more; `None` if it does.
    pub stopped: Option<String>,
    /// When, by Meta's clock, if it says so.
    pub at: Option<Timestamp>,
}

/// A message that a human of the business sent from the WhatsApp app.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Echo {
    /// The business's number.
    pub channel: ChannelId,
    /// The customer.
    pub to: Identity,
    /// The customer's profile name, if it came along.
    pub name: Option<PersonName>,
    /// Meta's id of the message.
    pub wamid: Wamid,
    /// When it was sent.
    pub sent_at: Timestamp,
    /// What it says.
    pub body: MessageBody,
}

/// What became of a message that we sent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StatusUpdate {
    /// The business's number.
    pub channel: ChannelId,
    /// Meta's id of the message.
    pub wamid: Wamid,
    /// The customer.
    pub recipient: Identity,
    /// How far it came.
    pub progress: Progress,
    /// When.
    pub at: Timestamp,
    /// Our own id of the message, from `biz_opaque_callback_data`.
    pub turn: Option<TurnId>,
    /// Why it failed, if it did.
    pub errors: Vec<GraphError>,
    /// Whether Meta bills it, and as what, in Meta's words (`category`), if stated.
    pub pricing: Option<Pricing>,
}

/// What a message costs, in Meta's words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pricing {
    /// Whether it is billed.
    pub billable: bool,
    /// `service`, `utility`, `marketing`, `authentication` and so on.
    pub category: String,
}
