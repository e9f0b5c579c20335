//! `swap_p99_ratio`, `swap_lost`: a plugin is swapped every second while a thousand customers a second
//! write; beside the same traffic with nothing swapped.
//!
//! Stretches with and without swaps take turns, so that what else the machine does falls on both.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::post;
use bytes::Bytes;
use parking_lot::Mutex;
use santun_core::ids::{PluginName, TurnId};
use serde::Deserialize;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::load::{Load, Script, Writing, phone};
use super::samples::Samples;
use super::shop::{Chain, Serving, Shop};
use super::{Asked, Failure, Measured, Row, place};
use crate::apply;
use crate::host::Host;
use crate::world::SystemWorld;

/// Messages a second.
const PACE: u64 = 1_000;

/// Customers, who take turns: each writes seldom enough that no pace of WhatsApp's holds an answer back.
const CUSTOMERS: u64 = 12_000;

const CONNECTIONS: usize = 32;

/// How long one stretch is, and how many of each kind there are.
const STRETCH: Duration = Duration::from_secs(5);
const STRETCHES: usize = 3;

/// How often the plugin is swapped.
const EVERY: Duration = Duration::from_secs(1);

const WARM_UP: Duration = Duration::from_secs(2);

/// How long the last answers may take.
const REST: Duration = Duration::from_secs(10);

/// What is swapped: the plugin that answers.
const SWAPPED: &str = "menu";

/// Measures.
pub(super) async fn measure(asked: &Asked) -> Result<Measured, Failure> {
    let answers = Arc::new(Answers::default());
    let graph = Graph::start(answers.clone()).await?;
    let shop = Shop::new(asked, &format!("http://{}", graph.address), SocketAddr::from(([127, 0, 0, 1], 0)))?;
    let host = shop.open().await?;
    shop.apply(&host, Chain::Four, 0).await?;
    let bytes = place::file(&asked.plugins.join(format!("{SWAPPED}.wasm")))?;
    let serving = Serving::start(host).await?;
    let driven = drive(&serving, &answers, &bytes).await;
    serving.stop().await;
    drop(graph);
    let Driven { still, swapping, swaps, asked: messages, lost } = driven?;
    let rows = vec![
        Row::new("swap_p99_ratio", "ratio", swapping.millis(990) / still.millis(990).max(1e-6), 1.0),
        Row::new("swap_lost", "count", lost as f64, 0.0),
    ];
    let notes = vec![format!(
        "swap_*: from the webhook to the answer at the Graph, at {PACE} messages a second through the four plugins, \
         {messages} messages in all; {swaps} swaps of `{SWAPPED}`, one a second; still p50 {:.2} ms, p99 {:.2} ms; \
         swapping p50 {:.2} ms, p99 {:.2} ms.",
        still.millis(500),
        still.millis(990),
        swapping.millis(500),
        swapping.millis(990),
    )];
    Ok(Measured { rows, notes })
}

struct Driven {
    still: Samples,
    swapping: Samples,
    swaps: usize,
    asked: u64,
    lost: u64,
}

async fn drive(serving: &Serving, answers: &Arc<Answers>, bytes: &[u8]) -> Result<Driven, Failure> {
    let began = answers.clone();
    let script: Script = Arc::new(move |nth| {
        let customer = nth % CUSTOMERS;
        began.asked(customer);
        // What a customer writes twice is something else, so that no rule finds the answer repeated.
        let text = super::end_to_end::TEXTS[usize::try_from(nth / CUSTOMERS).ok()? % super::end_to_end::TEXTS.len()];
        Some(Writing { customer, text })
    });
    let load = Load::start(serving.address, CONNECTIONS, 0, script)?;
    let started = Instant::now();
    let stretches = STRETCHES * 2;
    let (mut still, mut swapping, mut swaps) = (Vec::new(), Vec::new(), 0);
    let mut next_swap = WARM_UP;
    let end = WARM_UP + STRETCH * u32::try_from(stretches).unwrap_or(u32::MAX);
    let mut stretch = None;
    while started.elapsed() < end {
        let elapsed = started.elapsed();
        let allowed = elapsed.as_millis().saturating_mul(u128::from(PACE)) / 1_000;
        load.progress.allowed.store(u64::try_from(allowed).unwrap_or(u64::MAX), Relaxed);
        let now = elapsed.checked_sub(WARM_UP).map(|since| since.as_millis() / STRETCH.as_millis());
        if now != stretch {
            let times = answers.take();
            match stretch {
                Some(nth) if nth % 2 == 0 => still.extend(times),
                Some(_) => swapping.extend(times),
                None => {}
            }
            stretch = now;
        }
        if now.is_some_and(|nth| nth % 2 == 1) && elapsed >= next_swap {
            next_swap = elapsed + EVERY;
            swaps += 1;
            swap(&serving.host, bytes, swaps);
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    swapping.extend(answers.take());
    let asked = load.finish().await?.len() as u64;
    let rest = Instant::now();
    while answers.waiting() > 0 && rest.elapsed() < REST {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let lost = answers.waiting() as u64;
    Ok(Driven { still: Samples::of(still), swapping: Samples::of(swapping), swaps, asked, lost })
}

/// Installs another revision of the plugin beside the traffic: the same behaviour, other bytes.
fn swap(host: &Arc<Host>, bytes: &[u8], nth: usize) {
    let (host, bytes) = (host.clone(), revision(bytes, nth));
    tokio::spawn(async move {
        if let Err(error) = apply::install(&host, &PluginName::from(SWAPPED), bytes, "bench".to_owned()).await {
            eprintln!("  a swap failed: {error}");
        }
    });
}

/// The component with one more custom section, which says nothing.
fn revision(bytes: &[u8], nth: usize) -> Bytes {
    let content = nth.to_string();
    let name = b"bench";
    let mut revised = bytes.to_vec();
    // Section 0, its size (below 128: one byte of LEB128), the length of its name, its name, its content.
    revised.extend([0, u8::try_from(1 + name.len() + content.len()).unwrap_or(127), name.len() as u8]);
    revised.extend(name);
    revised.extend(content.bytes());
    revised.into()
}

/// Who waits since when, and how long the others have waited.
#[derive(Default)]
struct Answers {
    state: Mutex<Waits>,
}

#[derive(Default)]
struct Waits {
    since: HashMap<String, Instant>,
    took: Vec<Duration>,
}

impl Answers {
    fn asked(&self, customer: u64) {
        self.state.lock().since.insert(phone(customer), Instant::now());
    }

    /// The first answer counts; a greeting can be two messages.
    fn answered(&self, phone: &str) {
        let mut state = self.state.lock();
        if let Some(since) = state.since.remove(phone) {
            state.took.push(since.elapsed());
        }
    }

    fn take(&self) -> Vec<Duration> {
        std::mem::take(&mut self.state.lock().took)
    }

    fn waiting(&self) -> usize {
        self.state.lock().since.len()
    }
}

/// A Graph that takes everything and notes when.
struct Graph {
    address: SocketAddr,
    server: JoinHandle<()>,
}

#[derive(Deserialize)]
struct Letter {
    to: String,
}

impl Graph {
    async fn start(answers: Arc<Answers>) -> Result<Self, Failure> {
        let router = Router::new().route("/{version}/{number}/messages", post(take)).with_state(answers);
        let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await?;
        let address = listener.local_addr()?;
        let server = tokio::spawn(async move {
            // It ends by being aborted.
            let _ = axum::serve(listener, router).await;
        });
        Ok(Self { address, server })
    }
}

impl Drop for Graph {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn take(State(answers): State<Arc<Answers>>, body: Bytes) -> impl IntoResponse {
    let to = serde_json::from_slice::<Letter>(&body).map(|letter| letter.to).unwrap_or_default();
    answers.answered(to.trim_start_matches('+'));
    let id = TurnId::new(&SystemWorld);
    let accepted = format!(
        r#"{{"messaging_product":"whatsapp","contacts":[{{"input":"{to}","wa_id":"{to}"}}],"messages":[{{"id":"wamid.{id}"}}]}}"#
    );
    ([(CONTENT_TYPE, "application/json")], accepted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_revision_has_other_bytes_and_is_still_wasm() {
        let component = [0x00, 0x61, 0x73, 0x6d, 0x0d, 0x00, 0x01, 0x00];
        let (first, second) = (revision(&component, 1), revision(&component, 2));
        assert_ne!(first, second);
        assert_eq!(&first[8..], b"\0\x07\x05bench1");
    }
}
