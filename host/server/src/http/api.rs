//! `/api/v1`: what agents, operators and the console do. Every endpoint needs a token, and is in the
//! document at `/api/openapi.json`.

mod applied;
mod availability;
mod caller;
mod contacts;
mod conversations;
mod events;
mod extract;
mod kept;
mod media;
mod plugins;
mod problem;
mod users;
pub mod views;

use axum::routing::{any, get};
use axum::{Json, Router};
use utoipa::OpenApi;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa_axum::router::OpenApiRouter;

use super::App;

pub use applied::{Version, Wanted};
pub use availability::Availability;
pub use conversations::{Done, HandBack, Transfer, Words, whole};
pub use plugins::{PluginLine, plugin_lines};
pub use problem::Problem;
pub use users::{TokenShown, UserLine, add_token, new_user, shut_out};

/// The document's frame; the endpoints add themselves.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Santun",
        description = "The API of a Santun host. Send a token as `Authorization: Bearer …`; `santun user token` makes one."
    ),
    modifiers(&Token),
    security(("token" = []))
)]
struct Document;

struct Token;

impl utoipa::Modify for Token {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let scheme = SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build());
        document.components.get_or_insert_default().add_security_scheme("token", scheme);
    }
}

/// Every endpoint, and the document that describes them.
pub fn router() -> Router<App> {
    let (router, document) =
        OpenApiRouter::with_openapi(Document::openapi()).nest("/api/v1", endpoints()).split_for_parts();
    router
        .route("/api/openapi.json", get(move || std::future::ready(Json(document.clone()))))
        .route("/api/{*rest}", any(extract::nothing_here))
        .method_not_allowed_fallback(extract::not_so)
}

fn endpoints() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(conversations::endpoints())
        .merge(applied::endpoints())
        .merge(plugins::endpoints())
        .merge(users::endpoints())
        .merge(contacts::endpoints())
        .merge(availability::endpoints())
        .merge(events::endpoints())
        .merge(kept::endpoints())
        .merge(media::endpoints())
}
