//! Copies of the databases, taken while a host writes to them.
//!
//! Take the data before the keys: a contact's key is durable before anything that it seals, so that keys copied
//! later open all of the data. A copy needs no master key, since nothing is opened for it.

use std::path::{Path, PathBuf};

use sqlx::Row as _;

use crate::error::OpenError;
use crate::master_key::name_of;
use crate::sqlite::{self, Address, Connection};

/// Why a database was not copied.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// The database cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The file to copy into cannot be made: it exists already, or its folder cannot be written.
    #[error("cannot make {file}: {source}")]
    Target {
        /// Which file.
        file: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Reading the database, or writing its copy, failed.
    #[error("cannot copy {database} to {file}: {source}")]
    Failed {
        /// Which database.
        database: PathBuf,
        /// Where to.
        file: PathBuf,
        /// Why.
        source: sqlx::Error,
    },
}

/// The file of the database with this address.
///
/// # Errors
/// When the address is not that of a database in a file.
pub fn database_path(url: &str) -> Result<PathBuf, OpenError> {
    Ok(Address::parse(url)?.path().to_owned())
}

/// Copies the data (`database.url`), as it is at one moment, into a new file that only its owner can read. The copy is
/// durable when this returns; gives the last migration in it. A host may serve meanwhile: its log grows until the copy
/// is made.
///
/// # Errors
/// When there is no such database, the file exists, or the disk fails; then there is no such file.
pub async fn copy_data(url: &str, file: &Path) -> Result<i64, CopyError> {
    copy(&Address::parse(url)?, file).await
}

/// Copies the contacts' keys (`database.keys`), as [`copy_data`] does the data.
///
/// # Errors
/// As those of [`copy_data`].
pub async fn copy_keys(url: &str, file: &Path) -> Result<i64, CopyError> {
    copy(&Address::parse(url)?, file).await
}

/// The [name](crate::MasterKey::name) of the master key that wraps these keys; `None` while none does.
///
/// # Errors
/// When there is no such database, or it cannot be read.
pub async fn master_key_of(keys_url: &str) -> Result<Option<String>, OpenError> {
    let address = Address::parse(keys_url)?;
    let mut connection = address.visitor().await?;
    let proof = async {
        let row = sqlx::query("SELECT proof FROM master_key").fetch_optional(&mut connection).await?;
        row.map(|row| row.try_get::<Vec<u8>, _>(0)).transpose()
    };
    let proof = proof.await.map_err(|source| address.database_error(source))?;
    sqlite::close(connection).await;
    Ok(proof.map(|proof| name_of(&proof)))
}

/// Whether nothing was ever kept in a database (of data or of keys): it is not there, or nobody has written to its
/// host and nothing was applied.
///
/// # Errors
/// When it is there and cannot be read.
pub async fn is_unused(url: &str) -> Result<bool, OpenError> {
    let address = Address::parse(url)?;
    if std::fs::metadata(address.path()).map_or(0, |file| file.len()) == 0 {
        return Ok(true);
    }
    let mut connection = address.visitor().await?;
    let used = used(&mut connection).await.map_err(|source| address.database_error(source));
    sqlite::close(connection).await;
    used.map(|used| !used)
}

async fn used(connection: &mut Connection) -> Result<bool, sqlx::Error> {
    const TABLES: &str =
        "SELECT name FROM sqlite_schema WHERE name IN ('contacts', 'applied', 'users', 'contact_keys')";
    for row in sqlx::query(TABLES).fetch_all(&mut *connection).await? {
        let table: String = row.try_get(0)?;
        let any = sqlx::AssertSqlSafe(format!("SELECT EXISTS (SELECT 1 FROM {table})"));
        if sqlx::query(any).fetch_one(&mut *connection).await?.try_get::<i64, _>(0)? == 1 {
            return Ok(true);
        }
    }
    Ok(false)
}

async fn copy(address: &Address, file: &Path) -> Result<i64, CopyError> {
    let mut connection = address.visitor().await?;
    let target = |source| CopyError::Target { file: file.to_owned(), source };
    new_file(file).map_err(target)?;
    let copied = async {
        sqlite::copy_into(&mut connection, file).await?;
        sqlite::migration(&mut connection).await
    }
    .await;
    let durable = copied
        .map_err(|source| CopyError::Failed { database: address.path().to_owned(), file: file.to_owned(), source })
        .and_then(|migration| sync(file).map_err(target).map(|()| migration));
    if durable.is_err() {
        // Half a copy would only be taken for one.
        std::fs::remove_file(file).ok();
    }
    sqlite::close(connection).await;
    durable
}

fn new_file(file: &Path) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options.open(file).map(drop)
}

/// The file, and its name, outlast a loss of power.
fn sync(file: &Path) -> std::io::Result<()> {
    std::fs::File::open(file)?.sync_all()?;
    match file.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        Some(folder) => std::fs::File::open(folder)?.sync_all(),
        None => Ok(()),
    }
}
