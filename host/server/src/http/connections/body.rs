//! The body of a request, which must come within a time.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Bytes;
use hyper::body::{Body, Frame, Incoming, SizeHint};
use tokio::time::{Sleep, sleep};

use super::activity::InHand;

/// How long a body may take: a plugin of 50 MB at 4 Mbit/s.
const WITHIN: Duration = Duration::from_secs(120);

/// A body that is waited for, with an end.
pub(super) struct Patient {
    body: Incoming,
    in_hand: Arc<InHand>,
    late: Option<Pin<Box<Sleep>>>,
}

/// Why a body cannot be read.
#[derive(Debug, thiserror::Error)]
pub(super) enum BodyError {
    #[error("the body did not come within {} seconds", WITHIN.as_secs())]
    Late,
    #[error(transparent)]
    Broken(#[from] hyper::Error),
}

impl Patient {
    pub(super) const fn new(body: Incoming, in_hand: Arc<InHand>) -> Self {
        Self { body, in_hand, late: None }
    }
}

impl Body for Patient {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        let this = self.get_mut();
        match Pin::new(&mut this.body).poll_frame(context) {
            Poll::Ready(frame) => {
                this.in_hand.goes_on();
                if frame.is_none() || this.body.is_end_stream() {
                    this.in_hand.is_whole();
                }
                Poll::Ready(frame.map(|frame| frame.map_err(BodyError::from)))
            }
            Poll::Pending => {
                let late = this.late.get_or_insert_with(|| Box::pin(sleep(WITHIN)));
                late.as_mut().poll(context).map(|()| Some(Err(BodyError::Late)))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
