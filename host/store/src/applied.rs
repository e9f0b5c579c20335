//! Applied versions of the configuration, all of them, and the bytes that they name.

use std::collections::{BTreeMap, HashSet};

use santun_core::ids::{AppliedId, RevisionId};
use santun_core::time::Timestamp;
use sqlx::Row as _;

use crate::error::StoreError;
use crate::rows::{id_at, uuid};
use crate::sqlite::{Connection, DbRow};
use crate::store::Store;

/// One applied version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    /// Its number: the first is 1.
    pub version: u64,
    /// Its id.
    pub id: AppliedId,
    /// When it was applied.
    pub at: Timestamp,
    /// By whom, for people.
    pub author: String,
    /// What for, for people.
    pub note: String,
    /// `bot.toml` as it was written.
    pub document: String,
    /// Every file that the document names, and the SHA-256 of its bytes ([`Store::blob`]).
    pub files: BTreeMap<String, RevisionId>,
    /// What the host made of the document, as JSON.
    pub resolved: String,
}

/// A version to apply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewApplied {
    /// Its id.
    pub id: AppliedId,
    /// The version that it starts from: the active one, or `None` for the first.
    pub base: Option<AppliedId>,
    /// When.
    pub at: Timestamp,
    /// By whom, for people.
    pub author: String,
    /// What for, for people.
    pub note: String,
    /// `bot.toml` as it was written.
    pub document: String,
    /// Every file that the document names, and the SHA-256 of its bytes.
    pub files: BTreeMap<String, RevisionId>,
    /// What the host made of the document, as JSON.
    pub resolved: String,
}

pub(crate) const COLUMNS: &str = "SELECT version, id, at, author, note, document, files, resolved FROM applied";

impl Store {
    /// Appends a version, which is the active one from then on, and tells its number. Refused with
    /// [`StoreError::MovedOn`] if its base is no longer the active one.
    pub async fn applied_append(&self, new: NewApplied) -> Result<u64, StoreError> {
        let files = serde_json::to_string(&new.files).unwrap_or_else(|_| "{}".to_owned());
        self.write(move |connection| {
            let (new, files) = (new.clone(), files.clone());
            Box::pin(async move {
                let active = active(connection).await?;
                if active != new.base {
                    return Err(StoreError::MovedOn { active });
                }
                const APPEND: &str = "INSERT INTO applied (id, at, author, note, document, files, resolved)
                    VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING version";
                let query = sqlx::query(APPEND).bind(new.id.as_uuid().as_bytes().to_vec()).bind(new.at.as_millis());
                let query = query.bind(new.author).bind(new.note).bind(new.document).bind(files).bind(new.resolved);
                Ok(query.fetch_one(connection).await?.try_get::<i64, _>(0)?.unsigned_abs())
            })
        })
        .await
    }

    /// The active version: the one applied last.
    pub async fn applied_latest(&self) -> Result<Option<Applied>, StoreError> {
        Ok(self.applied_list(1).await?.pop())
    }

    /// One version.
    pub async fn applied(&self, id: AppliedId) -> Result<Option<Applied>, StoreError> {
        let mut reader = self.reader().await?;
        let query = sqlx::query(sqlx::AssertSqlSafe(format!("{COLUMNS} WHERE id = $1")));
        let row = query.bind(id.as_uuid().as_bytes().to_vec()).fetch_optional(&mut *reader).await?;
        row.as_ref().map(of_row).transpose()
    }

    /// The last versions, the latest first.
    pub async fn applied_list(&self, most: u32) -> Result<Vec<Applied>, StoreError> {
        let mut reader = self.reader().await?;
        let query = sqlx::query(sqlx::AssertSqlSafe(format!("{COLUMNS} ORDER BY version DESC LIMIT $1")));
        let rows = query.bind(i64::from(most)).fetch_all(&mut *reader).await?;
        rows.iter().map(of_row).collect()
    }

    /// Keeps bytes (a plugin, a CSV file) and tells their SHA-256. Keeping the same again does nothing.
    pub async fn blob_put(&self, bytes: Vec<u8>) -> Result<RevisionId, StoreError> {
        let hash = RevisionId::of(&bytes);
        // Whoever else writes would wait while megabytes are handed over to find them there already.
        if self.blob_is_kept(hash).await? {
            return Ok(hash);
        }
        let at = self.inner.world.now().as_millis();
        let bytes: std::sync::Arc<[u8]> = bytes.into();
        self.write(move |connection| {
            let bytes = bytes.clone();
            Box::pin(async move {
                let query =
                    sqlx::query("INSERT INTO blobs (hash, at, bytes) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING");
                query.bind(hash.as_bytes().to_vec()).bind(at).bind(bytes.to_vec()).execute(connection).await?;
                Ok(())
            })
        })
        .await?;
        Ok(hash)
    }

    /// Whether the bytes with this SHA-256 are kept.
    pub async fn blob_is_kept(&self, hash: RevisionId) -> Result<bool, StoreError> {
        let mut reader = self.reader().await?;
        let query = sqlx::query("SELECT 1 FROM blobs WHERE hash = $1").bind(hash.as_bytes().to_vec());
        Ok(query.fetch_optional(&mut *reader).await?.is_some())
    }

    /// Drops the bytes that are not named here, and tells how many there were.
    ///
    /// Whoever calls this sees to it that nothing is being applied meanwhile.
    pub async fn blobs_prune(&self, named: HashSet<RevisionId>) -> Result<u64, StoreError> {
        let named: std::sync::Arc<HashSet<Vec<u8>>> =
            named.iter().map(|hash| hash.as_bytes().to_vec()).collect::<HashSet<_>>().into();
        self.write(move |connection| {
            let named = named.clone();
            Box::pin(async move {
                let mut dropped = 0;
                for row in sqlx::query("SELECT hash FROM blobs").fetch_all(&mut *connection).await? {
                    let hash: Vec<u8> = row.try_get(0)?;
                    if !named.contains(&hash) {
                        sqlx::query("DELETE FROM blobs WHERE hash = $1").bind(hash).execute(&mut *connection).await?;
                        dropped += 1;
                    }
                }
                Ok(dropped)
            })
        })
        .await
    }

    /// The bytes with this SHA-256.
    pub async fn blob(&self, hash: RevisionId) -> Result<Option<Vec<u8>>, StoreError> {
        let mut reader = self.reader().await?;
        let query = sqlx::query("SELECT bytes FROM blobs WHERE hash = $1").bind(hash.as_bytes().to_vec());
        let Some(row) = query.fetch_optional(&mut *reader).await? else { return Ok(None) };
        let bytes: Vec<u8> = row.try_get(0)?;
        if RevisionId::of(&bytes) != hash {
            return Err(StoreError::Damaged {
                table: "blobs",
                column: "bytes",
                row: hash.to_string(),
                problem: "its SHA-256 is another",
            });
        }
        Ok(Some(bytes))
    }
}

async fn active(connection: &mut Connection) -> Result<Option<AppliedId>, StoreError> {
    let row = sqlx::query("SELECT id FROM applied ORDER BY version DESC LIMIT 1").fetch_optional(connection).await?;
    row.map(|row| Ok(AppliedId::from_uuid(uuid(id_at(&row, 0)?)))).transpose()
}

pub(crate) fn of_row(row: &DbRow) -> Result<Applied, StoreError> {
    let files = serde_json::from_str(&row.try_get::<String, _>(6)?).map_err(|_| StoreError::Damaged {
        table: "applied",
        column: "files",
        row: row.try_get::<i64, _>(0).unwrap_or_default().to_string(),
        problem: "its content is not understood",
    })?;
    Ok(Applied {
        version: row.try_get::<i64, _>(0)?.unsigned_abs(),
        id: AppliedId::from_uuid(uuid(id_at(row, 1)?)),
        at: Timestamp::from_millis(row.try_get(2)?),
        author: row.try_get(3)?,
        note: row.try_get(4)?,
        document: row.try_get(5)?,
        files,
        resolved: row.try_get(7)?,
    })
}
