//! `GET /healthz` and `GET /readyz`

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;

use super::App;

/// Alive: the process answers.
#[utoipa::path(get, path = "/healthz", tag = "operation", security(()),
    responses((status = 200, description = "alive", content_type = "text/plain", body = String)))]
pub(super) async fn alive() -> &'static str {
    "alive\n"
}

/// What keeps the host from doing its work, if anything does.
#[derive(Serialize, utoipa::ToSchema)]
pub(super) struct Readiness {
    /// Whether webhooks can be taken.
    ready: bool,
    /// What keeps it from taking webhooks.
    problems: Vec<String>,
    /// What it can live with, and somebody should see to.
    warnings: Vec<String>,
}

/// Ready: the store takes writes, something is applied, files can be opened, and the host is not about to stop.
#[utoipa::path(get, path = "/readyz", tag = "operation", security(()),
    responses((status = 200, body = Readiness), (status = 503, body = Readiness, description = "not ready, and why")))]
pub(super) async fn ready(State(app): State<App>) -> (StatusCode, Json<Readiness>) {
    let mut problems = Vec::new();
    if let Err(error) = app.host.store.probe().await {
        problems.push(format!("the store takes no writes: {error}"));
    }
    if app.host.live().is_none() {
        problems.push("nothing is applied: run `santun apply bot.toml`".to_owned());
    }
    if !files_left() {
        problems.push("no files are left to open: raise the limit (LimitNOFILE=, ulimit -n)".to_owned());
    }
    if app.host.draining() {
        problems.push("the host is about to stop".to_owned());
    }
    let halted = app.host.paces.halted().into_iter();
    let warnings = halted.map(|(channel, why)| format!("channel {channel} cannot send: {why}")).collect();
    let status = if problems.is_empty() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(Readiness { ready: problems.is_empty(), problems, warnings }))
}

/// Files that a host must still be able to open to go on: connections come and go, plugins are read.
const SPARE_FILES: usize = 8;

/// Whether the process may open a few more files. Tried, since nothing else tells for the system as well.
fn files_left() -> bool {
    let opened: Result<Vec<_>, _> = (0..SPARE_FILES).map(|_| std::fs::File::open("/dev/null")).collect();
    opened.is_ok()
}
