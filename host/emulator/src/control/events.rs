//! `GET /emulator/v1/events`: server-sent events. They say *that* something changed; what, is read from the chat.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::State;
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use futures_util::{Stream, StreamExt};
use tokio_stream::wrappers::BroadcastStream;

use crate::emulator::Emulator;

/// Everything that happens from now on. A listener that fell behind gets `{"event":"missed"}` and should read anew.
pub(super) async fn stream(
    State(emulator): State<Arc<Emulator>>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let events = BroadcastStream::new(emulator.events.listen());
    let hello = futures_util::stream::once(async { Ok(Event::default().data(r#"{"event":"hello"}"#)) });
    let events = events.map(|event| {
        let data = event.unwrap_or_else(|_| r#"{"event":"missed"}"#.into());
        Ok(Event::default().data(&*data))
    });
    Sse::new(hello.chain(events)).keep_alive(KeepAlive::default())
}
