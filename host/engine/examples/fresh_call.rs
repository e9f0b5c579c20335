//! How long a call takes, in microseconds:
//! `cargo run --release --example fresh_call -- PLUGIN.wasm [fresh | warm] [ROUNDS]`.
//!
//! One thread asks the plugin again and again, with ten turns of history to look up; the least, the
//! median and the 99th percentile are printed, for fresh and, if the plugin asks for them, for warm
//! instances. One manner and many rounds are for a profiler.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use santun_core::bot::{Grants, Instance, Limits};
use santun_core::ids::{ContactId, ConversationId, PluginName, StepId, TurnId};
use santun_core::language::Language;
use santun_core::message::{Content, Message, MessageBody};
use santun_core::time::Timestamp;
use santun_core::turn::{Speaker, Turn, TurnBody};
use santun_core::verdict::{Context, Counters, Event, OfficeView, StateScope};
use santun_core::world::World;
use santun_engine::{Bounds, Call, ContactView, Engine, EngineSettings, Recall, RecallError, Setup};

/// The host's own allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

struct Still;

impl World for Still {
    fn now(&self) -> Timestamp {
        Timestamp::from_seconds(1_700_000_000)
    }

    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(7);
    }
}

struct Ten(Arc<Vec<Turn>>);

#[async_trait]
impl Recall for Ten {
    async fn history(&self, _: u32) -> Result<Arc<Vec<Turn>>, RecallError> {
        Ok(self.0.clone())
    }

    async fn state(&self, _: &PluginName, _: StateScope, _: &str) -> Result<Option<(Vec<u8>, u64)>, RecallError> {
        Ok(None)
    }
}

fn said(text: &str) -> MessageBody {
    MessageBody { content: Content::Text { text: text.to_owned() }, forwarded: false, referral: None }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let file = std::env::args().nth(1).ok_or("which plugin?")?;
    let text = "kak pesanan saya kok belum sampai ya ".repeat(6);
    let instances = match std::env::args().nth(2).as_deref() {
        None => vec![Instance::Fresh, Instance::Warm],
        Some("fresh") => vec![Instance::Fresh],
        Some("warm") => vec![Instance::Warm],
        Some(other) => return Err(format!("`{other}` is neither fresh nor warm").into()),
    };
    let rounds: usize = std::env::args().nth(3).map_or(Ok(20_000), |rounds| rounds.parse())?;
    let settings = EngineSettings {
        cache: None,
        cache_key: [1; 32],
        contact_secret: [2; 32],
        world: Arc::new(Still),
        bounds: Bounds::default(),
    };
    let engine = Engine::new(settings)?;
    let revision = engine.admit(&std::fs::read(file)?).await?;
    for instance in instances {
        let setup = Setup {
            name: "measured".into(),
            config: serde_json::json!({}),
            grants: Grants { history_turns: 10, ..Grants::default() },
            limits: Limits { warm_calls: u32::MAX, ..Limits::default() },
            instance,
            secrets: Vec::new(),
        };
        let behaviour = engine.ready(revision.clone(), setup).await?;
        let turn = |_| Turn {
            reply_to: None,
            id: TurnId::new(&Still),
            at: Still.now(),
            by: Speaker::Customer,
            step: None,
            body: TurnBody::Received(said("pesanan saya nomor 12345 sudah sampai mana ya kak?")),
        };
        let recall: Arc<dyn Recall> = Arc::new(Ten(Arc::new((0..10).map(turn).collect())));
        let event = Event::Messages(vec![Message {
            id: TurnId::new(&Still),
            conversation: ConversationId::new(&Still),
            sent_at: Still.now(),
            arrived_at: Still.now(),
            reply_to: None,
            body: said(&text),
        }]);
        let context = Context {
            now: Still.now(),
            channel: "utama".into(),
            language: Language::Id,
            bot_name: "Sari".into(),
            business: "Toko Contoh".into(),
            about: "pesanan".into(),
            counters: Counters::default(),
            office: OfficeView::default(),
            attributes: BTreeMap::new(),
        };
        let contact = ContactView { id: ContactId::new(&Still), name: None, phone: None };
        let mut nanos = Vec::new();
        for _ in 0..rounds {
            let call = Call {
                step: StepId::new(&Still),
                seed: 1,
                event: &event,
                context: &context,
                contact,
                recall: recall.clone(),
            };
            let begun = std::time::Instant::now();
            let answer = behaviour.handle(call).await;
            nanos.push(begun.elapsed().as_nanos());
            answer.result?;
        }
        nanos.sort_unstable();
        let at = |part: f64| nanos[((nanos.len() - 1) as f64 * part) as usize] as f64 / 1_000.0;
        println!("{instance:?}: least {:.1} µs, p50 {:.1} µs, p99 {:.1} µs", at(0.0), at(0.5), at(0.99));
    }
    Ok(())
}
