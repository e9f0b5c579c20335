//! The phone in the browser: a page and its modules, part of the binary.

use std::sync::Arc;

use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use crate::emulator::Emulator;

const HTML: &str = "text/html; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";

const FILES: &[(&str, &str, &str)] = &[
    ("style.css", STYLE, include_str!("../phone/style.css")),
    ("app.js", SCRIPT, include_str!("../phone/app.js")),
    ("api.js", SCRIPT, include_str!("../phone/api.js")),
    ("bubbles.js", SCRIPT, include_str!("../phone/bubbles.js")),
    ("composer.js", SCRIPT, include_str!("../phone/composer.js")),
    ("dom.js", SCRIPT, include_str!("../phone/dom.js")),
    ("order.js", SCRIPT, include_str!("../phone/order.js")),
    ("panel.js", SCRIPT, include_str!("../phone/panel.js")),
    ("panel/clock.js", SCRIPT, include_str!("../phone/panel/clock.js")),
    ("panel/customer.js", SCRIPT, include_str!("../phone/panel/customer.js")),
    ("panel/faults.js", SCRIPT, include_str!("../phone/panel/faults.js")),
    ("panel/parts.js", SCRIPT, include_str!("../phone/panel/parts.js")),
    ("panel/plan.js", SCRIPT, include_str!("../phone/panel/plan.js")),
    ("panel/templates.js", SCRIPT, include_str!("../phone/panel/templates.js")),
    ("panel/webhooks.js", SCRIPT, include_str!("../phone/panel/webhooks.js")),
    ("panel.css", STYLE, include_str!("../phone/panel.css")),
    ("people.js", SCRIPT, include_str!("../phone/people.js")),
    ("sheets.js", SCRIPT, include_str!("../phone/sheets.js")),
    ("words.js", SCRIPT, include_str!("../phone/words.js")),
];

/// Nothing comes from elsewhere.
const POLICY: &str = "default-src 'self'; img-src 'self' https: http: data: blob:; media-src 'self' https: http: blob:; \
                      object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The routes of the phone.
pub(crate) fn routes() -> Router<Arc<Emulator>> {
    Router::new()
        .route("/", get(async || file(HTML, include_str!("../phone/index.html"))))
        .route("/phone/{*name}", get(named))
}

async fn named(Path(name): Path<String>) -> Response {
    match FILES.iter().find(|(known, ..)| *known == name) {
        Some((_, kind, text)) => file(kind, text),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

fn file(kind: &'static str, text: &'static str) -> Response {
    // Never kept: a newer binary brings a newer page.
    let headers = [(CONTENT_TYPE, kind), (CONTENT_SECURITY_POLICY, POLICY), (CACHE_CONTROL, "no-cache")];
    (headers, text).into_response()
}
