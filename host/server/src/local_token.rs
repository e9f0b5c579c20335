//! The token with which commands on this machine reach the host that runs here.
//!
//! It is made anew at every start, lies in the file that `server.local_token` names (mode 0600), and goes with the
//! host. Like every token, the store knows only its hash.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use santun_core::world::World;
use santun_store::{NewToken, Role, StoreError};
use serde::{Deserialize, Serialize};

use crate::host::Host;
use crate::settings::Settings;

/// What tokens made for this purpose are labelled with.
const LABEL: &str = "local";

/// Where the host that runs is, and the token for it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Door {
    /// Its address, such as `http://127.0.0.1:8080`.
    pub url: String,
    /// The token.
    pub token: String,
}

/// The file, while the host runs.
#[derive(Debug)]
pub struct LocalToken {
    path: PathBuf,
    door: Door,
}

/// Why the file cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum LocalTokenError {
    /// The file cannot be written.
    #[error("cannot write {path}, through which commands on this machine reach the host: {source}")]
    Unwritable {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A new token: 256 random bits.
pub fn new_token(world: &dyn World) -> String {
    let mut bytes = [0; 32];
    world.fill(&mut bytes);
    format!("santun_{}", URL_SAFE_NO_PAD.encode(bytes))
}

fn file_of(settings: &Settings) -> PathBuf {
    settings.path(&settings.server.local_token)
}

impl LocalToken {
    /// Makes a token and writes the file.
    pub async fn write(host: &Host, settings: &Settings, address: SocketAddr) -> Result<Self, LocalTokenError> {
        let token = new_token(&*host.world);
        host.store.tokens_remove_labelled(LABEL).await?;
        host.store
            .token_add(NewToken {
                token: &token,
                label: LABEL.to_owned(),
                user: None,
                role: Role::Owner,
                expires_at: None,
            })
            .await?;
        let path = file_of(settings);
        let reached =
            if address.ip().is_unspecified() { SocketAddr::from(([127, 0, 0, 1], address.port())) } else { address };
        let door = Door { url: format!("http://{reached}"), token };
        write_private(&path, &door).map_err(|source| LocalTokenError::Unwritable { path: path.clone(), source })?;
        Ok(Self { path, door })
    }

    /// The host is about to end: the token goes with it.
    pub async fn remove(self, host: &Host) {
        let removed = host.store.tokens_remove_labelled(LABEL).await;
        if let Err(error) = removed {
            tracing::warn!(%error, "the local token could not be taken back; the next start does");
        }
        let there = std::fs::read_to_string(&self.path).ok().and_then(|text| serde_json::from_str::<Door>(&text).ok());
        if there.is_some_and(|door| door.token == self.door.token) {
            // Whoever finds the file after all finds a token that is good for nothing.
            let _ = std::fs::remove_file(self.path);
        }
    }
}

/// The door of the host that runs with these settings, if one does.
pub fn door(settings: &Settings) -> Option<Door> {
    let text = std::fs::read_to_string(file_of(settings)).ok()?;
    serde_json::from_str(&text).ok()
}

fn write_private(path: &Path, door: &Door) -> std::io::Result<()> {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    // Written beside and moved into place: whoever looks finds the whole token, or that of before.
    let new = path.with_extension("token.new");
    match std::fs::remove_file(&new) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&new)?;
    serde_json::to_writer(&mut file, door)?;
    file.flush()?;
    std::fs::rename(&new, path)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn the_file_is_there_as_a_whole_and_for_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("var/santun.token");
        // A start that was cut off, and a file of an earlier one that anybody may read.
        std::fs::create_dir_all(folder.path().join("var")).unwrap();
        std::fs::write(&path, "{").unwrap();
        std::fs::write(folder.path().join("var/santun.token.new"), "{\"url\"").unwrap();
        let earlier = std::fs::File::open(&path).unwrap();
        let door = Door { url: "http://127.0.0.1:8080".to_owned(), token: "santun_x".to_owned() };
        write_private(&path, &door).unwrap();
        let read: Door = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        assert_eq!(read.token, door.token);
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(earlier.metadata().unwrap().len(), 1, "nothing was written into the earlier file");
        assert_eq!(std::fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
    }
}
