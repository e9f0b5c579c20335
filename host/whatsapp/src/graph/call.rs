//! One call of the Graph: its answer, or how it went wrong.

use bytes::Bytes;
use santun_core::delivery::{Attempt, GraphError, Wait};
use serde::de::DeserializeOwned;

use super::carrier::Request;
use crate::errors::{self, own};

/// The longest answer that is read unless more is expected: the Graph's are below 2 KB.
const ANSWER_BYTES: usize = 64 * 1024;

/// Why a call of the Graph brought nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// The Graph could not be reached: the request certainly was not written.
    #[error("the Graph cannot be reached: {0}")]
    Unreachable(String),
    /// The connection broke, or the time was up, after the request may have been written.
    #[error("the Graph did not answer: {0}")]
    Interrupted(String),
    /// The request could not be made.
    #[error("the request to the Graph cannot be made: {0}")]
    Request(String),
    /// The Graph said no.
    #[error("the Graph refused ({status}): {} (code {})", .error.title, .error.code)]
    Refused {
        /// The HTTP status.
        status: u16,
        /// Why, in Meta's words.
        error: GraphError,
    },
    /// The answer was not what the Graph documents.
    #[error("the Graph answered what its documentation does not know")]
    Unreadable,
}

impl CallError {
    /// Whether the channel's token or permissions are the trouble, so that nothing can be sent.
    pub fn halts(&self) -> bool {
        match self {
            Self::Refused { status, error } => {
                errors::meaning(error.code) == Some(errors::Meaning::Halt) || matches!(status, 401 | 403)
            }
            Self::Unreachable(_) | Self::Interrupted(_) | Self::Request(_) | Self::Unreadable => false,
        }
    }

    /// What it means for a message that was to be sent.
    pub(super) fn into_attempt(self) -> Attempt {
        let error = |code, title| GraphError { code, title, details: None };
        let title = self.to_string();
        match self {
            Self::Unreachable(_) => Attempt::Again { wait: Wait::Unreachable, error: error(own::UNREACHABLE, title) },
            Self::Request(_) => Attempt::Never { error: error(own::UNSENDABLE, title), ours: true },
            Self::Interrupted(_) => Attempt::Unknown { error: error(own::INTERRUPTED, title) },
            Self::Refused { error, .. } => Attempt::Unknown { error },
            Self::Unreadable => Attempt::Unknown { error: error(own::UNREADABLE, title) },
        }
    }
}

/// What the Graph answered.
pub(super) struct Answer {
    pub(super) status: u16,
    /// The Graph's own clock, as the head tells it.
    pub(super) date: Option<String>,
    pub(super) body: Vec<u8>,
}

/// Makes a call and reads its answer whole.
pub(super) async fn answer_of(request: Request) -> Result<Answer, CallError> {
    answer_within(request, ANSWER_BYTES).await
}

/// Makes a call and reads its answer whole, if it is no longer than that.
pub(super) async fn answer_within(request: Request, most: usize) -> Result<Answer, CallError> {
    let mut response = request.send().await?;
    let status = response.status().as_u16();
    let date = response.headers().get(reqwest::header::DATE).and_then(|date| date.to_str().ok()).map(str::to_owned);
    let mut body = Vec::new();
    while let Some(chunk) = next_chunk(&mut response).await? {
        if body.len() + chunk.len() > most {
            return Err(CallError::Unreadable);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Answer { status, date, body })
}

/// Makes a call whose answer is to be a `T`.
pub(super) async fn call<T: DeserializeOwned>(request: Request) -> Result<T, CallError> {
    read(answer_of(request).await?)
}

/// The `T` that an answer is, or the error.
pub(super) fn read<T: DeserializeOwned>(answer: Answer) -> Result<T, CallError> {
    if !(200..300).contains(&answer.status) {
        let error = errors::of_answer(answer.status, &answer.body);
        return Err(CallError::Refused { status: answer.status, error });
    }
    serde_json::from_slice(&answer.body).map_err(|_| CallError::Unreadable)
}

pub(super) async fn next_chunk(response: &mut reqwest::Response) -> Result<Option<Bytes>, CallError> {
    // The head of an answer has come: the request was written, whatever the error is called.
    response.chunk().await.map_err(|error| CallError::Interrupted(reason(&error)))
}

/// Tells a request that certainly was not written from one that may have been.
pub(super) fn broken(error: &reqwest::Error) -> CallError {
    if error.is_builder() {
        CallError::Request(reason(error))
    } else if error.is_connect() {
        CallError::Unreachable(reason(error))
    } else {
        CallError::Interrupted(reason(error))
    }
}

/// The innermost cause, without the address: a path holds the number's id.
fn reason(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return "the time was up".to_owned();
    }
    let mut cause: &dyn std::error::Error = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    match cause.downcast_ref::<reqwest::Error>() {
        Some(_) => "the connection failed".to_owned(),
        None => cause.to_string(),
    }
}
