//! `/emulator/v1/webhooks`: holding webhooks back, letting them go out of order or all at once, and disorder by chance.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use super::error::{Body, ControlError};
use crate::emulator::Emulator;
use crate::webhook::Release;
use crate::webhook::disorder::Disorder;

/// The most updates in one webhook. Source: Meta, "Webhooks": up to 1,000.
const MOST: usize = 1_000;

/// What waits, what is held, and the disorder that rules.
pub(super) async fn get(State(emulator): State<Arc<Emulator>>) -> Json<Value> {
    Json(view(&emulator))
}

fn view(emulator: &Emulator) -> Value {
    let (holding, held) = emulator.outbound.held();
    json!({
        "url": emulator.settings.webhook_url,
        "subscribed": emulator.outbound.leads_somewhere() && *emulator.subscribed.borrow(),
        "waiting": emulator.outbound.waiting(),
        "holding": holding,
        "held": held,
        "disorder": emulator.outbound.disorder.get(),
    })
}

/// Holds every update from now on.
pub(super) async fn hold(State(emulator): State<Arc<Emulator>>) -> Json<Value> {
    emulator.outbound.hold();
    emulator.tell_world();
    Json(view(&emulator))
}

/// Lets go what was held, and holds no longer.
pub(super) async fn release(
    State(emulator): State<Arc<Emulator>>,
    Body(release): Body<Release>,
) -> Result<Json<Value>, ControlError> {
    if !(1..=MOST).contains(&release.batch) {
        return Err(ControlError::Invalid(format!("`batch` must be 1 to {MOST}")));
    }
    if release.duplicate > MOST {
        return Err(ControlError::Invalid(format!("`duplicate`: at most {MOST}")));
    }
    let (updates, webhooks) = emulator.outbound.release(release);
    emulator.tell_world();
    Ok(Json(json!({ "updates": updates, "webhooks": webhooks })))
}

/// Lets disorder rule from now on.
pub(super) async fn disorder(
    State(emulator): State<Arc<Emulator>>,
    Body(disorder): Body<Disorder>,
) -> Result<Json<Value>, ControlError> {
    if let Some(complaint) = disorder.complaint() {
        return Err(ControlError::Invalid(complaint.to_owned()));
    }
    emulator.outbound.disorder.set(Some(disorder));
    emulator.tell_world();
    Ok(Json(view(&emulator)))
}

/// Ends disorder; what is late still comes late.
pub(super) async fn order(State(emulator): State<Arc<Emulator>>) -> Json<Value> {
    emulator.outbound.disorder.set(None);
    emulator.tell_world();
    Json(view(&emulator))
}
