//! Outbox rows as a batch reads, changes and writes them.

use std::collections::HashMap;
use std::sync::Arc;

use santun_core::delivery::{OutboxState, Progress};
use santun_core::ids::{ContactId, ConversationId};
use santun_core::time::Timestamp;
use santun_core::turn::News;
use santun_core::webhook::Update;
use sqlx::Row as _;

use super::OutboxJob;
use crate::error::StoreError;
use crate::lookup::Hash;
use crate::outbox::{Settled, progress_named, state_named};
use crate::rows::{Value, id_at, read_keys, uuid, write_rows};
use crate::seal::SealKey;
use crate::sqlite::DbRow;
use crate::writer::{IngestJob, Writer};

/// An outbox row as a batch works on it.
pub(in crate::writer) struct RowState {
    pub(in crate::writer) id: [u8; 16],
    pub(in crate::writer) conversation: ConversationId,
    pub(in crate::writer) channel: String,
    pub(super) position: i64,
    pub(super) state: OutboxState,
    pub(super) attempts: i64,
    pub(super) not_before: i64,
    pub(super) settle_by: Option<i64>,
    pub(super) settled_at: Option<i64>,
    pub(super) discloses: bool,
    pub(super) wamid_hash: Option<Hash>,
    pub(super) wamid: Option<Vec<u8>>,
    pub(super) progress: Option<Progress>,
    pub(super) progress_at: Option<i64>,
    pub(super) errors: Option<Vec<u8>>,
    pub(super) pricing: Option<String>,
    pub(in crate::writer) key: Option<Arc<SealKey>>,
    pub(super) changed: bool,
}

impl RowState {
    pub(super) fn settled(&self, news: Option<News>) -> Settled {
        Settled {
            conversation: self.conversation,
            state: self.state,
            attempts: self.attempts.unsigned_abs() as u32,
            discloses: self.discloses,
            news,
        }
    }

    pub(super) fn wrong(&self, problem: &'static str) -> StoreError {
        let id = uuid(self.id).to_string();
        StoreError::WrongState { what: "the outbox row", id, state: self.state.as_str().to_owned(), problem }
    }

    pub(super) fn finish(&mut self, state: OutboxState, at: Timestamp) {
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

/// The rows that a batch is about.
#[derive(Default)]
pub(super) struct Rows {
    pub(super) by_id: HashMap<[u8; 16], RowState>,
    pub(super) by_wamid: HashMap<Hash, [u8; 16]>,
}

impl Writer {
    pub(super) async fn read_rows(&mut self, jobs: &[OutboxJob], arrivals: &[IngestJob]) -> Result<Rows, StoreError> {
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

    pub(super) async fn write_changed(&mut self, rows: HashMap<[u8; 16], RowState>) -> Result<(), StoreError> {
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
