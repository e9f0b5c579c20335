//! What becomes of messages to customers: sends, settlements, and what status webhooks tell.

use std::collections::HashMap;
use std::sync::Arc;

use santun_core::delivery::{GraphError, OutboxState, Progress};
use santun_core::draft::StoredDraft;
use santun_core::identity::Wamid;
use santun_core::ids::{ContactId, ConversationId, TurnId};
use santun_core::time::Timestamp;
use santun_core::turn::News;
use santun_core::webhook::{StatusUpdate, Update};
use sqlx::Row as _;
use tokio::sync::oneshot;

use super::news::Failed;
use super::{IngestJob, Writer};
use crate::error::StoreError;
use crate::events::NewEvent;
use crate::ingest::Ingested;
use crate::lookup::Hash;
use crate::outbox::{Settled, Settlement, errors_place, progress_named, state_named, wamid_place};
use crate::rows::{Value, id_at, read_keys, uuid, write_rows};
use crate::seal::SealKey;
use crate::sqlite::DbRow;

/// What is to become of an outbox row.
pub(crate) enum OutboxChange {
    Sending,
    Settle(Settlement),
    Requeue(Timestamp),
    InsertBefore(Box<StoredDraft>),
}

/// One change of one outbox row.
pub(crate) struct OutboxJob {
    turn: TurnId,
    change: OutboxChange,
    at: Timestamp,
    result: Result<Settled, StoreError>,
    reply: oneshot::Sender<Result<Settled, StoreError>>,
}

impl OutboxJob {
    pub(crate) fn new(
        turn: TurnId,
        change: OutboxChange,
        at: Timestamp,
        reply: oneshot::Sender<Result<Settled, StoreError>>,
    ) -> Self {
        let result = Err(StoreError::NotFound { what: "outbox row", id: turn.to_string() });
        Self { turn, change, at, result, reply }
    }

    pub(super) fn answer(self, batch: Result<(), StoreError>) {
        self.reply.send(batch.and(self.result)).ok();
    }
}

/// An outbox row as a batch works on it.
pub(super) struct RowState {
    pub(super) id: [u8; 16],
    pub(super) conversation: ConversationId,
    pub(super) channel: String,
    position: i64,
    state: OutboxState,
    attempts: i64,
    not_before: i64,
    settle_by: Option<i64>,
    settled_at: Option<i64>,
    discloses: bool,
    wamid_hash: Option<Hash>,
    wamid: Option<Vec<u8>>,
    progress: Option<Progress>,
    progress_at: Option<i64>,
    errors: Option<Vec<u8>>,
    pricing: Option<String>,
    pub(super) key: Option<Arc<SealKey>>,
    changed: bool,
}

impl RowState {
    fn settled(&self, news: Option<News>) -> Settled {
        Settled {
            conversation: self.conversation,
            state: self.state,
            attempts: self.attempts.unsigned_abs() as u32,
            discloses: self.discloses,
            news,
        }
    }

    fn wrong(&self, problem: &'static str) -> StoreError {
        let id = uuid(self.id).to_string();
        StoreError::WrongState { what: "the outbox row", id, state: self.state.as_str().to_owned(), problem }
    }

    fn finish(&mut self, state: OutboxState, at: Timestamp) {
        self.state = state;
        self.settle_by = None;
        self.settled_at = Some(at.as_millis());
    }
}

const COLUMNS: &str = "SELECT outbox.id, outbox.conversation, outbox.channel, outbox.position, outbox.state,
    outbox.attempts, outbox.not_before, outbox.settle_by, outbox.settled_at, outbox.discloses, outbox.progress,
    outbox.progress_at, outbox.pricing, outbox.wamid_hash, outbox.wamid, outbox.errors, conversations.contact
    FROM outbox JOIN conversations ON conversations.id = outbox.conversation WHERE outbox.id IN ";
const BY_WAMID: &str = "SELECT outbox.id, outbox.conversation, outbox.channel, outbox.position, outbox.state,
    outbox.attempts, outbox.not_before, outbox.settle_by, outbox.settled_at, outbox.discloses, outbox.progress,
    outbox.progress_at, outbox.pricing, outbox.wamid_hash, outbox.wamid, outbox.errors, conversations.contact
    FROM outbox JOIN conversations ON conversations.id = outbox.conversation WHERE outbox.wamid_hash IN ";

impl Writer {
    pub(super) async fn settle(
        &mut self,
        jobs: &mut [OutboxJob],
        arrivals: &mut [IngestJob],
    ) -> Result<(), StoreError> {
        let mut rows = self.read_rows(jobs, arrivals).await?;
        for arrival in arrivals {
            for nth in 0..arrival.updates.len() {
                let Update::Status(status) = &arrival.updates[nth] else { continue };
                let hash = arrival.wamid_hash(nth).unwrap_or_default();
                arrival.results[nth] = self.hear(&mut rows, status, hash)?;
            }
        }
        let mut inserts = Vec::new();
        for job in jobs {
            job.result = match rows.by_id.get_mut(job.turn.as_uuid().as_bytes()) {
                None => Err(StoreError::NotFound { what: "outbox row", id: job.turn.to_string() }),
                Some(row) => self.change(row, &job.change, job.at, &mut inserts),
            };
            // Of one member of the batch alone, since nothing was written for it.
            if let Err(error @ StoreError::Database(_)) = &job.result {
                return Err(error.clone());
            }
        }
        self.write_changed(rows.by_id).await?;
        for (row, draft, at) in inserts {
            self.insert_before(row, draft, at).await?;
        }
        Ok(())
    }

    async fn read_rows(&mut self, jobs: &[OutboxJob], arrivals: &[IngestJob]) -> Result<Rows, StoreError> {
        let mut ids: Vec<[u8; 16]> = jobs.iter().map(|job| *job.turn.as_uuid().as_bytes()).collect();
        let mut hashes = Vec::new();
        for arrival in arrivals {
            for (nth, update) in arrival.updates.iter().enumerate() {
                let Update::Status(status) = update else { continue };
                match status.turn {
                    Some(turn) => ids.push(*turn.as_uuid().as_bytes()),
                    None => hashes.extend(arrival.wamid_hash(nth)),
                }
            }
        }
        let mut found = read_keys(&mut self.connection, COLUMNS, &ids, "").await?;
        found.extend(read_keys(&mut self.connection, BY_WAMID, &hashes, "").await?);
        let mut rows = Rows::default();
        let mut contacts = Vec::with_capacity(found.len());
        for row in &found {
            let state = row_state(row)?;
            contacts.push((state.id, ContactId::from_uuid(uuid(id_at(row, 16)?))));
            if let Some(hash) = state.wamid_hash {
                rows.by_wamid.insert(hash, state.id);
            }
            rows.by_id.insert(state.id, state);
        }
        let keys: Vec<_> = contacts.iter().map(|(_, contact)| *contact).collect();
        let keys = self.keys.ring.find_all(&keys).await?;
        for (id, contact) in contacts {
            if let Some(row) = rows.by_id.get_mut(&id) {
                row.key = keys.get(&contact).cloned();
            }
        }
        Ok(rows)
    }

    /// What a status webhook tells.
    fn hear(&mut self, rows: &mut Rows, status: &StatusUpdate, hash: Hash) -> Result<Ingested, StoreError> {
        let id = status.turn.map(|turn| *turn.as_uuid().as_bytes()).or_else(|| rows.by_wamid.get(&hash).copied());
        let Some(row) = id.and_then(|id| rows.by_id.get_mut(&id)) else { return Ok(Ingested::Kept) };
        let turn = TurnId::from_uuid(uuid(row.id));
        let key = row.key.clone();
        let waited = matches!(row.state, OutboxState::Unknown | OutboxState::Queued);
        let failed = status.progress == Progress::Failed;
        // A webhook that comes once more tells nothing new.
        let newly_failed = failed && row.progress != Some(Progress::Failed) && row.state != OutboxState::Failed;
        if waited {
            // It went out after all, or certainly did not reach anybody.
            row.finish(if failed { OutboxState::Failed } else { OutboxState::Accepted }, status.at);
        }
        if let Some(key) = &key {
            if row.wamid.is_none() {
                row.wamid = Some(key.seal_json(&*self.world, wamid_place(&row.id), &status.wamid)?);
                row.wamid_hash = Some(hash);
            }
            if !status.errors.is_empty() {
                row.errors = Some(key.seal_json(&*self.world, errors_place(&row.id), &status.errors)?);
            }
        }
        if row.progress.is_none_or(|progress| progress < status.progress) {
            row.progress = Some(status.progress);
            row.progress_at = Some(status.at.as_millis());
        }
        if let Some(pricing) = &status.pricing {
            row.pricing = serde_json::to_string(pricing).ok();
        }
        row.changed = true;
        self.events.push(delivery_event(row, status.at));
        let news =
            if newly_failed { self.tell(row, Failed::ToArrive, status.errors.first(), status.at)? } else { None };
        Ok(Ingested::Status {
            conversation: row.conversation,
            turn,
            progress: status.progress,
            settled: waited.then_some(row.state),
            news,
        })
    }

    fn change(
        &mut self,
        row: &mut RowState,
        change: &OutboxChange,
        at: Timestamp,
        inserts: &mut Vec<([u8; 16], StoredDraft, Timestamp)>,
    ) -> Result<Settled, StoreError> {
        match change {
            OutboxChange::Sending => {
                if row.state != OutboxState::Queued {
                    return Err(row.wrong("only a queued one may be sent"));
                }
                row.state = OutboxState::Sending;
                row.attempts += 1;
            }
            OutboxChange::Requeue(not_before) => {
                if !matches!(row.state, OutboxState::Unknown | OutboxState::Sending) {
                    return Err(row.wrong("only one whose outcome is unknown may be queued again"));
                }
                row.state = OutboxState::Queued;
                row.not_before = not_before.as_millis();
                row.settle_by = None;
            }
            OutboxChange::InsertBefore(draft) => {
                if row.state != OutboxState::Queued {
                    return Err(row.wrong("nothing can be put in front of one that may have been sent"));
                }
                inserts.push((row.id, (**draft).clone(), at));
                return Ok(row.settled(None));
            }
            OutboxChange::Settle(what) => self.apply(row, what, at)?,
        }
        row.changed = true;
        self.events.push(delivery_event(row, at));
        let news = match change {
            OutboxChange::Settle(Settlement::Failed { error }) if row.state == OutboxState::Failed => {
                self.tell(row, Failed::ToLeave, Some(error), at)?
            }
            _ => None,
        };
        Ok(row.settled(news))
    }

    fn apply(&mut self, row: &mut RowState, what: &Settlement, at: Timestamp) -> Result<(), StoreError> {
        if row.state.is_final() {
            // A status webhook, or whoever gave it up, was faster: that stands. Its id is worth having.
            if let (Settlement::Accepted { wamid }, OutboxState::Accepted) = (what, row.state) {
                return self.note_wamid(row, wamid);
            }
            if row.state == OutboxState::Accepted || matches!(what, Settlement::GivenUp) {
                return Ok(());
            }
            return Err(row.wrong("what has become of it is final"));
        }
        // Whatever the sender knows: a status webhook has shown that it went out.
        let went_out = row.progress.is_some_and(|progress| progress != Progress::Failed);
        match what {
            Settlement::Accepted { wamid } => {
                self.note_wamid(row, wamid)?;
                row.finish(OutboxState::Accepted, at);
            }
            _ if went_out => row.finish(OutboxState::Accepted, at),
            Settlement::Again { not_before, error } => {
                row.state = OutboxState::Queued;
                row.not_before = not_before.as_millis();
                row.settle_by = None;
                self.note_error(row, error)?;
            }
            Settlement::Failed { error } => {
                row.finish(OutboxState::Failed, at);
                self.note_error(row, error)?;
            }
            Settlement::Unknown { until, error } => {
                row.state = OutboxState::Unknown;
                row.settle_by = Some(until.as_millis());
                self.note_error(row, error)?;
            }
            Settlement::GivenUp => {
                if row.state != OutboxState::Unknown {
                    return Err(row.wrong("only one whose outcome is unknown can be given up"));
                }
                row.settle_by = None;
            }
            Settlement::Refused { why } => {
                row.finish(OutboxState::Refused, at);
                self.note_error(row, &GraphError { code: 0, title: why.clone(), details: None })?;
            }
        }
        Ok(())
    }

    fn note_wamid(&self, row: &mut RowState, wamid: &Wamid) -> Result<(), StoreError> {
        let Some(key) = &row.key else { return Ok(()) };
        row.wamid = Some(key.seal_json(&*self.world, wamid_place(&row.id), wamid)?);
        row.wamid_hash = Some(self.lookup.wamid(wamid));
        Ok(())
    }

    fn note_error(&self, row: &mut RowState, error: &GraphError) -> Result<(), StoreError> {
        let Some(key) = &row.key else { return Ok(()) };
        row.errors = Some(key.seal_json(&*self.world, errors_place(&row.id), &[error])?);
        Ok(())
    }

    async fn write_changed(&mut self, rows: HashMap<[u8; 16], RowState>) -> Result<(), StoreError> {
        let changed = rows.into_values().filter(|row| row.changed).map(|row| {
            [
                Value::from(row.id),
                row.conversation.into(),
                row.channel.into(),
                row.position.into(),
                row.state.as_str().into(),
                row.attempts.into(),
                row.not_before.into(),
                row.settle_by.into(),
                row.settled_at.into(),
                "".into(),
                row.discloses.into(),
                0_i64.into(),
                row.wamid_hash.into(),
                row.wamid.into(),
                row.progress.map(|progress| progress.as_str().to_owned()).into(),
                row.progress_at.into(),
                row.errors.into(),
                row.pricing.into(),
            ]
        });
        // All of these rows exist: every one takes the second way.
        const UPDATE: &str = "INSERT INTO outbox (id, conversation, channel, position, state, attempts, not_before, \
                              settle_by, settled_at, initiative, discloses, session, wamid_hash, wamid, progress, \
                              progress_at, errors, pricing) VALUES ";
        const INSTEAD: &str = " ON CONFLICT (id) DO UPDATE SET state = excluded.state, attempts = excluded.attempts, \
                               not_before = excluded.not_before, settle_by = excluded.settle_by, \
                               settled_at = excluded.settled_at, wamid_hash = excluded.wamid_hash, \
                               wamid = excluded.wamid, progress = excluded.progress, \
                               progress_at = excluded.progress_at, errors = excluded.errors, \
                               pricing = excluded.pricing";
        Ok(write_rows(&mut self.connection, UPDATE, changed.collect(), INSTEAD).await?)
    }

    async fn insert_before(&mut self, before: [u8; 16], draft: StoredDraft, at: Timestamp) -> Result<(), StoreError> {
        const BEFORE: &str = "SELECT outbox.conversation, outbox.channel, outbox.position, conversations.contact
            FROM outbox JOIN conversations ON conversations.id = outbox.conversation WHERE outbox.id = $1";
        let row = sqlx::query(BEFORE).bind(before.to_vec()).fetch_one(&mut self.connection).await?;
        let conversation = ConversationId::from_uuid(uuid(id_at(&row, 0)?));
        let (channel, position): (String, i64) = (row.try_get(1)?, row.try_get(2)?);
        let key = self.keys.ring.need(ContactId::from_uuid(uuid(id_at(&row, 3)?))).await?;
        let (turn, outbox) = super::commit::draft_rows(
            &draft,
            OutboxState::Queued,
            conversation,
            &channel,
            position - 1,
            at,
            &key,
            &*self.world,
        )?;
        super::commit::insert_turns(&mut self.connection, vec![turn]).await?;
        super::commit::insert_outbox(&mut self.connection, vec![outbox]).await?;
        if draft.discloses {
            let query = sqlx::query("UPDATE conversations SET disclosing = $2 WHERE id = $1");
            let query = query.bind(conversation.as_uuid().as_bytes().to_vec());
            query.bind(draft.id.as_uuid().as_bytes().to_vec()).execute(&mut self.connection).await?;
        }
        Ok(())
    }
}

#[derive(Default)]
struct Rows {
    by_id: HashMap<[u8; 16], RowState>,
    by_wamid: HashMap<Hash, [u8; 16]>,
}

fn delivery_event(row: &RowState, at: Timestamp) -> NewEvent {
    let progress = row.progress.map_or_else(String::new, |progress| format!(r#","progress":"{}""#, progress.as_str()));
    let body = format!(r#"{{"turn":"{}","state":"{}"{progress}}}"#, uuid(row.id), row.state.as_str());
    NewEvent { kind: "delivery", conversation: Some(row.conversation), at, body }
}

fn row_state(row: &DbRow) -> Result<RowState, StoreError> {
    Ok(RowState {
        id: id_at(row, 0)?,
        conversation: ConversationId::from_uuid(uuid(id_at(row, 1)?)),
        channel: row.try_get(2)?,
        position: row.try_get(3)?,
        state: state_named(&row.try_get::<String, _>(4)?)?,
        attempts: row.try_get(5)?,
        not_before: row.try_get(6)?,
        settle_by: row.try_get(7)?,
        settled_at: row.try_get(8)?,
        discloses: row.try_get::<i64, _>(9)? == 1,
        progress: row.try_get::<Option<String>, _>(10)?.as_deref().map(progress_named).transpose()?,
        progress_at: row.try_get(11)?,
        pricing: row.try_get(12)?,
        wamid_hash: crate::rows::some_id_at(row, 13)?,
        wamid: row.try_get(14)?,
        errors: row.try_get(15)?,
        key: None,
        changed: false,
    })
}
