//! How far a message to a customer has come.

use serde::{Deserialize, Serialize};

use crate::identity::Wamid;
use crate::time::Timestamp;

/// The state of an outbox row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutboxState {
    /// It waits for its turn, or for its next attempt.
    Queued,
    /// A request to the Graph may be under way.
    Sending,
    /// The Graph has taken it.
    Accepted,
    /// It certainly was not sent, and will not be.
    Failed,
    /// It may have been sent: a status webhook, or policy, will settle it.
    Unknown,
    /// The gate's second look refused it.
    Refused,
}

impl OutboxState {
    /// Its name in the store and in metrics.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sending => "sending",
            Self::Accepted => "accepted",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
            Self::Refused => "refused",
        }
    }

    /// Whether nothing more will become of it by our own doing.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Accepted | Self::Failed | Self::Refused)
    }
}

/// How far an accepted message came, as status webhooks tell. Later ones do not go back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Progress {
    /// WhatsApp sent it.
    Sent,
    /// It reached a device.
    Delivered,
    /// It was read.
    Read,
    /// A voice message was played.
    Played,
    /// It could not be delivered.
    Failed,
}

impl Progress {
    /// Its name in the store and in the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::Read => "read",
            Self::Played => "played",
            Self::Failed => "failed",
        }
    }
}

/// An error in Meta's words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GraphError {
    /// The code that everything is decided by.
    pub code: i64,
    /// What Meta calls it.
    pub title: String,
    /// More, if stated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub details: Option<String>,
}

/// What one attempt to send came to.
#[derive(Clone, Debug, PartialEq)]
pub enum Attempt {
    /// The Graph took it.
    Accepted {
        /// Meta's id of the message.
        wamid: Wamid,
    },
    /// It certainly was not sent, and may be tried again after `wait`.
    Again {
        /// Milliseconds to wait, without jitter or growth by attempts.
        wait: Wait,
        /// Why.
        error: GraphError,
    },
    /// It certainly was not sent, and must not be tried again.
    Never {
        /// Why.
        error: GraphError,
        /// Whether the message itself is at fault: a mistake of ours, of which the operator is told.
        ours: bool,
    },
    /// The channel cannot send until its trouble is mended; the message waits.
    Halted {
        /// Why.
        error: GraphError,
    },
    /// It may have been sent.
    Unknown {
        /// Why that is not known.
        error: GraphError,
    },
}

/// How long to wait before the next attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    /// The channel is too fast: back off, the whole channel.
    Channel,
    /// This contact gets too much: 4^n seconds, this contact only.
    Contact,
    /// The address could not be reached at all: back off.
    Unreachable,
}

/// Meta's codes from which something follows beyond the one message.
pub mod codes {
    /// WhatsApp shields the contact from more marketing for a while.
    pub const SHIELDED_FROM_MARKETING: i64 = 131_049;
    /// The contact stopped marketing messages.
    pub const STOPPED_MARKETING: i64 = 131_050;

    /// Whether a message was refused for its template: it is missing, paused or disabled, against Meta's policy, its
    /// flow does not work, or what fills it does not fit. The next message made of it would be refused as well.
    pub const fn stops_template(code: i64) -> bool {
        matches!(code, 132_000..=132_069)
    }
}

/// The record of one attempt, for people.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AttemptRecord {
    /// When.
    pub at: Timestamp,
    /// What came of it, in a sentence.
    pub what: String,
}
