//! A host that comes back from a backup.
//!
//! The copies are put beside the places where the databases belong, brought to agree there, and only then put in place,
//! keys first: whatever stops this half-way, what was there before is there, or the whole of what was restored.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use santun_core::world::World;
use santun_store::{MasterKey, OpenError, ReuniteError, Reunited, StoreSettings, ownership};
use serde::Serialize;

use super::files;
use super::manifest::{Holds, Manifest, ManifestError};
use crate::secrets::SecretRef;
use crate::serve::{MasterKeyTrouble, existing_master_key};
use crate::settings::Settings;
use crate::sole::{Sole, SoleError};

/// What is to be restored.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// The folder that holds the data.
    pub data: &'a Path,
    /// The folder that holds the keys, if those of this machine are lost, or it never had them.
    pub keys: Option<&'a Path>,
    /// Whether data that is in place makes way. It is put aside, not removed.
    pub replace: bool,
}

/// What was restored.
#[derive(Clone, Debug, Serialize)]
pub struct Restored {
    /// Where the data is now.
    pub database: PathBuf,
    /// When it was copied.
    pub taken_at: String,
    /// Persons whose data can be read.
    pub contacts: u64,
    /// Persons whose data was in the backup, and no key to it: forgotten since, or newer than the keys.
    pub without_key: u64,
    /// Persons who were forgotten after the keys were copied, and are forgotten again.
    pub forgotten_again: u64,
    /// Messages that waited to be sent when the data was copied, and were perhaps sent since.
    pub perhaps_sent: u64,
    /// Where the data is that made way.
    pub put_aside: Option<PathBuf>,
    /// Secrets that the settings name and that are not at hand, each with what to do.
    pub missing: Vec<String>,
}

/// Why nothing was restored. What was there before is still there.
#[derive(Debug, thiserror::Error)]
pub enum RestoreError {
    /// The backup cannot be used.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    /// A host serves the database, or its place cannot be written.
    #[error(transparent)]
    Sole(#[from] SoleError),
    /// The master key is not at hand.
    #[error(
        "the master key is missing ({why}): put the key there that the backup was made under (named {name}). \
         Without it nothing personal can be read again"
    )]
    NoMasterKey {
        /// Why it cannot be had.
        why: MasterKeyTrouble,
        /// The name of the right one.
        name: String,
    },
    /// Another master key is at hand.
    #[error(
        "the master key at {place} is another one (named {found}) than the backup of the {what} was made under \
         (named {wanted}): put that one there"
    )]
    OtherMasterKey {
        /// Where the settings say that it is.
        place: SecretRef,
        /// Data or keys.
        what: &'static str,
        /// Its name.
        found: String,
        /// The name of the right one.
        wanted: String,
    },
    /// There are no keys.
    #[error(
        "the keys are missing: there are none at {place}, and without them nothing personal in the backup can be \
         read. Name a copy of them by `--keys`"
    )]
    NoKeys {
        /// Where they should be.
        place: PathBuf,
    },
    /// There are keys in place.
    #[error(
        "there are keys at {place} already, and they know who was forgotten since a copy was made: leave out `--keys` \
         to use them, or move them away if they are damaged"
    )]
    KeysInPlace {
        /// Where.
        place: PathBuf,
    },
    /// There is data in place.
    #[error("the database {place} is not empty: say `--replace` to put it aside and restore in its place")]
    DataInPlace {
        /// Where.
        place: PathBuf,
    },
    /// A file cannot be written.
    #[error("cannot write {path}: {source}")]
    Unwritable {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A database cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// Data and keys could not be brought to agree.
    #[error(transparent)]
    Reunite(#[from] ReuniteError),
}

/// Restores a backup to where the settings say that the databases are. No host may serve them.
pub async fn restore(
    settings: &Settings,
    wanted: &Wanted<'_>,
    world: Arc<dyn World>,
) -> Result<Restored, RestoreError> {
    let data = Manifest::checked(wanted.data, Holds::Data)?;
    let keys = wanted.keys.map(|folder| Manifest::checked(folder, Holds::Keys)).transpose()?;
    let master_key = master_key_for(settings, &data, keys.as_ref())?;
    let url = |url: &str| settings.database_url(url);
    let (data_url, keys_url) = (url(&settings.database.url), url(&settings.database.keys));
    let (data_place, keys_place) = (Place::of(&data_url)?, Place::of(&keys_url)?);
    let _sole = Sole::claim(settings)?;
    let data_unused = santun_store::is_unused(&data_url).await?;
    if !data_unused && !wanted.replace {
        return Err(RestoreError::DataInPlace { place: data_place.database });
    }
    let keys_unused = santun_store::is_unused(&keys_url).await?;
    let keyed_alike =
        keys_place.database.exists() && santun_store::master_key_of(&keys_url).await.ok().flatten() == data.master_key;
    match (&keys, keys_unused) {
        (None, true) if !keyed_alike => return Err(RestoreError::NoKeys { place: keys_place.database }),
        (Some(_), false) => return Err(RestoreError::KeysInPlace { place: keys_place.database }),
        _ => {}
    }
    data_place.bring(&data.database(wanted.data))?;
    if let (Some(keys), Some(folder)) = (&keys, wanted.keys) {
        keys_place.bring(&keys.database(folder))?;
    }
    let brought = StoreSettings {
        url: data_place.brought_url(),
        keys_url: if keys.is_some() { keys_place.brought_url() } else { keys_url },
        master_key,
    };
    let reunited: Reunited = santun_store::reunite(&brought, world.clone()).await?;
    if keys.is_some() {
        keys_place.clear(None)?;
        keys_place.put()?;
    }
    let put_aside = (!data_unused).then(|| data_place.beside(&format!("replaced-{}", world.now().as_millis())));
    data_place.clear(put_aside.as_deref())?;
    data_place.put()?;
    Ok(Restored {
        database: data_place.database,
        taken_at: data.taken_at,
        contacts: reunited.contacts,
        without_key: reunited.without_key,
        forgotten_again: reunited.forgotten_again,
        perhaps_sent: reunited.perhaps_sent,
        put_aside,
        missing: missing_secrets(settings),
    })
}

/// The master key, which must be the one that both were made under. Restoring never makes a new one.
fn master_key_for(settings: &Settings, data: &Manifest, keys: Option<&Manifest>) -> Result<MasterKey, RestoreError> {
    let name = data.master_key.clone().or_else(|| keys?.master_key.clone()).unwrap_or_default();
    let found = existing_master_key(settings).map_err(|why| RestoreError::NoMasterKey { why, name })?;
    for (what, manifest) in [("data", Some(data)), ("keys", keys)] {
        match manifest.and_then(|manifest| manifest.master_key.clone()) {
            Some(wanted) if wanted != found.name() => {
                let place = settings.database.master_key.clone();
                return Err(RestoreError::OtherMasterKey { place, what, found: found.name(), wanted });
            }
            _ => {}
        }
    }
    Ok(found)
}

/// What the settings name and a host that starts would miss.
fn missing_secrets(settings: &Settings) -> Vec<String> {
    let whatsapp = &settings.whatsapp;
    let app_secrets = whatsapp.app_secret.all().iter().map(|secret| ("app_secret", secret));
    let others = [("verify_token", &whatsapp.verify_token), ("access_token", &whatsapp.access_token)];
    let named = app_secrets.chain(others);
    named
        .filter_map(|(what, secret)| Some(format!("whatsapp.{what}: {}", secret.read(&settings.folder).err()?)))
        .collect()
}

/// Where a database belongs.
struct Place {
    database: PathBuf,
}

impl Place {
    fn of(url: &str) -> Result<Self, OpenError> {
        Ok(Self { database: santun_store::database_path(url)? })
    }

    fn beside(&self, ending: &str) -> PathBuf {
        let mut name = self.database.clone().into_os_string();
        name.push(".");
        name.push(ending);
        name.into()
    }

    fn brought(&self) -> PathBuf {
        self.beside("restoring")
    }

    fn brought_url(&self) -> String {
        format!("sqlite:{}", self.brought().display())
    }

    /// Copies a database beside its place. What an earlier try left there goes.
    fn bring(&self, from: &Path) -> Result<(), RestoreError> {
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
    fn clear(&self, aside: Option<&Path>) -> Result<(), RestoreError> {
        let cleared = match aside {
            Some(aside) => (|| {
                // Its log first: without it the database would be older than it is.
                for ending in files::BESIDE.iter().chain([&""]) {
                    match std::fs::rename(files::with(&self.database, ending), files::with(aside, ending)) {
                        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
                        _ => {}
                    }
                }
                Ok(())
            })(),
            None => files::remove_database(&self.database),
        };
        cleared.map_err(|source| RestoreError::Unwritable { path: self.database.clone(), source })
    }

    /// Puts what was brought into place.
    fn put(&self) -> Result<(), RestoreError> {
        let put = std::fs::rename(self.brought(), &self.database).and_then(|()| files::sync_folder_of(&self.database));
        put.map_err(|source| RestoreError::Unwritable { path: self.database.clone(), source })
    }
}
