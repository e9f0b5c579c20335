//! The SQLite backend: how its databases are opened, what is demanded of them, and the types that
//! queries are written against. A second backend is a second module like this one.

mod connection;
mod folding;
mod readers;

use std::path::{Path, PathBuf};
use std::str::FromStr as _;
use std::sync::Arc;
use std::time::Duration;

use sqlx::migrate::{MigrateError, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Row as _};

pub(crate) use connection::Connection;
pub(crate) use folding::Folding;
pub(crate) use readers::{Reader, Readers};

use crate::error::OpenError;
use crate::steps::Steps;

pub(crate) type Db = sqlx::Sqlite;
pub(crate) type DbArguments = sqlx::sqlite::SqliteArguments;
pub(crate) type DbRow = sqlx::sqlite::SqliteRow;
pub(crate) type DbDone = sqlx::sqlite::SqliteQueryResult;

/// How a write transaction begins: at once as a writer, so that it can never fail half-way for lack of
/// the lock.
pub(crate) const BEGIN_WRITE: &str = "BEGIN IMMEDIATE";

pub(crate) static MIGRATIONS: Migrator = sqlx::migrate!("migrations/sqlite");
pub(crate) static KEY_MIGRATIONS: Migrator = sqlx::migrate!("migrations/keys");

/// From 3.7.0 on, resetting the log could corrupt the database; mended in 3.51.3.
const OLDEST_SQLITE: (u32, u32, u32) = (3, 51, 3);

/// How many prepared statements a connection keeps: every statement of a batch in every chunk size.
const STATEMENTS: usize = 512;

/// The pages of 4 KiB that lie below 1 GiB.
const BELOW_A_GIB: i64 = 262_144;

/// How much a writer keeps in memory of a database of so many pages, as SQLite's `cache_size`: 8 MiB, or 64 MiB of one
/// beyond 1 GiB.
///
/// To sort the pages of a tree that has grown, SQLite lends one of them a number just beyond 1 GiB, and at the end of a
/// smaller database's transaction looks through all that it keeps for what lies beyond the end. At nearly every commit,
/// in 64 MiB, that was a fifth of the samples in a profile of the thread that writes. With 8 MiB all of SQLite takes a
/// seventh less time for a message, though one or two more pages are read for it from what the system keeps. A larger
/// database ends beyond that number: nothing is looked through, and the ten more pages that a message would read
/// there are kept.
const fn cache_size(pages: i64) -> &'static str {
    if pages > BELOW_A_GIB { "-65536" } else { "-8192" }
}

/// Sets how much a writer keeps in memory, by how large its database is now.
async fn size_cache(writer: &mut Connection) -> Result<(), sqlx::Error> {
    let pages = sqlx::query("PRAGMA page_count").fetch_one(&mut *writer).await?.try_get(0)?;
    let set = ["PRAGMA cache_size = ", cache_size(pages)].concat();
    sqlx::query(AssertSqlSafe(set)).fetch_all(writer).await.map(|_| ())
}

/// A place where a database is or will be.
#[derive(Clone)]
pub(crate) struct Address {
    path: PathBuf,
    /// What its connections' statements go through.
    steps: Option<Arc<dyn Steps>>,
}

impl Address {
    pub(crate) fn parse(url: &str) -> Result<Self, OpenError> {
        let unknown = || OpenError::UnknownDatabase { url: url.to_owned() };
        let path = url.strip_prefix("sqlite:").ok_or_else(unknown)?;
        let path = path.strip_prefix("//").unwrap_or(path);
        if path.is_empty() || path.starts_with(':') || path.contains('?') {
            return Err(unknown());
        }
        Ok(Self { path: path.into(), steps: None })
    }

    /// The same place, whose statements go through these steps.
    pub(crate) fn stepped(self, steps: Option<Arc<dyn Steps>>) -> Self {
        Self { steps, ..self }
    }

    /// Whether somebody lets its statements through one by one.
    pub(crate) fn is_stepped(&self) -> bool {
        self.steps.is_some()
    }

    fn name(&self) -> String {
        self.path.display().to_string()
    }

    fn failed(&self, source: sqlx::Error) -> OpenError {
        OpenError::Database { path: self.name(), source }
    }

    fn options(&self) -> SqliteConnectOptions {
        SqliteConnectOptions::new()
            .filename(&self.path)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(Duration::from_secs(10))
            .foreign_keys(false)
            .statement_cache_capacity(STATEMENTS)
            .disable_statement_logging()
    }

    /// The one connection that writes; the database is made, checked and migrated on the way.
    pub(crate) async fn writer(&self, migrations: &Migrator) -> Result<Connection, OpenError> {
        let options = self
            .options()
            .create_if_missing(true)
            // Forgotten people must not stay readable in free pages.
            .pragma("secure_delete", "ON")
            // The log is folded back every 16 MiB, unless that happens beside ([`Folding`]).
            .pragma("cache_size", cache_size(0))
            .pragma("wal_autocheckpoint", "4000")
            // What a statement would undo is kept in memory: writing it to a file was a sixth of the work of
            // arrivals. The log of the transaction itself is where it was.
            .pragma("temp_store", "MEMORY")
            .command_buffer_size(64)
            .row_buffer_size(256);
        own_alone(&self.path);
        let opened = Connection::open(options, self.steps.clone()).await;
        let mut connection = opened.map_err(|source| self.failed(source))?;
        check_version(&mut connection).await.map_err(|problem| problem.unwrap_or_else(|source| self.failed(source)))?;
        self.migrate(&mut connection, migrations).await?;
        size_cache(&mut connection).await.map_err(|source| self.failed(source))?;
        Ok(connection)
    }

    /// From now on the log is folded back beside this writer's commits.
    pub(crate) async fn fold_beside(&self, writer: &mut Connection) -> Result<Folding, OpenError> {
        let at_last = ["PRAGMA wal_autocheckpoint = ", folding::FOLDED_AT_LAST].concat();
        let set = sqlx::query(AssertSqlSafe(at_last)).fetch_all(writer).await;
        set.map_err(|source| self.failed(source))?;
        Ok(Folding::begin(self.visitor().await?))
    }

    /// Connections that only read, beside the one that writes.
    pub(crate) async fn readers(&self, most: u32) -> Result<Readers, OpenError> {
        Readers::open(self, most).await
    }

    async fn reader(&self) -> Result<Connection, sqlx::Error> {
        let options = self.options().pragma("query_only", "ON").pragma("cache_size", "-16384").row_buffer_size(256);
        Connection::open(options, self.steps.clone()).await
    }

    /// A connection that only looks, beside a host that may be running; `None` if there is no database yet.
    /// Nothing is made, migrated or set.
    pub(crate) async fn onlooker(&self) -> Result<Option<Connection>, OpenError> {
        if !self.path.exists() {
            return Ok(None);
        }
        let options = SqliteConnectOptions::new()
            .filename(&self.path)
            .read_only(true)
            .foreign_keys(false)
            .busy_timeout(Duration::from_secs(10))
            .disable_statement_logging();
        let opened = Connection::open(options, self.steps.clone()).await;
        opened.map(Some).map_err(|source| self.failed(source))
    }

    async fn migrate(&self, connection: &mut Connection, migrations: &Migrator) -> Result<(), OpenError> {
        connection.migrate(migrations).await.map_err(|problem| match problem {
            MigrateError::VersionMissing(version) => OpenError::Newer { path: self.name(), version },
            source => OpenError::Migrate { path: self.name(), source },
        })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// A connection to a database that is there, made and migrated by whoever serves it.
    pub(crate) async fn visitor(&self) -> Result<Connection, OpenError> {
        if !self.path.exists() {
            return Err(OpenError::Missing { path: self.name() });
        }
        Connection::open(self.options(), self.steps.clone()).await.map_err(|source| self.failed(source))
    }

    pub(crate) fn other_master_key(&self) -> OpenError {
        OpenError::OtherMasterKey { path: self.name() }
    }

    pub(crate) fn database_error(&self, source: sqlx::Error) -> OpenError {
        self.failed(source)
    }
}

/// Copies a database, as it is at one moment, into a file that is empty. Others go on writing meanwhile; what is
/// deleted and only not yet overwritten is not copied.
pub(crate) async fn copy_into(connection: &mut Connection, file: &Path) -> Result<(), sqlx::Error> {
    sqlx::query("VACUUM INTO $1").bind(file.display().to_string()).execute(connection).await.map(|_| ())
}

/// The last migration that a database has been through.
pub(crate) async fn migration(connection: &mut Connection) -> Result<i64, sqlx::Error> {
    let row = sqlx::query("SELECT COALESCE(MAX(version), 0) FROM _sqlx_migrations WHERE success");
    row.fetch_one(connection).await?.try_get(0)
}

async fn check_version(connection: &mut Connection) -> Result<(), Result<OpenError, sqlx::Error>> {
    let row = sqlx::query("SELECT sqlite_version()").fetch_one(connection).await.map_err(Err)?;
    let found: String = row.try_get(0).map_err(Err)?;
    if is_old(&found) { Err(Ok(OpenError::OldSqlite { found })) } else { Ok(()) }
}

fn is_old(version: &str) -> bool {
    let mut parts = version.split('.').map(|part| u32::from_str(part).unwrap_or(0));
    let mut next = || parts.next().unwrap_or(0);
    (next(), next(), next()) < OLDEST_SQLITE
}

/// The files hold personal data, if sealed: nobody else has business reading them. SQLite gives its log the rights
/// of the database: so that has them before it is opened. What is wrong with the path, opening it tells.
fn own_alone(path: &Path) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
        if std::fs::OpenOptions::new().create(true).append(true).mode(0o600).open(path).is_err() {
            return;
        }
        crate::ownership::as_the_folder(path);
        if let Err(error) = std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)) {
            tracing::warn!(path = %path.display(), %error, "the mode of the database could not be set to 0600");
        }
    }
}

/// Whether the whole machine is the trouble (disk full, disk failing), not one member of a batch.
pub(crate) fn concerns_everybody(error: &sqlx::Error) -> bool {
    let sqlx::Error::Database(error) = error else { return true };
    // Only a violated constraint (19), a value that is too large (18) or of the wrong type (20) can be
    // one member's fault; the lower byte is the primary result code.
    !error.code().and_then(|code| code.parse::<i32>().ok()).is_some_and(|code| matches!(code & 0xff, 18..=20))
}

/// Closes a connection, folding the log back into the database.
pub(crate) async fn close(connection: Connection) {
    if let Err(error) = connection.close().await {
        tracing::warn!(%error, "a database did not close cleanly; its log will be read at the next start");
    }
}

/// Empties the log, so that what was deleted is not left standing in it.
pub(crate) async fn empty_log(connection: &mut Connection) -> Result<(), sqlx::Error> {
    sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").fetch_all(connection).await.map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sqlite_that_can_corrupt_its_log_is_refused() {
        assert_eq!(["3.51.2", "3.7.17", "3.51.3", "3.52.0", "4.0.0"].map(is_old), [true, true, false, false, false]);
    }

    #[tokio::test]
    async fn a_writer_keeps_little_of_a_database_in_which_sqlite_would_look_through_it() {
        let folder = tempfile::tempdir().unwrap();
        let address = Address::parse(&format!("sqlite:{}", folder.path().join("a.db").display())).unwrap();
        let mut writer = address.writer(&MIGRATIONS).await.unwrap();
        let row = sqlx::query("PRAGMA cache_size").fetch_one(&mut writer).await.unwrap();
        assert_eq!(row.try_get::<i64, _>(0).unwrap(), -8_192);
        assert_eq!([1, BELOW_A_GIB, BELOW_A_GIB + 1].map(cache_size), ["-8192", "-8192", "-65536"]);
    }

    #[test]
    fn an_address_is_sqlite_and_a_path() {
        assert!(
            ["postgres://x", "sqlite:", "sqlite::memory:", "santun.db"].iter().all(|url| Address::parse(url).is_err())
        );
        assert_eq!(Address::parse("sqlite:santun.db").map(|address| address.path).ok(), Some("santun.db".into()));
        assert_eq!(Address::parse("sqlite:///var/a.db").map(|address| address.path).ok(), Some("/var/a.db".into()));
    }
}
