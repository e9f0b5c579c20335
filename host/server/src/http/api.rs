//! `/api/v1`: what agents, operators and the console do. Every endpoint needs a token, and is in the
//! document at `/api/openapi.json`.

mod applied;
mod availability;
mod caller;
mod contacts;
mod conversations;
mod divisions;
pub(super) mod document;
mod events;
mod extract;
mod kept;
mod media;
mod plugins;
mod problem;
mod templates;
mod users;
pub mod views;

use axum::Router;
use axum::routing::any;
use utoipa::OpenApi as _;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::App;

pub use applied::{Version, Wanted};
pub use availability::Availability;
pub use conversations::{Done, HandBack, Transfer, Words, whole};
pub use plugins::{PluginLine, plugin_lines};
pub use problem::Problem;
pub use templates::TemplateLine;
pub use users::{TokenShown, UserLine, add_token, new_user, shut_out};

/// Every endpoint under `/api/v1`.
pub(super) fn described() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(document::Frame::openapi())
        .nest("/api/v1", endpoints())
        .routes(routes!(document::document))
}

/// `router` with an answer in the API's own words to whatever it does not have.
pub(super) fn refusing(router: Router<App>) -> Router<App> {
    router.route("/api/{*rest}", any(extract::nothing_here)).method_not_allowed_fallback(extract::not_so)
}

fn endpoints() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(conversations::endpoints())
        .merge(applied::endpoints())
        .merge(plugins::endpoints())
        .merge(templates::endpoints())
        .merge(users::endpoints())
        .merge(contacts::endpoints())
        .merge(availability::endpoints())
        .merge(events::endpoints())
        .merge(kept::endpoints())
        .merge(media::endpoints())
}
