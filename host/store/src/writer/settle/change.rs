//! One change of one outbox row: what it may become, and what follows.

use santun_core::delivery::{GraphError, OutboxState, Progress};
use santun_core::draft::StoredDraft;
use santun_core::identity::Wamid;
use santun_core::ids::{ContactId, ConversationId};
use santun_core::time::Timestamp;
use sqlx::Row as _;

use super::rows::RowState;
use super::{OutboxChange, delivery_event};
use crate::error::StoreError;
use crate::outbox::{Settled, Settlement, errors_place, wamid_place};
use crate::rows::{id_at, uuid};
use crate::writer::news::Failed;
use crate::writer::{Writer, commit};

impl Writer {
    pub(super) fn change(
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

    pub(super) async fn insert_before(
        &mut self,
        before: [u8; 16],
        draft: StoredDraft,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        const BEFORE: &str = "SELECT outbox.conversation, outbox.channel, outbox.position, conversations.contact
            FROM outbox JOIN conversations ON conversations.id = outbox.conversation WHERE outbox.id = $1";
        let row = sqlx::query(BEFORE).bind(before.to_vec()).fetch_one(&mut self.connection).await?;
        let conversation = ConversationId::from_uuid(uuid(id_at(&row, 0)?));
        let (channel, position): (String, i64) = (row.try_get(1)?, row.try_get(2)?);
        let key = self.keys.ring.need(ContactId::from_uuid(uuid(id_at(&row, 3)?))).await?;
        let (turn, outbox) = commit::draft_rows(
            &draft,
            OutboxState::Queued,
            conversation,
            &channel,
            position - 1,
            at,
            &key,
            &*self.world,
        )?;
        commit::insert_turns(&mut self.connection, vec![turn]).await?;
        commit::insert_outbox(&mut self.connection, vec![outbox]).await?;
        if draft.discloses {
            let query = sqlx::query("UPDATE conversations SET disclosing = $2 WHERE id = $1");
            let query = query.bind(conversation.as_uuid().as_bytes().to_vec());
            query.bind(draft.id.as_uuid().as_bytes().to_vec()).execute(&mut self.connection).await?;
        }
        Ok(())
    }
}
