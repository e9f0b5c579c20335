//! `end_to_end_rate`: a signed webhook in, the four plugins asked, the answer taken by the Graph.
//!
//! The Graph is the emulator, on a thread beside. Customers wrote to it before, so that WhatsApp's
//! window is open; their messages then come from the load generator, which keeps as many under way as
//! the host can take.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};

use futures_util::StreamExt as _;
use santun_emulator::{BusinessNumber, EmulatorSettings, Handshake, Limits, Statuses};
use tokio::sync::oneshot;

use super::load::{Load, Script, Writing, phone};
use super::shop::{APP_SECRET, Chain, NUMBERS, Serving, Shop, number};
use super::threads::Threads;
use super::{Asked, Failure, Measured, Row, ack};

/// What each customer writes, one after the other: each is asked of all four plugins, answered by the
/// last, and no reason to call a human.
pub(super) const TEXTS: [&str; 5] = ["halo kak", "menu", "katalog", "makasih kak", "oke sip"];

/// Customers who write at the same time. When these have written everything, others come.
const TOGETHER: u64 = 1_000;

/// Customers in all.
const CUSTOMERS: u64 = 12_000;

const CONNECTIONS: usize = 64;

/// Messages under way at most: enough that the host never waits for customers.
const UNDER_WAY: u64 = 1_000;

const WARM_UP: Duration = Duration::from_secs(2);
const MEASURED: Duration = Duration::from_secs(6);

/// How long the rest of the answers may take.
const REST: Duration = Duration::from_secs(30);

/// Measures.
pub(super) async fn measure(asked: &Asked) -> Result<Measured, Failure> {
    let bare = ack::bare(asked).await?;
    let graph = Graph::start()?;
    let shop = Shop::new(asked, &format!("http://{}", graph.address), SocketAddr::from(([127, 0, 0, 1], 0)))?;
    let host = shop.open().await?;
    shop.apply(&host, Chain::Four, 0).await?;
    graph.introduce().await?;
    let serving = Serving::start(host).await?;
    let measured = drive(&serving, &graph).await;
    serving.stop().await;
    let Driven { per_second, calls_each, busy, asked: messages } = measured?;
    let notes = vec![
        format!(
            "end_to_end_rate: {messages} messages of customers who each write {} texts, answered with {calls_each:.2} \
             Graph calls each; settle_ms 0, {NUMBERS} numbers (one may send 1,000 a second), no read receipts, no status \
             webhooks; load generator (bench-load) and emulator (bench-graph) run beside on the same cores. The baseline \
             is what the bare prototype acknowledges, without any answer.",
            TEXTS.len(),
        ),
        format!("end_to_end_rate: {busy}"),
    ];
    Ok(Measured { rows: vec![Row::new("end_to_end_rate", "messages/s", per_second, bare.per_second)], notes })
}

struct Driven {
    per_second: f64,
    calls_each: f64,
    busy: String,
    asked: u64,
}

async fn drive(serving: &Serving, graph: &Graph) -> Result<Driven, Failure> {
    let script: Script = Arc::new(|nth| {
        let block = TOGETHER * TEXTS.len() as u64;
        let customer = nth / block * TOGETHER + nth % TOGETHER;
        let text = TEXTS[usize::try_from(nth % block / TOGETHER).ok()?];
        (customer < CUSTOMERS).then_some(Writing { customer, text })
    });
    let all = CUSTOMERS * TEXTS.len() as u64;
    let load = Load::start(serving.address, CONNECTIONS, UNDER_WAY, script)?;
    let started = Instant::now();
    let mut from = None;
    let mut measured = None;
    // An answer can be more than one call; what is under way is bounded by calls, which come to no less.
    while measured.is_none() {
        let calls = graph.calls().await?;
        load.progress.allowed.store(calls + UNDER_WAY, Relaxed);
        let begun = load.progress.begun.load(Relaxed).min(all);
        match &from {
            None if started.elapsed() >= WARM_UP => from = Some((Instant::now(), calls, Threads::now())),
            Some((at, before, threads)) if at.elapsed() >= MEASURED || begun >= all => {
                let seconds = at.elapsed().as_secs_f64();
                measured = Some(((calls - before) as f64 / seconds, Threads::now().since(threads, seconds)));
            }
            _ => tokio::time::sleep(Duration::from_millis(10)).await,
        }
    }
    let (calls_per_second, busy) = measured.unwrap_or_default();
    let asked = load.finish().await?.len() as u64;
    let calls = graph.rest(asked).await?;
    let calls_each = calls as f64 / asked.max(1) as f64;
    Ok(Driven { per_second: calls_per_second / calls_each, calls_each, busy, asked })
}

/// The emulator, on a thread of its own.
struct Graph {
    address: SocketAddr,
    client: reqwest::Client,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Graph {
    fn start() -> Result<Self, Failure> {
        let mut settings = EmulatorSettings::new(SocketAddr::from(([127, 0, 0, 1], 0)), APP_SECRET, "unused");
        let numbers = (0..NUMBERS).map(|nth| BusinessNumber {
            phone_number_id: number(nth),
            display_phone_number: format!("+62 811-1000-{}", 2_000 + nth),
            waba_id: "102290129340398".to_owned(),
            verified_name: "Toko Contoh".to_owned(),
        });
        settings.numbers = numbers.collect();
        settings.handshake = Handshake::Skipped;
        settings.statuses = Statuses::Off;
        settings.limits = Limits::NONE;
        settings.chat_entries = 0;
        let (stop, stopped) = oneshot::channel();
        let (ready, address) = std::sync::mpsc::channel();
        let thread = std::thread::Builder::new().name("bench-graph".to_owned()).spawn(move || {
            let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
                Ok(runtime) => runtime,
                Err(error) => return drop(ready.send(Err(error.to_string()))),
            };
            runtime.block_on(async move {
                match santun_emulator::start(settings).await {
                    Ok(running) => {
                        let _ = ready.send(Ok(running.addr));
                        let _ = stopped.await;
                        running.shutdown().await;
                    }
                    Err(error) => drop(ready.send(Err(error.to_string()))),
                }
            });
        })?;
        let address = address.recv()??;
        let client = reqwest::Client::builder().no_proxy().build()?;
        Ok(Self { address, client, stop: Some(stop), thread: Some(thread) })
    }

    /// Has every customer write once, to open WhatsApp's window; nobody is told.
    async fn introduce(&self) -> Result<(), Failure> {
        let root = format!("http://{}/emulator/v1/customers", self.address);
        let mut introduced = futures_util::stream::iter(0..CUSTOMERS)
            .map(|customer| {
                let (client, root) = (self.client.clone(), root.clone());
                async move {
                    let new = serde_json::json!({ "name": format!("Pelanggan {customer}"), "phone": phone(customer) });
                    client.post(&root).json(&new).send().await?.error_for_status()?;
                    let hello = serde_json::json!({
                        "type": "text",
                        "text": "halo",
                        "phone_number_id": number(customer),
                    });
                    let send = format!("{root}/{}/send", phone(customer));
                    client.post(send).json(&hello).send().await?.error_for_status()?;
                    Ok::<_, reqwest::Error>(())
                }
            })
            .buffer_unordered(32);
        while let Some(introduced) = introduced.next().await {
            introduced?;
        }
        Ok(())
    }

    /// Messages that it has accepted.
    async fn calls(&self) -> Result<u64, Failure> {
        let stats = self.client.get(format!("http://{}/emulator/v1/stats", self.address)).send().await?;
        let stats: serde_json::Value = serde_json::from_slice(&stats.bytes().await?)?;
        let count = |name: &str| stats.get(name).and_then(serde_json::Value::as_u64).unwrap_or(0);
        match count("refused") {
            0 => Ok(count("sends")),
            refused => Err(format!("the emulator refused {refused} messages").into()),
        }
    }

    /// All messages, once nothing more comes: at least one for every message of a customer.
    async fn rest(&self, asked: u64) -> Result<u64, Failure> {
        let (begun, mut before) = (Instant::now(), 0);
        loop {
            tokio::time::sleep(Duration::from_millis(500)).await;
            let calls = self.calls().await?;
            if calls == before && calls >= asked {
                return Ok(calls);
            }
            if begun.elapsed() > REST {
                return Err(format!("{asked} messages came, and only {calls} answers left").into());
            }
            before = calls;
        }
    }
}

impl Drop for Graph {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // Had it panicked, the row would have failed.
            let _ = thread.join();
        }
    }
}
