//! What the tests share: guests built from source, an engine, and calls.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use santun_core::bot::{Grants, Instance, Limits};
use santun_core::ids::{ContactId, ConversationId, PluginName, StepId, TurnId};
use santun_core::language::Language;
use santun_core::message::{Content, Message, MessageBody};
use santun_core::outgoing::Outgoing;
use santun_core::time::Timestamp;
use santun_core::turn::Turn;
use santun_core::verdict::{Context, Counters, Decision, Event, OfficeView, StateScope, StateWrite};
use santun_core::world::World;
use santun_engine::*;
use serde_json::{Value, json};

/// A world whose clock stands still until it is moved.
#[derive(Default)]
pub(crate) struct Still {
    millis: std::sync::atomic::AtomicI64,
    random: std::sync::atomic::AtomicU64,
}

impl Still {
    pub(crate) fn pass(&self, seconds: i64) {
        self.millis.fetch_add(seconds * 1_000, std::sync::atomic::Ordering::Relaxed);
    }
}

impl World for Still {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.millis.load(std::sync::atomic::Ordering::Relaxed))
    }

    fn fill(&self, bytes: &mut [u8]) {
        for byte in bytes {
            *byte = (self.random.fetch_add(1, std::sync::atomic::Ordering::Relaxed) * 31) as u8;
        }
    }
}

/// A value with its version.
type Versioned = (Vec<u8>, u64);

/// A conversation that is remembered in memory.
#[derive(Default)]
pub(crate) struct Memory {
    pub(crate) turns: Vec<Turn>,
    pub(crate) state: Mutex<HashMap<(PluginName, StateScope, String), Versioned>>,
}

#[async_trait]
impl Recall for Memory {
    async fn history(&self, _: u32) -> Result<Arc<Vec<Turn>>, RecallError> {
        Ok(Arc::new(self.turns.clone()))
    }

    async fn state(&self, of: &PluginName, scope: StateScope, key: &str) -> Result<Option<Versioned>, RecallError> {
        Ok(self.state.lock().unwrap().get(&(of.clone(), scope, key.to_owned())).cloned())
    }
}

impl Memory {
    pub(crate) fn commit(&self, writes: &[StateWrite]) {
        for write in writes {
            let mut state = self.state.lock().unwrap();
            let key = (write.plugin.clone(), write.scope, write.key.clone());
            let version = state.get(&key).map_or(0, |(_, version)| *version);
            match &write.value {
                Some(value) => drop(state.insert(key, (value.clone(), version + 1))),
                None => drop(state.remove(&key)),
            }
        }
    }
}

fn target() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/guests")
}

/// The folder that the guests, and the tool that forges some, are built into from source.
pub(crate) fn guests_built() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| {
        for what in [&["--release", "--target", "wasm32-wasip2"][..], &["--package", "forge"]] {
            let output = Command::new(env!("CARGO"))
                .args(["build", "--quiet"])
                .args(what)
                .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/guests"))
                .env("CARGO_TARGET_DIR", target())
                .env_remove("RUSTFLAGS")
                .output()
                .expect("cargo runs");
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        }
        target()
    })
}

/// A guest's bytes.
pub(crate) fn guest(name: &str) -> Vec<u8> {
    let file = format!("wasm32-wasip2/release/{}.wasm", name.replace('-', "_"));
    std::fs::read(guests_built().join(file)).expect("the guest was built")
}

pub(crate) fn settings() -> EngineSettings {
    EngineSettings {
        cache: Some(target().join("compiled")),
        cache_key: [7; 32],
        contact_secret: [8; 32],
        world: Arc::new(Still::default()),
        bounds: Bounds { instances: 32, ..Bounds::default() },
    }
}

pub(crate) fn engine() -> Engine {
    Engine::new(settings()).unwrap()
}

pub(crate) fn setup(name: &str) -> Setup {
    Setup {
        name: name.into(),
        config: json!({}),
        grants: Grants::default(),
        limits: Limits { wall_ms: 10_000, ..Limits::default() },
        instance: Instance::Fresh,
        secrets: Vec::new(),
    }
}

pub(crate) async fn hostile(engine: &Engine, setup: Setup) -> Arc<Behaviour> {
    let revision = engine.admit(&guest("hostile")).await.unwrap();
    engine.ready(revision, setup).await.unwrap()
}

/// How long another plugin's message may wait for one that misbehaves, and a call for its end at `wall_ms`: a hundred
/// times as long as it takes, for machines that do other things as well.
const SOON: Duration = Duration::from_secs(2);

/// How much more than its `cpu_ms` a guest may compute. It is interrupted at each millisecond, and only its own time
/// counts, however busy the machine is.
const INTERRUPTED: Duration = Duration::from_millis(20);

/// A plugin that misbehaves, and another one of the same engine, which must answer all the same.
pub(crate) struct Two {
    pub(crate) bad: Arc<Behaviour>,
    pub(crate) good: Arc<Behaviour>,
    limits: Limits,
}

impl Two {
    pub(crate) async fn of(engine: &Engine, bad: Setup) -> Self {
        Self::made_of(engine, &guest("hostile"), bad).await
    }

    /// The bad one is made of these bytes.
    pub(crate) async fn made_of(engine: &Engine, bytes: &[u8], bad: Setup) -> Self {
        let (revision, limits) = (engine.admit(bytes).await.unwrap(), bad.limits);
        let bad = engine.ready(revision, bad).await.unwrap();
        Self { bad, good: hostile(engine, setup("good")).await, limits }
    }

    /// Tells the bad one, then asks the other; prints how long each took.
    pub(crate) async fn told(&self, deed: &str) -> Answer {
        let begun = Instant::now();
        let answer = ask(&self.bad, deed).await;
        let outcome = answer.result.as_ref().map_or_else(|failure| failure.code.clone(), |_| "an answer".into());
        let shown: String = deed.chars().take(40).collect();
        let took = begun.elapsed();
        let next = self.other_answers().await;
        println!(
            "{shown}: {outcome} after {took:.1?} (guest {} µs); the next message took {next:.1?}",
            answer.guest_micros
        );
        answer
    }

    /// The other plugin answers, and soon; how long that took.
    pub(crate) async fn other_answers(&self) -> Duration {
        let begun = Instant::now();
        assert_eq!(text(&ask(&self.good, "echo still here").await), "still here");
        let took = begun.elapsed();
        assert!(took < SOON, "the other was kept waiting for {took:.1?}");
        took
    }

    /// The deed fails by this code, in words that contain `says`, and leaves nothing behind.
    pub(crate) async fn ends_as(&self, deed: &str, code: &str, says: &str) {
        let answer = self.told(deed).await;
        let (found, message) = failed(&answer);
        assert_eq!(found, code, "{message}");
        assert!(message.contains(says), "{message}");
        assert!(answer.writes.is_empty());
        let within = |what: &str, micros: u64, most: Duration| {
            assert!(Duration::from_micros(micros) <= most, "{code}: the {what} took {micros} µs, and not {most:?}");
        };
        let millis = |limit: u32| Duration::from_millis(u64::from(limit));
        match code {
            "cpu_ms" => {
                within("guest", answer.guest_micros, millis(self.limits.cpu_ms) + INTERRUPTED);
                within("call", answer.micros, millis(self.limits.cpu_ms) + SOON);
            }
            "wall_ms" => within("call", answer.micros, millis(self.limits.wall_ms) + SOON),
            _ => {}
        }
    }
}

/// Why these bytes do not become a behaviour; another plugin of the engine answers afterwards.
pub(crate) async fn refused(engine: &Engine, what: &str, bytes: &[u8], setup: Setup) -> Rejected {
    let good = hostile(engine, self::setup("good")).await;
    let begun = Instant::now();
    let outcome = match engine.admit(bytes).await {
        Ok(revision) => engine.ready(revision, setup).await.map(drop),
        Err(refused) => Err(refused),
    };
    let took = begun.elapsed();
    let refused = outcome.expect_err(what);
    let begun = Instant::now();
    assert_eq!(text(&ask(&good, "echo still here").await), "still here");
    println!("{what}: refused ({}) after {took:.1?}; the next message took {:.1?}", refused.code(), begun.elapsed());
    refused
}

/// The ids and times of one call.
pub(crate) struct Asked {
    pub(crate) step: StepId,
    pub(crate) now: Timestamp,
    pub(crate) contact: ContactId,
    pub(crate) memory: Arc<Memory>,
}

impl Default for Asked {
    fn default() -> Self {
        let world = Still::default();
        Self {
            step: StepId::new(&world),
            now: Timestamp::from_seconds(1_700_000_000),
            contact: ContactId::new(&world),
            memory: Arc::default(),
        }
    }
}

pub(crate) async fn ask(behaviour: &Behaviour, text: &str) -> Answer {
    ask_as(behaviour, text, &Asked::default()).await
}

pub(crate) async fn ask_as(behaviour: &Behaviour, text: &str, asked: &Asked) -> Answer {
    let world = Still::default();
    let event = Event::Messages(vec![Message {
        id: TurnId::new(&world),
        conversation: ConversationId::new(&world),
        sent_at: asked.now,
        arrived_at: asked.now,
        reply_to: None,
        body: MessageBody { content: Content::Text { text: text.into() }, forwarded: false, referral: None },
    }]);
    let context = Context {
        now: asked.now,
        channel: "main".into(),
        language: Language::Id,
        bot_name: "Sari".into(),
        business: "Toko".into(),
        about: "pesanan".into(),
        counters: Counters::default(),
        office: OfficeView::default(),
        attributes: BTreeMap::new(),
    };
    let (name, phone) = (santun_core::identity::PersonName::new("Budi"), santun_core::identity::Phone::new("628123"));
    let contact = ContactView { id: asked.contact, name: Some(&name), phone: Some(&phone) };
    let recall = asked.memory.clone();
    behaviour.handle(Call { step: asked.step, seed: 1, event: &event, context: &context, contact, recall }).await
}

/// The text of a reply.
pub(crate) fn text(answer: &Answer) -> &str {
    match &answer.result.as_ref().unwrap().decision {
        Decision::Reply { messages, .. } => match &messages[0] {
            Outgoing::Text { text } => text,
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    }
}

/// The code and message of a failure.
pub(crate) fn failed(answer: &Answer) -> (&str, &str) {
    let failure = answer.result.as_ref().unwrap_err();
    (&failure.code, &failure.message)
}

pub(crate) fn config(value: Value) -> Setup {
    Setup { config: value, ..setup("configured") }
}
