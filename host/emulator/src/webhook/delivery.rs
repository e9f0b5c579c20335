//! Delivery: each connection takes what waits for it, posts it, and repeats what was not answered 200.
//!
//! While the host cannot be reached, a connection holds everything back, so that order survives a restart. A webhook
//! that the host answers with anything but 200 is put aside and repeated with growing waits, while newer ones go on:
//! as with WhatsApp, order is then not kept. Waits are the emulator's: who puts its clock forward sees them end.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use reqwest::Client;
use reqwest::header::{CONTENT_TYPE, USER_AGENT};
use tokio::sync::watch;
use tracing::{debug, warn};

use super::body::{Letterhead, Update, render};
use super::{Lane, Outbound};
use crate::clock::Clock;
use crate::settings::Redelivery;
use crate::signature::Signer;
use crate::stats::Stats;

/// The header that carries the signature.
pub(crate) const SIGNATURE: &str = "x-hub-signature-256";

/// What all connections share.
pub(crate) struct Courier {
    pub(crate) clock: Arc<Clock>,
    pub(crate) client: Client,
    pub(crate) url: String,
    pub(crate) signer: Signer,
    pub(crate) letterheads: Vec<Letterhead>,
    pub(crate) batch: usize,
    pub(crate) redelivery: Redelivery,
    pub(crate) stats: Arc<Stats>,
    pub(crate) subscribed: watch::Receiver<bool>,
}

/// How an attempt ended.
enum Attempt {
    /// 200.
    Accepted,
    /// Another status, or no answer in time.
    Refused,
    /// No connection, or it broke.
    Unreachable,
}

/// A webhook that will be repeated. Times are the emulator's, in milliseconds.
struct Parcel {
    body: Bytes,
    updates: usize,
    since_ms: i64,
    wait_ms: i64,
    due_ms: i64,
}

/// Starts a task for each connection.
pub(crate) fn start(courier: Courier, outbound: &Outbound) -> Vec<tokio::task::JoinHandle<()>> {
    let courier = Arc::new(courier);
    let run =
        |lane: &Arc<Lane>| tokio::spawn(run(Arc::clone(lane), Arc::clone(&courier), Arc::clone(&outbound.waiting)));
    outbound.lanes.iter().map(run).collect()
}

async fn run(lane: Arc<Lane>, courier: Arc<Courier>, waiting: Arc<AtomicUsize>) {
    let mut subscribed = courier.subscribed.clone();
    if subscribed.wait_for(|subscribed| *subscribed).await.is_err() {
        return;
    }
    let mut aside: Vec<Parcel> = Vec::new();
    loop {
        let now_ms = courier.clock.now_ms();
        if let Some(at) = aside.iter().position(|parcel| parcel.due_ms <= now_ms) {
            let parcel = aside.remove(at);
            courier.deliver_again(parcel, &mut aside, &waiting).await;
            continue;
        }
        let Some((since_ms, updates)) = lane.take(courier.batch) else {
            courier.wait_for_work(&lane, &aside).await;
            continue;
        };
        let parcel = courier.pack(since_ms, &updates);
        courier.deliver(parcel, &mut aside, &waiting).await;
    }
}

impl Courier {
    async fn wait_for_work(&self, lane: &Lane, aside: &[Parcel]) {
        let Some(due_ms) = aside.iter().map(|parcel| parcel.due_ms).min() else { return lane.wake.notified().await };
        tokio::select! {
            () = lane.wake.notified() => {}
            () = self.clock.wait_until(due_ms) => {}
        }
    }

    fn pack(&self, since_ms: i64, updates: &[Update]) -> Parcel {
        Parcel {
            body: render(updates, &self.letterheads).into(),
            updates: updates.len(),
            since_ms,
            wait_ms: milliseconds(self.redelivery.first),
            due_ms: since_ms,
        }
    }

    /// Delivers a webhook for the first time; then it is put aside for later where the host refuses it. While the host
    /// cannot be reached, it is tried until it can, so that those behind it keep their order.
    async fn deliver(&self, mut parcel: Parcel, aside: &mut Vec<Parcel>, waiting: &AtomicUsize) {
        loop {
            match self.post(&parcel.body).await {
                Attempt::Accepted => return self.accepted(&parcel, waiting),
                Attempt::Refused => return self.put_aside(parcel, aside, waiting),
                Attempt::Unreachable => {
                    self.stats.failed_attempts.add(1);
                    self.put_off(&mut parcel);
                    self.clock.wait_until(parcel.due_ms).await;
                    if self.too_old(&parcel) {
                        return self.give_up(&parcel, waiting);
                    }
                    self.stats.redelivered.add(1);
                }
            }
        }
    }

    /// Delivers a webhook that was put aside, unless its time is over.
    async fn deliver_again(&self, parcel: Parcel, aside: &mut Vec<Parcel>, waiting: &AtomicUsize) {
        if self.too_old(&parcel) {
            return self.give_up(&parcel, waiting);
        }
        self.stats.redelivered.add(1);
        match self.post(&parcel.body).await {
            Attempt::Accepted => self.accepted(&parcel, waiting),
            Attempt::Refused | Attempt::Unreachable => self.put_aside(parcel, aside, waiting),
        }
    }

    fn accepted(&self, parcel: &Parcel, waiting: &AtomicUsize) {
        self.stats.webhooks.add(1);
        self.stats.updates.add(parcel.updates as u64);
        waiting.fetch_sub(parcel.updates, Ordering::Relaxed);
    }

    fn put_aside(&self, mut parcel: Parcel, aside: &mut Vec<Parcel>, waiting: &AtomicUsize) {
        self.stats.failed_attempts.add(1);
        if self.too_old(&parcel) {
            return self.give_up(&parcel, waiting);
        }
        self.put_off(&mut parcel);
        aside.push(parcel);
    }

    fn too_old(&self, parcel: &Parcel) -> bool {
        self.clock.now_ms() - parcel.since_ms >= milliseconds(self.redelivery.give_up_after)
    }

    fn give_up(&self, parcel: &Parcel, waiting: &AtomicUsize) {
        warn!(parcel.updates, "webhook given up: it was repeated for as long as the settings allow");
        self.stats.dropped.add(parcel.updates as u64);
        waiting.fetch_sub(parcel.updates, Ordering::Relaxed);
    }

    /// Each wait is twice the one before.
    fn put_off(&self, parcel: &mut Parcel) {
        parcel.due_ms = self.clock.now_ms().saturating_add(parcel.wait_ms);
        let longest = milliseconds(self.redelivery.longest.max(self.redelivery.first));
        parcel.wait_ms = parcel.wait_ms.saturating_mul(2).min(longest);
    }

    async fn post(&self, body: &Bytes) -> Attempt {
        let signature = format!("sha256={}", self.signer.sign(body));
        match send(&self.client, &self.url, body.clone(), Some(&signature)).await {
            Ok(answer) => {
                let status = answer.status();
                // Only a body that was read lets the connection be used again.
                let read = answer.bytes().await;
                if status.as_u16() == 200 {
                    return Attempt::Accepted;
                }
                debug!(status = status.as_u16(), read = read.is_ok(), "webhook not answered 200");
                Attempt::Refused
            }
            Err(error) if error.is_timeout() => Attempt::Refused,
            Err(_) => Attempt::Unreachable,
        }
    }
}

/// Posts one body as WhatsApp does.
pub(crate) async fn send(
    client: &Client,
    url: &str,
    body: Bytes,
    signature: Option<&str>,
) -> Result<reqwest::Response, reqwest::Error> {
    let mut request =
        client.post(url).header(CONTENT_TYPE, "application/json").header(USER_AGENT, "facebookexternalua").body(body);
    if let Some(signature) = signature {
        request = request.header(SIGNATURE, signature);
    }
    request.send().await
}

fn milliseconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}
