//! Refusals that an operator must know of. The Graph's answer tells of them, or a status webhook does once the message
//! was taken.

use std::sync::Arc;

use santun_core::delivery::{Attempt, GraphError, codes};
use santun_core::ids::{ChannelId, ConversationId, TurnId};
use santun_core::outgoing::Outgoing;
use santun_core::templates::{Stop, TemplateName};
use santun_core::turn::{Happening, TurnBody};
use santun_store::StoreError;
use santun_whatsapp::errors;

use crate::host::Host;
use crate::live::Live;

/// Nothing can be sent over this channel until somebody mends it.
pub fn halted(channel: &ChannelId, error: &GraphError) {
    tracing::error!(%channel, code = error.code, "the channel cannot send: {}", error.title);
}

/// A message was refused for what it is: a mistake of ours, and the next one like it will be refused as well.
pub fn malformed(conversation: ConversationId, turn: TurnId, error: &GraphError) {
    tracing::error!(%conversation, %turn, code = error.code, "a message was refused for its form: {}", error.title);
    metrics::counter!("santun_messages_malformed_total").increment(1);
}

/// WhatsApp has told what became of a message. If it refused its template, that is not tried again, for anybody.
pub async fn of_template(host: &Host, live: &Live, channel: &ChannelId, told: &Happening) -> Result<(), StoreError> {
    let (Happening::NotSent { turn, code, reason } | Happening::NotDelivered { turn, code, reason }) = told else {
        return Ok(());
    };
    let Some(channel) = live.bot.channel(channel).filter(|_| codes::stops_template(*code)) else { return Ok(()) };
    let said = match host.store.turn(*turn).await {
        Ok((_, said)) => said.turn.body,
        // Its time is over, or its person was forgotten.
        Err(StoreError::NotFound { .. }) => return Ok(()),
        Err(error) => return Err(error),
    };
    let TurnBody::Said { content: Outgoing::Template(template), .. } = said else { return Ok(()) };
    let account = channel.account().to_owned();
    let name = TemplateName { account, name: template.name, language: template.language };
    host.stop_template(name, Stop { since: host.world.now(), code: Some(*code), why: reason.clone() }).await
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
