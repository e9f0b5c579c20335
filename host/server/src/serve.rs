//! `santun serve`: from a settings file to a host that runs, and back to silence.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use santun_core::world::World;
use santun_engine::{Bounds, Engine, EngineError, EngineSettings};
use santun_store::faults::{Point, pass};
use santun_store::{MasterKey, MasterKeyError, OpenError, Store, StoreError, StoreSettings};
use santun_whatsapp::graph::{AccessToken, Graph, GraphSettings};
use santun_whatsapp::signature::AppSecrets;
use tokio::net::TcpListener;
use tokio::time::Instant;

use crate::apply;
use crate::backup::{Unfinished, UnfinishedError};
use crate::host::{Host, Parts};
use crate::http::{self, App, connections};
use crate::lanes::Work;
use crate::local_token::{LocalToken, LocalTokenError};
use crate::secrets::{SecretError, SecretRef};
use crate::settings::Settings;
use crate::sole::{Sole, SoleError};
use crate::spans::{Spans, SpansError};
use crate::supervisor;
use crate::telemetry::Metrics;
use crate::world::SystemWorld;

/// Connections that may ask for metrics at the same time.
const SCRAPERS: usize = 64;

/// Why the host did not start.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// A secret cannot be had.
    #[error("whatsapp.{what}: {why}")]
    Secret {
        /// Which setting names it.
        what: &'static str,
        /// Why.
        why: SecretError,
    },
    /// The master key cannot be read or made.
    #[error("database.master_key: {0}")]
    MasterKey(String),
    /// A restore was not finished.
    #[error(transparent)]
    Unfinished(#[from] UnfinishedError),
    /// The store cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The engine cannot be set up.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// The way to WhatsApp cannot be set up.
    #[error("whatsapp: {0}")]
    Graph(String),
    /// An address cannot be listened on.
    #[error("cannot listen on {address}: {source}; another program may use it, change `{setting}`")]
    Listen {
        /// Which address.
        address: SocketAddr,
        /// Which setting names it.
        setting: &'static str,
        /// Why.
        source: std::io::Error,
    },
    /// Metrics cannot be set up.
    #[error("metrics: {0}")]
    Metrics(String),
    /// Spans cannot be sent.
    #[error(transparent)]
    Spans(#[from] SpansError),
    /// The database cannot be had.
    #[error(transparent)]
    Sole(#[from] SoleError),
    /// The token for commands on this machine cannot be written.
    #[error(transparent)]
    LocalToken(#[from] LocalTokenError),
}

impl From<MasterKeyError> for ServeError {
    fn from(error: MasterKeyError) -> Self {
        Self::MasterKey(error.to_string())
    }
}

/// Why a master key that must be there cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum MasterKeyTrouble {
    /// The file is not there, or not what it should be.
    #[error(transparent)]
    File(#[from] MasterKeyError),
    /// The secret cannot be had.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// It is something else.
    #[error("{0} is not a master key: it must be 64 hexadecimal digits")]
    Content(SecretRef),
}

/// The master key that the settings name. One that is not there is not made.
pub fn existing_master_key(settings: &Settings) -> Result<MasterKey, MasterKeyTrouble> {
    let reference = &settings.database.master_key;
    if let SecretRef::File(path) = reference {
        return Ok(MasterKey::load(settings.path(path))?);
    }
    let mut bytes = [0; 32];
    hex::decode_to_slice(reference.read(&settings.folder)?, &mut bytes)
        .map_err(|_| MasterKeyTrouble::Content(reference.clone()))?;
    Ok(MasterKey::from_bytes(bytes))
}

/// Opens the store that the settings name.
pub async fn open_store(settings: &Settings, world: Arc<dyn World>) -> Result<(Store, MasterKey), ServeError> {
    Unfinished::refuse(&santun_store::database_path(&settings.database_url(&settings.database.url))?)?;
    let master_key = match &settings.database.master_key {
        SecretRef::File(path) => MasterKey::load_or_create(settings.path(path), &*world)?,
        _ => existing_master_key(settings).map_err(|error| ServeError::MasterKey(error.to_string()))?,
    };
    let store = StoreSettings {
        url: settings.database_url(&settings.database.url),
        keys_url: settings.database_url(&settings.database.keys),
        master_key: master_key.clone(),
    };
    Ok((Store::open(store, world).await?, master_key))
}

/// Sets everything up, without listening yet.
pub async fn build(settings: &Settings) -> Result<Arc<Host>, ServeError> {
    let world: Arc<dyn World> = Arc::new(SystemWorld);
    let (store, master_key) = open_store(settings, world.clone()).await?;
    let engine = Engine::new(EngineSettings {
        cache: Some(settings.path(&settings.plugins.cache)),
        cache_key: *master_key.derive("compiled plugins"),
        contact_secret: *master_key.derive("contacts' keys for plugins"),
        world: world.clone(),
        bounds: Bounds::default(),
    })?;
    let whatsapp = &settings.whatsapp;
    let graph = Graph::new(&GraphSettings::new(&whatsapp.graph_url, &whatsapp.graph_version))
        .map_err(|error| ServeError::Graph(error.to_string()))?;
    let token = read(settings, "access_token", &whatsapp.access_token)?;
    Ok(Host::at_rest(Parts {
        world,
        store,
        engine,
        graph,
        token: AccessToken::new(&token).map_err(|error| ServeError::Graph(error.to_string()))?,
        plugins_folder: settings.path(&settings.plugins.dir),
        folder: settings.folder.clone(),
        data_folder: settings.data_folder(),
        spans: Spans::new(&settings.tracing)?,
    }))
}

/// Begins to work: serves what was served before, takes up what was left undone, and watches the clock.
pub async fn begin(host: &Arc<Host>) -> Result<(), StoreError> {
    match apply::restore_last(host).await {
        Ok(true) => tracing::info!("serving what was served before"),
        Ok(false) => tracing::warn!("nothing is applied yet: run `santun apply bot.toml`"),
        Err(error) => {
            tracing::error!(%error, "what was served before cannot be served again; apply a version that can")
        }
    }
    host.refresh_presence().await?;
    host.read_stopped_templates().await?;
    pass(Point::Restored);
    for pending in host.store.pending_conversations().await? {
        host.give(pending.conversation, Work::Wake);
    }
    tokio::spawn(crate::timers::run(host.clone()));
    tokio::spawn(crate::paces::probe_halted(host.clone()));
    Ok(())
}

fn read(settings: &Settings, what: &'static str, reference: &SecretRef) -> Result<String, ServeError> {
    reference.read(&settings.folder).map_err(|why| ServeError::Secret { what, why })
}

/// Serves until a signal asks it to stop: the first drains, a second stops at once.
pub async fn serve(settings: Settings) -> Result<(), ServeError> {
    let metrics = Metrics::install().map_err(|error| ServeError::Metrics(error.to_string()))?;
    let mut secrets = Vec::new();
    for reference in settings.whatsapp.app_secret.all() {
        secrets.push(read(&settings, "app_secret", reference)?);
    }
    let secrets = AppSecrets::new(secrets).map_err(|error| ServeError::Graph(error.to_string()))?;
    let verify_token = read(&settings, "verify_token", &settings.whatsapp.verify_token)?;
    let listener = listen(settings.server.listen, "server.listen").await?;
    let metrics_listener = listen(settings.server.metrics_listen, "server.metrics_listen").await?;
    let sole = Sole::claim(&settings)?;
    let host = build(&settings).await?;
    pass(Point::Opened);
    let local_token = LocalToken::write(&host, &settings, local_address(&listener, settings.server.listen)).await?;
    begin(&host).await?;
    if settings.plugins.watch {
        let host = host.clone();
        tokio::spawn(async move {
            if let Err(error) = apply::watch(host).await {
                tracing::error!(%error, "the plugins' folder cannot be watched");
            }
        });
    }
    let app = App { host: host.clone(), secrets: Arc::new(secrets), verify_token: verify_token.into() };
    let bound = Duration::from_secs(u64::from(settings.server.drain_seconds));
    let stopping = stop_on_signal(host.clone(), bound);
    tracing::info!(listen = %settings.server.listen, metrics = %settings.server.metrics_listen, "serving");
    tokio::spawn(metrics.clone().keep_up());
    let scraped = http::metrics_router(metrics);
    tokio::spawn(connections::serve("metrics", metrics_listener, scraped, SCRAPERS, std::future::pending()));
    tokio::spawn(supervisor::keep_told(host.clone()));
    let most = connections::most(settings.server.max_connections);
    let deadline = connections::serve("public", listener, http::router(app), most, stopping).await;
    finish(&host, deadline).await;
    pass(Point::Drained);
    local_token.remove(&host).await;
    host.store.close().await;
    let spans = host.spans.clone();
    // It waits for the collector; should that end badly, only spans are lost.
    let _ = tokio::task::spawn_blocking(move || spans.finish()).await;
    drop(sole);
    tracing::info!("stopped");
    Ok(())
}

fn local_address(listener: &TcpListener, asked: SocketAddr) -> SocketAddr {
    listener.local_addr().unwrap_or(asked)
}

async fn listen(address: SocketAddr, setting: &'static str) -> Result<TcpListener, ServeError> {
    TcpListener::bind(address).await.map_err(|source| ServeError::Listen { address, setting, source })
}

/// Returns at the first signal, once draining has begun, with the moment at which that ends. A second signal ends the
/// process.
async fn stop_on_signal(host: Arc<Host>, bound: Duration) -> Instant {
    signal().await;
    let deadline = Instant::now() + bound;
    tracing::info!(seconds = bound.as_secs(), "stopping: finishing what is under way (a second signal stops at once)");
    supervisor::stopping();
    host.begin_drain();
    tokio::spawn(async {
        signal().await;
        tracing::warn!("stopped at once; what was under way goes on at the next start");
        std::process::exit(130);
    });
    deadline
}

async fn signal() {
    use tokio::signal::unix::{SignalKind, signal};
    match (signal(SignalKind::terminate()), signal(SignalKind::interrupt())) {
        (Ok(mut terminate), Ok(mut interrupt)) => {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
        }
        // Without handlers the system's own way of stopping remains.
        _ => std::future::pending().await,
    }
}

async fn finish(host: &Host, deadline: Instant) {
    if tokio::time::timeout_at(deadline, host.tasks.wait()).await.is_err() {
        tracing::warn!(lanes = host.lanes.len(), "not everything ended in time; it goes on at the next start");
    }
}
