//! A store in a folder of its own, and the pieces that stories are made of.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use rand::Rng as _;
use santun_core::conversation::Conversation;
use santun_core::draft::{Author, Initiative, StoredDraft, Voice};
use santun_core::effects::Effects;
use santun_core::identity::{Bsuid, Identity, PersonName, Phone, Wamid};
use santun_core::ids::{ChannelId, ConversationId, StepId, TurnId};
use santun_core::language::Language;
use santun_core::message::{Arrival, Content, Message, MessageBody};
use santun_core::outgoing::Outgoing;
use santun_core::texts::WordingRef;
use santun_core::time::Timestamp;
use santun_core::trace::Trace;
use santun_core::webhook::Update;
use santun_core::world::World;
use santun_store::{Ingested, Lease, Loaded, MasterKey, Store, StoreSettings};

pub(crate) struct TestWorld(AtomicI64);

impl World for TestWorld {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.fetch_add(1, Ordering::Relaxed))
    }

    fn fill(&self, bytes: &mut [u8]) {
        rand::rng().fill_bytes(bytes);
    }
}

pub(crate) const START: i64 = 1_790_000_000_000;

pub(crate) fn world() -> Arc<dyn World> {
    Arc::new(TestWorld(AtomicI64::new(START)))
}

pub(crate) fn settings(folder: &Path) -> StoreSettings {
    StoreSettings {
        url: format!("sqlite:{}", folder.join("santun.db").display()),
        keys_url: format!("sqlite:{}", folder.join("keys.db").display()),
        master_key: MasterKey::from_bytes([7; 32]),
    }
}

/// A store, its world and its folder, which lives as long as this.
pub(crate) struct Home {
    pub(crate) store: Store,
    pub(crate) world: Arc<dyn World>,
    pub(crate) folder: tempfile::TempDir,
}

impl Home {
    pub(crate) async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let world = world();
        let store = Store::open(settings(folder.path()), world.clone()).await.unwrap();
        Self { store, world, folder }
    }

    /// Closes the store and opens it again.
    pub(crate) async fn reopened(self) -> Self {
        self.store.close().await;
        let store = Store::open(settings(self.folder.path()), self.world.clone()).await.unwrap();
        Self { store, ..self }
    }

    pub(crate) async fn ingest(&self, updates: Vec<Update>) -> Vec<Ingested> {
        self.store.ingest(updates, self.world.now()).await.unwrap()
    }

    /// One message of a customer, arrived.
    pub(crate) async fn hears(&self, phone: &str, text: &str) -> Message {
        match self.ingest(vec![arrival(phone, &format!("wamid.{}", self.random()), text)]).await.remove(0) {
            Ingested::Message { message, .. } => message,
            other => panic!("not a message: {other:?}"),
        }
    }

    pub(crate) async fn leased(&self, conversation: ConversationId) -> (Lease, Loaded) {
        let lease = self.store.lease(conversation).await.unwrap();
        let loaded = self.store.load(&lease, Language::Id).await.unwrap();
        (lease, loaded)
    }

    /// A step that decides about everything that waits, and says this.
    pub(crate) fn step(&self, loaded: &Loaded, says: &[&str]) -> Effects {
        let step = StepId::new(&*self.world);
        Effects {
            step,
            conversation: loaded.conversation.clone(),
            decided: loaded.undecided.iter().map(|message| message.id).collect(),
            turns: Vec::new(),
            outbox: says.iter().map(|text| self.draft(step, &loaded.conversation, text)).collect(),
            requests: Vec::new(),
            consents: Vec::new(),
            timers: Vec::new(),
            state: Vec::new(),
            trace: trace(step, self.world.now()),
        }
    }

    pub(crate) fn draft(&self, step: StepId, conversation: &Conversation, text: &str) -> StoredDraft {
        StoredDraft {
            id: TurnId::new(&*self.world),
            step,
            author: Author::Host { wording: wording(), voice: Voice::Bot },
            initiative: Initiative::Answer,
            content: Outgoing::text(text),
            discloses: false,
            session: conversation.session.ordinal,
        }
    }

    /// A whole step: hears, decides, says.
    pub(crate) async fn answers(&self, phone: &str, text: &str, says: &[&str]) -> (ConversationId, Vec<TurnId>) {
        let message = self.hears(phone, text).await;
        let (lease, loaded) = self.leased(message.conversation).await;
        let effects = self.step(&loaded, says);
        let said = effects.outbox.iter().map(|draft| draft.id).collect();
        self.store.commit(&lease, effects, None).await.unwrap();
        (message.conversation, said)
    }

    pub(crate) fn random(&self) -> u64 {
        let mut bytes = [0; 8];
        self.world.fill(&mut bytes);
        u64::from_le_bytes(bytes)
    }

    /// What the files of both databases hold, logs included.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let files = std::fs::read_dir(self.folder.path()).unwrap();
        files.flat_map(|file| std::fs::read(file.unwrap().path()).unwrap()).collect()
    }
}

pub(crate) fn contains(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

fn wording() -> WordingRef {
    let key = santun_core::texts::TextKey::ALL[0];
    WordingRef { key, language: Language::Id, version: "1".to_owned() }
}

fn trace(step: StepId, at: Timestamp) -> Trace {
    let trigger = "messages".to_owned();
    Trace { step, at, trigger, applied: None, heard: None, verdicts: vec![], rulings: vec![], notes: vec![] }
}

pub(crate) fn channel() -> ChannelId {
    ChannelId::from("106540352242922")
}

pub(crate) fn by_phone(phone: &str) -> Identity {
    Identity { phone: Some(Phone::new(phone)), ..Identity::default() }
}

pub(crate) fn by_bsuid(bsuid: &str) -> Identity {
    Identity { bsuid: Some(Bsuid::new(bsuid)), ..Identity::default() }
}

pub(crate) fn by_both(phone: &str, bsuid: &str) -> Identity {
    Identity { bsuid: Some(Bsuid::new(bsuid)), ..by_phone(phone) }
}

pub(crate) fn text(text: &str) -> MessageBody {
    MessageBody { content: Content::Text { text: text.to_owned() }, forwarded: false, referral: None }
}

pub(crate) fn arrival(phone: &str, wamid: &str, words: &str) -> Update {
    arrival_of(by_phone(phone), wamid, words)
}

pub(crate) fn arrival_of(sender: Identity, wamid: &str, words: &str) -> Update {
    Update::Message(Arrival {
        channel: channel(),
        sender,
        name: Some(PersonName::new("Budi Canary Santoso")),
        wamid: Wamid::new(wamid),
        sent_at: Timestamp::from_millis(START),
        quotes: None,
        body: text(words),
        group: None,
    })
}
