//! `POST /emulator/v1/history` and `/emulator/v1/contacts`: a number that people also answer from the WhatsApp app
//! shares its past and its address book.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use serde_json::{Value, json};

use super::error::{Body, ControlError};
use crate::coexistence::Share;
use crate::emulator::Emulator;

/// How history is shared.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct History {
    phone_number_id: Option<String>,
    /// The most messages in one chunk.
    #[serde(default = "hundred")]
    chunk: usize,
    /// The business says no: an error instead of the past.
    #[serde(default)]
    declined: bool,
}

fn hundred() -> usize {
    100
}

/// Tells the host every chat of the number.
pub(super) async fn history(
    State(emulator): State<Arc<Emulator>>,
    Body(history): Body<History>,
) -> Result<Json<Value>, ControlError> {
    let number = emulator.named_number(history.phone_number_id.as_deref())?;
    let share = if history.declined { Share::Declined } else { Share::Chunks(history.chunk) };
    Ok(Json(json!({ "chunks": emulator.share_history(number, share) })))
}

/// Whose address book is shared.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AddressBook {
    phone_number_id: Option<String>,
}

/// Tells the host every customer with a number as a contact of the business's phone.
pub(super) async fn contacts(
    State(emulator): State<Arc<Emulator>>,
    Body(book): Body<AddressBook>,
) -> Result<Json<Value>, ControlError> {
    let number = emulator.named_number(book.phone_number_id.as_deref())?;
    Ok(Json(json!({ "contacts": emulator.share_contacts(number) })))
}
