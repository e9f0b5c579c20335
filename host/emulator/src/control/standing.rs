//! `/emulator/v1/standing/…`: how numbers and the token stand with WhatsApp.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};

use super::error::{Body, ControlError};
use crate::emulator::Emulator;
use crate::standing::{NumberStanding, TokenStanding};

/// How the token stands.
pub(super) async fn token(State(emulator): State<Arc<Emulator>>) -> Json<TokenStanding> {
    Json(emulator.standing.token.read().clone())
}

/// Another standing of the token, from now on; what is left out is as it should be.
pub(super) async fn set_token(
    State(emulator): State<Arc<Emulator>>,
    Body(standing): Body<TokenStanding>,
) -> Result<Json<TokenStanding>, ControlError> {
    emulator.standing.token.write().clone_from(&standing);
    emulator.tell_world();
    Ok(Json(standing))
}

/// How a number stands.
pub(super) async fn number(
    State(emulator): State<Arc<Emulator>>,
    Path(id): Path<String>,
) -> Result<Json<NumberStanding>, ControlError> {
    let at = emulator.number_at(&id).ok_or(ControlError::Unknown("number"))?;
    Ok(Json(emulator.standing.numbers.read()[at].clone()))
}

/// Another standing of a number, from now on; what is left out is as it should be.
pub(super) async fn set_number(
    State(emulator): State<Arc<Emulator>>,
    Path(id): Path<String>,
    Body(standing): Body<NumberStanding>,
) -> Result<Json<NumberStanding>, ControlError> {
    let at = emulator.number_at(&id).ok_or(ControlError::Unknown("number"))?;
    emulator.standing.numbers.write()[at].clone_from(&standing);
    emulator.tell_world();
    Ok(Json(standing))
}
