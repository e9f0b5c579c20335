//! Connections: how many there may be, and how long one may keep its place without bringing a request.
//!
//! A connection is *idle* while no whole request of its is in hand: before the first, between two, and while
//! a head or a body trickles in. An idle one is closed after a while; sooner, the longest idle first, when
//! all places are taken and somebody knocks. Whoever has a whole request in hand keeps their place until it is
//! answered, and when all have one, new connections wait in the system's queue.

mod activity;
mod body;

use std::convert::Infallible;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::Response;
use hyper::body::{Body as _, Incoming};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt as _;

use activity::{Activity, Open};
use body::Patient;

use crate::settings::MaxConnections;

/// How long a connection may bring nothing. Longer than proxies usually keep one that they mean to use
/// again would be in vain; shorter would have Meta connect anew for each message of a quiet shop.
const IDLE: Duration = Duration::from_secs(75);

/// How long the first request of a connection may take to begin.
const FIRST: Duration = Duration::from_secs(15);

/// Connections at least, however few files the system allows.
const LEAST: usize = 16;

/// Files that databases, plugins and the way to WhatsApp need at the same time.
const OTHER_FILES: usize = 192;

/// How long to wait when the system gives no more connections.
const REST: Duration = Duration::from_millis(200);

/// How many connections there may be: as many as wanted, if the system's limit of open files leaves room for them. Raises
/// that limit as far as it may be.
pub fn most(wanted: MaxConnections) -> usize {
    let files = rlimit::increase_nofile_limit(u64::MAX).unwrap_or(1_024);
    let files = usize::try_from(files).unwrap_or(usize::MAX);
    let most = files.saturating_sub(OTHER_FILES).max(LEAST).min(wanted.get());
    if most < wanted.get().min(1_024) {
        tracing::warn!(files, connections = most, "few files may be open: raise the limit (ulimit -n, LimitNOFILE=)");
    }
    most
}

/// Serves on a listener (`name` in metrics) until `stop`, which gives the moment by which all must have ended; then
/// until what is in hand is answered, or that moment comes. Gives the moment back.
pub async fn serve(
    name: &'static str,
    listener: TcpListener,
    router: Router,
    most: usize,
    stop: impl Future<Output = Instant>,
) -> Instant {
    let door = Door {
        open: Open::at(name),
        places: Arc::new(Semaphore::new(most)),
        stopping: CancellationToken::new(),
        tasks: TaskTracker::new(),
        router,
    };
    let deadline = tokio::select! {
        deadline = stop => deadline,
        () = door.let_in(&listener) => Instant::now(),
    };
    drop(listener);
    door.stopping.cancel();
    door.tasks.close();
    if tokio::time::timeout_at(deadline, door.tasks.wait()).await.is_err() {
        tracing::warn!(connections = door.open.len(), "not every connection ended in time");
    }
    deadline
}

struct Door {
    open: Arc<Open>,
    places: Arc<Semaphore>,
    stopping: CancellationToken,
    tasks: TaskTracker,
    router: Router,
}

impl Door {
    async fn let_in(&self, listener: &TcpListener) {
        let mut complained: Option<Instant> = None;
        loop {
            let Some(place) = self.place().await else { return };
            match listener.accept().await {
                Ok((stream, _)) => self.attend(stream, place),
                Err(error) if is_of_one(&error) => {}
                Err(error) => {
                    metrics::counter!("santun_accept_failures_total").increment(1);
                    if complained.is_none_or(|at| at.elapsed() > Duration::from_secs(10)) {
                        complained = Some(Instant::now());
                        tracing::error!(%error, connections = self.open.len(), "no connection can be taken; raise the limit of open files if it is that (ulimit -n, LimitNOFILE=)");
                    }
                    self.open.close_longest_idle();
                    tokio::time::sleep(REST).await;
                }
            }
        }
    }

    async fn place(&self) -> Option<OwnedSemaphorePermit> {
        if let Ok(place) = self.places.clone().try_acquire_owned() {
            return Some(place);
        }
        self.open.close_longest_idle();
        self.places.clone().acquire_owned().await.ok()
    }

    fn attend(&self, stream: TcpStream, place: OwnedSemaphorePermit) {
        // Answers are small: waiting to fill a packet would only delay them.
        let _ = stream.set_nodelay(true);
        let activity = self.open.begin();
        let (router, stopping) = (self.router.clone(), self.stopping.clone());
        self.tasks.spawn(async move {
            let why = converse(stream, router, &activity, stopping).await;
            metrics::counter!("santun_connections_closed_total", "why" => why).increment(1);
            drop((activity, place));
        });
    }
}

/// Whether an error of accepting is that of one connection, which has gone away again.
fn is_of_one(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

/// One connection, from its first byte to its last. Gives why it ended.
async fn converse(
    stream: TcpStream,
    router: Router,
    activity: &Arc<Activity>,
    stopping: CancellationToken,
) -> &'static str {
    let active = activity.clone();
    let service = service_fn(move |request: Request<Incoming>| answer(router.clone(), active.clone(), request));
    let builder = Builder::new(TokioExecutor::new());
    let mut connection = pin!(builder.serve_connection_with_upgrades(TokioIo::new(stream), service));
    let mut look_at = pin!(sleep_until(Instant::now() + FIRST));
    let mut told = false;
    loop {
        tokio::select! {
            ended = connection.as_mut() => return if ended.is_ok() { "done" } else { "broken" },
            () = activity.asked_to_close() => {
                if activity.is_idle() {
                    return "crowded";
                }
            }
            () = stopping.cancelled(), if !told => {
                told = true;
                connection.as_mut().graceful_shutdown();
                if activity.is_idle() {
                    return "stopping";
                }
            }
            () = look_at.as_mut() => match activity.idle_since() {
                Some(since) if since.elapsed() >= activity.patience() => return "idle",
                Some(since) => look_at.as_mut().reset(since + activity.patience()),
                None => look_at.as_mut().reset(Instant::now() + IDLE),
            },
        }
    }
}

async fn answer(
    router: Router,
    activity: Arc<Activity>,
    request: Request<Incoming>,
) -> Result<Response<Body>, Infallible> {
    let in_hand = activity.request();
    let request = request.map(|body| match body.is_end_stream() {
        true => {
            in_hand.is_whole();
            Body::empty()
        }
        false => Body::new(Patient::new(body, in_hand.clone())),
    });
    let response = router.oneshot(request).await?;
    // Of a body whose size is known only the writing is left: whoever does not read it is idle.
    if response.body().size_hint().exact().is_some() {
        return Ok(response);
    }
    in_hand.is_whole();
    Ok(response.map(|body| {
        Body::new(http_body_util::BodyExt::map_frame(body, move |frame| {
            let _answering = &in_hand;
            frame
        }))
    }))
}
