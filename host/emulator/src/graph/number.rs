//! What can be asked and set of a business phone number.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use serde_json::{Value, json};

use crate::emulator::Emulator;
use crate::graph::error::GraphError;
use crate::settings::BusinessNumber;

/// A number as Graph shows it.
pub(super) fn view(number: &BusinessNumber) -> Value {
    json!({
        "id": number.phone_number_id,
        "display_phone_number": number.display_phone_number,
        "verified_name": number.verified_name,
        "quality_rating": "GREEN",
        "code_verification_status": "VERIFIED",
        "name_status": "APPROVED",
        "status": "CONNECTED",
        "platform_type": "CLOUD_API",
        "throughput": { "level": "STANDARD" },
        "messaging_limit_tier": "TIER_1K",
    })
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
