//! Files of customers, and updates that were kept as they came.

use std::sync::Arc;

use santun_core::ids::{ChannelId, ConversationId, TurnId};
use santun_core::time::Timestamp;
use sqlx::Row as _;

use crate::error::StoreError;
use crate::rows::{id_at, uuid};
use crate::seal::Place;
use crate::store::Store;

/// A file that a customer sent, opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredMedia {
    /// The conversation that it was sent in.
    pub conversation: ConversationId,
    /// For example `image/jpeg`.
    pub mime_type: String,
    /// When it will be dropped.
    pub expires_at: Timestamp,
    /// The file.
    pub bytes: Vec<u8>,
}

/// An update that was kept as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptUpdate {
    /// Its number.
    pub seq: u64,
    /// When it came.
    pub at: Timestamp,
    /// The channel that it named.
    pub channel: Option<ChannelId>,
    /// Meta's name of the field.
    pub field: String,
    /// The value as JSON.
    pub json: String,
}

const fn media_place(turn: &[u8; 16]) -> Place<'_> {
    Place { table: "media", column: "bytes", row: turn }
}

pub(crate) const fn kept_place(field: &str) -> Place<'_> {
    Place { table: "kept", column: "body", row: field.as_bytes() }
}

impl Store {
    /// Keeps, sealed, the file that a turn brought.
    pub async fn media_put(
        &self,
        turn: TurnId,
        mime_type: &str,
        bytes: &[u8],
        expires_at: Timestamp,
    ) -> Result<(), StoreError> {
        const PUT: &str = "INSERT INTO media (turn, conversation, expires_at, mime_type, bytes)
            SELECT id, conversation, $2, $3, $4 FROM turns WHERE id = $1
            ON CONFLICT (turn) DO UPDATE SET expires_at = excluded.expires_at, mime_type = excluded.mime_type,
                bytes = excluded.bytes";
        let conversation = self.conversation_of(turn).await?;
        let (_, key) = self.key_of(conversation).await?;
        let id = *turn.as_uuid().as_bytes();
        let sealed: Arc<[u8]> = key.seal(&*self.inner.world, media_place(&id), bytes).into();
        let mime_type = mime_type.to_owned();
        self.write(move |connection| {
            let (sealed, mime_type) = (sealed.clone(), mime_type.clone());
            Box::pin(async move {
                let query = sqlx::query(PUT).bind(id.to_vec()).bind(expires_at.as_millis());
                query.bind(mime_type).bind(sealed.to_vec()).execute(connection).await?;
                Ok(())
            })
        })
        .await
    }

    /// The file that a turn brought, if it was fetched and has not expired.
    pub async fn media(&self, turn: TurnId) -> Result<Option<StoredMedia>, StoreError> {
        let id = *turn.as_uuid().as_bytes();
        let row = {
            let mut reader = self.reader().await?;
            let query = sqlx::query("SELECT conversation, mime_type, expires_at, bytes FROM media WHERE turn = $1");
            query.bind(id.to_vec()).fetch_optional(&mut *reader).await?
        };
        let Some(row) = row else { return Ok(None) };
        let conversation = ConversationId::from_uuid(uuid(id_at(&row, 0)?));
        let (_, key) = self.key_of(conversation).await?;
        Ok(Some(StoredMedia {
            conversation,
            mime_type: row.try_get(1)?,
            expires_at: Timestamp::from_millis(row.try_get(2)?),
            bytes: key.open(media_place(&id), &row.try_get::<Vec<u8>, _>(3)?)?.to_vec(),
        }))
    }

    /// Drops the files whose time is over, and tells how many.
    pub async fn media_expire(&self, now: Timestamp) -> Result<u64, StoreError> {
        self.write(move |connection| {
            Box::pin(async move {
                let query = sqlx::query("DELETE FROM media WHERE expires_at <= $1").bind(now.as_millis());
                Ok(query.execute(connection).await?.rows_affected())
            })
        })
        .await
    }

    /// The last updates that were kept as they came, the latest first.
    pub async fn kept(&self, most: u32) -> Result<Vec<KeptUpdate>, StoreError> {
        let rows = {
            let mut reader = self.reader().await?;
            let query = sqlx::query("SELECT seq, at, channel, field, body FROM kept ORDER BY seq DESC LIMIT $1");
            query.bind(i64::from(most)).fetch_all(&mut *reader).await?
        };
        let kept = |row: &crate::sqlite::DbRow| {
            let field: String = row.try_get(3)?;
            Ok(KeptUpdate {
                seq: row.try_get::<i64, _>(0)?.unsigned_abs(),
                at: Timestamp::from_millis(row.try_get(1)?),
                channel: row.try_get::<Option<String>, _>(2)?.map(ChannelId::from),
                json: self.inner.keys.host().open_json(kept_place(&field), &row.try_get::<Vec<u8>, _>(4)?)?,
                field,
            })
        };
        rows.iter().map(kept).collect()
    }

    /// Drops kept updates older than that, and tells how many.
    pub async fn kept_expire(&self, before: Timestamp) -> Result<u64, StoreError> {
        self.write(move |connection| {
            Box::pin(async move {
                let mut dropped = 0;
                for statement in [
                    "DELETE FROM kept_of WHERE seq IN (SELECT seq FROM kept WHERE at < $1)",
                    "DELETE FROM kept WHERE at < $1",
                ] {
                    let done = sqlx::query(statement).bind(before.as_millis()).execute(&mut *connection).await?;
                    dropped = done.rows_affected();
                }
                Ok(dropped)
            })
        })
        .await
    }

    async fn conversation_of(&self, turn: TurnId) -> Result<ConversationId, StoreError> {
        let mut reader = self.reader().await?;
        let query = sqlx::query("SELECT conversation FROM turns WHERE id = $1");
        let row = query.bind(turn.as_uuid().as_bytes().to_vec()).fetch_optional(&mut *reader).await?;
        let row = row.ok_or_else(|| StoreError::NotFound { what: "turn", id: turn.to_string() })?;
        Ok(ConversationId::from_uuid(uuid(id_at(&row, 0)?)))
    }
}
