//! What may be sent.

use std::fmt;

use crate::identity::Identity;
use crate::ids::{ChannelId, TurnId};
use crate::outgoing::Outgoing;

/// A message that may be sent, once, now.
///
/// Only the gate makes one, and a sender takes it by value: it cannot be built elsewhere, copied, read
/// back from anywhere, or sent twice.
///
/// ```compile_fail
/// fn twice(message: santun_core::gate::ClearedMessage) -> [santun_core::gate::ClearedMessage; 2] {
///     [message.clone(), message]
/// }
/// ```
#[must_use = "a cleared message that is dropped is never sent"]
pub struct ClearedMessage {
    id: TurnId,
    channel: ChannelId,
    recipient: Identity,
    content: Outgoing,
}

impl ClearedMessage {
    /// For the second look alone.
    pub(super) fn new(id: TurnId, channel: ChannelId, recipient: Identity, content: Outgoing) -> Self {
        Self { id, channel, recipient, content }
    }

    /// Its id, as turn and as outbox row.
    pub fn id(&self) -> TurnId {
        self.id
    }

    /// The number that it is sent from.
    pub fn channel(&self) -> &ChannelId {
        &self.channel
    }

    /// Whom it is sent to.
    pub fn recipient(&self) -> &Identity {
        &self.recipient
    }

    /// What it says.
    pub fn content(&self) -> &Outgoing {
        &self.content
    }
}

/// Says nothing of what it holds: it may reach a log.
impl fmt::Debug for ClearedMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClearedMessage")
            .field("id", &self.id)
            .field("kind", &self.content.kind())
            .finish_non_exhaustive()
    }
}
