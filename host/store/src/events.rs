//! The feed of what happens, for whoever watches: numbered, without personal data.

use santun_core::ids::ConversationId;
use santun_core::time::Timestamp;
use sqlx::Row as _;
use tokio::sync::watch;

use crate::error::StoreError;
use crate::rows::{Value, some_id_at, uuid, write_rows_and_commit};
use crate::sqlite::Connection;
use crate::store::Store;
use crate::writer::Job;

/// Something that happened, as the feed tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Its number; greater than every earlier one's.
    pub seq: u64,
    /// What it is: `message`, `phone_message`, `step`, `delivery`, or what was appended by name.
    pub kind: String,
    /// The conversation that it concerns.
    pub conversation: Option<ConversationId>,
    /// When.
    pub at: Timestamp,
    /// Ids and states as JSON; never personal data.
    pub body: String,
}

/// An event to append.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEvent {
    /// What it is.
    pub kind: &'static str,
    /// The conversation that it concerns.
    pub conversation: Option<ConversationId>,
    /// When.
    pub at: Timestamp,
    /// Ids and states as JSON; never personal data.
    pub body: String,
}

impl Store {
    /// Events after a number, in order, at most that many.
    pub async fn events_after(&self, seq: u64, most: u32) -> Result<Vec<Event>, StoreError> {
        const AFTER: &str =
            "SELECT seq, kind, conversation, at, body FROM events WHERE seq > $1 ORDER BY seq LIMIT +$2";
        let mut reader = self.reader().await?;
        let query = sqlx::query(AFTER).bind(i64::try_from(seq).unwrap_or(i64::MAX)).bind(i64::from(most));
        let rows = query.fetch_all(&mut *reader).await?;
        let event = |row| {
            Ok(Event {
                seq: number(row)?,
                kind: sqlx::Row::try_get(row, 1)?,
                conversation: some_id_at(row, 2)?.map(|id| ConversationId::from_uuid(uuid(id))),
                at: Timestamp::from_millis(sqlx::Row::try_get(row, 3)?),
                body: sqlx::Row::try_get(row, 4)?,
            })
        };
        rows.iter().map(event).collect()
    }

    /// The number of the latest event, told whenever it grows.
    pub fn watch_events(&self) -> watch::Receiver<u64> {
        self.inner.last_event.clone()
    }

    /// Appends an event of the caller's own.
    pub async fn append_event(&self, event: NewEvent) -> Result<(), StoreError> {
        self.submit(|reply| Job::Event(event, reply)).await
    }

    /// Drops events older than that; whoever resumes from one of them must read afresh.
    pub async fn prune_events(&self, before: Timestamp) -> Result<u64, StoreError> {
        self.write(move |connection| {
            Box::pin(async move {
                // The latest stays, so that numbers never begin again.
                let pruned = sqlx::query("DELETE FROM events WHERE at < $1 AND seq < (SELECT MAX(seq) FROM events)");
                Ok(pruned.bind(before.as_millis()).execute(connection).await?.rows_affected())
            })
        })
        .await
    }
}

fn number(row: &crate::sqlite::DbRow) -> Result<u64, sqlx::Error> {
    Ok(row.try_get::<i64, _>(0)?.unsigned_abs())
}

pub(crate) async fn latest(connection: &mut Connection) -> Result<u64, sqlx::Error> {
    let row = sqlx::query("SELECT COALESCE(MAX(seq), 0) FROM events").fetch_one(connection).await?;
    number(&row)
}

/// Appends the events of a batch, ends its transaction with them, and tells the number of the last.
pub(crate) async fn append_and_commit(
    connection: &mut Connection,
    events: &mut Vec<NewEvent>,
) -> Result<Option<u64>, sqlx::Error> {
    let rows: Vec<_> = events
        .drain(..)
        .map(|event| {
            let conversation = event.conversation.map(|id| *id.as_uuid().as_bytes());
            [Value::from(event.at.as_millis()), event.kind.into(), conversation.into(), event.body.into()]
        })
        .collect();
    const APPEND: &str = "INSERT OR FAIL INTO events (at, kind, conversation, body) VALUES ";
    Ok(write_rows_and_commit(connection, APPEND, rows).await?.map(i64::unsigned_abs))
}
