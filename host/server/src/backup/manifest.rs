//! `manifest.json`: what a folder of a backup holds. It is written last: without it the folder holds no backup.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::files;

/// Its name.
const NAME: &str = "manifest.json";

/// The only format there is.
const FORMAT: u32 = 1;

/// What a folder of a backup holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The format of this manifest.
    pub format: u32,
    /// Data, or keys.
    pub holds: Holds,
    /// The version of the program that made the backup.
    pub santun: String,
    /// When, in RFC 3339.
    pub taken_at: String,
    /// The last migration that the database has been through.
    pub migration: i64,
    /// The name of the master key that the keys are wrapped by. It tells nothing about the key.
    pub master_key: Option<String>,
    /// The files. The first is the database.
    pub files: Vec<CopiedFile>,
}

/// Data and keys are never in one folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Holds {
    /// Everything but keys.
    Data,
    /// The contacts' keys.
    Keys,
}

impl Holds {
    const fn word(self) -> &'static str {
        match self {
            Self::Data => "data",
            Self::Keys => "keys",
        }
    }
}

/// A file of a backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CopiedFile {
    /// Its name in the folder.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// Its SHA-256, in hexadecimal digits.
    pub sha256: String,
}

/// Why a folder cannot be restored from.
#[derive(Debug, thiserror::Error)]
pub enum ManifestError {
    /// There is no manifest.
    #[error("{folder} holds no whole backup: there is no {NAME} in it, which `santun backup` writes last")]
    None {
        /// Which folder.
        folder: PathBuf,
    },
    /// The manifest cannot be read.
    #[error("{file} cannot be read: {why}")]
    Unreadable {
        /// Which file.
        file: PathBuf,
        /// Why.
        why: String,
    },
    /// A newer version made it.
    #[error("{file} is of format {format}, made by santun {santun}; use that version")]
    Newer {
        /// Which file.
        file: PathBuf,
        /// Its format.
        format: u32,
        /// Who made it.
        santun: String,
    },
    /// It holds the other thing.
    #[error("{folder} holds {}, and not {}: name the folder of the data first, that of the keys by `--keys`", .found.word(), .wanted.word())]
    Other {
        /// Which folder.
        folder: PathBuf,
        /// What it holds.
        found: Holds,
        /// What it should hold.
        wanted: Holds,
    },
    /// A file is missing.
    #[error("the backup is damaged: {file} is missing")]
    Missing {
        /// Which file.
        file: PathBuf,
    },
    /// A file is not the one that was written.
    #[error("the backup is damaged: the SHA-256 of {file} is not the one in its manifest; take another backup")]
    Damaged {
        /// Which file.
        file: PathBuf,
    },
}

impl Manifest {
    /// A manifest of this version of the program.
    pub(super) fn new(
        holds: Holds,
        at: santun_core::time::Timestamp,
        migration: i64,
        master_key: Option<String>,
    ) -> Self {
        Self {
            format: FORMAT,
            holds,
            santun: env!("CARGO_PKG_VERSION").to_owned(),
            taken_at: at.to_string(),
            migration,
            master_key,
            files: Vec::new(),
        }
    }

    /// Adds a file of the folder.
    pub(super) fn add(&mut self, folder: &Path, name: &str) -> std::io::Result<()> {
        let (bytes, sha256) = files::sum(&folder.join(name))?;
        self.files.push(CopiedFile { name: name.to_owned(), bytes, sha256 });
        Ok(())
    }

    /// Writes it into the folder: only now is it a backup.
    pub(super) fn write(&self, folder: &Path) -> std::io::Result<()> {
        let text = serde_json::to_vec_pretty(self).map_err(std::io::Error::other)?;
        files::write_whole(&folder.join(NAME), &text)
    }

    /// The manifest of a folder that holds this; `None` if there is none.
    pub(super) fn find(folder: &Path, wanted: Holds) -> Result<Option<Self>, ManifestError> {
        let file = folder.join(NAME);
        let unreadable = |why: String| ManifestError::Unreadable { file: file.clone(), why };
        let text = match std::fs::read(&file) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(unreadable(error.to_string())),
        };
        let manifest: Self = serde_json::from_slice(&text).map_err(|error| unreadable(error.to_string()))?;
        if manifest.format != FORMAT {
            return Err(ManifestError::Newer { file, format: manifest.format, santun: manifest.santun });
        }
        if manifest.holds != wanted {
            return Err(ManifestError::Other { folder: folder.to_owned(), found: manifest.holds, wanted });
        }
        let stays = |name: &str| matches!(Path::new(name).file_name(), Some(file) if file == name);
        if manifest.files.is_empty() || !manifest.files.iter().all(|file| stays(&file.name)) {
            return Err(unreadable("it names no database, or a file outside the folder".to_owned()));
        }
        Ok(Some(manifest))
    }

    /// The manifest of a folder, all of whose files are what they were when they were written.
    pub(super) fn checked(folder: &Path, wanted: Holds) -> Result<Self, ManifestError> {
        let manifest = Self::find(folder, wanted)?;
        let manifest = manifest.ok_or_else(|| ManifestError::None { folder: folder.to_owned() })?;
        for copied in &manifest.files {
            let file = folder.join(&copied.name);
            match files::sum(&file) {
                Ok((bytes, sha256)) if bytes == copied.bytes && sha256 == copied.sha256 => {}
                Ok(_) => return Err(ManifestError::Damaged { file }),
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                    return Err(ManifestError::Missing { file });
                }
                Err(error) => return Err(ManifestError::Unreadable { file, why: error.to_string() }),
            }
        }
        Ok(manifest)
    }

    /// The SHA-256 of the database.
    pub(super) fn database_sum(&self) -> &str {
        self.files.first().map_or("", |file| &file.sha256)
    }

    /// The database's file in the folder.
    pub(super) fn database(&self, folder: &Path) -> PathBuf {
        // A manifest without files does not come this far.
        self.files.first().map_or_else(PathBuf::new, |file| folder.join(&file.name))
    }
}
