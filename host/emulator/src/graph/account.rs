//! What a set-up check asks of a WhatsApp Business Account.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use serde_json::{Value, json};

use super::number;
use crate::emulator::Emulator;
use crate::graph::error::GraphError;

/// The app that clients act for: its id and its name.
pub(super) const APP: (&str, &str) = ("670843887433847", "Santun emulator");

/// `GET /{version}/{waba_id}/phone_numbers`.
pub(super) async fn phone_numbers(
    State(emulator): State<Arc<Emulator>>,
    Path((version, id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Json<Value>, GraphError> {
    emulator.admit(&headers, &version)?;
    let all = emulator.settings.numbers.iter().enumerate();
    let numbers: Vec<_> =
        all.filter(|(_, number)| number.waba_id == id).map(|(at, _)| number::view(&emulator, at)).collect();
    if numbers.is_empty() {
        return Err(GraphError::unknown_object("get", &id));
    }
    Ok(Json(json!({ "data": numbers })))
}

/// `GET /{version}/{waba_id}/subscribed_apps`.
pub(super) async fn subscribed_apps(
    State(emulator): State<Arc<Emulator>>,
    Path((version, id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Json<Value>, GraphError> {
    emulator.admit(&headers, &version)?;
    emulator.check_account("get", &id)?;
    let app = json!({ "whatsapp_business_api_data": { "id": APP.0, "name": APP.1 } });
    let unsubscribed = emulator.numbers_of(&id).any(|at| emulator.standing.unsubscribed.holds(at));
    let wanted = *emulator.subscribed.borrow() && !unsubscribed;
    let subscribed: &[Value] = if wanted { &[app] } else { &[] };
    Ok(Json(json!({ "data": subscribed })))
}

/// `POST /{version}/{waba_id}/subscribed_apps`. The emulator subscribes by itself at first.
pub(super) async fn subscribe(
    State(emulator): State<Arc<Emulator>>,
    Path((version, id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Json<Value>, GraphError> {
    emulator.admit(&headers, &version)?;
    emulator.check_account("post", &id)?;
    emulator.numbers_of(&id).for_each(|at| emulator.standing.unsubscribed.set(at, false));
    emulator.tell_world();
    Ok(Json(json!({ "success": true })))
}

/// `DELETE /{version}/{waba_id}/subscribed_apps`: nothing of this account is delivered until the app subscribes again.
pub(super) async fn unsubscribe(
    State(emulator): State<Arc<Emulator>>,
    Path((version, id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Json<Value>, GraphError> {
    emulator.admit(&headers, &version)?;
    emulator.check_account("delete", &id)?;
    emulator.numbers_of(&id).for_each(|at| emulator.standing.unsubscribed.set(at, true));
    emulator.tell_world();
    Ok(Json(json!({ "success": true })))
}

impl Emulator {
    /// The places of an account's numbers in the settings.
    fn numbers_of(&self, waba_id: &str) -> impl Iterator<Item = usize> {
        let all = self.settings.numbers.iter().enumerate();
        all.filter(move |(_, number)| number.waba_id == waba_id).map(|(at, _)| at)
    }

    /// Refuses an id that is no account here.
    pub(super) fn check_account(&self, verb: &str, id: &str) -> Result<(), GraphError> {
        if self.settings.numbers.iter().any(|number| number.waba_id == id) {
            return Ok(());
        }
        Err(GraphError::unknown_object(verb, id))
    }
}
