//! `history_cost`: what a message costs with ten million stored turns, over what it costs with ten
//! thousand.
//!
//! Both stores are filled through their own door, then asked in turns: arrival, lease, reading, the last
//! ten turns, the step's commit, acceptance. Both meet the same traffic: as many customers as converse at
//! a time, picked anew for each round, so that nothing but the history differs. Beside the row the notes
//! tell the harder case, each message from another of all customers: their pages are then in no cache,
//! and each commit writes as many of them as it has messages. `SANTUN_BENCH_TURNS` sets another number of
//! turns for a machine that has no six gigabytes to spare.

use std::sync::Arc;
use std::time::{Duration, Instant};

use santun_core::draft::{Author, Initiative, StoredDraft, Voice};
use santun_core::effects::Effects;
use santun_core::identity::{Identity, PersonName, Phone, Wamid};
use santun_core::ids::{StepId, TurnId};
use santun_core::language::Language;
use santun_core::message::{Arrival, Content, MessageBody};
use santun_core::outgoing::Outgoing;
use santun_core::texts::{TextKey, WordingRef};
use santun_core::trace::Trace;
use santun_core::turn::{Speaker, Turn, TurnBody};
use santun_core::webhook::Update;
use santun_core::world::World as _;
use santun_store::{Ingested, Loaded, MasterKey, Settlement, Store, StoreSettings};
use tokio::task::JoinSet;

use super::load::phone;
use super::shop::number;
use super::{Asked, Failure, Measured, Row, place};
use crate::world::SystemWorld;

const FEW: u64 = 10_000;
const MANY: u64 = 10_000_000;

/// Turns of a conversation.
const EACH: u64 = 100;

/// Conversations that are filled at the same time.
const TOGETHER: u64 = 64;

/// Messages of one round, and rounds on each side.
const MESSAGES: u64 = 4_000;
const ROUNDS: usize = 5;

/// Measures.
pub(super) async fn measure(asked: &Asked) -> Result<Measured, Failure> {
    let many = match std::env::var("SANTUN_BENCH_TURNS") {
        Ok(turns) => turns.parse().map_err(|_| format!("SANTUN_BENCH_TURNS must be a number, not {turns}"))?,
        Err(_) => MANY,
    };
    let few_folder = place::folder(asked)?;
    let many_folder = place::folder(asked)?;
    let few = Filled::open(few_folder.path(), FEW).await?;
    let filling = Instant::now();
    let many = Filled::open(many_folder.path(), many).await?;
    let took = filling.elapsed();
    let (mut of_few, mut of_many, mut of_anybody) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..=ROUNDS as u64 {
        let a = few.round(round, Writers::Conversing).await?;
        let b = many.round(round, Writers::Conversing).await?;
        // The first warms both.
        if round > 0 {
            of_few.push(a);
            of_many.push(b);
        }
    }
    for round in 0..ROUNDS as u64 {
        of_anybody.push(many.round(ROUNDS as u64 + 1 + round, Writers::Anybody).await?);
    }
    let size = std::fs::metadata(many_folder.path().join("santun.db")).map_or(0, |file| file.len());
    let turns = many.conversations * EACH;
    few.store.close().await;
    many.store.close().await;
    let (few, many, anybody) = (median(of_few), median(of_many), median(of_anybody));
    let over_few = |round: Duration| round.as_secs_f64() / few.as_secs_f64().max(1e-9);
    let ratio = over_few(many);
    let notes = vec![format!(
        "history_cost: {turns} turns ({:.1} GB, filled in {:.0} s) over {FEW}; {TOGETHER} conversations at a time, picked \
         at random, {MESSAGES} messages a round, median of {ROUNDS} rounds in turn: {:.1} µs a message over {:.1} µs. Each \
         message from another of all customers, picked at random: {:.1} µs, {:.2} of the few.",
        size as f64 / 1e9,
        took.as_secs_f64(),
        each(many),
        each(few),
        each(anybody),
        over_few(anybody),
    )];
    Ok(Measured { rows: vec![Row::new("history_cost", "ratio", ratio, 1.0)], notes })
}

fn each(round: Duration) -> f64 {
    round.as_secs_f64() * 1e6 / MESSAGES as f64
}

fn median(mut rounds: Vec<Duration>) -> Duration {
    rounds.sort_unstable();
    rounds.get(rounds.len() / 2).copied().unwrap_or_default()
}

/// Whom the messages of a round come from.
#[derive(Clone, Copy)]
enum Writers {
    /// As many customers as write at a time, one message after the other.
    Conversing,
    /// Each message from another customer.
    Anybody,
}

/// A store with so many conversations.
#[derive(Clone)]
struct Filled {
    store: Store,
    conversations: u64,
}

impl Filled {
    async fn open(folder: &std::path::Path, turns: u64) -> Result<Self, Failure> {
        let url = |file: &str| format!("sqlite:{}", folder.join(file).display());
        let settings = StoreSettings {
            url: url("santun.db"),
            keys_url: url("santun-keys.db"),
            master_key: MasterKey::load_or_create(folder.join("master.key"), &SystemWorld)?,
        };
        let store = Store::open(settings, Arc::new(SystemWorld)).await?;
        let filled = Self { store, conversations: (turns / EACH).max(1) };
        let mut fillers = JoinSet::new();
        for first in 0..TOGETHER {
            let filled = filled.clone();
            fillers.spawn(async move {
                let mut customer = first;
                while customer < filled.conversations {
                    filled.fill(customer).await?;
                    customer += TOGETHER;
                }
                Ok::<_, Failure>(())
            });
        }
        while let Some(done) = fillers.join_next().await {
            done??;
        }
        Ok(filled)
    }

    /// A conversation's past: what came in one webhook, decided in one step that has as much to say.
    async fn fill(&self, customer: u64) -> Result<(), Failure> {
        let updates = (0..EACH / 2).map(|nth| arrival(customer, nth)).collect();
        let ingested = self.store.ingest(updates, SystemWorld.now()).await?;
        let Some(Ingested::Message { message, .. }) = ingested.first() else {
            return Err("the past is not new".into());
        };
        let lease = self.store.lease(message.conversation).await?;
        let loaded = self.store.load(&lease, Language::Id).await?;
        let mut effects = effects(loaded, None);
        effects.turns = (EACH / 2..EACH).map(|_| said(effects.step)).collect();
        self.store.commit(&lease, effects, None).await?;
        Ok(())
    }

    /// So many messages of customers picked at random.
    async fn round(&self, round: u64, writers: Writers) -> Result<Duration, Failure> {
        let began = Instant::now();
        let mut workers = JoinSet::new();
        for worker in 0..TOGETHER {
            let filled = self.clone();
            workers.spawn(async move {
                for nth in 0..MESSAGES / TOGETHER {
                    let place = |nth| (round * MESSAGES + worker * (MESSAGES / TOGETHER) + nth) * 2_654_435_761;
                    let picked = match writers {
                        Writers::Conversing => place(0),
                        Writers::Anybody => place(nth),
                    };
                    let place = place(nth);
                    // Each worker has conversations of its own, as each conversation has one lane.
                    let customer = picked % (filled.conversations / TOGETHER).max(1) * TOGETHER + worker;
                    filled.message(customer % filled.conversations, EACH + place).await?;
                }
                Ok::<_, Failure>(())
            });
        }
        while let Some(done) = workers.join_next().await {
            done??;
        }
        Ok(began.elapsed())
    }

    async fn message(&self, customer: u64, nth: u64) -> Result<(), Failure> {
        let ingested = self.store.ingest(vec![arrival(customer, nth)], SystemWorld.now()).await?;
        let Some(Ingested::Message { message, .. }) = ingested.first() else {
            return Err("the message is not new".into());
        };
        let lease = self.store.lease(message.conversation).await?;
        let loaded = self.store.load(&lease, Language::Id).await?;
        if self.store.history(message.conversation, 10, None).await?.len() < 10 {
            return Err("the past is missing".into());
        }
        let draft = draft();
        let turn = draft.id;
        self.store.commit(&lease, effects(loaded, Some(draft)), Some(turn)).await?;
        let wamid = Wamid::new(format!("wamid.out.{turn}"));
        self.store.outbox_settle(turn, Settlement::Accepted { wamid }).await?;
        Ok(())
    }
}

fn arrival(customer: u64, nth: u64) -> Update {
    Update::Message(Arrival {
        channel: number(customer).into(),
        sender: Identity { phone: Some(Phone::new(phone(customer))), ..Identity::default() },
        name: Some(PersonName::new(format!("Pelanggan {customer}"))),
        wamid: Wamid::new(format!("wamid.{customer}.{nth}")),
        sent_at: SystemWorld.now(),
        quotes: None,
        body: MessageBody {
            content: Content::Text { text: format!("kak pesanan aku yang ke-{nth} kok blm nyampe ya") },
            forwarded: false,
            referral: None,
        },
        group: None,
    })
}

fn draft() -> StoredDraft {
    let wording = WordingRef { key: TextKey::ALL[0], language: Language::Id, version: "1".to_owned() };
    StoredDraft {
        id: TurnId::new(&SystemWorld),
        step: StepId::new(&SystemWorld),
        author: Author::Host { wording, voice: Voice::Bot },
        initiative: Initiative::Answer,
        content: Outgoing::text("Paketnya masih di jalan ya kak, perkiraan sampai besok."),
        discloses: false,
        session: 1,
    }
}

/// What the bot said once.
fn said(step: StepId) -> Turn {
    let StoredDraft { id, author, content, .. } = draft();
    let body = TurnBody::Said { author, content };
    Turn { id, at: SystemWorld.now(), by: Speaker::Bot, step: Some(step), reply_to: None, body }
}

fn effects(loaded: Loaded, says: Option<StoredDraft>) -> Effects {
    let (step, at) = (says.as_ref().map_or_else(|| StepId::new(&SystemWorld), |draft| draft.step), SystemWorld.now());
    let trigger = "messages".to_owned();
    Effects {
        step,
        decided: loaded.undecided.iter().map(|message| message.id).collect(),
        conversation: loaded.conversation,
        turns: Vec::new(),
        outbox: says.into_iter().collect(),
        requests: Vec::new(),
        consents: Vec::new(),
        timers: Vec::new(),
        state: Vec::new(),
        trace: Trace {
            step,
            at,
            trigger,
            applied: None,
            heard: None,
            verdicts: Vec::new(),
            rulings: Vec::new(),
            notes: Vec::new(),
        },
    }
}
