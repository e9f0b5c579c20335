//! `GET /healthz` and `GET /readyz`

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;

use super::App;
use crate::readiness::Readiness;

/// Alive: the process answers.
#[utoipa::path(get, path = "/healthz", tag = "operation", security(()),
    responses((status = 200, description = "alive", content_type = "text/plain", body = String)))]
pub(super) async fn alive() -> &'static str {
    "alive\n"
}

/// Ready to take webhooks, or what keeps it from that.
#[utoipa::path(get, path = "/readyz", tag = "operation", security(()),
    responses((status = 200, body = Readiness), (status = 503, body = Readiness, description = "not ready, and why")))]
pub(super) async fn ready(State(app): State<App>) -> (StatusCode, Json<Readiness>) {
    let readiness = app.host.readiness().await;
    let status = if readiness.is_ready() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(readiness))
}
