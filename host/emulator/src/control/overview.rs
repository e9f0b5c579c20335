//! `GET /emulator/v1` and `GET /emulator/v1/stats`.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use crate::emulator::Emulator;

/// The business numbers and whether the host is subscribed.
pub(super) async fn get(State(emulator): State<Arc<Emulator>>) -> Json<Value> {
    Json(json!({
        "numbers": emulator.settings.numbers,
        "webhook_url": emulator.settings.webhook_url,
        "subscribed": emulator.outbound.leads_somewhere() && *emulator.subscribed.borrow(),
        "now_ms": emulator.clock.now_ms(),
    }))
}

/// Counters since the start.
pub(super) async fn stats(State(emulator): State<Arc<Emulator>>) -> Json<Value> {
    let mut stats = emulator.stats.view();
    stats["updates_waiting"] = emulator.outbound.waiting().into();
    stats["customers"] = emulator.customers.len().into();
    stats["subscribed"] = (*emulator.subscribed.borrow()).into();
    Json(stats)
}
