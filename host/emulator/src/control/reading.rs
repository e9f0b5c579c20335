//! `POST /emulator/v1/customers/{id}/read` and `/play`: the customer reads, and listens.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use serde::Deserialize;
use serde_json::{Value, json};

use super::error::{Body, ControlError};
use crate::emulator::Emulator;

/// What is read.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Reading {
    /// Up to and including this message; everything if missing.
    up_to: Option<String>,
    /// Whether the chat stays open, so that what comes next is read at once; unchanged if missing.
    keep_open: Option<bool>,
    phone_number_id: Option<String>,
}

/// Reads, and tells how many messages were unread.
pub(super) async fn post(
    State(emulator): State<Arc<Emulator>>,
    Path(id): Path<String>,
    Body(reading): Body<Reading>,
) -> Result<Json<Value>, ControlError> {
    let customer = emulator.known_customer(&id)?;
    let number = emulator.named_number(reading.phone_number_id.as_deref())?;
    if let Some(keep_open) = reading.keep_open {
        customer.lock().chats[number].open = keep_open;
    }
    let read = emulator.customer_reads(&customer, number, reading.up_to.as_deref());
    Ok(Json(json!({ "read": read })))
}

/// What is played.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Playing {
    wamid: String,
    phone_number_id: Option<String>,
}

/// Plays a voice note of the business.
pub(super) async fn play(
    State(emulator): State<Arc<Emulator>>,
    Path(id): Path<String>,
    Body(playing): Body<Playing>,
) -> Result<Json<Value>, ControlError> {
    let customer = emulator.known_customer(&id)?;
    let number = emulator.named_number(playing.phone_number_id.as_deref())?;
    if !emulator.customer_plays(&customer, number, &playing.wamid) {
        return Err(ControlError::Unknown("message of the business"));
    }
    Ok(Json(json!({ "played": playing.wamid })))
}
