//! Where a database belongs, and what is put there.

use std::path::{Path, PathBuf};

use santun_store::{OpenError, ownership};

use super::RestoreError;
use crate::backup::files;

/// Where a database belongs.
pub(super) struct Place {
    pub(super) database: PathBuf,
}

impl Place {
    pub(super) fn of(url: &str) -> Result<Self, OpenError> {
        Ok(Self { database: santun_store::database_path(url)? })
    }

    pub(super) fn beside(&self, ending: &str) -> PathBuf {
        let mut name = self.database.clone().into_os_string();
        name.push(".");
        name.push(ending);
        name.into()
    }

    pub(super) fn brought(&self) -> PathBuf {
        self.beside("restoring")
    }

    pub(super) fn brought_url(&self) -> String {
        format!("sqlite:{}", self.brought().display())
    }

    /// Copies a database beside its place. What an earlier try left there goes.
    pub(super) fn bring(&self, from: &Path) -> Result<(), RestoreError> {
        let brought = self.brought();
        let written = (|| {
            if let Some(folder) = brought.parent() {
                files::make_folder(folder)?;
            }
            files::remove_database(&brought)?;
            files::copy(from, &brought)
        })();
        written.map_err(|source| RestoreError::Unwritable { path: brought.clone(), source })?;
        ownership::as_the_folder(&brought);
        Ok(())
    }

    /// Makes room: what is there is moved to `aside`, or removed where nothing was ever kept in it.
    pub(super) fn clear(&self, aside: Option<&Path>) -> Result<(), RestoreError> {
        let cleared = match aside {
            Some(aside) => (|| {
                // Its log first: without it the database would be older than it is.
                for ending in files::BESIDE.iter().chain([&""]) {
                    let (from, to) = (files::with(&self.database, ending), files::with(aside, ending));
                    // An earlier try moved that one; what is there now, somebody who looked at the database left.
                    let moved = if to.exists() { std::fs::remove_file(from) } else { std::fs::rename(from, to) };
                    match moved {
                        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
                        _ => {}
                    }
                }
                files::sync_folder_of(aside)
            })(),
            None => files::remove_database(&self.database),
        };
        cleared.map_err(|source| RestoreError::Unwritable { path: self.database.clone(), source })
    }

    /// Puts what was brought into place.
    pub(super) fn put(&self) -> Result<(), RestoreError> {
        let put = std::fs::rename(self.brought(), &self.database).and_then(|()| files::sync_folder_of(&self.database));
        put.map_err(|source| RestoreError::Unwritable { path: self.database.clone(), source })
    }
}
