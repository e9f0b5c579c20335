//! `GET /{version}/debug_token`: what a token is good for, and until when.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::emulator::Emulator;
use crate::graph::account::APP;
use crate::graph::error::GraphError;

#[derive(Deserialize)]
pub(super) struct Asked {
    input_token: Option<String>,
}

/// Of a token that does not work it tells why, and answers 200 all the same.
pub(super) async fn get(
    State(emulator): State<Arc<Emulator>>,
    Path(version): Path<String>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<Json<Value>, GraphError> {
    emulator.admit(&headers, &version)?;
    let token = asked.input_token.ok_or_else(|| GraphError::required("input_token"))?;
    let known = emulator.settings.access_token.as_ref().is_none_or(|expected| *expected == token);
    let standing = emulator.standing.token.read().clone();
    if !known {
        let error = json!({ "code": 190, "message": "Invalid OAuth access token." });
        return Ok(Json(json!({ "data": { "is_valid": false, "error": error, "scopes": [] } })));
    }
    let granular: Vec<_> = standing
        .scopes
        .iter()
        .map(|scope| {
            let accounts: Vec<_> = emulator.settings.numbers.iter().map(|number| &number.waba_id).collect();
            json!({ "scope": scope, "target_ids": accounts })
        })
        .collect();
    Ok(Json(json!({ "data": {
        "app_id": APP.0,
        "application": APP.1,
        "type": "SYSTEM_USER",
        "data_access_expires_at": 0,
        "expires_at": standing.expires_at,
        "is_valid": true,
        "issued_at": 1_750_000_000,
        "scopes": standing.scopes,
        "granular_scopes": granular,
        "user_id": "122100000000000001",
    } })))
}
