//! `GET` and `DELETE /{version}/{id}`: a number, an account, a template, or a file.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::http::header::HOST;
use serde::Deserialize;
use serde_json::{Value, json};

use super::number;
use crate::emulator::Emulator;
use crate::graph::error::GraphError;
use crate::media::URL_LIFE_MS;

/// What a reader may add.
#[derive(Deserialize)]
pub(super) struct Asked {
    fields: Option<String>,
    appsecret_proof: Option<String>,
}

/// `GET /{version}/{id}`.
pub(super) async fn get(
    State(emulator): State<Arc<Emulator>>,
    Path((version, id)): Path<(String, String)>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<Json<Value>, GraphError> {
    emulator.admit(&headers, &version)?;
    emulator.check_proof(&headers, asked.appsecret_proof.as_deref())?;
    if let Some(at) = emulator.number_at(&id) {
        return Ok(Json(number::chosen(&emulator, at, asked.fields.as_deref())?));
    }
    if let Some(number) = emulator.settings.numbers.iter().find(|number| number.waba_id == id) {
        return Ok(Json(json!({ "id": id, "name": number.verified_name, "timezone_id": "1" })));
    }
    if let Some(template) = emulator.templates.get(&id) {
        return Ok(Json(template.view()));
    }
    let now_ms = emulator.clock.now_ms();
    let media = emulator.media.get(&id, now_ms).ok_or_else(|| GraphError::unknown_object("get", &id))?;
    // The address under which the caller reached us reaches us again.
    let host = headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost");
    let expires = now_ms + URL_LIFE_MS;
    let signature = emulator.addresses.sign(format!("{id}:{expires}").as_bytes());
    Ok(Json(json!({
        "messaging_product": "whatsapp",
        "url": format!("http://{host}/emulator/media/{id}?expires={expires}&hash={signature}"),
        "mime_type": media.mime_type,
        "sha256": hex::encode(media.sha256),
        "file_size": media.bytes.len(),
        "id": media.id,
    })))
}

/// `DELETE /{version}/{media_id}`.
pub(super) async fn delete(
    State(emulator): State<Arc<Emulator>>,
    Path((version, id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Json<Value>, GraphError> {
    emulator.admit(&headers, &version)?;
    if !emulator.media.remove(&id) {
        return Err(GraphError::unknown_object("delete", &id));
    }
    Ok(Json(json!({ "success": true })))
}
