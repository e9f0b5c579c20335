//! What goes wrong, as callers see it.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use santun_core::flow::ActionError;
use santun_store::StoreError;
use serde::{Deserialize, Serialize};

use crate::apply::ApplyError;
use crate::lane::ActError;

/// A refusal: what is wrong, and what to do.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Problem {
    /// The HTTP status again.
    pub status: u16,
    /// One word for programs, such as `held` or `not_found`.
    pub code: String,
    /// A sentence for people.
    pub message: String,
}

impl Problem {
    /// A refusal.
    pub fn new(status: StatusCode, code: &str, message: impl Into<String>) -> Self {
        Self { status: status.as_u16(), code: code.to_owned(), message: message.into() }
    }

    /// There is no such thing.
    pub fn not_found(message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", message)
    }

    /// What was sent cannot be used.
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", message)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        (status, Json(self)).into_response()
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match &error {
            StoreError::NotFound { .. } => Self::not_found(error.to_string()),
            StoreError::WrongState { .. } => Self::new(StatusCode::CONFLICT, "wrong_state", error.to_string()),
            _ => {
                tracing::error!(%error, "the store failed");
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "store", error.to_string())
            }
        }
    }
}

impl From<ActError> for Problem {
    fn from(error: ActError) -> Self {
        let (status, code) = match &error {
            ActError::Action(ActionError::HeldBy { .. }) => (StatusCode::CONFLICT, "held"),
            ActError::Action(ActionError::OtherDivision { .. }) => (StatusCode::FORBIDDEN, "other_division"),
            ActError::Action(ActionError::NotTaken { .. }) => (StatusCode::CONFLICT, "not_taken"),
            ActError::Action(ActionError::NoSuchDivision { .. }) => {
                (StatusCode::UNPROCESSABLE_ENTITY, "no_such_division")
            }
            ActError::Action(ActionError::Refused(_)) => (StatusCode::UNPROCESSABLE_ENTITY, "refused"),
            ActError::NothingApplied => (StatusCode::CONFLICT, "nothing_applied"),
            ActError::Store(_) => (StatusCode::SERVICE_UNAVAILABLE, "store"),
        };
        Self::new(status, code, error.to_string())
    }
}

impl From<ApplyError> for Problem {
    fn from(error: ApplyError) -> Self {
        let (status, code) = match &error {
            ApplyError::MovedOn { .. } => (StatusCode::CONFLICT, "moved_on"),
            ApplyError::NoSuchPlugin { .. } => (StatusCode::NOT_FOUND, "no_such_plugin"),
            ApplyError::NoLongerKept { .. } => (StatusCode::CONFLICT, "no_longer_kept"),
            ApplyError::NothingBefore { .. } => (StatusCode::CONFLICT, "nothing_before"),
            ApplyError::NothingApplied => (StatusCode::CONFLICT, "nothing_applied"),
            ApplyError::Store(_) => (StatusCode::SERVICE_UNAVAILABLE, "store"),
            ApplyError::Plugin { .. } => (StatusCode::UNPROCESSABLE_ENTITY, "plugin_rejected"),
            _ => (StatusCode::UNPROCESSABLE_ENTITY, "invalid"),
        };
        Self::new(status, code, error.to_string())
    }
}
