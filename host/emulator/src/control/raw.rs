//! `POST /emulator/v1/raw`: one webhook with any body, signed rightly, wrongly or not at all. Not repeated.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use bytes::Bytes;
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::error::{Body, ControlError};
use crate::emulator::Emulator;
use crate::webhook::delivery;

/// How the webhook is signed.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Signature {
    #[default]
    Right,
    /// Made with another secret.
    Wrong,
    /// No header.
    None,
    /// A header that is no signature.
    Malformed,
}

/// A webhook as asked for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawWebhook {
    /// JSON, posted byte for byte as given.
    body: Option<Box<RawValue>>,
    /// Or any text.
    text: Option<String>,
    #[serde(default)]
    signature: Signature,
}

/// Posts it and tells what the host answered.
pub(super) async fn post(
    State(emulator): State<Arc<Emulator>>,
    Body(raw): Body<RawWebhook>,
) -> Result<Json<Value>, ControlError> {
    let url = emulator.settings.webhook_url.as_deref();
    let url = url.ok_or(ControlError::Nowhere("the emulator was started without a webhook URL"))?;
    let body = match (raw.body, raw.text) {
        (Some(body), None) => Bytes::from(body.get().to_owned()),
        (None, Some(text)) => Bytes::from(text),
        _ => return Err(ControlError::Invalid("give either `body` (JSON) or `text`".into())),
    };
    let signature = match raw.signature {
        Signature::Right => Some(format!("sha256={}", emulator.signer.sign(&body))),
        Signature::Wrong => Some(format!("sha256={}", hex::encode([0x5a; 32]))),
        Signature::Malformed => Some("sha256=zz".to_owned()),
        Signature::None => None,
    };
    match delivery::send(&emulator.client, url, body, signature.as_deref()).await {
        Ok(answer) => {
            let status = answer.status().as_u16();
            let text = answer.text().await.unwrap_or_default();
            Ok(Json(json!({ "status": status, "answer": text })))
        }
        Err(_) => Ok(Json(json!({ "status": null, "answer": "the host cannot be reached" }))),
    }
}
