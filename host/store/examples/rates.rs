//! How fast the store is here: `cargo run --release -p santun-store --example rates`.
//!
//! Arrivals: many callers, one message each, one durable answer each. Whole messages: each arrives, is
//! leased, loaded, decided with one reply, sent, accepted, and reported as delivered.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use rand::Rng as _;
use santun_core::delivery::Progress;
use santun_core::draft::{Author, Initiative, StoredDraft, Voice};
use santun_core::effects::Effects;
use santun_core::identity::{Identity, PersonName, Phone, Wamid};
use santun_core::ids::{ChannelId, StepId, TurnId};
use santun_core::language::Language;
use santun_core::message::{Arrival, Content, MessageBody};
use santun_core::outgoing::Outgoing;
use santun_core::texts::{TextKey, WordingRef};
use santun_core::time::Timestamp;
use santun_core::trace::Trace;
use santun_core::webhook::{StatusUpdate, Update};
use santun_core::world::World;
use santun_store::{Ingested, MasterKey, Settlement, Store, StoreSettings};

type Failure = Box<dyn std::error::Error + Send + Sync>;

struct RealWorld;

impl World for RealWorld {
    #[expect(clippy::disallowed_methods, reason = "this is the world: the one place where the example reads the clock")]
    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }

    fn fill(&self, bytes: &mut [u8]) {
        rand::rng().fill_bytes(bytes);
    }
}

const CALLERS: u64 = 256;
const ARRIVALS: u64 = 200_000;
const MESSAGES: u64 = 40_000;
const CONTACTS: u64 = 5_000;

fn arrival(nth: u64) -> Update {
    let text = format!("Halo, pesanan saya nomor {nth} sudah sampai mana ya? Saya tunggu dari kemarin.");
    Update::Message(Arrival {
        channel: ChannelId::from("106540352242922"),
        sender: Identity { phone: Some(Phone::new(format!("62811{:08}", nth % CONTACTS))), ..Identity::default() },
        name: Some(PersonName::new("Budi")),
        wamid: Wamid::new(format!("wamid.HBgNNjI4MTIzNDU2Nzg5MBUCABIYFjNFQjBD{nth:012}")),
        sent_at: RealWorld.now(),
        quotes: None,
        body: MessageBody { content: Content::Text { text }, forwarded: false, referral: None },
        group: None,
    })
}

async fn whole_message(store: &Store, nth: u64) -> Result<(), Failure> {
    let Some(Ingested::Message { message, .. }) = store.ingest(vec![arrival(nth)], RealWorld.now()).await?.pop() else {
        return Err("the message is not new".into());
    };
    let lease = store.lease(message.conversation).await?;
    let loaded = store.load(&lease, Language::Id).await?;
    let (step, at) = (StepId::new(&RealWorld), RealWorld.now());
    let wording = WordingRef { key: TextKey::ALL[0], language: Language::Id, version: "1".to_owned() };
    let draft = StoredDraft {
        id: TurnId::new(&RealWorld),
        step,
        author: Author::Host { wording, voice: Voice::Bot },
        initiative: Initiative::Answer,
        content: Outgoing::text("Paket Anda sedang dalam perjalanan dan tiba besok."),
        discloses: false,
        session: 1,
    };
    let turn = draft.id;
    let trigger = "messages".to_owned();
    let trace =
        Trace { step, at, trigger, applied: None, heard: None, verdicts: vec![], rulings: vec![], notes: vec![] };
    let effects = Effects {
        step,
        conversation: loaded.conversation,
        decided: loaded.undecided.iter().map(|message| message.id).collect(),
        turns: Vec::new(),
        outbox: vec![draft],
        requests: Vec::new(),
        consents: Vec::new(),
        timers: Vec::new(),
        state: Vec::new(),
        trace,
    };
    store.commit(&lease, effects, None).await?;
    let due = store.outbox_due(message.conversation).await?.ok_or("nothing is due")?;
    store.outbox_sending(due.draft.id).await?;
    let wamid = Wamid::new(format!("wamid.out.{turn}"));
    store.outbox_settle(turn, Settlement::Accepted { wamid: wamid.clone() }).await?;
    let delivered = StatusUpdate {
        channel: due.channel,
        wamid,
        recipient: Identity::default(),
        progress: Progress::Delivered,
        at: RealWorld.now(),
        turn: Some(turn),
        errors: Vec::new(),
        pricing: None,
    };
    store.ingest(vec![Update::Status(delivered)], RealWorld.now()).await?;
    Ok(())
}

async fn rate<F, R>(name: &str, total: u64, each: F) -> Result<(), Failure>
where
    F: Fn(u64) -> R + Clone + Send + 'static,
    R: Future<Output = Result<(), Failure>> + Send,
{
    let next = Arc::new(AtomicU64::new(0));
    let began = Instant::now();
    let mut callers = tokio::task::JoinSet::new();
    for caller in 0..CALLERS {
        let (each, next) = (each.clone(), next.clone());
        callers.spawn(async move {
            let mut waits = Vec::new();
            // Each caller has contacts of its own, as each conversation has one worker.
            let mut own = caller;
            while next.fetch_add(1, Ordering::Relaxed) < total {
                let asked = Instant::now();
                each(own).await?;
                waits.push(asked.elapsed());
                own += CALLERS;
            }
            Ok::<_, Failure>(waits)
        });
    }
    let mut waits = Vec::new();
    while let Some(done) = callers.join_next().await {
        waits.extend(done??);
    }
    let seconds = began.elapsed().as_secs_f64();
    waits.sort_unstable();
    let at = |part: usize| waits[(waits.len() * part / 1000).min(waits.len() - 1)];
    println!("{name}: {:.0}/s, p50 {:.1?}, p99 {:.1?}", total as f64 / seconds, at(500), at(990));
    Ok(())
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let folder = tempfile::tempdir()?;
    let url = |file: &str| format!("sqlite:{}", folder.path().join(file).display());
    let master_key = MasterKey::load_or_create(folder.path().join("master.key"), &RealWorld)?;
    let settings = StoreSettings { url: url("santun.db"), keys_url: url("keys.db"), master_key };
    let store = Store::open(settings, Arc::new(RealWorld)).await?;
    let ingesting = store.clone();
    rate("arrivals", ARRIVALS, move |nth| {
        let store = ingesting.clone();
        async move { store.ingest(vec![arrival(nth)], RealWorld.now()).await.map(|_| ()).map_err(Failure::from) }
    })
    .await?;
    store.close().await;

    let settings = StoreSettings {
        url: url("whole.db"),
        keys_url: url("whole-keys.db"),
        master_key: MasterKey::load_or_create(folder.path().join("master.key"), &RealWorld)?,
    };
    let store = Store::open(settings, Arc::new(RealWorld)).await?;
    let whole = store.clone();
    rate("whole messages", MESSAGES, move |nth| {
        let store = whole.clone();
        async move { whole_message(&store, nth).await }
    })
    .await?;
    store.close().await;
    Ok(())
}
