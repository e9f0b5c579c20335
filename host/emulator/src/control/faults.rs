//! `/emulator/v1/faults`: how the next sends go wrong.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use serde_json::{Value, json};

use super::error::{Body, ControlError};
use crate::emulator::Emulator;
use crate::faults::{EVERYBODY, Fault};

/// A fault to plan.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Plan {
    /// A customer's id, number or user id; everybody if missing or `*`.
    customer: Option<String>,
    /// How many sends it meets.
    #[serde(default = "once")]
    times: u32,
    fault: Fault,
}

fn once() -> u32 {
    1
}

/// What is planned.
pub(super) async fn list(State(emulator): State<Arc<Emulator>>) -> Json<Value> {
    Json(json!({ "planned": emulator.faults.all() }))
}

/// Plans a fault, after those already planned.
pub(super) async fn plan(
    State(emulator): State<Arc<Emulator>>,
    Body(plan): Body<Plan>,
) -> Result<Json<Value>, ControlError> {
    let key = match plan.customer.as_deref() {
        None | Some(EVERYBODY) => EVERYBODY.to_owned(),
        Some(customer) => emulator.known_customer(customer)?.id.clone(),
    };
    emulator.faults.plan(&key, plan.fault, plan.times);
    Ok(Json(json!({ "planned": emulator.faults.all() })))
}

/// Forgets all faults.
pub(super) async fn clear(State(emulator): State<Arc<Emulator>>) -> Json<Value> {
    emulator.faults.clear();
    Json(json!({ "planned": {} }))
}
