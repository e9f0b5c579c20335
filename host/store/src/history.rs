//! What was said, as people and plugins read it.

use santun_core::delivery::{GraphError, OutboxState, Progress};
use santun_core::identity::Wamid;
use santun_core::ids::{ContactId, ConversationId, StepId, TurnId};
use santun_core::time::Timestamp;
use santun_core::trace::Trace;
use santun_core::turn::{Turn, TurnBody};
use serde::{Deserialize, Serialize};
use sqlx::Row as _;

use crate::error::StoreError;
use crate::lease::speaker_named;
use crate::outbox::{DeliveryView, errors_place, progress_named, state_named};
use crate::rows::{id_at, some_id_at, uuid};
use crate::seal::{Place, SealKey};
use crate::sqlite::DbRow;
use crate::store::Store;

/// A turn with what became of it.
#[derive(Clone, Debug, PartialEq)]
pub struct TurnView {
    /// The turn.
    pub turn: Turn,
    /// When it reached the host or was made there.
    pub arrived_at: Timestamp,
    /// How its delivery went, if it is a message to the customer.
    pub delivery: Option<DeliveryView>,
}

/// What is sealed of a turn.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct SealedTurn {
    pub(crate) body: TurnBody,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) wamid: Option<Wamid>,
}

pub(crate) const fn place(turn: &[u8; 16]) -> Place<'_> {
    Place { table: "turns", column: "body", row: turn }
}

pub(crate) const fn trace_place(step: &[u8; 16]) -> Place<'_> {
    Place { table: "traces", column: "body", row: step }
}

// By arrival, not by when a message was sent: Meta's times are whole seconds of another clock, and would
// put an answer before its question.
//
// The sign keeps SQLite from planning the statement anew at every call, as it does for a bare parameter of LIMIT:
// that was a quarter of all that SQLite did for a message. Only what was said to the customer can be in the outbox: of
// the rest nothing is looked up there, which would be a page somewhere in it for each turn.
const HISTORY: &str = "
    SELECT turns.id, turns.body, turns.speaker, turns.sent_at, turns.arrived_at, turns.step, turns.reply_to,
           outbox.state, outbox.attempts, outbox.progress, outbox.progress_at, outbox.errors, outbox.settled_at
    FROM turns LEFT JOIN outbox ON outbox.id = CASE WHEN turns.speaker IN ('bot', 'agent') THEN turns.id END
    WHERE turns.conversation = $1 AND turns.seq < $2
    ORDER BY turns.seq DESC LIMIT +$3";

/// Turns before a message among which those that led to it are looked for: a step is of the latest.
const LED_TO_IT: &str = "
    SELECT id FROM (
        SELECT id, step, speaker, sent_at, seq FROM turns
        WHERE conversation = $1 AND seq < $2 ORDER BY seq DESC LIMIT 64
    ) AS before
    WHERE step = $3 AND speaker = 'customer' ORDER BY sent_at, seq LIMIT 1";

impl Store {
    /// The step that a message came from, and the first of the customer's messages that it was decided about, if
    /// there was one.
    pub async fn led_to(&self, turn: TurnId) -> Result<Option<(StepId, Option<TurnId>)>, StoreError> {
        let mut reader = self.reader().await?;
        let query = sqlx::query("SELECT conversation, seq, step FROM turns WHERE id = $1");
        let row = query.bind(turn.as_uuid().as_bytes().to_vec()).fetch_optional(&mut *reader).await?;
        let Some(row) = row else { return Ok(None) };
        let Some(step) = some_id_at(&row, 2)? else { return Ok(None) };
        let query = sqlx::query(LED_TO_IT).bind(id_at(&row, 0)?.to_vec()).bind(row.try_get::<i64, _>(1)?);
        let first = query.bind(step.to_vec()).fetch_optional(&mut *reader).await?;
        let first = first.map(|row| Ok::<_, StoreError>(TurnId::from_uuid(uuid(id_at(&row, 0)?)))).transpose()?;
        Ok(Some((StepId::from_uuid(uuid(step)), first)))
    }

    /// The last `most` turns of a conversation before a given one (or before now), the oldest first.
    pub async fn history(
        &self,
        conversation: ConversationId,
        most: u32,
        before: Option<TurnId>,
    ) -> Result<Vec<TurnView>, StoreError> {
        let id = conversation.as_uuid().as_bytes().to_vec();
        let mut reader = self.reader().await?;
        let seq: i64 = match before {
            None => i64::MAX,
            Some(before) => {
                let row = sqlx::query("SELECT seq FROM turns WHERE id = $1 AND conversation = $2")
                    .bind(before.as_uuid().as_bytes().to_vec())
                    .bind(id.clone())
                    .fetch_optional(&mut *reader)
                    .await?;
                let row = row.ok_or_else(|| StoreError::NotFound { what: "turn", id: before.to_string() })?;
                row.try_get(0)?
            }
        };
        let query = sqlx::query(HISTORY).bind(id).bind(seq).bind(i64::from(most));
        let rows = query.fetch_all(&mut *reader).await?;
        drop(reader);
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let (_, key) = self.key_of(conversation).await?;
        rows.iter().rev().map(|row| turn_view(row, &key)).collect()
    }

    /// One turn, and the conversation that it belongs to.
    pub async fn turn(&self, turn: TurnId) -> Result<(ConversationId, TurnView), StoreError> {
        const TURN: &str = "
            SELECT turns.id, turns.body, turns.speaker, turns.sent_at, turns.arrived_at, turns.step, turns.reply_to,
                   outbox.state, outbox.attempts, outbox.progress, outbox.progress_at, outbox.errors, outbox.settled_at,
                   turns.conversation
            FROM turns LEFT JOIN outbox ON outbox.id = turns.id WHERE turns.id = $1";
        let row = {
            let mut reader = self.reader().await?;
            sqlx::query(TURN).bind(turn.as_uuid().as_bytes().to_vec()).fetch_optional(&mut *reader).await?
        };
        let row = row.ok_or_else(|| StoreError::NotFound { what: "turn", id: turn.to_string() })?;
        let conversation = ConversationId::from_uuid(uuid(id_at(&row, 13)?));
        let (_, key) = self.key_of(conversation).await?;
        Ok((conversation, turn_view(&row, &key)?))
    }

    /// Meta's id of a turn, for quoting it or marking it as read: of a customer's message as it came, of
    /// a message to the customer once it was accepted.
    pub async fn wamid(&self, turn: TurnId) -> Result<Option<Wamid>, StoreError> {
        const WAMID: &str = "SELECT turns.body, outbox.wamid, turns.conversation FROM turns
            LEFT JOIN outbox ON outbox.id = turns.id WHERE turns.id = $1";
        let id = *turn.as_uuid().as_bytes();
        let row = {
            let mut reader = self.reader().await?;
            sqlx::query(WAMID).bind(id.to_vec()).fetch_optional(&mut *reader).await?
        };
        let Some(row) = row else { return Ok(None) };
        let (_, key) = self.key_of(ConversationId::from_uuid(uuid(id_at(&row, 2)?))).await?;
        if let Some(sealed) = row.try_get::<Option<Vec<u8>>, _>(1)? {
            return key.open_json(crate::outbox::wamid_place(&id), &sealed).map(Some);
        }
        let sealed: SealedTurn = key.open_json(place(&id), &row.try_get::<Vec<u8>, _>(0)?)?;
        Ok(sealed.wamid)
    }

    /// The record of a step.
    pub async fn trace(&self, step: StepId) -> Result<Option<Trace>, StoreError> {
        let id = *step.as_uuid().as_bytes();
        let row = {
            let mut reader = self.reader().await?;
            let query = sqlx::query("SELECT conversation, body FROM traces WHERE step = $1").bind(id.to_vec());
            query.fetch_optional(&mut *reader).await?
        };
        let Some(row) = row else { return Ok(None) };
        let (_, key) = self.key_of(ConversationId::from_uuid(uuid(id_at(&row, 0)?))).await?;
        key.open_json(trace_place(&id), &row.try_get::<Vec<u8>, _>(1)?).map(Some)
    }

    /// The contact of a conversation, and the key that their data is sealed under.
    pub(crate) async fn key_of(
        &self,
        conversation: ConversationId,
    ) -> Result<(ContactId, std::sync::Arc<SealKey>), StoreError> {
        let contact = self.contact_of(conversation).await?;
        Ok((contact, self.inner.keys.need(contact).await?))
    }

    /// The contact of a conversation.
    pub async fn contact_of(&self, conversation: ConversationId) -> Result<ContactId, StoreError> {
        if let Some(contact) = self.inner.contacts.lock().get(&conversation) {
            return Ok(contact);
        }
        let mut reader = self.reader().await?;
        let query = sqlx::query("SELECT contact FROM conversations WHERE id = $1");
        let row = query.bind(conversation.as_uuid().as_bytes().to_vec()).fetch_optional(&mut *reader).await?;
        let row = row.ok_or_else(|| StoreError::NotFound { what: "conversation", id: conversation.to_string() })?;
        let contact = ContactId::from_uuid(uuid(id_at(&row, 0)?));
        self.inner.contacts.lock().insert(conversation, contact);
        Ok(contact)
    }
}

fn turn_view(row: &DbRow, key: &SealKey) -> Result<TurnView, StoreError> {
    let id = id_at(row, 0)?;
    let sealed: SealedTurn = key.open_json(place(&id), &row.try_get::<Vec<u8>, _>(1)?)?;
    let by = speaker_named(&row.try_get::<String, _>(2)?)
        .ok_or_else(|| Place { table: "turns", column: "speaker", row: &id }.damaged("nobody is called so"))?;
    let delivery = match row.try_get::<Option<String>, _>(7)? {
        None => None,
        Some(state) => Some(delivery_view(row, &id, &state, key)?),
    };
    Ok(TurnView {
        turn: Turn {
            id: TurnId::from_uuid(uuid(id)),
            at: Timestamp::from_millis(row.try_get(3)?),
            by,
            step: some_id_at(row, 5)?.map(|step| StepId::from_uuid(uuid(step))),
            reply_to: some_id_at(row, 6)?.map(|turn| TurnId::from_uuid(uuid(turn))),
            body: sealed.body,
        },
        arrived_at: Timestamp::from_millis(row.try_get(4)?),
        delivery,
    })
}

fn delivery_view(row: &DbRow, id: &[u8; 16], state: &str, key: &SealKey) -> Result<DeliveryView, StoreError> {
    let state: OutboxState = state_named(state)?;
    let progress: Option<Progress> = row.try_get::<Option<String>, _>(9)?.as_deref().map(progress_named).transpose()?;
    let errors: Vec<GraphError> = match row.try_get::<Option<Vec<u8>>, _>(11)? {
        Some(sealed) => key.open_json(errors_place(id), &sealed)?,
        None => Vec::new(),
    };
    Ok(DeliveryView {
        state,
        attempts: u32::try_from(row.try_get::<i64, _>(8)?).unwrap_or(u32::MAX),
        settled_at: row.try_get::<Option<i64>, _>(12)?.map(Timestamp::from_millis),
        progress,
        progress_at: row.try_get::<Option<i64>, _>(10)?.map(Timestamp::from_millis),
        errors,
    })
}
