//! `POST /emulator/v1/customers/{id}/tap`: the customer taps a button or a row of a message that they received.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use serde::Deserialize;
use serde_json::Value;

use super::customer_message::Content;
use super::error::{Body, ControlError};
use super::sending::Sending;
use super::view;
use crate::chat::{Chat, Entry, Side};
use crate::emulator::Emulator;

/// What is tapped.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Tap {
    /// The id of the button or row.
    id: Option<String>,
    /// Or its title, whatever the case.
    title: Option<String>,
    /// On which message; the newest that has it if missing.
    wamid: Option<String>,
    phone_number_id: Option<String>,
    /// How many copies of the webhook follow.
    #[serde(default)]
    duplicate: u32,
}

/// Taps; answers as `send`.
pub(super) async fn post(
    State(emulator): State<Arc<Emulator>>,
    Path(id): Path<String>,
    Body(tap): Body<Tap>,
) -> Result<Json<Value>, ControlError> {
    if tap.id.is_none() && tap.title.is_none() {
        return Err(ControlError::Invalid("say what is tapped: `id` or `title`".into()));
    }
    let customer = emulator.known_customer(&id)?;
    let number = emulator.named_number(tap.phone_number_id.as_deref())?;
    let found = find(&customer.lock().chats[number], &tap);
    let (wamid, content) = found.ok_or(ControlError::Unknown("message with such a button or row"))?;
    let mut sending = Sending::of(content);
    sending.reply_to = Some(wamid);
    sending.duplicate = tap.duplicate;
    emulator.customer_sends(&customer, number, sending)
}

fn find(chat: &Chat, tap: &Tap) -> Option<(String, Content)> {
    let on_message = |entry: &&Entry| tap.wamid.as_deref().is_none_or(|wamid| &*entry.wamid == wamid);
    let from_business = |entry: &&Entry| entry.side == Side::Business && !entry.revoked;
    chat.newest_first().filter(on_message).filter(from_business).find_map(|entry| {
        let content = choice(&view::choices(&entry.message), tap)?;
        Some((entry.wamid.to_string(), content))
    })
}

fn choice(choices: &[view::Choice], tap: &Tap) -> Option<Content> {
    let chosen = choices.iter().find(|choice| match (&tap.id, &tap.title) {
        (Some(id), _) => choice.id == *id,
        (None, Some(title)) => choice.title.to_lowercase() == title.to_lowercase(),
        (None, None) => false,
    })?;
    Some(chosen.as_reply())
}
