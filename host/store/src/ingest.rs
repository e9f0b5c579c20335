//! What webhooks bring, durable.

use santun_core::delivery::{GraphError, OutboxState, Progress};
use santun_core::ids::{ChannelId, ContactId, ConversationId, TurnId};
use santun_core::message::Message;
use santun_core::time::Timestamp;
use santun_core::turn::News;
use santun_core::webhook::Update;

use crate::error::StoreError;
use crate::lease::PhoneTurn;
use crate::store::Store;
use crate::writer::{IngestJob, Job};

/// What became of one update.
#[derive(Clone, Debug, PartialEq)]
pub enum Ingested {
    /// A customer's message; a step must decide about it.
    Message {
        /// The message as it will be decided.
        message: Message,
        /// Whether it began the conversation.
        begins: bool,
        /// What corrects it, or takes it back, and came before it: to be decided with it.
        amending: Vec<Message>,
    },
    /// It was here already: nothing follows.
    Duplicate,
    /// A human answered from the WhatsApp app; a step must take note of it.
    Echo {
        /// The conversation.
        conversation: ConversationId,
        /// What was said.
        turn: PhoneTurn,
    },
    /// How far a message of ours came.
    Status {
        /// The conversation.
        conversation: ConversationId,
        /// The message.
        turn: TurnId,
        /// How far it came.
        progress: Progress,
        /// What this made of a row that was `unknown`, or queued again: what is behind it can go on.
        settled: Option<OutboxState>,
        /// The turn that tells of its failure, when it is new: a step must take note of it.
        news: Option<News>,
        /// The channel that it was sent over and why it failed, when that is new.
        failed: Option<(ChannelId, GraphError)>,
    },
    /// WhatsApp told something that a step must take note of; it is a turn already.
    News {
        /// The contact's conversation on that channel.
        conversation: ConversationId,
        /// What.
        news: News,
    },
    /// A contact's number or user id changed and was noted.
    IdentityChanged {
        /// The contact, if it was known before.
        contact: Option<ContactId>,
    },
    /// Meta told where a message template stands, and that is noted.
    Template,
    /// It was kept, sealed, and nothing follows: not understood, or a status of a message that is not
    /// known here.
    Kept,
}

impl Store {
    /// Stores updates. They are durable when this returns; many callers share one commit. The answers
    /// are in the order of the updates.
    ///
    /// Messages that must not be answered (of groups, for a number that nobody named) the caller passes
    /// as [`Update::Kept`].
    pub async fn ingest(&self, updates: Vec<Update>, now: Timestamp) -> Result<Vec<Ingested>, StoreError> {
        if updates.is_empty() {
            return Ok(Vec::new());
        }
        let lookup = &self.inner.lookup;
        self.submit(|reply| Job::Ingest(IngestJob::new(updates, now, lookup, reply))).await
    }
}
