//! `GET` and `PUT /emulator/v1/limits`: how fast the business may send.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;

use super::error::{Body, ControlError};
use crate::emulator::Emulator;
use crate::limits::Limits;

/// The limits in force.
pub(super) async fn get(State(emulator): State<Arc<Emulator>>) -> Json<Limits> {
    Json(*emulator.limits.read())
}

/// Other limits, from now on; what is left out is not limited.
pub(super) async fn set(
    State(emulator): State<Arc<Emulator>>,
    Body(limits): Body<Limits>,
) -> Result<Json<Limits>, ControlError> {
    *emulator.limits.write() = limits;
    emulator.tell_world();
    Ok(Json(limits))
}
