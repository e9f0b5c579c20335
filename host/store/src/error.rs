//! What can go wrong in the store. No message names a person, a number or a text.

use std::sync::Arc;

use santun_core::ids::{AppliedId, PluginName};

/// Why the store could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The address of a database is not understood.
    #[error("`{url}` is not the address of a database that this build can use; write `sqlite:` and a path")]
    UnknownDatabase {
        /// The address.
        url: String,
    },
    /// There is no such database, where one must be.
    #[error("there is no database {path}")]
    Missing {
        /// Where it should be.
        path: String,
    },
    /// SQLite is too old to be trusted with a write-ahead log.
    #[error("SQLite {found} can corrupt a database when its log is reset; 3.51.3 or newer is needed")]
    OldSqlite {
        /// Its version.
        found: String,
    },
    /// The database was written by a newer version of the program.
    #[error("the database {path} was written by a newer version of santun (migration {version}); use that version")]
    Newer {
        /// Where the database is.
        path: String,
        /// The first migration that is not known here.
        version: i64,
    },
    /// A migration failed.
    #[error("the database {path} could not be migrated: {source}")]
    Migrate {
        /// Where the database is.
        path: String,
        /// Why.
        source: sqlx::migrate::MigrateError,
    },
    /// The keys were wrapped with another master key.
    #[error(
        "the keys in {path} were wrapped with another master key; set `database.master_key` to the one they were made with"
    )]
    OtherMasterKey {
        /// Where the key database is.
        path: String,
    },
    /// The database could not be opened or read.
    #[error("the database {path} could not be opened: {source}")]
    Database {
        /// Where the database is.
        path: String,
        /// Why.
        source: sqlx::Error,
    },
}

/// Why the store could not do what it was asked.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StoreError {
    /// The database failed: nothing of what was asked is stored.
    #[error("the database failed, nothing was stored: {0}")]
    Database(Arc<sqlx::Error>),
    /// Nothing more is written: the store is closing or closed.
    #[error("the store is closed")]
    Closed,
    /// There is no such thing, or it was forgotten.
    #[error("there is no {what} {id}")]
    NotFound {
        /// What was looked for.
        what: &'static str,
        /// By which name.
        id: String,
    },
    /// The thing is not in a state in which this can be done.
    #[error("{what} {id} is {state}: {problem}")]
    WrongState {
        /// What it is.
        what: &'static str,
        /// Which one.
        id: String,
        /// Its state.
        state: String,
        /// What that forbids.
        problem: &'static str,
    },
    /// The configuration that a change starts from is no longer the active one.
    #[error("the configuration has moved on: the active version is {}", .active.map_or_else(|| "none".to_owned(), |id| id.to_string()))]
    MovedOn {
        /// The active version.
        active: Option<AppliedId>,
    },
    /// A name is taken.
    #[error("{what} `{name}` exists already")]
    Exists {
        /// What it is.
        what: &'static str,
        /// Its name.
        name: String,
    },
    /// What is stored cannot be understood: the database is damaged, or was changed by hand.
    #[error("{table}.{column} of {row} is damaged: {problem}")]
    Damaged {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// The row.
        row: String,
        /// What is wrong with it.
        problem: &'static str,
    },
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(Arc::new(error))
    }
}

/// Why a step was not committed. Nothing of it is stored.
#[derive(Clone, Debug, thiserror::Error)]
pub enum CommitError {
    /// Somebody else has leased the conversation since: their step counts, not this one.
    #[error("the lease on the conversation is stale: another worker has it")]
    StaleFence,
    /// Shared state of a plugin has changed since it was read: run the step again.
    #[error("the shared state `{key}` of plugin `{plugin}` has changed since it was read; run the step again")]
    StateConflict {
        /// The plugin.
        plugin: PluginName,
        /// The key.
        key: String,
    },
    /// Another conversation of the same contact changed what they share (attributes, consents) since
    /// it was read, and this step would change it too: run the step again.
    #[error("what is known of the contact has changed in another conversation; run the step again")]
    ContactChanged,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}
