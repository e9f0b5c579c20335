//! What endpoints take in: as axum's own extractors, but refusing with a [`Problem`] as everything here does.

use axum::RequestExt as _;
use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Problem;

/// A body in JSON, in or out.
pub(super) struct Json<T>(pub(super) T);

/// What the address names.
pub(super) struct Path<T>(pub(super) T);

/// What follows the question mark.
pub(super) struct Query<T>(pub(super) T);

/// A body as it is.
pub(super) struct Raw(pub(super) Bytes);

/// What was sent is not what the endpoint takes.
fn malformed(status: StatusCode, words: &str) -> Problem {
    let code = match status {
        StatusCode::PAYLOAD_TOO_LARGE => {
            return Problem::new(status, "too_large", "the body has more bytes than this address takes");
        }
        StatusCode::UNSUPPORTED_MEDIA_TYPE => "not_json",
        _ => "malformed",
    };
    Problem::new(status, code, words)
}

impl<S: Send + Sync, T: DeserializeOwned + 'static> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let read = request.extract::<axum::Json<T>, _>().await;
        let axum::Json(value) = read.map_err(|refused| malformed(refused.status(), &refused.body_text()))?;
        Ok(Self(value))
    }
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        axum::Json(self.0).into_response()
    }
}

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let read = axum::extract::Path::<T>::from_request_parts(parts, state).await;
        let axum::extract::Path(value) = read.map_err(|refused| malformed(refused.status(), &refused.body_text()))?;
        Ok(Self(value))
    }
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let read = axum::extract::Query::<T>::from_request_parts(parts, state).await;
        let axum::extract::Query(value) = read.map_err(|refused| malformed(refused.status(), &refused.body_text()))?;
        Ok(Self(value))
    }
}

impl<S: Send + Sync> FromRequest<S> for Raw {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let read = request.extract::<Bytes, _>().await;
        read.map(Self).map_err(|refused| malformed(refused.status(), &refused.body_text()))
    }
}

/// There is no such address.
pub(super) async fn nothing_here() -> Problem {
    Problem::not_found("there is no such endpoint; /api/openapi.json lists what there is")
}

/// There is such an address, and it does something else.
pub(super) async fn not_so() -> Problem {
    let message = "this address does not take that method; /api/openapi.json says which";
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", message)
}
