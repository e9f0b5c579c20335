//! Who works on a conversation, and what a step starts from.

use std::collections::{BTreeMap, HashMap};
use std::hash::{Hash as _, Hasher as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use parking_lot::Mutex;
use santun_core::conversation::{Consents, Conversation, Disclosure};
use santun_core::delivery::OutboxState;
use santun_core::effects::Effects;
use santun_core::identity::{Identity, PersonName, Wamid};
use santun_core::ids::{ChannelId, ContactId, ConversationId, TurnId};
use santun_core::language::Language;
use santun_core::message::{Message, MessageBody};
use santun_core::time::Timestamp;
use santun_core::turn::{News, Speaker, TurnBody};
use serde::{Deserialize, Serialize};
use sqlx::Row as _;
use tokio::sync::OnceCell;

use crate::contacts::{SealedPerson, person_place};
use crate::error::{CommitError, StoreError};
use crate::history::{SealedTurn, place as turn_place};
use crate::outbox::state_named;
use crate::rows::{id_at, some_id_at, uuid};
use crate::seal::Place;
use crate::store::Store;
use crate::writer::Job;

/// The right to decide about one conversation, until somebody else leases it or this is dropped.
#[derive(Debug)]
pub struct Lease {
    conversation: ConversationId,
    fence: u64,
    /// What the contact's conversations share, as it was when it was loaded.
    pub(crate) shared: Mutex<SharedSeen>,
    /// Whether a step was given to the writer and its answer was not heard.
    unheard: AtomicBool,
    leases: Arc<Leases>,
}

impl Lease {
    /// The conversation.
    pub const fn conversation(&self) -> ConversationId {
        self.conversation
    }

    /// The fence: greater than that of every earlier lease on the conversation.
    pub const fn fence(&self) -> u64 {
        self.fence
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        let mut held = self.leases.held.lock();
        if held.get(&self.conversation) == Some(&Hold::By(self.fence)) {
            // The writer may be about to make that step durable: who comes next waits for it.
            if *self.unheard.get_mut() {
                held.insert(self.conversation, Hold::Left);
            } else {
                held.remove(&self.conversation);
            }
        }
    }
}

/// What the contact's conversations share, as a step saw it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SharedSeen {
    pub(crate) version: i64,
    pub(crate) fingerprint: u64,
}

/// Who may decide about a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hold {
    /// Whoever has the lease with this fence.
    By(u64),
    /// Nobody any more; but what the last one decided may still become durable.
    Left,
}

/// Leases of this process. A fence is the process's epoch (counted in the database) and a running
/// number, so that every lease of a later process is beyond every one of an earlier.
#[derive(Debug, Default)]
pub(crate) struct Leases {
    held: Mutex<HashMap<ConversationId, Hold>>,
    next: AtomicU64,
    epoch: OnceCell<u64>,
}

impl Leases {
    /// Whether the lease with this fence is the latest on the conversation.
    pub(crate) fn holds(&self, conversation: ConversationId, fence: u64) -> bool {
        self.held.lock().get(&conversation) == Some(&Hold::By(fence))
    }

    /// The epoch of this process, once it has begun to lease.
    pub(crate) fn epoch(&self) -> Option<u64> {
        self.epoch.get().copied()
    }
}

/// What a contact's conversations share. This is what is sealed.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Shared {
    #[serde(default)]
    pub(crate) attributes: BTreeMap<String, String>,
    #[serde(default)]
    pub(crate) consents: Consents,
}

pub(crate) const fn shared_place(contact: &[u8; 16]) -> Place<'_> {
    Place { table: "contacts", column: "shared", row: contact }
}

pub(crate) const fn state_place(conversation: &[u8; 16]) -> Place<'_> {
    Place { table: "conversations", column: "state", row: conversation }
}

/// A number that differs when what is shared differs. Only compared within a process.
pub(crate) fn fingerprint(attributes: &BTreeMap<String, String>, consents: &Consents) -> u64 {
    let mut hasher = std::hash::DefaultHasher::new();
    attributes.hash(&mut hasher);
    consents.opted_out_at.hash(&mut hasher);
    consents.granted.hash(&mut hasher);
    consents.business_messages.hash(&mut hasher);
    consents.shielded_until.hash(&mut hasher);
    hasher.finish()
}

/// What a step starts from.
#[derive(Debug)]
pub struct Loaded {
    /// The conversation as it stands.
    pub conversation: Conversation,
    /// Customer messages that no step has decided about, in order.
    pub undecided: Vec<Message>,
    /// Messages of a human from the WhatsApp app that no step has taken note of, in order.
    pub echoes: Vec<PhoneTurn>,
    /// What WhatsApp told and no step has taken note of, in order.
    pub news: Vec<News>,
    /// Meta's id of the latest of the customer's undecided messages: the one to mark as read.
    pub read: Option<Wamid>,
    /// How WhatsApp knows the customer.
    pub identity: Identity,
    /// The name in the customer's profile.
    pub name: Option<PersonName>,
    /// Whether messages to the customer may wait to be sent.
    pub backlog: bool,
}

/// A message that a human of the business sent from the WhatsApp app.
#[derive(Clone, Debug, PartialEq)]
pub struct PhoneTurn {
    /// Its turn.
    pub id: TurnId,
    /// When it was sent, by WhatsApp's clock.
    pub sent_at: Timestamp,
    /// What it says.
    pub body: MessageBody,
}

// One statement, since each costs two changes of thread. The columns of its parts: what the row is; up
// to three values; up to three numbers; a word. What is undecided is of the latest: of the conversation's turns
// only those are read that are as new as the oldest undecided one of all.
const LOAD: &str = "
    SELECT 0, contact, state, disclosing, created_at,
           EXISTS (SELECT 1 FROM outbox WHERE conversation = $1 AND state IN ('queued', 'sending', 'unknown')),
           0, channel FROM conversations WHERE id = $1
    UNION ALL
    SELECT 1, contacts.id, contacts.shared, contacts.person, contacts.shared_version, 0, 0, '' FROM contacts
      JOIN conversations ON conversations.contact = contacts.id WHERE conversations.id = $1
    UNION ALL
    SELECT 2, outbox.id, NULL, NULL, COALESCE(outbox.settled_at, 0), 0, 0, outbox.state FROM outbox
      JOIN conversations ON conversations.disclosing = outbox.id WHERE conversations.id = $1
    UNION ALL
    SELECT 3, id, body, reply_to, sent_at, arrived_at, seq, speaker FROM turns INDEXED BY turns_in_order
      WHERE conversation = $1 AND undecided = 1 AND seq >= (SELECT MIN(seq) FROM turns WHERE undecided = 1)";

impl Store {
    /// Leases a conversation: every earlier lease on it is stale from now on, and what was decided under one is
    /// durable or will never be.
    pub async fn lease(&self, conversation: ConversationId) -> Result<Lease, StoreError> {
        let leases = &self.inner.leases;
        let epoch = *leases.epoch.get_or_try_init(|| self.begin_epoch()).await?;
        let fence = (epoch << 40) | (leases.next.fetch_add(1, Ordering::Relaxed) + 1);
        let before = leases.held.lock().insert(conversation, Hold::By(fence));
        if before.is_some() {
            // The writer may have admitted a step of the one before that is not durable yet: what is loaded under this
            // lease must show it, or messages of this one would overtake those of that step.
            self.write(|_| Box::pin(async { Ok(()) })).await?;
        }
        let nothing = Shared::default();
        let shared = SharedSeen { version: 0, fingerprint: fingerprint(&nothing.attributes, &nothing.consents) };
        let unheard = AtomicBool::new(false);
        Ok(Lease { conversation, fence, shared: Mutex::new(shared), unheard, leases: leases.clone() })
    }

    async fn begin_epoch(&self) -> Result<u64, StoreError> {
        let epoch = self.write(|connection| {
            Box::pin(async move {
                let row = sqlx::query("UPDATE host SET epoch = epoch + 1 WHERE only_row = 1 RETURNING epoch");
                Ok(row.fetch_one(connection).await?.try_get::<i64, _>(0)?)
            })
        });
        Ok(epoch.await?.unsigned_abs())
    }

    /// Reads what a step starts from. `language` is the one that a conversation begins in.
    pub async fn load(&self, lease: &Lease, language: Language) -> Result<Loaded, StoreError> {
        let (loaded, seen) = self.read_conversation(lease.conversation, language).await?;
        *lease.shared.lock() = seen;
        Ok(loaded)
    }

    /// Reads a conversation without a lease: for the gate's second look, and for people.
    pub async fn conversation(&self, id: ConversationId, language: Language) -> Result<Conversation, StoreError> {
        Ok(self.read_conversation(id, language).await?.0.conversation)
    }

    async fn read_conversation(
        &self,
        id: ConversationId,
        language: Language,
    ) -> Result<(Loaded, SharedSeen), StoreError> {
        let bytes = *id.as_uuid().as_bytes();
        let rows = {
            let mut reader = self.reader().await?;
            sqlx::query(LOAD).bind(bytes.to_vec()).fetch_all(&mut *reader).await?
        };
        let missing = || StoreError::NotFound { what: "conversation", id: id.to_string() };
        let (mut head, mut shared, mut disclosing, mut turns) = (None, None, None, Vec::new());
        for row in &rows {
            match row.try_get::<i64, _>(0)? {
                0 => head = Some(row),
                1 => shared = Some(row),
                2 => disclosing = Some(row),
                _ => turns.push(row),
            }
        }
        let (head, shared) = (head.ok_or_else(missing)?, shared.ok_or_else(missing)?);
        let contact = ContactId::from_uuid(uuid(id_at(head, 1)?));
        let key = self.inner.keys.need(contact).await?;

        self.inner.contacts.lock().insert(id, contact);
        let person: SealedPerson = match shared.try_get::<Option<Vec<u8>>, _>(3)? {
            Some(sealed) => key.open_json(person_place(contact.as_uuid().as_bytes()), &sealed)?,
            None => SealedPerson::default(),
        };
        let mut conversation = match head.try_get::<Option<Vec<u8>>, _>(2)? {
            Some(state) => key.open_json(state_place(&bytes), &state)?,
            None => {
                let channel = ChannelId::from(head.try_get::<String, _>(7)?);
                Conversation::new(id, channel, contact, language, Timestamp::from_millis(head.try_get(4)?))
            }
        };
        let sealed = shared.try_get::<Option<Vec<u8>>, _>(2)?;
        let known: Shared = match sealed {
            Some(sealed) => key.open_json(shared_place(contact.as_uuid().as_bytes()), &sealed)?,
            None => Shared::default(),
        };
        let seen =
            SharedSeen { version: shared.try_get(4)?, fingerprint: fingerprint(&known.attributes, &known.consents) };
        conversation.attributes = known.attributes;
        conversation.consents = known.consents;
        if let Some(row) = disclosing {
            let turn = TurnId::from_uuid(uuid(id_at(row, 1)?));
            let disclosure = disclosure_by(turn, state_named(&row.try_get::<String, _>(7)?)?, row.try_get(4)?);
            conversation.session.disclosure = merge(conversation.session.disclosure, disclosure);
        }

        let mut loaded = Loaded {
            conversation,
            undecided: Vec::new(),
            echoes: Vec::new(),
            news: Vec::new(),
            read: None,
            identity: person.identity,
            name: person.name,
            backlog: head.try_get::<i64, _>(5)? == 1,
        };
        turns.sort_by_cached_key(|row| (row.try_get::<i64, _>(4).unwrap_or(0), row.try_get::<i64, _>(6).unwrap_or(0)));
        for row in turns {
            let turn = id_at(row, 1)?;
            let sealed: SealedTurn = key.open_json(turn_place(&turn), &row.try_get::<Vec<u8>, _>(2)?)?;
            let turn_id = TurnId::from_uuid(uuid(turn));
            let sent_at = Timestamp::from_millis(row.try_get(4)?);
            match sealed.body {
                TurnBody::Received(body) => {
                    loaded.read = sealed.wamid.or(loaded.read);
                    loaded.undecided.push(Message {
                        id: turn_id,
                        conversation: id,
                        sent_at,
                        arrived_at: Timestamp::from_millis(row.try_get(5)?),
                        reply_to: some_id_at(row, 3)?.map(|turn| TurnId::from_uuid(uuid(turn))),
                        body,
                    });
                }
                TurnBody::SaidByPhone(body) => loaded.echoes.push(PhoneTurn { id: turn_id, sent_at, body }),
                TurnBody::Happened(what) => loaded.news.push(News { id: turn_id, at: sent_at, what }),
                TurnBody::Said { .. } | TurnBody::Note { .. } => {
                    let speaker = row.try_get::<String, _>(7)?;
                    tracing::error!(turn = %turn_id, conversation = %id, speaker, "a turn that nobody need decide about is undecided");
                }
            }
        }
        Ok((loaded, seen))
    }

    /// Commits the whole effect of a step, or nothing of it.
    ///
    /// A stale lease, or shared state that has moved on, is an error of this step alone. `sending` is the
    /// first of its messages if that is sent as soon as this returns: its row is `sending` at once, as
    /// [`Store::outbox_sending`] would make it.
    pub async fn commit(&self, lease: &Lease, effects: Effects, sending: Option<TurnId>) -> Result<(), CommitError> {
        let key = self.inner.keys.need(effects.conversation.contact).await?;
        let seen = *lease.shared.lock();
        let (reply, answer) = tokio::sync::oneshot::channel();
        let job = crate::writer::CommitJob::new(
            lease,
            seen,
            effects,
            sending,
            &key,
            self.inner.keys.host(),
            &self.inner.lookup,
            &*self.inner.world,
            reply,
        )?;
        let now_seen = job.shared_afterwards();
        lease.unheard.store(true, Ordering::Relaxed);
        self.enqueue(Job::Commit(Box::new(job))).await?;
        let answer = answer.await.map_err(|_| StoreError::Closed)?;
        lease.unheard.store(false, Ordering::Relaxed);
        answer?;
        *lease.shared.lock() = now_seen;
        Ok(())
    }
}

/// What the message that discloses, in this state, makes of the session's disclosure.
fn disclosure_by(turn: TurnId, state: OutboxState, settled_at: i64) -> Disclosure {
    match state {
        OutboxState::Accepted => Disclosure::Made { at: Timestamp::from_millis(settled_at) },
        OutboxState::Failed | OutboxState::Refused => Disclosure::Due,
        OutboxState::Queued | OutboxState::Sending | OutboxState::Unknown => Disclosure::OnItsWay { turn },
    }
}

/// What was decided stands once the disclosure was made; until then, how its message fares counts.
fn merge(decided: Disclosure, by_message: Disclosure) -> Disclosure {
    match decided {
        Disclosure::Made { .. } => decided,
        Disclosure::Due | Disclosure::OnItsWay { .. } => by_message,
    }
}

/// The name of a speaker in the store.
pub(crate) fn speaker_named(name: &str) -> Option<Speaker> {
    [Speaker::Customer, Speaker::Bot, Speaker::Agent, Speaker::System].into_iter().find(|by| by.as_str() == name)
}
