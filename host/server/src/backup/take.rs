//! Taking a backup, beside a host that serves or without one.

use std::path::{Path, PathBuf};

use santun_core::world::World;
use santun_store::{CopyError, OpenError};
use serde::Serialize;

use super::files;
use super::manifest::{Holds, Manifest, ManifestError};
use crate::settings::Settings;

/// What was copied.
#[derive(Clone, Debug, Serialize)]
pub struct Taken {
    /// The data.
    pub data: Manifest,
    /// The keys, if they were asked for.
    pub keys: Option<Manifest>,
}

/// Why nothing, or not everything, was copied.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The folder for the data holds something.
    #[error("{folder} is not empty: a backup of the data gets a folder of its own each time")]
    NotEmpty {
        /// Which folder.
        folder: PathBuf,
    },
    /// The folder for the keys holds something that is no backup of keys.
    #[error("{folder} holds something else than an earlier copy of the keys: name a folder for the keys alone")]
    NotForKeys {
        /// Which folder.
        folder: PathBuf,
    },
    /// One folder is in the other.
    #[error("the keys must not lie with the data: {keys} and {data} are one folder, or one is in the other")]
    Together {
        /// Where the data was to go.
        data: PathBuf,
        /// Where the keys were to go.
        keys: PathBuf,
    },
    /// A folder or file cannot be written.
    #[error("cannot write {path}: {source}")]
    Unwritable {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// An earlier copy of the keys cannot be understood.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    /// A database could not be copied.
    #[error(transparent)]
    Copy(#[from] CopyError),
    /// A database could not be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
}

/// Copies the data into `folder` (new, or empty), and the keys into another folder. Of the keys only the latest copy is
/// kept there: an older one would bring back whom somebody asked to forget. A host may serve meanwhile; everything
/// that it acknowledged before this was called is in the copy.
pub async fn backup(
    settings: &Settings,
    folder: &Path,
    keys: Option<&Path>,
    world: &dyn World,
) -> Result<Taken, BackupError> {
    prepare(folder)?;
    if let Some(keys) = keys {
        make(keys)?;
        apart(folder, keys)?;
        let known = Manifest::find(keys, Holds::Keys).map_err(|error| match error {
            ManifestError::Other { folder, .. } => BackupError::NotForKeys { folder },
            error => error.into(),
        })?;
        if known.is_none() && !is_empty(keys)? {
            return Err(BackupError::NotForKeys { folder: keys.to_owned() });
        }
    }
    let master_key = santun_store::master_key_of(&settings.database_url(&settings.database.keys)).await?;
    let data = copy_data(settings, folder, master_key.clone(), world).await?;
    // After the data: keys copied later open all of it.
    let keys = match keys {
        Some(keys) => Some(copy_keys(settings, keys, master_key, world).await?),
        None => None,
    };
    Ok(Taken { data, keys })
}

async fn copy_data(
    settings: &Settings,
    folder: &Path,
    master_key: Option<String>,
    world: &dyn World,
) -> Result<Manifest, BackupError> {
    const DATABASE: &str = "santun.db";
    const SETTINGS: &str = "santun.toml";
    let taken_at = world.now();
    let migration =
        santun_store::copy_data(&settings.database_url(&settings.database.url), &folder.join(DATABASE)).await?;
    let mut manifest = Manifest::new(Holds::Data, taken_at, migration, master_key);
    files::copy(&settings.file, &folder.join(SETTINGS)).map_err(unwritable(&folder.join(SETTINGS)))?;
    for name in [DATABASE, SETTINGS] {
        manifest.add(folder, name).map_err(unwritable(&folder.join(name)))?;
    }
    manifest.write(folder).map_err(unwritable(folder))?;
    Ok(manifest)
}

async fn copy_keys(
    settings: &Settings,
    folder: &Path,
    master_key: Option<String>,
    world: &dyn World,
) -> Result<Manifest, BackupError> {
    let taken_at = world.now();
    // A name of its own, so that the earlier copy is whole until this one is.
    let name = format!("santun-keys-{}.db", taken_at.as_millis());
    let migration =
        santun_store::copy_keys(&settings.database_url(&settings.database.keys), &folder.join(&name)).await?;
    let mut manifest = Manifest::new(Holds::Keys, taken_at, migration, master_key);
    manifest.add(folder, &name).map_err(unwritable(&folder.join(&name)))?;
    manifest.write(folder).map_err(unwritable(folder))?;
    remove_earlier(folder, &name).map_err(unwritable(folder))?;
    Ok(manifest)
}

fn remove_earlier(folder: &Path, latest: &str) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name != latest && name.starts_with("santun-keys-") && name.ends_with(".db") {
            std::fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

fn prepare(folder: &Path) -> Result<(), BackupError> {
    make(folder)?;
    if is_empty(folder)? { Ok(()) } else { Err(BackupError::NotEmpty { folder: folder.to_owned() }) }
}

fn make(folder: &Path) -> Result<(), BackupError> {
    files::make_folder(folder).map_err(unwritable(folder))
}

fn is_empty(folder: &Path) -> Result<bool, BackupError> {
    let mut entries = std::fs::read_dir(folder).map_err(unwritable(folder))?;
    Ok(entries.next().is_none())
}

fn apart(data: &Path, keys: &Path) -> Result<(), BackupError> {
    let real = |folder: &Path| std::fs::canonicalize(folder).map_err(unwritable(folder));
    let (one, other) = (real(data)?, real(keys)?);
    if one.starts_with(&other) || other.starts_with(&one) {
        return Err(BackupError::Together { data: data.to_owned(), keys: keys.to_owned() });
    }
    Ok(())
}

fn unwritable(path: &Path) -> impl Fn(std::io::Error) -> BackupError + use<> {
    let path = path.to_owned();
    move |source| BackupError::Unwritable { path: path.clone(), source }
}
