//! Arrivals: what webhooks bring becomes turns.

mod unlinked;

use std::collections::{HashMap, HashSet};

use santun_core::identity::Wamid;
use santun_core::ids::{ChannelId, ConversationId, TurnId};
use santun_core::message::{Message, MessageBody};
use santun_core::time::Timestamp;
use santun_core::turn::{Happening, News, Speaker, TurnBody};
use santun_core::webhook::Update;
use sqlx::Row as _;
use tokio::sync::oneshot;

use super::Writer;
use super::people::{Met, Subject};
use crate::error::StoreError;
use crate::events::NewEvent;
use crate::files::kept_place;
use crate::history::{SealedTurn, place};
use crate::ingest::Ingested;
use crate::lease::PhoneTurn;
use crate::lookup::{Hash, IdentityHashes, LookUp};
use crate::rows::{Value, id_at, read_keys, uuid, write_rows, write_rows_counted};

pub(super) use unlinked::WaitedFor;

/// One caller's updates.
pub(crate) struct IngestJob {
    pub(crate) updates: Vec<Update>,
    prepared: Vec<Prepared>,
    at: Timestamp,
    /// One for each update, once the batch has been written.
    pub(super) results: Vec<Ingested>,
    reply: oneshot::Sender<Result<Vec<Ingested>, StoreError>>,
}

/// What the caller's own thread can work out beforehand.
#[derive(Default)]
struct Prepared {
    who: IdentityHashes,
    wamid: Option<Hash>,
    quotes: Option<Hash>,
    /// Whom it names, if it is only kept.
    named: Vec<Hash>,
}

impl IngestJob {
    pub(crate) fn new(
        updates: Vec<Update>,
        at: Timestamp,
        lookup: &LookUp,
        reply: oneshot::Sender<Result<Vec<Ingested>, StoreError>>,
    ) -> Self {
        let prepared = updates.iter().map(|update| prepare(update, lookup)).collect();
        Self { updates, prepared, at, results: Vec::new(), reply }
    }

    pub(super) fn has_statuses(&self) -> bool {
        self.updates.iter().any(|update| matches!(update, Update::Status(_)))
    }

    /// The status updates, by their place.
    pub(super) fn wamid_hash(&self, nth: usize) -> Option<Hash> {
        self.prepared.get(nth).and_then(|prepared| prepared.wamid)
    }

    pub(super) fn answer(self, batch: Result<(), StoreError>) {
        self.reply.send(batch.map(|()| self.results)).ok();
    }
}

fn prepare(update: &Update, lookup: &LookUp) -> Prepared {
    match update {
        Update::Message(arrival) => Prepared {
            who: lookup.identity(&arrival.sender),
            wamid: Some(lookup.wamid(&arrival.wamid)),
            quotes: arrival.quotes.as_ref().map(|wamid| lookup.wamid(wamid)),
            named: Vec::new(),
        },
        Update::Echo(echo) => {
            Prepared { who: lookup.identity(&echo.to), wamid: Some(lookup.wamid(&echo.wamid)), ..Prepared::default() }
        }
        Update::Status(status) => Prepared { wamid: Some(lookup.wamid(&status.wamid)), ..Prepared::default() },
        Update::Preference { who, wanted, at, .. } => Prepared {
            who: lookup.identity(who),
            wamid: Some(lookup.preference(who, *wanted, *at)),
            ..Prepared::default()
        },
        Update::Kept { json, .. } => Prepared { named: lookup.named_in(json), ..Prepared::default() },
        Update::IdentityChanged { .. } | Update::Template(_) => Prepared::default(),
    }
}

/// The place of an update in a batch: its job, and its place there.
type Nth = (usize, usize);

/// A message that becomes a turn, whoever wrote it.
struct Said<'a> {
    nth: Nth,
    channel: &'a ChannelId,
    wamid: Option<&'a Wamid>,
    hash: Hash,
    quotes: Option<Hash>,
    sent_at: Timestamp,
    arrived_at: Timestamp,
    what: What<'a>,
    met: Met,
    id: TurnId,
}

/// What it is.
#[derive(Clone, Copy)]
enum What<'a> {
    /// The customer wrote it.
    Message(&'a MessageBody),
    /// A human of the business wrote it in the WhatsApp app.
    Phone(&'a MessageBody),
    /// The customer changed WhatsApp's setting for marketing messages.
    Preference { wanted: bool },
}

impl What<'_> {
    const fn by(self) -> Speaker {
        match self {
            Self::Message(_) => Speaker::Customer,
            Self::Phone(_) => Speaker::Agent,
            Self::Preference { .. } => Speaker::System,
        }
    }

    fn body(self) -> TurnBody {
        match self {
            Self::Message(body) => TurnBody::Received(body.clone()),
            Self::Phone(body) => TurnBody::SaidByPhone(body.clone()),
            Self::Preference { wanted } => TurnBody::Happened(Happening::PreferenceChanged { wanted }),
        }
    }

    const fn event(self) -> &'static str {
        match self {
            Self::Message(_) => "message",
            Self::Phone(_) => "phone_message",
            Self::Preference { .. } => "news",
        }
    }
}

impl Writer {
    pub(super) async fn receive(&mut self, jobs: &mut [IngestJob]) -> Result<(), StoreError> {
        let mut results: Vec<Vec<Ingested>> = jobs.iter().map(|job| vec![Ingested::Kept; job.updates.len()]).collect();
        self.change_identities(jobs, &mut results).await?;
        self.note_templates(jobs, &mut results).await?;
        let (places, subjects) = subjects(jobs);
        let met = self.meet(&subjects).await?;
        let mut said = Vec::with_capacity(places.len());
        for (nth, met) in places.into_iter().zip(met) {
            let (job, at) = (&jobs[nth.0], jobs[nth.0].at);
            let prepared = &job.prepared[nth.1];
            let id = TurnId::new(&*self.world);
            let hash = prepared.wamid.unwrap_or_default();
            match &job.updates[nth.1] {
                Update::Message(arrival) => said.push(Said {
                    nth,
                    channel: &arrival.channel,
                    wamid: Some(&arrival.wamid),
                    hash,
                    quotes: prepared.quotes,
                    sent_at: arrival.sent_at,
                    arrived_at: at,
                    what: What::Message(&arrival.body),
                    met,
                    id,
                }),
                Update::Echo(echo) => said.push(Said {
                    nth,
                    channel: &echo.channel,
                    wamid: Some(&echo.wamid),
                    hash,
                    quotes: None,
                    sent_at: echo.sent_at,
                    arrived_at: at,
                    what: What::Phone(&echo.body),
                    met,
                    id,
                }),
                Update::Preference { channel, wanted, at: changed_at, .. } => said.push(Said {
                    nth,
                    channel,
                    wamid: None,
                    hash,
                    quotes: None,
                    sent_at: *changed_at,
                    arrived_at: at,
                    what: What::Preference { wanted: *wanted },
                    met,
                    id,
                }),
                Update::Status(_) | Update::IdentityChanged { .. } | Update::Template(_) | Update::Kept { .. } => {}
            }
        }
        self.write_said(said, &mut results).await?;
        self.write_kept(jobs).await?;
        jobs.iter_mut().zip(results).for_each(|(job, results)| job.results = results);
        Ok(())
    }

    async fn change_identities(&mut self, jobs: &[IngestJob], results: &mut [Vec<Ingested>]) -> Result<(), StoreError> {
        for (job, results) in jobs.iter().zip(results) {
            for (update, result) in job.updates.iter().zip(results) {
                if let Update::IdentityChanged { before, after, at, .. } = update {
                    *result = Ingested::IdentityChanged { contact: self.identity_changed(before, after, *at).await? };
                }
            }
        }
        Ok(())
    }

    async fn note_templates(&mut self, jobs: &[IngestJob], results: &mut [Vec<Ingested>]) -> Result<(), StoreError> {
        for (job, results) in jobs.iter().zip(results) {
            for (update, result) in job.updates.iter().zip(results) {
                let Update::Template(told) = update else { continue };
                let happened = crate::templates::told(&mut self.connection, told, job.at).await?;
                *result = if happened.is_some() { Ingested::Template } else { Ingested::Duplicate };
                self.events.extend(happened);
            }
        }
        Ok(())
    }

    async fn write_said(&mut self, said: Vec<Said<'_>>, results: &mut [Vec<Ingested>]) -> Result<(), StoreError> {
        if said.is_empty() {
            return Ok(());
        }
        let quoted = self.find_quoted(&said).await?;
        let mut rows = Vec::with_capacity(said.len());
        // Within one statement too, only the first of two equal ones is inserted.
        for said in &said {
            let id = said.id.as_uuid().as_bytes();
            let sealed = SealedTurn { body: said.what.body(), wamid: said.wamid.cloned() };
            rows.push([
                Value::from(*id),
                said.met.conversation.into(),
                said.channel.as_str().into(),
                said.what.by().as_str().into(),
                said.sent_at.as_millis().into(),
                said.arrived_at.as_millis().into(),
                1_i64.into(),
                said.quotes.and_then(|hash| quoted.get(&hash).copied()).into(),
                said.hash.into(),
                said.met.person.key.seal_json(&*self.world, place(id), &sealed)?.into(),
            ]);
        }
        const INSERT: &str = "INSERT OR FAIL INTO turns (id, conversation, channel, speaker, sent_at, arrived_at, \
                              undecided, reply_to, wamid_hash, body) VALUES ";
        let inserted = write_rows_counted(&mut self.connection, INSERT, rows, " ON CONFLICT DO NOTHING").await?;
        let old = if inserted < said.len() as u64 { self.not_inserted(&said).await? } else { HashSet::new() };
        let mut amending = self.join_amendments(&said, &old, &quoted).await?;
        for said in said {
            let result = &mut results[said.nth.0][said.nth.1];
            if old.contains(said.id.as_uuid().as_bytes()) {
                *result = Ingested::Duplicate;
                continue;
            }
            let conversation = said.met.conversation;
            self.events.push(said_event(&said, conversation));
            let reply_to = said.quotes.and_then(|hash| quoted.get(&hash).copied());
            *result = match said.what {
                What::Preference { wanted } => Ingested::News {
                    conversation,
                    news: News { id: said.id, at: said.sent_at, what: Happening::PreferenceChanged { wanted } },
                },
                What::Phone(body) => Ingested::Echo {
                    conversation,
                    turn: PhoneTurn { id: said.id, sent_at: said.sent_at, body: body.clone() },
                },
                What::Message(body) => Ingested::Message {
                    message: Message {
                        id: said.id,
                        conversation,
                        sent_at: said.sent_at,
                        arrived_at: said.arrived_at,
                        reply_to,
                        body: body.clone(),
                    },
                    begins: said.met.begins,
                    amending: amending.remove(&said.id).unwrap_or_default(),
                },
            };
        }
        Ok(())
    }

    /// Of these, the ones that were here already.
    async fn not_inserted(&mut self, said: &[Said<'_>]) -> Result<HashSet<[u8; 16]>, StoreError> {
        let mut ids: HashSet<[u8; 16]> = said.iter().map(|said| *said.id.as_uuid().as_bytes()).collect();
        let all: Vec<_> = ids.iter().copied().collect();
        for row in read_keys(&mut self.connection, "SELECT id FROM turns WHERE id IN ", &all, "").await? {
            ids.remove(&id_at(&row, 0)?);
        }
        Ok(ids)
    }

    /// The turns whose messages are quoted, the customer's own and ours. They may have come with the same batch.
    async fn find_quoted(&mut self, said: &[Said<'_>]) -> Result<HashMap<Hash, TurnId>, StoreError> {
        let hashes: Vec<Hash> = said.iter().filter_map(|said| said.quotes).collect();
        let mut quoted = HashMap::new();
        if hashes.is_empty() {
            return Ok(quoted);
        }
        // Of two equal ones the first is inserted: the last written here is the first of the batch.
        quoted.extend(said.iter().rev().map(|said| (said.hash, said.id)));
        for find in [
            "SELECT wamid_hash, id FROM turns WHERE wamid_hash IN ",
            "SELECT wamid_hash, id FROM outbox WHERE wamid_hash IN ",
        ] {
            for row in read_keys(&mut self.connection, find, &hashes, "").await? {
                quoted.insert(id_at(&row, 0)?, TurnId::from_uuid(uuid(id_at(&row, 1)?)));
            }
        }
        Ok(quoted)
    }

    async fn write_kept(&mut self, jobs: &[IngestJob]) -> Result<(), StoreError> {
        const KEEP: &str = "INSERT INTO kept (at, channel, field, body) VALUES ($1, $2, $3, $4) RETURNING seq";
        let mut named = Vec::new();
        for job in jobs {
            for (update, prepared) in job.updates.iter().zip(&job.prepared) {
                let Update::Kept { channel, field, json } = update else { continue };
                let sealed = self.keys.ring.host().seal_json(&*self.world, kept_place(field), json)?;
                let channel = channel.as_ref().map(|channel| channel.as_str().to_owned());
                let query = sqlx::query(KEEP).bind(job.at.as_millis()).bind(channel).bind(field.as_str().to_owned());
                let seq: i64 = query.bind(sealed).fetch_one(&mut self.connection).await?.try_get(0)?;
                named.extend(prepared.named.iter().map(|hash| [Value::from(*hash), seq.into()]));
            }
        }
        Ok(write_rows(&mut self.connection, "INSERT INTO kept_of (hash, seq) VALUES ", named, "").await?)
    }
}

fn said_event(said: &Said<'_>, conversation: ConversationId) -> NewEvent {
    NewEvent {
        kind: said.what.event(),
        conversation: Some(conversation),
        at: said.arrived_at,
        body: format!(r#"{{"turn":"{}"}}"#, said.id),
    }
}

/// Everybody whose person and conversation must be found, and the places of their updates.
fn subjects(jobs: &[IngestJob]) -> (Vec<Nth>, Vec<Subject<'_>>) {
    let mut places = Vec::new();
    let mut subjects = Vec::new();
    for (job_nth, job) in jobs.iter().enumerate() {
        for (nth, update) in job.updates.iter().enumerate() {
            let (channel, identity, name) = match update {
                Update::Message(arrival) => (&arrival.channel, &arrival.sender, arrival.name.as_ref()),
                Update::Echo(echo) => (&echo.channel, &echo.to, echo.name.as_ref()),
                Update::Preference { channel, who, .. } => (channel, who, None),
                Update::Status(_) | Update::IdentityChanged { .. } | Update::Template(_) | Update::Kept { .. } => {
                    continue;
                }
            };
            places.push((job_nth, nth));
            subjects.push(Subject { channel, identity, hashes: job.prepared[nth].who, name, at: job.at });
        }
    }
    (places, subjects)
}
