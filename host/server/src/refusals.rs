//! Refusals that an operator must know of. The Graph's answer tells of them, or a status webhook does once the message
//! was taken.

use std::sync::Arc;

use santun_core::delivery::{Attempt, GraphError};
use santun_core::ids::{ChannelId, ConversationId, TurnId};
use santun_whatsapp::errors;

use crate::host::Host;

/// Nothing can be sent over this channel until somebody mends it.
pub fn halted(channel: &ChannelId, error: &GraphError) {
    tracing::error!(%channel, code = error.code, "the channel cannot send: {}", error.title);
}

/// A message was refused for what it is: a mistake of ours, and the next one like it will be refused as well.
pub fn malformed(conversation: ConversationId, turn: TurnId, error: &GraphError) {
    tracing::error!(%conversation, %turn, code = error.code, "a message was refused for its form: {}", error.title);
    metrics::counter!("santun_messages_malformed_total").increment(1);
}

/// A message that WhatsApp had taken has failed.
pub fn failed(host: &Arc<Host>, channel: &ChannelId, conversation: ConversationId, turn: TurnId, error: GraphError) {
    let told = errors::of_failed(error);
    host.paces.of_channel(channel, &told, host.world.now(), &*host.world);
    match &told {
        Attempt::Halted { error } => halted(channel, error),
        Attempt::Never { error, ours: true } => malformed(conversation, turn, error),
        _ => {}
    }
}
