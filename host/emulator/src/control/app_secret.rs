//! `PUT /emulator/v1/app-secret`: somebody resets the app secret in Meta's dashboard.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;

use super::error::{Body, ControlError};
use crate::emulator::Emulator;

/// The new one.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AppSecret {
    app_secret: String,
}

/// From now on webhooks are signed with this, those that are repeated too.
pub(super) async fn rotate(
    State(emulator): State<Arc<Emulator>>,
    Body(new): Body<AppSecret>,
) -> Result<StatusCode, ControlError> {
    if new.app_secret.is_empty() {
        return Err(ControlError::Invalid("an app secret is not empty".into()));
    }
    emulator.signer.rotate(&new.app_secret);
    Ok(StatusCode::NO_CONTENT)
}
