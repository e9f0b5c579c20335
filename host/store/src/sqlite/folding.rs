//! Folding the log back into the database, beside the commits rather than within them.
//!
//! Left to itself SQLite does it within whichever commit finds the log long, which then waits for thousands of pages
//! to be written and synced (12 % of the samples in a profile of arrivals), and whoever is in it waits too. Here a
//! connection of its own does nearly all of it, while commits go on; the writer folds only what came meanwhile,
//! between two batches, since the log can only begin anew when nothing of it is left.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use sqlx::Row as _;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::Connection;

/// Pages of a log that is folded back: 32 MiB. The longer it is, the more often a page is in it, and the fewer pages
/// are written to the database for each message.
const FOLDED_AT: i64 = 8_000;

/// Pages at which a commit folds the log itself, should that not have happened: 128 MiB.
pub(super) const FOLDED_AT_LAST: &str = "32000";

/// How often the log is looked at, while there are commits.
const LOOK: Duration = Duration::from_millis(50);

/// How long is waited at most where readers keep the log from beginning anew.
const LOOK_AT_LEAST: Duration = Duration::from_secs(2);

/// Keeps a log short, as long as its writer has this.
pub(crate) struct Folding {
    committed: mpsc::Sender<()>,
    /// What is left is the writer's.
    rest: Arc<AtomicBool>,
    task: JoinHandle<()>,
}

impl Folding {
    /// Begins, on a connection of its own.
    pub(super) fn begin(connection: Connection) -> Self {
        Self::begin_at(connection, FOLDED_AT)
    }

    fn begin_at(connection: Connection, pages: i64) -> Self {
        let (committed, commits) = mpsc::channel(1);
        let rest = Arc::new(AtomicBool::new(false));
        let task = tokio::spawn(run(connection, pages, commits, rest.clone()));
        Self { committed, rest, task }
    }

    /// There is more in the log.
    pub(crate) fn committed(&self) {
        // If it is full, the log is about to be looked at.
        let _ = self.committed.try_send(());
    }

    /// Before a batch: folds what is left, if nearly all is folded. The database may have grown then, and what the
    /// writer keeps of it with it.
    pub(crate) async fn finish(&self, writer: &mut Connection) {
        if !self.rest.swap(false, Ordering::Relaxed) {
            return;
        }
        if let Err(error) = pages(writer, FOLD).await {
            tracing::warn!(%error, "the end of the database's log could not be folded back; it is tried again");
        }
        if let Err(error) = super::size_cache(writer).await {
            tracing::warn!(%error, "how much is kept of the database in memory could not be set; it is as it was");
        }
    }

    /// Ends it, and closes its connection.
    pub(crate) async fn end(self) {
        drop(self.committed);
        if let Err(error) = self.task.await {
            tracing::warn!(%error, "what folds the database's log ended badly");
        }
    }
}

async fn run(mut connection: Connection, at: i64, mut commits: mpsc::Receiver<()>, rest: Arc<AtomicBool>) {
    let mut wait = LOOK;
    while commits.recv().await.is_some() {
        match look(&mut connection, at).await {
            Ok(true) => {
                rest.store(true, Ordering::Relaxed);
                wait = (wait * 2).min(LOOK_AT_LEAST);
            }
            Ok(false) => wait = LOOK,
            Err(error) => {
                tracing::warn!(%error, "the database's log could not be folded back; it is tried again");
                wait = LOOK_AT_LEAST;
            }
        }
        tokio::time::sleep(wait).await;
    }
    super::close(connection).await;
}

/// Folds the log if it is long, and tells whether it was.
async fn look(connection: &mut Connection, at: i64) -> Result<bool, sqlx::Error> {
    if pages(connection, LOOK_ONLY).await? < at {
        return Ok(false);
    }
    pages(connection, FOLD).await?;
    Ok(true)
}

/// Folds as many pages as can be without anybody having to wait.
const FOLD: &str = "PRAGMA wal_checkpoint(PASSIVE)";

/// Folds none.
const LOOK_ONLY: &str = "PRAGMA wal_checkpoint(NOOP)";

/// Does that with the log, and tells how many pages are in it.
async fn pages(connection: &mut Connection, what: &'static str) -> Result<i64, sqlx::Error> {
    sqlx::query(what).fetch_one(connection).await?.try_get(1)
}

#[cfg(test)]
mod tests {
    use sqlx::Row as _;

    use super::super::{Address, KEY_MIGRATIONS};
    use super::*;

    #[tokio::test]
    async fn the_log_begins_anew_while_commits_go_on_and_nothing_is_lost() {
        let folder = tempfile::tempdir().unwrap();
        let address = Address::parse(&format!("sqlite:{}", folder.path().join("a.db").display())).unwrap();
        let mut writer = address.writer(&KEY_MIGRATIONS).await.unwrap();
        sqlx::query("PRAGMA wal_autocheckpoint = 0").fetch_all(&mut writer).await.unwrap();
        sqlx::query("CREATE TABLE t (n INTEGER PRIMARY KEY)").execute(&mut writer).await.unwrap();
        let folding = Folding::begin_at(address.visitor().await.unwrap(), 40);
        let (mut written, mut longest) = (0, 0);
        for n in 0..100_000_i64 {
            folding.finish(&mut writer).await;
            sqlx::query("INSERT INTO t VALUES ($1)").bind(n).execute(&mut writer).await.unwrap();
            written = n + 1;
            folding.committed();
            let long = pages(&mut writer, LOOK_ONLY).await.unwrap();
            if long < longest {
                break;
            }
            longest = long;
        }
        assert!(longest >= 40 && written < 100_000, "{longest} pages in the log after {written} commits");
        folding.end().await;
        super::super::close(writer).await;
        assert!(!folder.path().join("a.db-wal").exists(), "no connection is left open");
        let mut after = address.visitor().await.unwrap();
        let row = sqlx::query("SELECT COUNT(*) FROM t").fetch_one(&mut after).await.unwrap();
        assert_eq!(row.try_get::<i64, _>(0).unwrap(), written);
    }
}
