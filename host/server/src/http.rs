//! The HTTP surface: webhooks, health, the API and its document, events.

pub mod connections;
mod health;
mod webhooks;

pub mod api;

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use santun_whatsapp::signature::AppSecrets;
use tower_http::catch_panic::CatchPanicLayer;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::host::Host;
use crate::telemetry::Metrics;

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
    let (router, document) = described();
    router.layer(CatchPanicLayer::new()).layer(axum::Extension(document)).with_state(app)
}

/// All routes, and the document that describes them: also those of the other listener.
fn described() -> (Router<App>, Arc<serde_json::Value>) {
    let webhooks = OpenApiRouter::new()
        .routes(routes!(webhooks::handshake, webhooks::receive))
        .layer(DefaultBodyLimit::max(WEBHOOK_AT_MOST));
    let public = OpenApiRouter::new().merge(webhooks).routes(routes!(health::alive)).routes(routes!(health::ready));
    let (api, mut document) = api::described().split_for_parts();
    let (public, described) = public.split_for_parts();
    document.merge(described);
    document.merge(scraped().split_for_parts().1);
    (Router::new().merge(public).merge(api::refusing(api)), Arc::new(api::document::whole(&document)))
}

/// What is served on `server.metrics_listen`.
pub fn metrics_router(metrics: Metrics) -> Router {
    scraped().split_for_parts().0.with_state(metrics)
}

fn scraped() -> OpenApiRouter<Metrics> {
    OpenApiRouter::new().routes(routes!(scrape))
}

/// Counts and times, for Prometheus. Served on `server.metrics_listen` alone.
#[utoipa::path(get, path = "/metrics", tag = "operation", security(()),
    responses((status = 200, description = "in Prometheus's text format", content_type = "text/plain", body = String)))]
async fn scrape(State(metrics): State<Metrics>) -> String {
    metrics.render()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// The addresses that a router has, as it prints itself.
    fn addresses<S>(router: &Router<S>) -> BTreeSet<String> {
        let printed = format!("{router:?}");
        let quoted = printed.split('"').skip(1).step_by(2);
        quoted.filter(|text| text.starts_with('/')).map(str::to_owned).collect()
    }

    #[test]
    fn the_document_describes_every_route_and_nothing_else() {
        let (router, document) = described();
        let mut routes = addresses(&router);
        routes.extend(addresses(&scraped().split_for_parts().0));
        // What stands for everything else.
        routes.retain(|path| path != "/" && !path.contains("{*"));
        let paths: BTreeSet<String> = document["paths"].as_object().unwrap().keys().cloned().collect();
        assert_eq!(routes, paths);
        for expected in ["/webhooks/whatsapp", "/healthz", "/readyz", "/metrics", "/api/openapi.json"] {
            assert!(paths.contains(expected), "{expected} is not in {paths:?}");
        }
    }

    #[test]
    fn every_endpoint_says_how_it_refuses() {
        let (_, document) = described();
        for (path, item) in document["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                let responses = operation["responses"].as_object().unwrap();
                let has = |status: &str| responses.contains_key(status);
                let at = format!("{method} {path}");
                assert!(operation["summary"].is_string() || operation["description"].is_string(), "{at} says nothing");
                if !path.starts_with("/api/v1/") {
                    assert_eq!(operation["security"], serde_json::json!([{}]), "{at} needs no token");
                    continue;
                }
                assert!(["401", "403", "404", "503"].into_iter().all(has), "{at}: {responses:?}");
                if operation.pointer("/requestBody/content/application~1json").is_some() {
                    assert!(["400", "413", "415", "422"].into_iter().all(has), "{at}: {responses:?}");
                }
                for (status, response) in responses.iter().filter(|(status, _)| status.as_str() >= "400") {
                    let schema = &response["content"]["application/json"]["schema"]["$ref"];
                    assert_eq!(schema, "#/components/schemas/Problem", "{at} {status}");
                }
            }
        }
    }
}
