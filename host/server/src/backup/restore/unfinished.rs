//! The note that a restore has begun to put things in place. While it is there, nothing is served.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::backup::files;

/// What a restore that has begun was about to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unfinished {
    /// The SHA-256 of the copy of the keys that it puts in place, if it puts any.
    pub(super) keys: Option<String>,
    /// Where the data goes that was in place, if there was any.
    pub(super) aside: Option<PathBuf>,
}

/// Why a restore that has begun is in the way.
#[derive(Debug, thiserror::Error)]
pub enum UnfinishedError {
    /// It was not finished.
    #[error(
        "a restore of {database} was begun and not finished, so that data and keys may not belong together: do the same \
         `santun restore` once more (its note is {note})"
    )]
    Begun {
        /// Of which database.
        database: PathBuf,
        /// The note.
        note: PathBuf,
    },
    /// The note cannot be read or written.
    #[error("the note of a restore {note} cannot be read or written: {source}")]
    Note {
        /// The note.
        note: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

impl Unfinished {
    /// The restore of this database that was not finished, if there is one.
    pub(super) fn find(database: &Path) -> Result<Option<Self>, UnfinishedError> {
        let note = place_of(database);
        let failed = |source| UnfinishedError::Note { note: note.clone(), source };
        match std::fs::read(&note) {
            Ok(text) => Ok(Some(serde_json::from_slice(&text).map_err(|error| failed(error.into()))?)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(failed(error)),
        }
    }

    /// Refuses a database of which a restore was not finished.
    pub fn refuse(database: &Path) -> Result<(), UnfinishedError> {
        match Self::find(database)? {
            None => Ok(()),
            Some(_) => Err(UnfinishedError::Begun { database: database.to_owned(), note: place_of(database) }),
        }
    }

    /// Whether what was in place is all put aside, so that what is in place now was restored.
    pub(super) fn has_made_way(&self) -> bool {
        // The database itself is the last of its files to go.
        self.aside.as_ref().is_none_or(|aside| aside.exists())
    }

    /// Notes that it begins.
    pub(super) fn write(&self, database: &Path) -> Result<(), UnfinishedError> {
        let note = place_of(database);
        let written = serde_json::to_vec(self).map_err(Into::into).and_then(|text| files::write_whole(&note, &text));
        written.map_err(|source| UnfinishedError::Note { note, source })
    }

    /// It is finished.
    pub(super) fn done(database: &Path) -> Result<(), UnfinishedError> {
        let note = place_of(database);
        let gone = std::fs::remove_file(&note).and_then(|()| files::sync_folder_of(&note));
        gone.map_err(|source| UnfinishedError::Note { note, source })
    }
}

fn place_of(database: &Path) -> PathBuf {
    files::with(database, ".unfinished-restore")
}
