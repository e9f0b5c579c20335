//! A look at the databases from beside, for a set-up check: whether a host is running or not, nothing is written.

use santun_core::ids::{ContactId, RevisionId};
use sqlx::Row as _;
use sqlx::migrate::Migrator;
use subtle::ConstantTimeEq as _;

use crate::applied::{Applied, COLUMNS, of_row};
use crate::error::{OpenError, StoreError};
use crate::keys::{place, wrapping};
use crate::master_key::MasterKey;
use crate::rows::{id_at, uuid};
use crate::sqlite::{Address, Connection, KEY_MIGRATIONS, MIGRATIONS};

/// A database, looked at.
pub struct Inspected {
    connection: Connection,
    migrations: &'static Migrator,
}

/// How thoroughly to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// Its pages are read only if there are few: at most this many bytes.
    UpTo(u64),
    /// All of its pages are read, however long it takes.
    Whole,
}

/// Whether a database has the tables that this version of the program needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Schema {
    /// It has.
    Current,
    /// The next start makes so many changes.
    Behind(usize),
    /// A newer version of the program has made the change of this number.
    Newer(i64),
}

/// How a database is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatabaseState {
    /// Its tables.
    pub schema: Schema,
    /// `wal` as it should be, or another.
    pub journal_mode: String,
    /// Bytes of its file.
    pub bytes: u64,
    /// Bytes of them that hold nothing, to be filled again.
    pub free_bytes: u64,
    /// What is wrong with its pages, if anything; `None` if they were not read.
    pub damage: Option<Result<(), String>>,
}

/// Who may take conversations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Staff {
    /// Users that are not shut out.
    pub users: u64,
    /// Those that say that they are there.
    pub available: u64,
}

/// Whether a master key is that of a key database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyFit {
    /// It is; so many contacts have a key, and one of them was unwrapped, if there is any.
    Fits {
        /// Contacts with a key.
        contacts: u64,
    },
    /// The database was made with another one.
    Other,
    /// No key was ever kept in it.
    Unused,
}

impl Inspected {
    /// Looks at the data; `None` if there is no such file yet.
    pub async fn data(url: &str) -> Result<Option<Self>, OpenError> {
        Self::at(url, &MIGRATIONS).await
    }

    /// Looks at the contacts' keys; `None` if there is no such file yet.
    pub async fn keys(url: &str) -> Result<Option<Self>, OpenError> {
        Self::at(url, &KEY_MIGRATIONS).await
    }

    async fn at(url: &str, migrations: &'static Migrator) -> Result<Option<Self>, OpenError> {
        let connection = Address::parse(url)?.onlooker().await?;
        Ok(connection.map(|connection| Self { connection, migrations }))
    }

    /// How it is.
    pub async fn state(&mut self, depth: Depth) -> Result<DatabaseState, StoreError> {
        let schema = self.schema().await?;
        let journal_mode = self.text("PRAGMA journal_mode").await?;
        let page = self.number("PRAGMA page_size").await?;
        let bytes = page * self.number("PRAGMA page_count").await?;
        let free_bytes = page * self.number("PRAGMA freelist_count").await?;
        let look = match depth {
            Depth::UpTo(most) => bytes <= most,
            Depth::Whole => true,
        };
        let damage = match look {
            true => {
                let found = self.text("PRAGMA quick_check(1)").await?;
                // It begins with a line that only names the database.
                let told = found.lines().filter(|line| !line.starts_with("***")).collect::<Vec<_>>().join("; ");
                Some(if found == "ok" { Ok(()) } else { Err(told) })
            }
            false => None,
        };
        Ok(DatabaseState { schema, journal_mode, bytes, free_bytes, damage })
    }

    async fn schema(&mut self) -> Result<Schema, StoreError> {
        const MADE: &str = "SELECT version FROM _sqlx_migrations WHERE success ORDER BY version";
        const ANY: &str = "SELECT COUNT(*) FROM sqlite_master WHERE name = '_sqlx_migrations'";
        let known: Vec<i64> = self.migrations.iter().map(|migration| migration.version).collect();
        if self.number(ANY).await? == 0 {
            return Ok(Schema::Behind(known.len()));
        }
        let rows = sqlx::query(MADE).fetch_all(&mut self.connection).await?;
        let made: Vec<i64> = rows.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>()?;
        if let Some(newer) = made.iter().find(|version| !known.contains(version)) {
            return Ok(Schema::Newer(*newer));
        }
        match known.iter().filter(|version| !made.contains(version)).count() {
            0 => Ok(Schema::Current),
            missing => Ok(Schema::Behind(missing)),
        }
    }

    /// The version that is served, or will be at the next start.
    pub async fn applied(&mut self) -> Result<Option<Applied>, StoreError> {
        let query = sqlx::query(sqlx::AssertSqlSafe(format!("{COLUMNS} ORDER BY version DESC LIMIT 1")));
        let row = query.fetch_optional(&mut self.connection).await?;
        row.as_ref().map(of_row).transpose()
    }

    /// The bytes that were kept under this SHA-256, if they are there and are those.
    pub async fn kept(&mut self, revision: RevisionId) -> Result<Option<Vec<u8>>, StoreError> {
        let query = sqlx::query("SELECT bytes FROM blobs WHERE hash = $1").bind(revision.as_bytes().to_vec());
        let row = query.fetch_optional(&mut self.connection).await?;
        let bytes: Option<Vec<u8>> = row.map(|row| row.try_get(0)).transpose()?;
        Ok(bytes.filter(|bytes| RevisionId::of(bytes) == revision))
    }

    /// Who may take conversations.
    pub async fn staff(&mut self) -> Result<Staff, StoreError> {
        const STAFF: &str = "SELECT COUNT(*), COALESCE(SUM(available <> 0), 0) FROM users WHERE disabled_at IS NULL";
        let row = sqlx::query(STAFF).fetch_one(&mut self.connection).await?;
        let count = |at| row.try_get::<i64, _>(at).map(i64::unsigned_abs);
        Ok(Staff { users: count(0)?, available: count(1)? })
    }

    /// Whether the keys in it are wrapped by this master key.
    pub async fn fits(&mut self, master: &MasterKey) -> Result<KeyFit, StoreError> {
        let row = sqlx::query("SELECT proof FROM master_key").fetch_optional(&mut self.connection).await?;
        let Some(row) = row else { return Ok(KeyFit::Unused) };
        let known: Vec<u8> = row.try_get(0)?;
        if !bool::from(known.as_slice().ct_eq(master.proof().as_slice())) {
            return Ok(KeyFit::Other);
        }
        let contacts = self.number("SELECT COUNT(*) FROM contact_keys").await?;
        const ONE: &str = "SELECT contact, wrapped FROM contact_keys ORDER BY created_at DESC LIMIT 1";
        if let Some(row) = sqlx::query(ONE).fetch_optional(&mut self.connection).await? {
            let contact = ContactId::from_uuid(uuid(id_at(&row, 0)?));
            wrapping(master).open(place(contact.as_uuid().as_bytes()), &row.try_get::<Vec<u8>, _>(1)?)?;
        }
        Ok(KeyFit::Fits { contacts })
    }

    async fn number(&mut self, query: &'static str) -> Result<u64, StoreError> {
        let row = sqlx::query(query).fetch_one(&mut self.connection).await?;
        Ok(row.try_get::<i64, _>(0)?.unsigned_abs())
    }

    async fn text(&mut self, query: &'static str) -> Result<String, StoreError> {
        Ok(sqlx::query(query).fetch_one(&mut self.connection).await?.try_get(0)?)
    }
}
