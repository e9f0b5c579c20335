//! Faults at work: what a planned fault does to a call, before and after the call does its own.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::error::GraphError;
use crate::emulator::Emulator;
use crate::faults::{Call, Fault};
use crate::server::DropConnection;

/// What a fault does to a call.
pub(crate) enum Trouble {
    /// The call does nothing; this answers.
    Instead(Response),
    /// The call does its own; this comes after.
    After(Aftermath),
}

/// What follows a call that did its own.
pub(crate) enum Aftermath {
    /// Its answer.
    Answer,
    /// Its answer, and later a `failed` status.
    Failure(GraphError),
    /// Its answer, this much later.
    Late(Duration),
    /// Another answer, or none.
    Other(Response),
}

impl Aftermath {
    /// The answer that the caller gets in the end.
    pub(crate) async fn upon(self, answer: Response) -> Response {
        match self {
            Self::Answer | Self::Failure(_) => answer,
            Self::Late(wait) => {
                tokio::time::sleep(wait).await;
                answer
            }
            Self::Other(other) => other,
        }
    }
}

impl Emulator {
    /// The trouble that was planned for this call, if any.
    pub(crate) async fn trouble(&self, call: Call, customer: Option<&str>) -> Trouble {
        match self.faults.meet(call, customer) {
            None => Trouble::After(Aftermath::Answer),
            Some(Fault::Error { code, http_status }) => {
                let error = GraphError::of(code);
                let error = match http_status {
                    Some(status) => error.with_status(status),
                    None => error,
                };
                Trouble::Instead(error.into_response())
            }
            Some(Fault::FailedStatus { code }) => Trouble::After(Aftermath::Failure(GraphError::of(code))),
            Some(Fault::DropBeforeAccept) => Trouble::Instead(DropConnection.into_response()),
            Some(Fault::DropAfterAccept) => Trouble::After(Aftermath::Other(DropConnection.into_response())),
            Some(Fault::Stall { ms }) => {
                tokio::time::sleep(Duration::from_millis(ms)).await;
                Trouble::After(Aftermath::Answer)
            }
            Some(Fault::Delay { ms }) => Trouble::After(Aftermath::Late(Duration::from_millis(ms))),
            Some(Fault::AnswerBeforeAccept { http_status, body }) => Trouble::Instead(page(http_status, body)),
            Some(Fault::AnswerAfterAccept { http_status, body }) => {
                Trouble::After(Aftermath::Other(page(http_status, body)))
            }
        }
    }
}

/// An answer that is not Graph's own.
fn page(http_status: u16, body: String) -> Response {
    let status = StatusCode::from_u16(http_status).unwrap_or(StatusCode::BAD_GATEWAY);
    let kind = if body.trim_start().starts_with(['{', '[']) { "application/json" } else { "text/html" };
    (status, [(CONTENT_TYPE, kind)], body).into_response()
}

/// Lets calls that concern no customer meet their faults.
pub(super) async fn meet(
    State((emulator, call)): State<(Arc<Emulator>, Call)>,
    request: Request,
    next: Next,
) -> Response {
    match emulator.trouble(call, None).await {
        Trouble::Instead(answer) => answer,
        Trouble::After(after) => after.upon(next.run(request).await).await,
    }
}
