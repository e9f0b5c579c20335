//! The document at `/api/openapi.json`: every endpoint, with what it may answer.

use serde_json::{Map, Value, json};
use utoipa::OpenApi;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};

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
pub(in crate::http) struct Frame;

struct Token;

impl utoipa::Modify for Token {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let scheme = SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build());
        document.components.get_or_insert_default().add_security_scheme("token", scheme);
    }
}

/// What any endpoint behind a token may answer, whatever it does.
const OF_ALL: [(&str, &str); 4] = [
    ("401", "there is no token, or nobody knows it"),
    ("403", "the token does not allow this"),
    ("404", "there is no such thing, or no user whom `santun-as` names"),
    ("503", "the store cannot be reached just now"),
];

/// What any endpoint that takes JSON may answer beside that.
const OF_JSON: [(&str, &str); 4] = [
    ("400", "the body is no JSON"),
    ("413", "the body is too large"),
    ("415", "the body is not declared as `application/json`"),
    ("422", "the body is not what this takes"),
];

/// The document as it is served: what the endpoints say of themselves, with what all of them may answer.
pub(in crate::http) fn whole(document: &utoipa::openapi::OpenApi) -> Value {
    // It is plain data: it always has a JSON form.
    let mut document = serde_json::to_value(document).unwrap_or_default();
    let paths = document.get_mut("paths").and_then(Value::as_object_mut);
    for (path, item) in paths.into_iter().flatten().filter(|(path, _)| path.starts_with("/api/v1/")) {
        let operations = item.as_object_mut().into_iter().flat_map(Map::values_mut);
        for operation in operations.filter(|operation| operation.get("responses").is_some()) {
            let takes_json = operation.pointer("/requestBody/content/application~1json").is_some();
            let takes_body = operation.get("requestBody").is_some();
            let mut answers = OF_ALL.to_vec();
            if takes_json {
                answers.extend(OF_JSON);
            } else if takes_body {
                answers.push(("413", "the body is too large"));
            }
            if path.contains("{id}") {
                answers.push(("422", "the id is none"));
            }
            for (status, why) in answers {
                add(operation, status, why);
            }
        }
    }
    document
}

/// Adds an answer, unless the endpoint has said more about it itself.
fn add(operation: &mut Value, status: &str, why: &str) {
    let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) else { return };
    responses.entry(status).or_insert_with(|| {
        json!({
            "description": why,
            "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Problem" } } },
        })
    });
}

/// This document.
#[utoipa::path(get, path = "/api/openapi.json", tag = "operation", security(()),
    responses((status = 200, description = "this document", content_type = "application/json")))]
pub(in crate::http) async fn document(
    axum::extract::Extension(document): axum::extract::Extension<std::sync::Arc<Value>>,
) -> axum::Json<Value> {
    axum::Json(Value::clone(&document))
}
