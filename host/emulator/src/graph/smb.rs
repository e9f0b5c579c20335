//! `POST /{version}/{phone_number_id}/smb_app_data`: a number that people also answer from the WhatsApp app is asked
//! for its past.
//!
//! Source: Meta, "Onboarding WhatsApp Business app users" (coexistence).

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use serde_json::{Value, json};

use crate::coexistence::Share;
use crate::emulator::Emulator;
use crate::graph::error::GraphError;
use crate::ids;

/// Starts the synchronization of contacts or history; the webhooks follow.
pub(super) async fn synchronize(
    State(emulator): State<Arc<Emulator>>,
    Path((version, id)): Path<(String, String)>,
    headers: HeaderMap,
    body: Result<Json<Value>, JsonRejection>,
) -> Result<Json<Value>, GraphError> {
    emulator.admit(&headers, &version)?;
    let number = emulator.number_at(&id).ok_or_else(|| GraphError::unknown_object("post", &id))?;
    let Json(body) = body.map_err(|_| GraphError::explained(100, "The body must be a JSON object"))?;
    match body["sync_type"].as_str() {
        Some("history") => emulator.share_history(number, Share::default()),
        Some("smb_app_state_sync") => emulator.share_contacts(number),
        _ => return Err(GraphError::explained(100, "sync_type must be one of history, smb_app_state_sync")),
    };
    Ok(Json(json!({ "messaging_product": "whatsapp", "request_id": ids::fbtrace_id() })))
}
