//! Errors of the control API: `{"error": "what is wrong and what to do"}`.

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::de::DeserializeOwned;
use serde_json::json;
use thiserror::Error;

use crate::customers::CustomerError;

/// Why a call to the control API failed.
#[derive(Debug, Error)]
pub(crate) enum ControlError {
    /// 400.
    #[error("{0}")]
    Invalid(String),
    /// 400.
    #[error(transparent)]
    Customer(#[from] CustomerError),
    /// 400 to 422: the body is not what the call takes.
    #[error("{}", .0.body_text())]
    Body(#[from] JsonRejection),
    /// 404.
    #[error("there is no {0} here with this id")]
    Unknown(&'static str),
    /// 409.
    #[error("{0}")]
    Nowhere(&'static str),
    /// 503.
    #[error("too many updates wait for the host; see /emulator/v1/stats")]
    Full,
}

impl IntoResponse for ControlError {
    fn into_response(self) -> Response {
        let status = match &self {
            Self::Invalid(_) | Self::Customer(_) => StatusCode::BAD_REQUEST,
            Self::Body(rejection) => rejection.status(),
            Self::Unknown(_) => StatusCode::NOT_FOUND,
            Self::Nowhere(_) => StatusCode::CONFLICT,
            Self::Full => StatusCode::SERVICE_UNAVAILABLE,
        };
        (status, Json(json!({ "error": self.to_string() }))).into_response()
    }
}

/// The JSON body of a call, with errors in this API's shape.
pub(crate) struct Body<T>(pub(crate) T);

impl<T, S> FromRequest<S> for Body<T>
where
    T: DeserializeOwned,
    S: Send + Sync,
{
    type Rejection = ControlError;

    async fn from_request(request: Request, state: &S) -> Result<Self, Self::Rejection> {
        let Json(body) = Json::from_request(request, state).await?;
        Ok(Self(body))
    }
}
