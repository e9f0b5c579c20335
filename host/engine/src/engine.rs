//! The engine: one a process. It admits plugins and keeps the time by which guests are interrupted.

mod compiler;
mod configuration;
mod remembered;
mod ticker;

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Weak};
use std::time::Duration;

use bytes::Bytes;
use parking_lot::Mutex;
use santun_core::ids::RevisionId;
use tokio::sync::Semaphore;
use wasmtime::component::{Component, HasSelf, Linker};

use crate::behaviour::Behaviour;
use crate::behaviour::warm::Warm;
use crate::cache::Cache;
use crate::contract::Plugin;
use crate::guest::Guest;
use crate::http::{Client, LookUp};
use crate::log::GuestLog;
use crate::manifest::Manifest;
use crate::rejected::Rejected;
use crate::revision::Revision;
use crate::settings::{EngineSettings, Interrupt};
use crate::setup::Setup;

/// How long compiling stands back. On a machine without a free core it would never be done, and what is swapped
/// may be what takes all of them: a plugin in Rust needs half a second of one core, one in Python five.
const PATIENCE: Duration = Duration::from_secs(10);

/// On which threads a plugin is compiled.
#[derive(Clone, Copy)]
enum Manner {
    /// On those that stand back: customers are answered meanwhile.
    StandingBack,
    /// On as many as there are cores.
    AtOnce,
}

/// Runs plugins. Clones are the same engine.
#[derive(Clone)]
pub struct Engine {
    inner: Arc<Inner>,
}

/// The engine could not be started.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The WebAssembly engine refused its settings, or this machine lacks what it needs.
    #[error("the WebAssembly engine could not be started: {0:#}")]
    Wasm(#[from] wasmtime::Error),
    /// The cache's folder.
    #[error("the folder for compiled plugins, {folder}, could not be made: {error}; set plugins.cache in santun.toml")]
    Cache {
        /// Which.
        folder: String,
        /// Why.
        error: std::io::Error,
    },
    /// A thread.
    #[error("a thread of the engine could not be started: {0}")]
    Thread(std::io::Error),
    /// The threads that compile.
    #[error("the threads that compile plugins could not be started: {0}")]
    Compiler(rayon::ThreadPoolBuildError),
}

pub(crate) struct Inner {
    pub(crate) settings: EngineSettings,
    pub(crate) wasm: wasmtime::Engine,
    linker: Linker<Guest>,
    cache: Option<Cache>,
    compiler: compiler::Compiler,
    pub(crate) log: GuestLog,
    pub(crate) client: Arc<Client>,
    /// Whether a customer's message has been put to any plugin: until then nobody waits but whoever compiles.
    pub(crate) is_asked: Arc<AtomicBool>,
    /// Places for instances, over all plugins.
    pub(crate) places: Arc<Semaphore>,
    revisions: Mutex<HashMap<RevisionId, Weak<Revision>>>,
    prepared: Mutex<HashMap<PreparedKey, Weak<Prepared>>>,
    /// The warm instances of all behaviours, to take places from.
    warm: Mutex<Vec<Weak<Warm>>>,
    _ticker: Option<ticker::Ticker>,
}

/// A revision with a configuration.
pub(crate) type PreparedKey = (RevisionId, [u8; 32]);

/// What `prepare` gave back.
#[derive(Debug)]
pub(crate) struct Prepared(pub(crate) Bytes);

impl Engine {
    /// Starts an engine and its threads: one that ticks every millisecond, one that writes guest logs, and those
    /// that compile.
    pub fn new(settings: EngineSettings) -> Result<Self, EngineError> {
        Self::start(settings, Client::default())
    }

    /// As [`Engine::new`], but the names of hosts are looked up by this in place of the system, for tests. What it finds
    /// is held against the same rules.
    pub fn looking_up_by(settings: EngineSettings, look_up: LookUp) -> Result<Self, EngineError> {
        Self::start(settings, Client::looking_up_by(look_up))
    }

    fn start(settings: EngineSettings, client: Client) -> Result<Self, EngineError> {
        let is_asked = Arc::<AtomicBool>::default();
        let remembered = Arc::new(remembered::Remembered::once(is_asked.clone()));
        let wasm = wasmtime::Engine::new(&configuration::of(&settings.bounds, remembered)?)?;
        let mut linker = Linker::new(&wasm);
        Plugin::add_to_linker::<Guest, HasSelf<Guest>>(&mut linker, |guest| guest)?;
        crate::wasi::add_to_linker(&mut linker)?;
        let cache = match &settings.cache {
            Some(folder) => Some(
                Cache::open(folder.clone(), settings.cache_key, &wasm)
                    .map_err(|error| EngineError::Cache { folder: folder.display().to_string(), error })?,
            ),
            None => None,
        };
        let places = Arc::new(Semaphore::new(settings.bounds.instances as usize));
        let compiler = compiler::Compiler::start().map_err(EngineError::Compiler)?;
        let ticker = match settings.bounds.interrupt {
            Interrupt::EachMillisecond => Some(ticker::Ticker::start(&wasm).map_err(EngineError::Thread)?),
            Interrupt::Never => None,
        };
        let log = GuestLog::start().map_err(EngineError::Thread)?;
        let inner = Inner {
            settings,
            wasm,
            linker,
            cache,
            compiler,
            log,
            client: Arc::new(client),
            is_asked,
            places,
            revisions: Mutex::default(),
            prepared: Mutex::default(),
            warm: Mutex::default(),
            _ticker: ticker,
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Reads a plugin's manifest, and whether it is of this world, without compiling or running it.
    pub fn inspect(bytes: &[u8]) -> Result<Manifest, Rejected> {
        Manifest::read(bytes)
    }

    /// Admits a plugin: reads its manifest, checks what it imports and exports, and compiles it or
    /// takes its code from the cache. Whatever takes long runs beside the async threads, and once customers are
    /// answered, on threads that stand back for them.
    pub async fn admit(&self, bytes: &[u8]) -> Result<Arc<Revision>, Rejected> {
        self.admit_within(bytes, PATIENCE).await
    }

    async fn admit_within(&self, bytes: &[u8], patience: Duration) -> Result<Arc<Revision>, Rejected> {
        let id = RevisionId::of(bytes);
        if let Some(alive) = self.inner.revisions.lock().get(&id).and_then(Weak::upgrade) {
            return Ok(alive);
        }
        let bytes: Arc<[u8]> = bytes.into();
        let admitting = |manner: Manner| {
            let (inner, bytes) = (self.inner.clone(), bytes.clone());
            tokio::task::spawn_blocking(move || inner.admitted(id, &bytes, manner))
        };
        let revision = if self.inner.is_asked.load(Relaxed) {
            match tokio::time::timeout(patience, admitting(Manner::StandingBack)).await {
                Ok(revision) => revision,
                Err(_) => {
                    tracing::warn!(revision = %id.short(), "no core was free to compile a plugin: it does not stand back any longer");
                    admitting(Manner::AtOnce).await
                }
            }
        } else {
            admitting(Manner::AtOnce).await
        };
        let revision = Arc::new(revision.map_err(|error| Rejected::Host(error.to_string()))??);
        let mut revisions = self.inner.revisions.lock();
        revisions.retain(|_, known| known.strong_count() > 0);
        revisions.insert(id, Arc::downgrade(&revision));
        Ok(revision)
    }

    /// Makes a revision ready with an operator's settings: checks the configuration against its
    /// schema, runs `prepare` unless that was done for this revision and configuration, and has it
    /// answer its example messages. Nothing of it is visible to customers.
    pub async fn ready(&self, revision: Arc<Revision>, setup: Setup) -> Result<Arc<Behaviour>, Rejected> {
        Behaviour::ready(&self.inner, revision, setup).await
    }

    /// Whether a customer's message has been put to any plugin. From then on compiled code is kept by
    /// [`tidy_cache`](Self::tidy_cache) alone.
    pub fn is_asked(&self) -> bool {
        self.inner.is_asked.load(Relaxed)
    }

    /// Keeps the compiled code of those of these revisions that run, and drops what none of them needs, and what another
    /// version of the engine has left; gives how many files went. A revision that comes back later is compiled again.
    pub async fn tidy_cache(&self, kept: HashSet<RevisionId>) -> std::io::Result<usize> {
        let inner = self.inner.clone();
        tokio::task::spawn_blocking(move || inner.tidy_cache(&kept)).await.map_err(std::io::Error::other)?
    }

    /// Instances that are in use or kept warm, over all plugins.
    pub fn instances(&self) -> usize {
        (self.inner.settings.bounds.instances as usize).saturating_sub(self.inner.places.available_permits())
    }
}

impl Inner {
    fn admitted(&self, id: RevisionId, bytes: &[u8], manner: Manner) -> Result<Revision, Rejected> {
        let manifest = Manifest::read(bytes)?;
        let component = match self.cache.as_ref().and_then(|cache| cache.load(&self.wasm, id)) {
            Some(component) => component,
            None => self.compile(id, bytes, manner)?,
        };
        // The names fit, so whatever is wrong now is a type.
        let mismatch = |error: wasmtime::Error| Rejected::Mismatch(format!("{error:#}").replace('\n', " "));
        let pre = self.linker.instantiate_pre(&component).map_err(mismatch)?;
        Revision::new(id, manifest, pre)
    }

    fn compile(&self, id: RevisionId, bytes: &[u8], manner: Manner) -> Result<Component, Rejected> {
        let compile = || Component::from_binary(&self.wasm, bytes);
        let compiled = match manner {
            Manner::AtOnce => compile(),
            Manner::StandingBack => self.compiler.run(compile),
        };
        let component = compiled.map_err(|error: wasmtime::Error| {
            let cause = error.root_cause().to_string().replace('\n', " ");
            // wasmtime has no type for it.
            if format!("{error:#}").contains("pooling allocator") {
                return Rejected::TooLarge(cause);
            }
            Rejected::Corrupt(cause)
        })?;
        // Beside customers what is written to the disk holds up the commits of their messages.
        if !self.is_asked.load(Relaxed) {
            self.keep_compiled(id, &component);
        }
        Ok(component)
    }

    fn keep_compiled(&self, id: RevisionId, component: &Component) {
        let Some(cache) = &self.cache else { return };
        if let Err(error) = cache.store(id, component) {
            // The next start compiles again; nothing else is lost.
            tracing::warn!(revision = %id, %error, "compiled code could not be kept");
        }
    }

    fn tidy_cache(&self, kept: &HashSet<RevisionId>) -> std::io::Result<usize> {
        let Some(cache) = &self.cache else { return Ok(0) };
        let running: Vec<_> = self.revisions.lock().values().filter_map(Weak::upgrade).collect();
        for revision in running.iter().filter(|revision| kept.contains(&revision.id()) && !cache.has(revision.id())) {
            self.keep_compiled(revision.id(), revision.component());
        }
        cache.prune(kept)
    }

    pub(crate) fn knows_warm(&self, warm: &Arc<Warm>) {
        let mut known = self.warm.lock();
        known.retain(|warm| warm.strong_count() > 0);
        known.push(Arc::downgrade(warm));
    }

    /// Gives up one instance that is kept warm; false if there is none.
    pub(crate) fn give_up_warm(&self) -> bool {
        let known: Vec<_> = self.warm.lock().iter().filter_map(Weak::upgrade).collect();
        known.iter().any(|warm| warm.give_up_one())
    }

    pub(crate) fn prepared(&self, key: &PreparedKey) -> Option<Arc<Prepared>> {
        self.prepared.lock().get(key).and_then(Weak::upgrade)
    }

    pub(crate) fn keep_prepared(&self, key: PreparedKey, prepared: &Arc<Prepared>) {
        let mut known = self.prepared.lock();
        known.retain(|_, prepared| prepared.strong_count() > 0);
        known.insert(key, Arc::downgrade(prepared));
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;

    use santun_core::time::Timestamp;
    use santun_core::world::World;

    use super::*;
    use crate::settings::Bounds;

    const GOLDEN: &[u8] = include_bytes!("../tests/guests/golden/golden-0.1.0.wasm");

    struct Still;

    impl World for Still {
        fn now(&self) -> Timestamp {
            Timestamp::from_seconds(1_700_000_000)
        }

        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(7);
        }
    }

    fn engine(cache: Option<&std::path::Path>) -> Engine {
        let settings = EngineSettings {
            cache: cache.map(Into::into),
            cache_key: [1; 32],
            contact_secret: [2; 32],
            world: Arc::new(Still),
            bounds: Bounds::default(),
        };
        Engine::new(settings).unwrap()
    }

    #[tokio::test]
    async fn what_is_compiled_beside_customers_is_kept_once_somebody_tidies_up_if_it_still_runs() {
        let folder = tempfile::tempdir().unwrap();
        let engine = engine(Some(folder.path()));
        let files = || std::fs::read_dir(folder.path()).unwrap().count();
        engine.inner.is_asked.store(true, Relaxed);
        let revision = engine.admit(GOLDEN).await.unwrap();
        assert_eq!(files(), 0);
        let kept: HashSet<RevisionId> = [revision.id()].into();
        assert_eq!(engine.tidy_cache(kept.clone()).await.unwrap(), 0);
        assert_eq!(files(), 1);
        assert!(engine.inner.cache.as_ref().unwrap().load(&engine.inner.wasm, revision.id()).is_some());
        assert_eq!(engine.tidy_cache(HashSet::new()).await.unwrap(), 1, "nobody needs it");
        drop(revision);
        engine.tidy_cache(kept).await.unwrap();
        assert_eq!(files(), 0, "it runs no more");
    }

    #[tokio::test]
    async fn a_plugin_that_finds_no_idle_core_is_compiled_all_the_same() {
        let engine = engine(None);
        engine.inner.is_asked.store(true, Relaxed);
        // Every thread that stands back waits, as it would behind customers who never cease to write.
        let threads = engine.inner.compiler.run(rayon::current_num_threads);
        let busy = Arc::new((AtomicUsize::new(0), AtomicBool::new(true)));
        let (inner, waits) = (engine.inner.clone(), busy.clone());
        let occupy = move |_: rayon::BroadcastContext<'_>| {
            waits.0.fetch_add(1, Relaxed);
            while waits.1.load(Relaxed) {
                std::thread::yield_now();
            }
        };
        let occupied = std::thread::spawn(move || inner.compiler.run(|| rayon::broadcast(occupy)).len());
        while busy.0.load(Relaxed) < threads {
            tokio::task::yield_now().await;
        }
        let admitted = engine.admit_within(GOLDEN, Duration::from_millis(50));
        let revision =
            tokio::time::timeout(Duration::from_secs(120), admitted).await.expect("it gave up standing back");
        assert_eq!(revision.unwrap().manifest().name, "golden");
        busy.1.store(false, Relaxed);
        assert_eq!(occupied.join().unwrap(), threads);
    }
}
