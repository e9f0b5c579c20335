//! Timers of conversations.

use santun_core::effects::Timer;
use santun_core::ids::ConversationId;
use santun_core::time::Timestamp;
use sqlx::Row as _;

use crate::error::StoreError;
use crate::rows::{id_at, uuid};
use crate::store::Store;

/// A timer that has gone off. It stays until a step of its conversation clears or sets it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DueTimer {
    /// Its conversation.
    pub conversation: ConversationId,
    /// Which.
    pub timer: Timer,
    /// When it was to go off.
    pub at: Timestamp,
}

impl Store {
    /// Timers whose time has come, the oldest first.
    pub async fn timers_due(&self, now: Timestamp) -> Result<Vec<DueTimer>, StoreError> {
        const DUE: &str = "SELECT conversation, kind, at FROM timers WHERE at <= $1 ORDER BY at LIMIT 1000";
        let mut reader = self.reader().await?;
        let rows = sqlx::query(DUE).bind(now.as_millis()).fetch_all(&mut *reader).await?;
        let mut due = Vec::with_capacity(rows.len());
        for row in &rows {
            let kind: String = row.try_get(1)?;
            let Some(timer) = Timer::from_name(&kind) else {
                tracing::error!(kind, "a timer of an unknown kind is stored; it is passed over");
                continue;
            };
            let conversation = ConversationId::from_uuid(uuid(id_at(row, 0)?));
            due.push(DueTimer { conversation, timer, at: Timestamp::from_millis(row.try_get(2)?) });
        }
        Ok(due)
    }

    /// When a timer of a conversation goes off, if it is set.
    pub async fn timer_at(&self, conversation: ConversationId, timer: Timer) -> Result<Option<Timestamp>, StoreError> {
        let mut reader = self.reader().await?;
        let query = sqlx::query("SELECT at FROM timers WHERE conversation = $1 AND kind = $2");
        let query = query.bind(conversation.as_uuid().as_bytes().to_vec()).bind(timer.as_str());
        let row = query.fetch_optional(&mut *reader).await?;
        row.map(|row| Ok(Timestamp::from_millis(row.try_get(0)?))).transpose()
    }
}
