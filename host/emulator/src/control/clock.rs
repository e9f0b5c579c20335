//! `GET` and `POST /emulator/v1/clock`.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use serde_json::{Value, json};

use super::error::{Body, ControlError};
use crate::emulator::Emulator;

/// By how much to put the clock forward; the parts add up.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Advance {
    #[serde(default)]
    days: u32,
    #[serde(default)]
    hours: u32,
    #[serde(default)]
    minutes: u32,
    #[serde(default)]
    seconds: u32,
}

/// What time it is for WhatsApp.
pub(super) async fn get(State(emulator): State<Arc<Emulator>>) -> Json<Value> {
    Json(view(&emulator))
}

/// Puts the clock forward, at most 40 days at a time.
pub(super) async fn advance(
    State(emulator): State<Arc<Emulator>>,
    Body(by): Body<Advance>,
) -> Result<Json<Value>, ControlError> {
    let seconds = u64::from(by.days) * 24 * 3600
        + u64::from(by.hours) * 3600
        + u64::from(by.minutes) * 60
        + u64::from(by.seconds);
    let ms = u32::try_from(seconds * 1000).ok().filter(|ms| *ms <= 40 * 24 * 3600 * 1000);
    let ms = ms.ok_or_else(|| ControlError::Invalid("the clock goes forward by at most 40 days at a time".into()))?;
    emulator.clock.advance_ms(ms);
    emulator.tell_world();
    Ok(Json(view(&emulator)))
}

fn view(emulator: &Emulator) -> Value {
    json!({ "now_ms": emulator.clock.now_ms(), "ahead_ms": emulator.clock.offset_ms() })
}
