//! `/emulator/v1/media`: files that customers send, and a look at any file.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::response::Response;
use bytes::Bytes;
use serde::Deserialize;
use serde_json::{Value, json};

use super::error::ControlError;
use crate::emulator::Emulator;
use crate::graph::as_file;
use crate::media::Origin;

/// What is known of a file besides its bytes.
#[derive(Debug, Deserialize)]
pub(super) struct About {
    filename: Option<String>,
}

/// Keeps the body as a file of the type that `Content-Type` names; returns its id.
pub(super) async fn put(
    State(emulator): State<Arc<Emulator>>,
    Query(about): Query<About>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Value>, ControlError> {
    let mime_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let mime_type = mime_type.ok_or_else(|| ControlError::Invalid("say the file's type in Content-Type".into()))?;
    if body.is_empty() {
        return Err(ControlError::Invalid("the file is empty".into()));
    }
    let media = emulator.media.put(body, mime_type, about.filename, Origin::Customer, emulator.clock.now_ms());
    Ok(Json(json!({ "id": media.id, "mime_type": media.mime_type, "file_size": media.bytes.len() })))
}

/// A file, for the phone in the browser.
pub(super) async fn get(
    State(emulator): State<Arc<Emulator>>,
    Path(id): Path<String>,
) -> Result<Response, ControlError> {
    let media = emulator.media.get(&id, emulator.clock.now_ms()).ok_or(ControlError::Unknown("file"))?;
    // A file is shown, never run: it came from a client under test.
    let safe = [
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"),
        (CACHE_CONTROL, "private, max-age=86400"),
    ];
    Ok(as_file(media.bytes, &media.mime_type, &safe))
}
