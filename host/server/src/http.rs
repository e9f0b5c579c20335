//! The HTTP surface: webhooks, health, the API and its document, events.

pub mod connections;
mod health;
mod webhooks;

pub mod api;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::get;
use santun_whatsapp::signature::AppSecrets;
use tower_http::catch_panic::CatchPanicLayer;

use crate::host::Host;

/// Bytes of one webhook at most: Meta sends up to 3 MB.
const WEBHOOK_AT_MOST: usize = 3 * 1024 * 1024;

/// What the handlers share.
#[derive(Clone)]
pub struct App {
    /// The host.
    pub host: Arc<Host>,
    /// Verifies webhooks.
    pub secrets: Arc<AppSecrets>,
    /// Answers the handshake.
    pub verify_token: Arc<str>,
}

/// Everything that is served on `server.listen`.
pub fn router(app: App) -> Router {
    let webhooks = Router::new()
        .route("/webhooks/whatsapp", get(webhooks::handshake).post(webhooks::receive))
        .layer(DefaultBodyLimit::max(WEBHOOK_AT_MOST));
    Router::new()
        .merge(webhooks)
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .merge(api::router())
        .layer(CatchPanicLayer::new())
        .with_state(app)
}

/// What is served on `server.metrics_listen`.
pub fn metrics_router(metrics: crate::telemetry::Metrics) -> Router {
    Router::new().route("/metrics", get(move || std::future::ready(metrics.render())))
}
