//! What the tests share: guests built from source, an engine, and calls.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex, OnceLock};

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
    pub(crate) state: Mutex<HashMap<(StateScope, String), Versioned>>,
}

#[async_trait]
impl Recall for Memory {
    async fn history(&self, n: u32) -> Result<Vec<Turn>, RecallError> {
        let skip = self.turns.len().saturating_sub(n as usize);
        Ok(self.turns[skip..].to_vec())
    }

    async fn state(&self, _: &PluginName, scope: StateScope, key: &str) -> Result<Option<(Vec<u8>, u64)>, RecallError> {
        Ok(self.state.lock().unwrap().get(&(scope, key.to_owned())).cloned())
    }
}

impl Memory {
    pub(crate) fn commit(&self, writes: &[StateWrite]) {
        for write in writes {
            let mut state = self.state.lock().unwrap();
            let key = (write.scope, write.key.clone());
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

/// A guest's bytes, built from source if that has changed.
pub(crate) fn guest(name: &str) -> Vec<u8> {
    static BUILT: OnceLock<()> = OnceLock::new();
    BUILT.get_or_init(|| {
        let output = Command::new(env!("CARGO"))
            .args(["build", "--release", "--target", "wasm32-wasip2", "--quiet"])
            .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/guests"))
            .env("CARGO_TARGET_DIR", target())
            .env_remove("RUSTFLAGS")
            .output()
            .expect("cargo runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    });
    let file = format!("wasm32-wasip2/release/{}.wasm", name.replace('-', "_"));
    std::fs::read(target().join(file)).expect("the guest was built")
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
