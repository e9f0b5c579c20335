//! `GET /emulator/v1/customers/{id}/chat`: both sides of a thread, in order.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::{Path, Query, State};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::time::Instant;

use super::error::ControlError;
use super::view;
use crate::customers::Customer;
use crate::emulator::Emulator;

/// The longest that a call waits for news, in milliseconds.
const LONGEST_WAIT_MS: u64 = 60_000;

/// Which part of a chat to show.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Part {
    /// Entries after this place.
    #[serde(default)]
    after: u64,
    /// Instead: entries that are new or changed since this version.
    changed_after: Option<u64>,
    /// If there are none, wait this long for one. Milliseconds.
    #[serde(default)]
    wait_ms: u64,
    phone_number_id: Option<String>,
}

/// A chat.
pub(super) async fn get(
    State(emulator): State<Arc<Emulator>>,
    Path(id): Path<String>,
    Query(part): Query<Part>,
) -> Result<Json<Value>, ControlError> {
    let customer = emulator.known_customer(&id)?;
    let number = emulator.named_number(part.phone_number_id.as_deref())?;
    let deadline = Instant::now() + Duration::from_millis(part.wait_ms.min(LONGEST_WAIT_MS));
    loop {
        let news = customer.news.notified();
        tokio::pin!(news);
        // Listening before looking: nothing falls between.
        news.as_mut().enable();
        if has_news(&customer, number, &part) || tokio::time::timeout_at(deadline, news).await.is_err() {
            return Ok(Json(show(&emulator, &customer, number, &part)));
        }
    }
}

fn has_news(customer: &Customer, number: usize, part: &Part) -> bool {
    let state = customer.lock();
    let chat = &state.chats[number];
    match part.changed_after {
        Some(version) => chat.version() > version,
        None => chat.last_seq() > part.after,
    }
}

fn show(emulator: &Emulator, customer: &Customer, number: usize, part: &Part) -> Value {
    let now_ms = emulator.clock.now_ms();
    let state = customer.lock();
    let chat = &state.chats[number];
    let entries: Vec<_> = chat.since(part.after, part.changed_after).map(view::entry).collect();
    json!({
        "customer": customer.id,
        "phone_number_id": emulator.number(number).phone_number_id,
        "entries": entries,
        "last_seq": chat.last_seq(),
        "version": chat.version(),
        "typing": chat.typing(now_ms),
        "window_open": chat.window_open(now_ms),
        "window_closes_ms": chat.window_closes_ms(),
        "now_ms": now_ms,
    })
}
