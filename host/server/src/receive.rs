//! Webhooks in: verified over the raw bytes, stored durably, and only then acknowledged.

use std::sync::Arc;

use bytes::Bytes;
use santun_core::identity::Wamid;
use santun_core::time::Timestamp;
use santun_core::webhook::Update;
use santun_store::faults::{Point, pass};
use santun_store::{Ingested, StoreError};
use santun_whatsapp::signature::{AppSecrets, SignatureError};
use santun_whatsapp::webhook::{self, WebhookError};

use crate::host::Host;
use crate::lanes::Work;
use crate::refusals;
use crate::spans::timeline;

/// Why a webhook was not taken.
#[derive(Debug, thiserror::Error)]
pub enum ReceiveError {
    /// It is not signed by Meta: 401.
    #[error(transparent)]
    Signature(#[from] SignatureError),
    /// It is no webhook: 400.
    #[error(transparent)]
    Webhook(#[from] WebhookError),
    /// Nothing is applied, so that nobody knows whose number it is for: 503, and Meta sends it again, for
    /// up to seven days.
    #[error("nothing is applied yet: run `santun apply bot.toml`, and WhatsApp will send this again")]
    NothingApplied,
    /// It could not be stored: 503, and Meta sends it again.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Takes a webhook. It is durable when this returns.
pub async fn receive(
    host: &Arc<Host>,
    secrets: &AppSecrets,
    body: Bytes,
    signature: Option<&str>,
) -> Result<(), ReceiveError> {
    let began = host.spans.begin();
    santun_whatsapp::signature::verify(secrets, &body, signature)?;
    if host.live.load().is_none() {
        return Err(ReceiveError::NothingApplied);
    }
    let now = host.world.now();
    let updates = webhook::parse(&body)?.into_iter().map(|update| ours_or_kept(host, placed_in_time(update, now)));
    let updates: Vec<Update> = updates.collect();
    if updates.is_empty() {
        return Ok(());
    }
    let wamids: Vec<Option<Wamid>> = updates.iter().map(wamid_of).collect();
    let of_templates = updates.iter().any(concerns_templates);
    let ingested = host.store.ingest(updates, now).await?;
    if of_templates {
        host.templates.forget_lists();
        host.read_stopped_templates().await?;
    }
    pass(Point::Received);
    if let Some(began) = began {
        timeline::received(host, &ingested, began);
    }
    for (one, wamid) in ingested.into_iter().zip(wamids) {
        route(host, one, wamid);
    }
    pass(Point::Routed);
    Ok(())
}

/// Meta cuts times down to whole seconds. Within its second a message is placed where it arrived, so that
/// an answer of the bot never stands after the customer's next message in the same second.
fn placed_in_time(mut update: Update, now: Timestamp) -> Update {
    let sent_at = match &mut update {
        Update::Message(arrival) => &mut arrival.sent_at,
        Update::Echo(echo) => &mut echo.sent_at,
        _ => return update,
    };
    let stamped = sent_at.as_millis();
    *sent_at = Timestamp::from_millis(now.as_millis().clamp(stamped, stamped.saturating_add(999)));
    update
}

/// What concerns a number that no channel names, or a group, is kept and not answered.
fn ours_or_kept(host: &Host, update: Update) -> Update {
    let named = match update.channel() {
        None if matches!(&update, Update::Template(told) if !is_ours(host, &told.template.account)) => false,
        Some(channel) => host.live.load().as_ref().is_some_and(|live| live.bot.channel(channel).is_some()),
        None => true,
    };
    let group = matches!(&update, Update::Message(arrival) if arrival.group.is_some());
    if (named && !group) || matches!(update, Update::Kept { .. }) {
        return update;
    }
    let channel = update.channel().cloned();
    let field = match &update {
        Update::Template(_) => "unnamed-account",
        _ if group => "messages/group",
        _ => "unnamed-number",
    };
    // Updates are plain data: they always have a JSON form.
    let json = serde_json::to_string(&update).unwrap_or_default();
    Update::Kept { channel, field: field.to_owned(), json }
}

/// Whether a channel belongs to that account.
fn is_ours(host: &Host, account: &str) -> bool {
    host.live.load().as_ref().is_some_and(|live| live.bot.channels.iter().any(|channel| channel.account() == account))
}

/// Whether it tells of templates: by it what an account has is known no more.
fn concerns_templates(update: &Update) -> bool {
    match update {
        Update::Template(_) => true,
        Update::Kept { field, .. } => field.starts_with("message_template_") || field == "template_category_update",
        _ => false,
    }
}

/// Meta's id of a customer's message, for its read receipt.
fn wamid_of(update: &Update) -> Option<Wamid> {
    match update {
        Update::Message(arrival) => Some(arrival.wamid.clone()),
        _ => None,
    }
}

fn route(host: &Arc<Host>, ingested: Ingested, wamid: Option<Wamid>) {
    let kind = kind_of(&ingested);
    metrics::counter!("santun_inbound_messages_total", "kind" => kind).increment(1);
    match ingested {
        Ingested::Message { message, amending, .. } => {
            host.give(message.conversation, Work::Arrived { message: Box::new(message), amending, wamid });
        }
        Ingested::Echo { conversation, turn } => host.give(conversation, Work::Echoed(turn.id)),
        Ingested::News { conversation, news } => host.give(conversation, Work::News(Box::new(news))),
        Ingested::Status { conversation, turn, settled, news, failed, .. } => {
            if let Some((channel, error)) = failed {
                refusals::failed(host, &channel, conversation, turn, error);
            }
            if let Some(state) = settled {
                host.give(conversation, Work::Settled { turn, state });
            }
            if let Some(news) = news {
                host.give(conversation, Work::News(Box::new(news)));
            }
        }
        // It is rare: whoever has the old one at hand reads the new.
        Ingested::IdentityChanged { contact: Some(_) } => host.lanes.wake_all(),
        Ingested::IdentityChanged { contact: None } | Ingested::Duplicate | Ingested::Template | Ingested::Kept => {}
    }
}

fn kind_of(ingested: &Ingested) -> &'static str {
    match ingested {
        Ingested::Message { .. } => "message",
        Ingested::Duplicate => "duplicate",
        Ingested::Echo { .. } => "echo",
        Ingested::Status { .. } => "status",
        Ingested::News { .. } => "news",
        Ingested::IdentityChanged { .. } => "identity_changed",
        Ingested::Template => "template",
        Ingested::Kept => "kept",
    }
}
