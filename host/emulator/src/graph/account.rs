//! What a set-up check asks of a WhatsApp Business Account.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use serde_json::{Value, json};

use super::number;
use crate::emulator::Emulator;
use crate::graph::error::GraphError;

/// `GET /{version}/{waba_id}/phone_numbers`.
pub(super) async fn phone_numbers(
    State(emulator): State<Arc<Emulator>>,
    Path((version, id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Json<Value>, GraphError> {
    emulator.admit(&headers, &version)?;
    let numbers: Vec<_> =
        emulator.settings.numbers.iter().filter(|number| number.waba_id == id).map(number::view).collect();
    if numbers.is_empty() {
        return Err(GraphError::unknown_object("get", &id));
    }
    Ok(Json(json!({ "data": numbers })))
}

/// `GET /{version}/{waba_id}/subscribed_apps`.
pub(super) async fn subscribed_apps(
    State(emulator): State<Arc<Emulator>>,
    Path((version, id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Json<Value>, GraphError> {
    emulator.admit(&headers, &version)?;
    emulator.check_account("get", &id)?;
    let app = json!({ "whatsapp_business_api_data": { "id": "670843887433847", "name": "Santun emulator" } });
    let subscribed: &[Value] = if *emulator.subscribed.borrow() { &[app] } else { &[] };
    Ok(Json(json!({ "data": subscribed })))
}

/// `POST /{version}/{waba_id}/subscribed_apps`. The emulator subscribes by itself.
pub(super) async fn subscribe(
    State(emulator): State<Arc<Emulator>>,
    Path((version, id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Json<Value>, GraphError> {
    emulator.admit(&headers, &version)?;
    emulator.check_account("post", &id)?;
    Ok(Json(json!({ "success": true })))
}

impl Emulator {
    /// Refuses an id that is no account here.
    pub(super) fn check_account(&self, verb: &str, id: &str) -> Result<(), GraphError> {
        if self.settings.numbers.iter().any(|number| number.waba_id == id) {
            return Ok(());
        }
        Err(GraphError::unknown_object(verb, id))
    }
}
