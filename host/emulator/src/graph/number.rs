//! What can be asked and set of a business phone number.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use serde_json::{Value, json};

use crate::emulator::Emulator;
use crate::graph::error::GraphError;

/// A number as Graph shows it.
pub(super) fn view(emulator: &Emulator, at: usize) -> Value {
    let number = emulator.number(at);
    let standing = emulator.standing.numbers.read()[at].clone();
    let mut view = json!({
        "id": number.phone_number_id,
        "display_phone_number": number.display_phone_number,
        "verified_name": number.verified_name,
        "quality_rating": standing.quality_rating,
        "code_verification_status": "VERIFIED",
        "name_status": standing.name_status,
        "status": standing.status,
        "platform_type": "CLOUD_API",
        "throughput": { "level": standing.throughput },
        "messaging_limit_tier": "TIER_1K",
    });
    if let Some(url) = &emulator.settings.webhook_url {
        view["webhook_configuration"] = json!({ "application": url });
    }
    view
}

/// A number with the fields that were asked for; its id always comes along.
pub(super) fn chosen(emulator: &Emulator, at: usize, fields: Option<&str>) -> Result<Value, GraphError> {
    let view = view(emulator, at);
    let Some(fields) = fields.filter(|fields| !fields.is_empty()) else { return Ok(view) };
    let mut chosen = json!({ "id": view["id"] });
    for field in fields.split(',').map(str::trim) {
        match view.get(field) {
            Some(value) => chosen[field] = value.clone(),
            // Known, and there is nothing to tell.
            None if field == "webhook_configuration" => {}
            None => return Err(GraphError::no_field(field)),
        }
    }
    Ok(chosen)
}

/// `GET /{version}/{phone_number_id}/whatsapp_business_profile`.
pub(super) async fn business_profile(
    State(emulator): State<Arc<Emulator>>,
    Path((version, id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Json<Value>, GraphError> {
    emulator.admit(&headers, &version)?;
    let at = emulator.number_at(&id).ok_or_else(|| GraphError::unknown_object("get", &id))?;
    let about = &emulator.number(at).verified_name;
    Ok(Json(json!({ "data": [{ "about": about, "messaging_product": "whatsapp" }] })))
}

/// `POST /{version}/{phone_number_id}/whatsapp_business_profile`. Taken, and not kept.
pub(super) async fn change_business_profile(
    State(emulator): State<Arc<Emulator>>,
    Path((version, id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Json<Value>, GraphError> {
    emulator.admit(&headers, &version)?;
    emulator.number_at(&id).ok_or_else(|| GraphError::unknown_object("post", &id))?;
    Ok(Json(json!({ "success": true })))
}

/// `POST /{version}/{phone_number_id}/register`. Every number here is registered already.
pub(super) async fn register(
    State(emulator): State<Arc<Emulator>>,
    Path((version, id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Json<Value>, GraphError> {
    emulator.admit(&headers, &version)?;
    emulator.number_at(&id).ok_or_else(|| GraphError::unknown_object("post", &id))?;
    Ok(Json(json!({ "success": true })))
}
