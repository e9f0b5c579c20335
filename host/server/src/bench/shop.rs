//! The shop that is measured: its bot, its settings, and a host that serves it as `santun serve` would.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::OnceLock;
use std::time::Duration;

use bytes::Bytes;
use santun_whatsapp::signature::AppSecrets;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::{Asked, Failure, place};
use crate::apply::{Files, Intent, Proposal, Sources};
use crate::host::Host;
use crate::http::{self, App};
use crate::serve;
use crate::settings::Settings;
use crate::telemetry::Metrics;

/// Signs webhooks.
pub(super) const APP_SECRET: &str = "bench-app-secret";

const VERIFY_TOKEN: &str = "bench-verify-token";
const ACCESS_TOKEN: &str = "bench-access-token";

/// The numbers of the shop. WhatsApp lets one number send at most 1,000 messages a second.
pub(super) const NUMBERS: u64 = 32;

const CSV: &str = "\
key,question,answer,tags,language
ongkir,Berapa biaya pengiriman?,\"Ongkir mulai Rp9.000, kak.\",ongkir,id
lama-kirim,Berapa lama pengiriman sampai?,\"2-3 hari kerja untuk Jawa, kak.\",pengiriman,id
cod,Apakah bisa bayar di tempat?,\"Bisa COD untuk wilayah J&T, kak.\",\"bayar, cod\",id
retur,Bagaimana cara retur barang?,\"Retur bisa dalam 7 hari, kak.\",retur,id
jam-buka,Jam berapa toko buka?,Kami buka {office.hours} kak.,jam,id
ukuran,Apakah ada tabel ukuran?,\"Ada di setiap halaman produk, kak.\",ukuran,id
garansi,Apakah ada garansi?,\"Garansi 30 hari untuk sepatu, kak.\",garansi,id
diskon,Apakah sedang ada diskon?,\"Diskon 10% untuk pembelian kedua, kak.\",promo,id
";

const ORDERS: &str = "\
number,phone,name,status,ordered,promised,delivered,courier,waybill,items,last_place,updated
TC-10234,+6281234567890,Budi,shipped,2026-11-16,2026-11-20,,JNE,0412345678901234,Kemeja (2),Surabaya,2026-11-21
TC-10236,+6285711112222,Ayu,processing,2026-11-21,2026-11-26,,,,Kemeja (1),,2026-11-21
";

/// The four plugins that ship, in their order, with their configurations.
pub(super) fn four() -> [(&'static str, Value); 4] {
    [("escalation", escalation()), ("order-tracking", order_tracking()), ("faq", faq()), ("menu", menu())]
}

/// A few words that always call a human.
pub(super) fn escalation() -> Value {
    json!({ "keywords": ["komplain", "ganti rugi"] })
}

/// Orders from a file: no service answers in between.
pub(super) fn order_tracking() -> Value {
    json!({ "pattern": "TC-#####", "orders": ORDERS })
}

/// Eight questions.
pub(super) fn faq() -> Value {
    json!({ "entries": CSV })
}

/// Three items.
pub(super) fn menu() -> Value {
    json!({ "items": [
        { "id": "lacak", "title": "Lacak pesanan", "elsewhere": true },
        { "id": "katalog", "title": "Katalog", "text": "Kemeja batik dan sepatu kulit, kak." },
        { "id": "grosir", "title": "Pesanan grosir", "text": "Untuk 20 potong atau lebih, kak." },
    ] })
}

/// Meta's id of the nth number.
pub(super) fn number(nth: u64) -> String {
    format!("10654035{:07}", nth % NUMBERS)
}

/// Which plugins a shop has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Chain {
    /// None: nothing is measured beyond arrivals.
    Empty,
    /// The four that ship.
    Four,
}

/// The shop's `bot.toml`.
fn document(chain: Chain, settle_ms: u32) -> Result<String, Failure> {
    let plugins = match chain {
        Chain::Empty => Vec::new(),
        Chain::Four => four().to_vec(),
    };
    let names: Vec<&str> = plugins.iter().map(|(name, _)| *name).collect();
    let channels: Vec<Value> = (0..NUMBERS)
        .map(|nth| {
            json!({
                "name": format!("nomor-{nth}"),
                "phone_number_id": number(nth),
                "chain": names,
                "typing": false,
                "messages_per_second": 1_000,
            })
        })
        .collect();
    let plugins: Vec<Value> = plugins
        .iter()
        .map(|(name, config)| json!({ "name": name, "source": format!("file:{name}.wasm"), "config": config }))
        .collect();
    let document = json!({
        "bot": {
            "name": "Sari",
            "business": "Toko Contoh",
            "language": "id",
            "about": "pesanan, ongkir, dan retur",
            "privacy_notice": "https://toko-contoh.example/privasi",
        },
        "channel": channels,
        "plugin": plugins,
        "division": [{ "name": "cs", "answer_minutes": 10 }],
        "office": { "timezone": "Asia/Jakarta", "hours": { "mon-sun": "00:00-24:00" } },
        "policy": { "settle_ms": settle_ms, "fallbacks_before_handover": 20 },
    });
    Ok(toml::to_string(&document)?)
}

/// A host's folder, with `santun.toml` and secrets in it.
pub(super) struct Shop {
    pub(super) folder: tempfile::TempDir,
    plugins: std::path::PathBuf,
}

impl Shop {
    /// A new one. `graph` is where messages go; `listen` where it listens if it is started as a process.
    pub(super) fn new(asked: &Asked, graph: &str, listen: SocketAddr) -> Result<Self, Failure> {
        let folder = place::folder(asked)?;
        let write = |name: &str, words: &str| std::fs::write(folder.path().join(name), words);
        write("app-secret", APP_SECRET)?;
        write("verify-token", VERIFY_TOKEN)?;
        write("access-token", ACCESS_TOKEN)?;
        let settings = json!({
            "server": { "listen": listen, "metrics_listen": "127.0.0.1:0", "drain_seconds": 5 },
            "whatsapp": {
                "graph_url": graph,
                "app_secret": "file:app-secret",
                "verify_token": "file:verify-token",
                "access_token": "file:access-token",
            },
        });
        write("santun.toml", &toml::to_string(&settings)?)?;
        let plugins = asked.plugins.canonicalize().unwrap_or_else(|_| asked.plugins.clone());
        Ok(Self { folder, plugins })
    }

    /// Where its settings are.
    pub(super) fn settings_file(&self) -> std::path::PathBuf {
        self.folder.path().join("santun.toml")
    }

    /// Its settings.
    pub(super) fn settings(&self) -> Result<Settings, Failure> {
        Ok(Settings::read(&self.settings_file())?)
    }

    /// Opens its host, without serving.
    pub(super) async fn open(&self) -> Result<Arc<Host>, Failure> {
        Ok(serve::build(&self.settings()?).await?)
    }

    /// Applies its bot.
    pub(super) async fn apply(&self, host: &Arc<Host>, chain: Chain, settle_ms: u32) -> Result<(), Failure> {
        let mut files = Files::default();
        if chain == Chain::Four {
            for (name, _) in four() {
                let bytes = place::file(&self.plugins.join(format!("{name}.wasm")))?;
                files.0.insert(format!("{name}.wasm"), Bytes::from(bytes));
            }
        }
        let proposal = Proposal {
            document: document(chain, settle_ms)?,
            files,
            sources: Sources::Kept,
            base: None,
            by: "bench".to_owned(),
            note: String::new(),
        };
        host.apply(proposal, Intent::Serve).await?;
        Ok(())
    }
}

/// A host that serves, in this process.
pub(super) struct Serving {
    pub(super) host: Arc<Host>,
    pub(super) address: SocketAddr,
    server: JoinHandle<()>,
}

impl Serving {
    /// Serves, with everything running beside that runs beside in production.
    pub(super) async fn start(host: Arc<Host>) -> Result<Self, Failure> {
        // Metrics cost something: they are counted here as they are in production. Once a process.
        static METRICS: OnceLock<Option<Metrics>> = OnceLock::new();
        METRICS
            .get_or_init(|| Metrics::install().inspect(|metrics| drop(tokio::spawn(metrics.clone().keep_up()))).ok());
        host.refresh_presence().await?;
        tokio::spawn(crate::timers::run(host.clone()));
        tokio::spawn(crate::paces::probe_halted(host.clone()));
        let app = App {
            host: host.clone(),
            secrets: Arc::new(AppSecrets::new([APP_SECRET])?),
            verify_token: VERIFY_TOKEN.into(),
        };
        let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await?;
        let address = listener.local_addr()?;
        let server = tokio::spawn(async move {
            // It ends by being aborted.
            let _ = axum::serve(listener, http::router(app)).await;
        });
        Ok(Self { host, address, server })
    }

    /// Stops it.
    pub(super) async fn stop(self) {
        self.server.abort();
        self.host.begin_drain();
        let _ = tokio::time::timeout(Duration::from_secs(20), self.host.tasks.wait()).await;
        self.host.store.close().await;
    }
}

/// A local address that is free now.
pub(super) fn free_address() -> Result<SocketAddr, Failure> {
    Ok(std::net::TcpListener::bind(("127.0.0.1", 0))?.local_addr()?)
}
