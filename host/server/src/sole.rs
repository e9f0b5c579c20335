//! One host a database: two would each believe that they hold every conversation.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::PathBuf;

use crate::settings::Settings;

/// The claim on a database. It ends with this value, or with the process.
#[derive(Debug)]
pub struct Sole {
    _file: File,
}

/// Why a database cannot be claimed.
#[derive(Debug, thiserror::Error)]
pub enum SoleError {
    /// Another host has it.
    #[error("another host serves {database} already: stop it, or use another `database.url`")]
    Taken {
        /// Which database.
        database: PathBuf,
    },
    /// The lock cannot be written.
    #[error("cannot lock {lock}: {source}")]
    Unwritable {
        /// Which file.
        lock: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

impl Sole {
    /// Claims the database that the settings name: a locked file beside it.
    pub fn claim(settings: &Settings) -> Result<Self, SoleError> {
        let url = settings.database_url(&settings.database.url);
        let database = PathBuf::from(url.strip_prefix("sqlite:").unwrap_or(&url));
        let mut lock = database.clone().into_os_string();
        lock.push(".lock");
        let lock = PathBuf::from(lock);
        let unwritable = |source| SoleError::Unwritable { lock: lock.clone(), source };
        if let Some(folder) = lock.parent() {
            std::fs::create_dir_all(folder).map_err(unwritable)?;
        }
        let file = OpenOptions::new().create(true).append(true).open(&lock).map_err(unwritable)?;
        santun_store::ownership::as_the_folder(&lock);
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(SoleError::Taken { database }),
            Err(TryLockError::Error(source)) => Err(unwritable(source)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_is_served_by_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("santun.toml");
        std::fs::write(
            &path,
            "[whatsapp]\napp_secret = \"env:A\"\nverify_token = \"env:B\"\naccess_token = \"env:C\"\n",
        )
        .unwrap();
        let settings = Settings::read(&path).unwrap();
        let first = Sole::claim(&settings).unwrap();
        assert!(matches!(Sole::claim(&settings), Err(SoleError::Taken { .. })));
        drop(first);
        Sole::claim(&settings).unwrap();
    }
}
