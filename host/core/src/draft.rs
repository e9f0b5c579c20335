//! Messages that somebody proposes, on their way to the gate.

use serde::{Deserialize, Serialize};

use crate::ids::{PluginName, Purpose, RevisionId, StepId, TurnId, UserId};
use crate::outgoing::Outgoing;
use crate::texts::WordingRef;
use crate::verdict::Outcome;

/// A message that somebody proposes.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// Its id: that of the turn which it becomes.
    pub id: TurnId,
    /// Who proposes it.
    pub author: Author,
    /// Why it is sent at all.
    pub initiative: Initiative,
    /// What it says.
    pub content: Outgoing,
}

/// Who proposes a message, and through it answers for every word.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum Author {
    /// A plugin.
    Plugin {
        /// Its name.
        plugin: PluginName,
        /// The revision that ran.
        revision: RevisionId,
        /// What kind of answer it called it.
        outcome: Outcome,
    },
    /// The host itself, out of its catalogue of texts.
    Host {
        /// Which wording.
        wording: WordingRef,
        /// When it may be said.
        voice: Voice,
    },
    /// A human agent.
    Agent {
        /// Who.
        user: UserId,
    },
}

/// When a text of the host may be said, by who owns the conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Voice {
    /// As the bot: only while the bot owns the conversation.
    Bot,
    /// As the bot: while the bot owns the conversation or it waits in a queue.
    Waiting,
    /// Of the wait for a human: only while one is asked for and none has come. What was true when it was written may not
    /// be when it can be sent.
    Queued,
    /// The answer to the customer's own stop, start or my-data: whoever owns the conversation. Where no human has
    /// it, it is the bot that says it.
    Answer,
    /// The announcement that a named human comes or goes: whoever owns the conversation.
    Always,
}

/// Why a message is sent at all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum Initiative {
    /// It answers, or goes on with, what the customer began.
    Answer,
    /// The business starts it, for a purpose that needs consent.
    Business {
        /// The purpose.
        purpose: Purpose,
    },
}

/// A message that passed the gate's first look and waits in the outbox. It cannot be sent: only the
/// gate's second look, with the facts of that moment, turns it into a
/// [`ClearedMessage`](crate::gate::ClearedMessage).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StoredDraft {
    /// Its id, as turn and as outbox row.
    pub id: TurnId,
    /// The step that it came from.
    pub step: StepId,
    /// Who answers for it.
    pub author: Author,
    /// Why it is sent at all.
    pub initiative: Initiative,
    /// What it says, with every placeholder filled.
    pub content: Outgoing,
    /// Whether it tells the customer that a bot is speaking.
    pub discloses: bool,
    /// The ordinal of the session that it belongs to.
    pub session: u32,
}
