//! `ack_rate`, `ack_p99`: signed webhooks in, each durable before its 200; beside a bare prototype.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};

use super::load::{Load, Script, Writing};
use super::prototype::Prototype;
use super::samples::Samples;
use super::shop::{Chain, Serving, Shop};
use super::threads::Threads;
use super::{Asked, Failure, Measured, Row, place};

/// Connections that are kept, as Meta keeps many.
const CONNECTIONS: usize = 256;

/// Customers of the shop, all known before the measurement begins.
const CUSTOMERS: u64 = 10_000;

/// How long one side is measured. With the warm-up it ends before `settle_ms` is over.
const MEASURED: Duration = Duration::from_secs(5);

/// How long customers become known at most.
const WARM_UP: Duration = Duration::from_secs(4);

/// `settle_ms`, at its most: no step is decided while arrivals are measured.
const SETTLE_MS: u32 = 10_000;

const TEXT: &str = "Halo kak, pesanan saya nomor TC-10234 kok belum sampai ya? Sudah seminggu saya tunggu di rumah, \
                    padahal katanya cuma dua hari. Mohon dicek ya kak, terima kasih banyak sebelumnya.";

/// What one run came to.
pub(super) struct Rate {
    pub(super) per_second: f64,
    pub(super) waits: Samples,
    pub(super) busy: String,
}

/// Measures.
pub(super) async fn measure(asked: &Asked) -> Result<Measured, Failure> {
    let bare = bare(asked).await?;
    let host = host(asked, Who::Known).await?;
    let new = self::host(asked, Who::New).await?;
    let rows = vec![
        Row::new("ack_rate", "webhooks/s", host.per_second, bare.per_second),
        Row::new("ack_p99", "ms", host.waits.millis(990), bare.waits.millis(990)),
        Row::new("ack_rate_new_customers", "webhooks/s", new.per_second, bare.per_second),
    ];
    let of = |name: &str, rate: &Rate| {
        format!(
            "{name}: {:.0}/s, p50 {:.1} ms, p99 {:.1} ms, p99.9 {:.1} ms, {} answers; {}",
            rate.per_second,
            rate.waits.millis(500),
            rate.waits.millis(990),
            rate.waits.millis(999),
            rate.waits.len(),
            rate.busy
        )
    };
    let notes = vec![
        format!(
            "ack_*: {CONNECTIONS} kept connections, one text a webhook, load generator on a thread beside; {CUSTOMERS} \
             customers, known before (ack_rate_new_customers: every message is a stranger's). Beside the \
             acknowledgement run, as in production, a lane a conversation, timers and metrics; settle_ms is 10,000 and \
             the chain empty, so nothing is decided meanwhile."
        ),
        of("ack prototype", &bare),
        of("ack host", &host),
        of("ack host, new customers", &new),
    ];
    Ok(Measured { rows, notes })
}

/// The bare prototype's rate.
pub(super) async fn bare(asked: &Asked) -> Result<Rate, Failure> {
    let folder = place::folder(asked)?;
    let prototype = Prototype::start(folder.path()).await?;
    let rate = rate(prototype.address, Who::Known).await;
    prototype.stop().await;
    rate
}

async fn host(asked: &Asked, who: Who) -> Result<Rate, Failure> {
    let shop = Shop::new(asked, "http://127.0.0.1:9", SocketAddr::from(([127, 0, 0, 1], 0)))?;
    let host = shop.open().await?;
    shop.apply(&host, Chain::Empty, SETTLE_MS).await?;
    let serving = Serving::start(host).await?;
    let rate = rate(serving.address, who).await;
    serving.stop().await;
    rate
}

/// Who writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Who {
    /// Customers who have written before.
    Known,
    /// Somebody new with every message.
    New,
}

async fn rate(address: SocketAddr, who: Who) -> Result<Rate, Failure> {
    let script: Script = match who {
        Who::Known => Arc::new(|nth| Some(Writing { customer: nth % CUSTOMERS, text: TEXT })),
        Who::New => Arc::new(|nth| Some(Writing { customer: nth, text: TEXT })),
    };
    let load = Load::start(address, CONNECTIONS, u64::MAX, script)?;
    let started = Instant::now();
    while load.progress.begun.load(Relaxed) < CUSTOMERS
        && started.elapsed() < WARM_UP
        && !load.progress.stop.load(Relaxed)
    {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    tokio::time::sleep(Duration::from_millis(300)).await;
    let (from, before) = (Instant::now(), Threads::now());
    tokio::time::sleep(MEASURED).await;
    let (to, after) = (Instant::now(), Threads::now());
    let acks = load.finish().await?;
    let seconds = (to - from).as_secs_f64();
    let waits: Vec<Duration> = acks.iter().filter(|ack| ack.at >= from && ack.at < to).map(|ack| ack.took).collect();
    let per_second = waits.len() as f64 / seconds;
    Ok(Rate { per_second, waits: Samples::of(waits), busy: after.since(&before, seconds) })
}
