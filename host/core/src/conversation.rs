//! Where a conversation stands: who owns it, which session it is in, what the contact consented to.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::ids::{ChannelId, ContactId, ConversationId, DivisionName, PluginName, Purpose, RequestId, TurnId, UserId};
use crate::language::Language;
use crate::outgoing::Button;
use crate::time::Timestamp;
use crate::verdict::{Fact, Priority};

/// Who speaks for the business. Exactly one at any time.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Owner {
    /// The plugins and the host's own words.
    #[default]
    Bot,
    /// Nobody yet: it waits for an agent of a division.
    Queue {
        /// The division.
        division: DivisionName,
    },
    /// A human agent.
    Agent {
        /// Who.
        user: UserId,
        /// Their name as the customer may read it.
        name: String,
    },
    /// A human who answers from the WhatsApp app on the business's phone.
    Phone {
        /// When the bot may speak again, unless they write before.
        until: Timestamp,
    },
}

impl Owner {
    /// `bot`, `queue`, `agent` or `phone`.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Bot => "bot",
            Self::Queue { .. } => "queue",
            Self::Agent { .. } => "agent",
            Self::Phone { .. } => "phone",
        }
    }
}

/// One (channel, contact) thread, with what is known of the contact: all that a decision needs beside
/// the messages themselves.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Conversation {
    /// Its id.
    pub id: ConversationId,
    /// The business's number.
    pub channel: ChannelId,
    /// The person.
    pub contact: ContactId,
    /// Who speaks for the business.
    pub owner: Owner,
    /// An open call for a human, whoever owns the conversation.
    pub request: Option<Request>,
    /// The stretch of turns that it is in.
    pub session: Session,
    /// The language to answer in.
    pub language: Language,
    /// When the customer last wrote: the 24-hour window hangs on it.
    pub last_customer_at: Option<Timestamp>,
    /// Since when the customer waits for a word of the human who has the conversation; `None` while
    /// nobody waits, or while no human has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waiting_since: Option<Timestamp>,
    /// Labels, by plugins and agents.
    #[serde(default)]
    pub labels: BTreeSet<String>,
    /// What is known of the contact; shared by the contact's conversations.
    #[serde(default)]
    pub attributes: BTreeMap<String, String>,
    /// What the contact consented to; shared by the contact's conversations.
    #[serde(default)]
    pub consents: Consents,
}

impl Conversation {
    /// A conversation in which nothing has been said.
    pub fn new(id: ConversationId, channel: ChannelId, contact: ContactId, language: Language, at: Timestamp) -> Self {
        Self {
            id,
            channel,
            contact,
            owner: Owner::Bot,
            request: None,
            session: Session::begun(1, at),
            language,
            last_customer_at: None,
            waiting_since: None,
            labels: BTreeSet::new(),
            attributes: BTreeMap::new(),
            consents: Consents::default(),
        }
    }

    /// Whether WhatsApp's 24-hour customer service window is open at `now`.
    pub fn window_open(&self, now: Timestamp) -> bool {
        self.last_customer_at.is_some_and(|last| now < last.plus_hours(24))
    }
}

/// A stretch of turns. A new one begins with the first message, after a long gap, or when a human
/// hands the conversation back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// The first is 1.
    pub ordinal: u32,
    /// When it began.
    pub began_at: Timestamp,
    /// When anybody last said something.
    pub last_turn_at: Timestamp,
    /// Whether the customer has been told that a bot is speaking.
    #[serde(default)]
    pub disclosure: Disclosure,
    /// Whether it began with a hand-back, which the first words of the bot mention.
    #[serde(default)]
    pub after_hand_back: bool,
    /// Customer messages so far.
    #[serde(default)]
    pub customer_messages: u32,
    /// Bot replies so far.
    #[serde(default)]
    pub bot_replies: u32,
    /// Fallbacks in a row up to now.
    #[serde(default)]
    pub fallbacks_in_a_row: u32,
    /// What the bot has said, by fingerprint (see [`crate::gate`]), the latest last; bounded.
    #[serde(default)]
    pub said: Vec<u64>,
    /// Whether the customer, out of hours, chose to go on with the bot while a request is open.
    #[serde(default)]
    pub bot_meanwhile: bool,
    /// What the customer has asked while a human was waited for, and nobody has answered; the latest last, bounded.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub asked_meanwhile: Vec<TurnId>,
    /// The plugin whose question the customer has not answered yet, if one is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked_by: Option<PluginName>,
    /// How often another plugin has answered since: what the customer asked amid that question.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub answered_beside: u32,
    /// The human who gave the conversation back at its beginning, as the customer may read their name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// What that question offers to choose from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub offered: Vec<Button>,
}

fn is_zero(number: &u32) -> bool {
    *number == 0
}

impl Session {
    /// A session that begins now.
    pub fn begun(ordinal: u32, at: Timestamp) -> Self {
        Self {
            ordinal,
            began_at: at,
            last_turn_at: at,
            disclosure: Disclosure::Due,
            after_hand_back: false,
            customer_messages: 0,
            bot_replies: 0,
            fallbacks_in_a_row: 0,
            said: Vec::new(),
            bot_meanwhile: false,
            asked_meanwhile: Vec::new(),
            asked_by: None,
            answered_beside: 0,
            offered: Vec::new(),
            after: None,
        }
    }
}

/// Whether the customer has been told that a bot is speaking.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Disclosure {
    /// Not yet: the bot's next message must say it.
    #[default]
    Due,
    /// A message that says it waits to be sent.
    OnItsWay {
        /// That message.
        turn: TurnId,
    },
    /// A message that says it was accepted by WhatsApp.
    Made {
        /// When.
        at: Timestamp,
    },
}

/// An open call for a human.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Request {
    /// Its id.
    pub id: RequestId,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// Why, in one word.
    pub reason: String,
    /// How pressing.
    pub priority: Priority,
    /// Who should take it.
    pub division: DivisionName,
    /// What the agent must know.
    pub summary: String,
    /// Facts for the agent.
    #[serde(default)]
    pub facts: Vec<Fact>,
    /// What the customer was promised, by text key, so that the agent knows it.
    #[serde(default)]
    pub promised: Option<String>,
    /// Whether a human has had the conversation while it was open, or just before.
    #[serde(default)]
    pub attended: bool,
}

/// What a contact consented to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consents {
    /// When the contact last told the business to stop writing of its own accord, unless taken back.
    pub opted_out_at: Option<Timestamp>,
    /// Purposes that were agreed to, and when.
    #[serde(default)]
    pub granted: BTreeMap<Purpose, Timestamp>,
    /// When the business last started something, the latest last; bounded to a week.
    #[serde(default)]
    pub business_messages: Vec<Timestamp>,
    /// Until when WhatsApp shields the contact from what businesses start.
    #[serde(default)]
    pub shielded_until: Option<Timestamp>,
}

impl Consents {
    /// Whether the business may start writing for this purpose.
    pub fn allows(&self, purpose: &Purpose) -> bool {
        let Some(granted_at) = self.granted.get(purpose) else { return false };
        self.opted_out_at.is_none_or(|out| out < *granted_at)
    }
}

/// One line of the consent ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentEntry {
    /// Given or withdrawn.
    pub change: ConsentChange,
    /// For which purpose; `None` stands for everything that the business starts.
    pub purpose: Option<Purpose>,
    /// The wording that was answered, as `key@version`, if the host asked.
    pub wording: Option<String>,
    /// How it is known: `word` (the customer wrote it), `button`, `preference` (WhatsApp's own
    /// setting), `error-131050`, or `agent`.
    pub evidence: String,
    /// The turn that shows it, if there is one.
    pub turn: Option<TurnId>,
    /// When.
    pub at: Timestamp,
}

/// Given or withdrawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConsentChange {
    /// Agreed.
    Given,
    /// Taken back, or refused.
    Withdrawn,
}
