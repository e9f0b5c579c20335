//! `GET /api/v1/events`

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::Stream;
use futures_util::stream;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Problem;
use super::caller::Caller;
use crate::http::App;

/// Events that are read from the store at once.
const AT_ONCE: u32 = 256;

pub(super) fn endpoints() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(follow))
}

/// What happens, as server-sent events: conversations that changed, requests, deliveries. Send
/// `Last-Event-ID` to go on where an earlier stream ended.
#[utoipa::path(get, path = "/events", tag = "events", params(("last-event-id" = Option<u64>, Header)),
    responses((status = 200, content_type = "text/event-stream"), (status = 401, body = Problem)))]
async fn follow(
    State(app): State<App>,
    _caller: Caller,
    headers: HeaderMap,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Problem> {
    let last = headers.get("last-event-id").and_then(|value| value.to_str().ok());
    let changes = app.host.store.watch_events();
    let from = match last {
        Some(text) => text.parse().map_err(|_| Problem::invalid("`Last-Event-ID` is not an event's number"))?,
        None => *changes.borrow(),
    };
    let start = Follower { app, changes, seq: from, ready: std::collections::VecDeque::new() };
    let events = stream::unfold(start, |mut follower| async move { Some((Ok(follower.next().await?), follower)) });
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(Duration::from_secs(15))))
}

struct Follower {
    app: App,
    changes: tokio::sync::watch::Receiver<u64>,
    seq: u64,
    ready: std::collections::VecDeque<santun_store::Event>,
}

impl Follower {
    /// The next event; `None` when the host stops.
    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                self.seq = event.seq;
                let body = serde_json::json!({
                    "at": event.at.as_millis(),
                    "conversation": event.conversation,
                    "detail": event.body,
                });
                return Some(Event::default().id(event.seq.to_string()).event(event.kind).data(body.to_string()));
            }
            if *self.changes.borrow_and_update() > self.seq {
                self.ready = self.app.host.store.events_after(self.seq, AT_ONCE).await.ok()?.into();
                if !self.ready.is_empty() {
                    continue;
                }
            }
            tokio::select! {
                changed = self.changes.changed() => changed.ok()?,
                () = self.app.host.drain_begins() => return None,
            }
        }
    }
}
