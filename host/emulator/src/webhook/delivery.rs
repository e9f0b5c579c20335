//! Delivery: each connection takes what waits for it, posts it, and repeats what was not answered 200.
//!
//! While the host cannot be reached, a connection holds everything back, so that order survives a restart. A webhook
//! that the host answers with anything but 200 is put aside and repeated with growing waits, while newer ones go on:
//! as with WhatsApp, order is then not kept.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use reqwest::Client;
use reqwest::header::{CONTENT_TYPE, USER_AGENT};
use tokio::sync::watch;
use tokio::time::Instant;
use tracing::{debug, warn};

use super::body::{Letterhead, Update, render};
use super::{Lane, Outbound};
use crate::settings::Redelivery;
use crate::signature::Signer;
use crate::stats::Stats;

/// The header that carries the signature.
pub(crate) const SIGNATURE: &str = "x-hub-signature-256";

/// What all connections share.
pub(crate) struct Courier {
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

/// A webhook that will be repeated.
struct Parcel {
    body: Bytes,
    updates: usize,
    since: Instant,
    wait: Duration,
    due: Instant,
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
    let mut batch = Vec::with_capacity(courier.batch);
    loop {
        if let Some(parcel) = take_due(&mut aside) {
            courier.stats.redelivered.add(1);
            courier.deliver(parcel, &mut aside, &waiting).await;
            continue;
        }
        {
            let mut queue = lane.queue.lock();
            let take = courier.batch.min(queue.len());
            batch.extend(queue.drain(..take));
        }
        if batch.is_empty() {
            wait_for_work(&lane, &aside).await;
            continue;
        }
        let parcel = courier.pack(&batch);
        batch.clear();
        courier.deliver(parcel, &mut aside, &waiting).await;
    }
}

fn take_due(aside: &mut Vec<Parcel>) -> Option<Parcel> {
    let now = Instant::now();
    let at = aside.iter().position(|parcel| parcel.due <= now)?;
    Some(aside.remove(at))
}

async fn wait_for_work(lane: &Lane, aside: &[Parcel]) {
    let Some(due) = aside.iter().map(|parcel| parcel.due).min() else { return lane.wake.notified().await };
    tokio::select! {
        () = lane.wake.notified() => {}
        () = tokio::time::sleep_until(due) => {}
    }
}

impl Courier {
    fn pack(&self, updates: &[Update]) -> Parcel {
        let now = Instant::now();
        Parcel {
            body: render(updates, &self.letterheads).into(),
            updates: updates.len(),
            since: now,
            wait: self.redelivery.first,
            due: now,
        }
    }

    /// Delivers a webhook, puts it aside for later, or gives it up.
    async fn deliver(&self, mut parcel: Parcel, aside: &mut Vec<Parcel>, waiting: &AtomicUsize) {
        let updates = parcel.updates;
        loop {
            match self.post(&parcel.body).await {
                Attempt::Accepted => {
                    self.stats.webhooks.add(1);
                    self.stats.updates.add(updates as u64);
                    waiting.fetch_sub(updates, Ordering::Relaxed);
                    return;
                }
                Attempt::Refused | Attempt::Unreachable if parcel.since.elapsed() >= self.redelivery.give_up_after => {
                    warn!(updates, "webhook given up: it was repeated for as long as the settings allow");
                    self.stats.failed_attempts.add(1);
                    self.stats.dropped.add(updates as u64);
                    waiting.fetch_sub(updates, Ordering::Relaxed);
                    return;
                }
                Attempt::Refused => {
                    self.stats.failed_attempts.add(1);
                    parcel.due = Instant::now() + self.next_wait(&mut parcel);
                    aside.push(parcel);
                    return;
                }
                Attempt::Unreachable => {
                    self.stats.failed_attempts.add(1);
                    let wait = self.next_wait(&mut parcel);
                    tokio::time::sleep(wait).await;
                    self.stats.redelivered.add(1);
                }
            }
        }
    }

    fn next_wait(&self, parcel: &mut Parcel) -> Duration {
        let wait = parcel.wait;
        parcel.wait = (wait * 2).min(self.redelivery.longest.max(self.redelivery.first));
        wait
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
