//! Files: uploading them, and downloading from the address that Graph gave out.

use std::sync::Arc;

use axum::Json;
use axum::extract::multipart::{Multipart, MultipartError};
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::emulator::Emulator;
use crate::graph::error::GraphError;
use crate::media::{MediaKind, Origin};

/// Types that WhatsApp takes as documents.
const DOCUMENTS: &[&str] = &[
    "application/pdf",
    "application/msword",
    "application/vnd.ms-excel",
    "application/vnd.ms-powerpoint",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "text/plain",
];

/// What Graph also takes in the address, as of every call.
#[derive(Debug, Default, Deserialize)]
pub(super) struct InQuery {
    messaging_product: Option<String>,
    #[serde(rename = "type")]
    mime_type: Option<String>,
}

/// `POST /{version}/{phone_number_id}/media`, a form with `messaging_product`, `file` and perhaps `type`.
pub(super) async fn upload(
    State(emulator): State<Arc<Emulator>>,
    Path((version, id)): Path<(String, String)>,
    Query(query): Query<InQuery>,
    headers: HeaderMap,
    form: Result<Multipart, axum::extract::multipart::MultipartRejection>,
) -> Result<Json<Value>, GraphError> {
    emulator.admit(&headers, &version)?;
    emulator.number_at(&id).ok_or_else(|| GraphError::unknown_object("post", &id))?;
    let mut form = form.map_err(|_| GraphError::explained(100, "The body must be multipart/form-data"))?;
    let (mut product, mut mime_type, mut file) = (query.messaging_product, query.mime_type, None);
    while let Some(field) = form.next_field().await.map_err(unreadable)? {
        match field.name() {
            Some("messaging_product") => product = Some(field.text().await.map_err(unreadable)?),
            Some("type") => mime_type = Some(field.text().await.map_err(unreadable)?),
            Some("file") => {
                let own_type = field.content_type().map(str::to_owned);
                let name = field.file_name().map(str::to_owned);
                file = Some((field.bytes().await.map_err(unreadable)?, own_type, name));
            }
            _ => {}
        }
    }
    match product.as_deref() {
        Some("whatsapp") => {}
        _ => return Err(GraphError::required("messaging_product")),
    }
    let (bytes, own_type, name) = file.ok_or_else(|| GraphError::required("file"))?;
    let mime_type = mime_type.or(own_type).ok_or_else(|| GraphError::required("type"))?;
    check(&mime_type, &bytes)?;
    let media = emulator.media.put(bytes, &mime_type, name, Origin::Business, emulator.clock.now_ms());
    Ok(Json(json!({ "id": media.id })))
}

fn unreadable(error: MultipartError) -> GraphError {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return GraphError::explained(131_053, "The file is larger than 100 MB").with_status(413);
    }
    GraphError::explained(100, "The form cannot be read")
}

fn check(mime_type: &str, bytes: &Bytes) -> Result<(), GraphError> {
    let kind = MediaKind::of(mime_type);
    let essence = mime_type.split(';').next().unwrap_or_default().trim();
    if kind == MediaKind::Document && !DOCUMENTS.contains(&essence) {
        return Err(GraphError::explained(
            100,
            format!("Param file must be a file with one of the types that WhatsApp takes; got {mime_type:?}"),
        ));
    }
    if bytes.is_empty() {
        return Err(GraphError::explained(131_053, "The file is empty"));
    }
    if bytes.len() > kind.most_bytes() {
        let most = kind.most_bytes() / 1024;
        return Err(GraphError::explained(131_053, format!("The file is too large: at most {most} KB for its type")));
    }
    Ok(())
}

/// The signed part of a file's address.
#[derive(Debug, Deserialize)]
pub(super) struct Ticket {
    expires: i64,
    hash: String,
}

/// `GET` of the address that Graph gave out: needs the bearer, and works for five minutes.
pub(super) async fn download(
    State(emulator): State<Arc<Emulator>>,
    Path(id): Path<String>,
    ticket: Result<Query<Ticket>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, GraphError> {
    emulator.check_token(&headers)?;
    let unknown = || GraphError::unknown_object("get", &id).with_status(404);
    let Ok(Query(ticket)) = ticket else { return Err(unknown()) };
    let now_ms = emulator.clock.now_ms();
    let signed = format!("{id}:{}", ticket.expires);
    if now_ms >= ticket.expires || !emulator.addresses.verifies(signed.as_bytes(), &ticket.hash) {
        return Err(unknown());
    }
    let media = emulator.media.get(&id, now_ms).ok_or_else(unknown)?;
    Ok(as_file(media.bytes, &media.mime_type, &[(CONTENT_DISPOSITION, "inline")]))
}

/// A file as an answer.
pub(crate) fn as_file(bytes: Bytes, mime_type: &str, extra: &[(HeaderName, &'static str)]) -> Response {
    let mut answer = bytes.into_response();
    let mime_type = mime_type.parse().unwrap_or(axum::http::HeaderValue::from_static("application/octet-stream"));
    answer.headers_mut().insert(CONTENT_TYPE, mime_type);
    for (name, value) in extra {
        answer.headers_mut().insert(name, axum::http::HeaderValue::from_static(value));
    }
    answer
}
