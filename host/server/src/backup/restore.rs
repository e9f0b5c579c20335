//! A host that comes back from a backup.
//!
//! The copies are put beside the places where the databases belong, brought to agree there, and only then put in place,
//! keys first. Whatever stops this half-way can be done again from its beginning: until it is done, a note beside the
//! data keeps every host from serving what is there, and says what was on its way.

mod place;
mod unfinished;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use santun_core::world::World;
use santun_store::faults::{Point, pass};
use santun_store::{MasterKey, OpenError, ReuniteError, Reunited, StoreSettings};
use serde::Serialize;

use super::manifest::{Holds, Manifest, ManifestError};
use place::Place;
pub use unfinished::{Unfinished, UnfinishedError};

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

/// Why nothing was restored.
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
    /// A restore that was not finished cannot be gone on with.
    #[error(transparent)]
    Unfinished(#[from] UnfinishedError),
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
    let earlier = Unfinished::find(&data_place.database)?;
    // Nobody has served since an earlier try began: what it put in place is its own, and may be put there anew.
    let has_made_way = earlier.as_ref().is_some_and(Unfinished::has_made_way);
    let makes_way = earlier.as_ref().is_some_and(|earlier| earlier.aside.is_some());
    let in_the_way = !has_made_way && (makes_way || !santun_store::is_unused(&data_url).await?);
    if in_the_way && !wanted.replace {
        return Err(RestoreError::DataInPlace { place: data_place.database });
    }
    let keys_unused = santun_store::is_unused(&keys_url).await?;
    let keys_sum = keys.as_ref().map(|keys| keys.database_sum().to_owned());
    let keys_put = !keys_unused && keys.is_some() && earlier.as_ref().is_some_and(|earlier| earlier.keys == keys_sum);
    let keyed_alike =
        keys_place.database.exists() && santun_store::master_key_of(&keys_url).await.ok().flatten() == data.master_key;
    match (&keys, keys_unused) {
        (None, true) if !keyed_alike => return Err(RestoreError::NoKeys { place: keys_place.database }),
        (Some(_), false) if !keys_put => return Err(RestoreError::KeysInPlace { place: keys_place.database }),
        _ => {}
    }
    let keys = keys.filter(|_| !keys_put);
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
    let put_aside = match earlier {
        Some(Unfinished { aside: Some(aside), .. }) => Some(aside),
        _ => in_the_way.then(|| data_place.beside(&format!("replaced-{}", world.now().as_millis()))),
    };
    let note = Unfinished { keys: keys_sum, aside: put_aside.clone() };
    note.write(&data_place.database)?;
    pass(Point::RestoreNoted);
    if keys.is_some() {
        keys_place.clear(None)?;
        keys_place.put()?;
    }
    pass(Point::KeysRestored);
    data_place.clear(put_aside.as_deref().filter(|_| !has_made_way))?;
    pass(Point::MadeWay);
    data_place.put()?;
    pass(Point::DataRestored);
    Unfinished::done(&data_place.database)?;
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
