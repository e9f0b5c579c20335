//! What plugins are asked, and what they propose. The shapes mirror `wit/`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::ids::{DivisionName, PluginName, RevisionId};
use crate::language::Language;
use crate::message::Message;
use crate::outgoing::Outgoing;
use crate::time::Timestamp;

/// What a plugin is asked to decide about.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// Customer messages, in order; never empty.
    Messages(Vec<Message>),
    /// A human gave the conversation back, perhaps with a note.
    HandedBack {
        /// What the human noted for the bot.
        note: Option<String>,
    },
}

/// What every plugin of a chain is told at a decision. What differs by plugin (the contact's key, name
/// and number) the engine adds by its grants.
#[derive(Clone, Debug, PartialEq)]
pub struct Context {
    /// The time of the decision.
    pub now: Timestamp,
    /// The channel's name in `bot.toml`.
    pub channel: String,
    /// The language to answer in.
    pub language: Language,
    /// How the bot introduces itself.
    pub bot_name: String,
    /// The business that it speaks for.
    pub business: String,
    /// What it can help with.
    pub about: String,
    /// Where the conversation stands.
    pub counters: Counters,
    /// Whether humans are there.
    pub office: OfficeView,
    /// What is known of the contact.
    pub attributes: BTreeMap<String, String>,
}

/// Where the conversation stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Sessions that this person has begun, this one included.
    pub sessions: u32,
    /// Customer messages in this session before this event.
    pub customer_messages: u32,
    /// Bot replies in this session.
    pub bot_replies: u32,
    /// Fallbacks in a row up to now.
    pub fallbacks_in_a_row: u32,
}

/// The humans behind the bot, as plugins see them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OfficeView {
    /// Whether it is within opening hours.
    pub open: bool,
    /// When it opens next, if it is closed.
    pub next_opening: Option<Timestamp>,
    /// Agents who say that they are there.
    pub agents_present: u32,
    /// The measured wait, once enough waits were measured.
    pub wait_minutes: Option<u32>,
}

/// A name with a value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// The name.
    pub name: String,
    /// The value.
    pub value: String,
}

/// What a plugin proposes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// What should happen.
    pub decision: Decision,
    /// Labels for the conversation.
    #[serde(default)]
    pub labels: Vec<String>,
    /// What was learnt about the contact.
    #[serde(default)]
    pub attributes: Vec<Fact>,
    /// What the agent should see.
    #[serde(default)]
    pub facts: Vec<Fact>,
    /// From 0 to 1; recorded and shown, and decides nothing.
    #[serde(default)]
    pub confidence: Option<f32>,
    /// Why, in a sentence for the operator.
    #[serde(default)]
    pub why: String,
}

/// What should happen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// Ask the next plugin.
    Pass,
    /// Answer the customer.
    Reply {
        /// What to say, in order.
        messages: Vec<Outgoing>,
        /// What kind of answer it is.
        outcome: Outcome,
    },
    /// Give the conversation to a human.
    Handover(HandoverCall),
}

impl Decision {
    /// `pass`, `reply` or `handover`.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Reply { .. } => "reply",
            Self::Handover(_) => "handover",
        }
    }
}

/// What kind of answer a reply is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It resolves something.
    Answer,
    /// It needs the customer to say more.
    Question,
    /// It greets.
    Greeting,
    /// It did not understand.
    Fallback,
}

impl Outcome {
    /// The outcome that a plugin's word means; a word that is not known is taken as an answer.
    pub fn from_word(word: &str) -> Self {
        match word {
            "question" => Self::Question,
            "greeting" => Self::Greeting,
            "fallback" => Self::Fallback,
            _ => Self::Answer,
        }
    }
}

/// How pressing a request is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    /// When there is time.
    Low,
    /// In turn.
    #[default]
    Normal,
    /// Before the others.
    High,
    /// At once.
    Urgent,
}

impl Priority {
    /// The priority that a plugin's word means; a word that is not known is taken as normal.
    pub fn from_word(word: &str) -> Self {
        match word {
            "low" => Self::Low,
            "high" => Self::High,
            "urgent" => Self::Urgent,
            _ => Self::Normal,
        }
    }
}

/// A call for a human.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HandoverCall {
    /// Why, in one word.
    pub reason: String,
    /// How pressing.
    #[serde(default)]
    pub priority: Priority,
    /// Who should take it; the default division if absent or unknown.
    #[serde(default)]
    pub division: Option<DivisionName>,
    /// What the agent must know, readable in five seconds.
    #[serde(default)]
    pub summary: String,
    /// Facts for the agent.
    #[serde(default)]
    pub facts: Vec<Fact>,
}

/// What became of one plugin's turn in a chain.
#[derive(Clone, Debug, PartialEq)]
pub struct Ruled {
    /// The plugin.
    pub plugin: PluginName,
    /// The revision that ran.
    pub revision: RevisionId,
    /// Its verdict, or why there is none.
    pub result: Result<Verdict, Failure>,
    /// Microseconds, from asking to answer.
    pub micros: u64,
}

/// Why a plugin gave no verdict.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{code}: {message}")]
pub struct Failure {
    /// One word for metrics and reports: `trap`, `error`, `breaker-open`, `invalid-verdict`, or the
    /// name of a limit such as `cpu_ms`.
    pub code: String,
    /// What happened, for a person.
    pub message: String,
}

/// A plugin's staged write to its state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateWrite {
    /// The plugin.
    pub plugin: PluginName,
    /// Whose memory.
    pub scope: StateScope,
    /// The key.
    pub key: String,
    /// The new value; `None` forgets the key.
    pub value: Option<Vec<u8>>,
    /// The version that the plugin read, for shared state: if it has moved on, the step runs again.
    /// Zero stands for a key that did not exist.
    pub read_version: Option<u64>,
}

/// Whose memory a plugin's state is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StateScope {
    /// This conversation's.
    Conversation,
    /// The plugin's, in all conversations.
    Shared,
}
