//! `/emulator/v1/faults`: how calls to the Graph side go wrong; `/emulator/v1/errors`: the codes that there are.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use rand::RngExt as _;
use serde::Deserialize;
use serde_json::{Value, json};

use super::error::{Body, ControlError};
use crate::emulator::Emulator;
use crate::faults::{self, Call, EVERYBODY, Fault};
use crate::graph::error_table::TABLE;

/// A fault to plan.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Plan {
    /// A customer's id, number or user id; everybody if missing or `*`.
    customer: Option<String>,
    /// Which calls it meets.
    #[serde(default)]
    on: Call,
    /// How many. If missing: one; with a probability, all until it is cleared.
    times: Option<u32>,
    /// The chance of each, more than 0 and at most 1; certain if missing.
    probability: Option<f64>,
    /// With the same seed, chance strikes the same calls; the answer tells the one that was chosen.
    seed: Option<u64>,
    fault: Fault,
}

/// What is planned.
pub(super) async fn list(State(emulator): State<Arc<Emulator>>) -> Json<Value> {
    Json(view(&emulator))
}

fn view(emulator: &Emulator) -> Value {
    json!({ "planned": emulator.faults.all() })
}

/// Plans a fault, after those already planned.
pub(super) async fn plan(
    State(emulator): State<Arc<Emulator>>,
    Body(plan): Body<Plan>,
) -> Result<Json<Value>, ControlError> {
    check(&plan)?;
    let key = match plan.customer.as_deref() {
        None | Some(EVERYBODY) => EVERYBODY.to_owned(),
        Some(customer) => emulator.known_customer(customer)?.id.clone(),
    };
    let times = plan.times.or(if plan.probability.is_some() { None } else { Some(1) });
    // A seed that JavaScript can hold.
    let seed = plan.seed.unwrap_or_else(|| rand::rng().random_range(0..1 << 53));
    let planned = faults::Plan { on: plan.on, fault: plan.fault, times, probability: plan.probability, seed };
    let id = emulator.faults.plan(&key, planned);
    emulator.tell_world();
    let mut view = view(&emulator);
    view["id"] = id.into();
    Ok(Json(view))
}

fn check(plan: &Plan) -> Result<(), ControlError> {
    let invalid = |why: &str| Err(ControlError::Invalid(why.to_owned()));
    if plan.probability.is_some_and(|p| !(p > 0.0 && p <= 1.0)) {
        return invalid("`probability` is more than 0 and at most 1");
    }
    match &plan.fault {
        Fault::FailedStatus { .. } if plan.on != Call::Messages => {
            invalid("`failed_status` follows messages only; leave `on` out")
        }
        Fault::Error { http_status: Some(status), .. }
        | Fault::AnswerAfterAccept { http_status: status, .. }
        | Fault::AnswerBeforeAccept { http_status: status, .. }
            if !(200..=599).contains(status) =>
        {
            invalid("`http_status` must be 200 to 599")
        }
        Fault::Delay { ms } | Fault::Stall { ms } if *ms > 600_000 => invalid("`ms` is at most 600000, ten minutes"),
        _ if plan.on != Call::Messages && plan.customer.as_deref().is_some_and(|customer| customer != EVERYBODY) => {
            invalid("only messages are about a customer; leave `customer` out")
        }
        _ => Ok(()),
    }
}

/// Forgets one fault.
pub(super) async fn remove(
    State(emulator): State<Arc<Emulator>>,
    Path(id): Path<u64>,
) -> Result<Json<Value>, ControlError> {
    if !emulator.faults.remove(id) {
        return Err(ControlError::Unknown("fault"));
    }
    emulator.tell_world();
    Ok(Json(view(&emulator)))
}

/// Forgets all faults.
pub(super) async fn clear(State(emulator): State<Arc<Emulator>>) -> Json<Value> {
    emulator.faults.clear();
    emulator.tell_world();
    Json(json!({ "planned": {} }))
}

/// WhatsApp's table of errors.
pub(super) async fn table() -> Json<Value> {
    Json(json!({ "errors": TABLE }))
}
