//! `GET|POST /webhooks/whatsapp`

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};

use super::App;
use crate::receive::{ReceiveError, receive as take};

/// Meta asks whether this address is ours.
#[utoipa::path(get, path = "/webhooks/whatsapp", tag = "webhooks", security(()),
    params(("hub.mode" = String, Query), ("hub.verify_token" = String, Query), ("hub.challenge" = String, Query)),
    responses((status = 200, description = "the challenge", content_type = "text/plain", body = String),
    (status = 403, description = "the verify token is another", content_type = "text/plain", body = String)))]
pub(super) async fn handshake(State(app): State<App>, RawQuery(query): RawQuery) -> Response {
    match santun_whatsapp::signature::handshake(query.as_deref().unwrap_or_default(), &app.verify_token) {
        Ok(challenge) => challenge.into_response(),
        Err(refused) => (StatusCode::FORBIDDEN, refused.to_string()).into_response(),
    }
}

/// Updates come in. 200 is given only after they are durable; Meta sends again whatever got no 200.
#[utoipa::path(post, path = "/webhooks/whatsapp", tag = "webhooks", security(()),
    params(("x-hub-signature-256" = String, Header)), request_body(content = serde_json::Value, content_type = "application/json"),
    responses((status = 200, description = "durable"),
    (status = 400, description = "it is no webhook", content_type = "text/plain", body = String),
    (status = 401, description = "it is not signed by Meta", content_type = "text/plain", body = String),
    (status = 413, description = "it has more than 3 MB", content_type = "text/plain", body = String),
    (status = 503, description = "it could not be stored, or nothing is applied", content_type = "text/plain",
    body = String)))]
pub(super) async fn receive(
    State(app): State<App>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let body = match body {
        Ok(body) => body,
        Err(refused) if refused.status() == StatusCode::PAYLOAD_TOO_LARGE => {
            return (StatusCode::PAYLOAD_TOO_LARGE, "a webhook has at most 3 MB, and this one has more")
                .into_response();
        }
        Err(refused) => return refused.into_response(),
    };
    let began = std::time::Instant::now();
    let signature = headers.get("x-hub-signature-256").and_then(|value| value.to_str().ok());
    let (status, words) = match take(&app.host, &app.secrets, body, signature).await {
        Ok(()) => (StatusCode::OK, String::new()),
        Err(error) => {
            let status = match &error {
                ReceiveError::Signature(_) => StatusCode::UNAUTHORIZED,
                ReceiveError::Webhook(_) => StatusCode::BAD_REQUEST,
                ReceiveError::NothingApplied | ReceiveError::Store(_) => StatusCode::SERVICE_UNAVAILABLE,
            };
            tracing::warn!(status = status.as_u16(), %error, "a webhook was not taken");
            (status, error.to_string())
        }
    };
    metrics::histogram!("santun_webhook_ack_seconds").record(began.elapsed().as_secs_f64());
    metrics::counter!("santun_webhooks_total", "status" => status.as_str().to_owned()).increment(1);
    (status, words).into_response()
}
