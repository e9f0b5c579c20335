//! What becomes of messages to customers: sends, settlements, and what status webhooks tell.

mod change;
mod rows;

use santun_core::delivery::{OutboxState, Progress};
use santun_core::draft::StoredDraft;
use santun_core::ids::{ChannelId, TurnId};
use santun_core::time::Timestamp;
use santun_core::webhook::{StatusUpdate, Update};
use tokio::sync::oneshot;

pub(super) use rows::RowState;
use rows::Rows;

use super::news::Failed;
use super::{IngestJob, Writer};
use crate::error::StoreError;
use crate::events::NewEvent;
use crate::ingest::Ingested;
use crate::lookup::Hash;
use crate::outbox::{Settled, Settlement, errors_place, wamid_place};
use crate::rows::uuid;

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
        let why = status.errors.first().filter(|_| newly_failed).cloned();
        let failed = why.map(|error| (ChannelId::from(row.channel.as_str()), error));
        Ok(Ingested::Status {
            conversation: row.conversation,
            turn,
            progress: status.progress,
            settled: waited.then_some(row.state),
            news,
            failed,
        })
    }
}

fn delivery_event(row: &RowState, at: Timestamp) -> NewEvent {
    let progress = row.progress.map_or_else(String::new, |progress| format!(r#","progress":"{}""#, progress.as_str()));
    let body = format!(r#"{{"turn":"{}","state":"{}"{progress}}}"#, uuid(row.id), row.state.as_str());
    NewEvent { kind: "delivery", conversation: Some(row.conversation), at, body }
}
