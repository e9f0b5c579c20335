//! Compiled code on disk. It is machine code that will run in this process, so every file is
//! authenticated with the host's key before anything of it is mapped.

use std::collections::HashSet;
use std::hash::{Hash, Hasher};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use hmac::{Hmac, Mac};
use santun_core::ids::RevisionId;
use sha2::{Digest, Sha256};
use wasmtime::Engine;
use wasmtime::component::Component;

/// Bytes of the authentication code in front of the compiled code.
const CODE: usize = 32;

/// The extension of a whole file.
const COMPILED: &str = "compiled";

/// The folder of compiled code.
#[derive(Debug)]
pub(crate) struct Cache {
    folder: PathBuf,
    key: [u8; 32],
    /// Names the engine: its version, settings and machine.
    engine: [u8; 32],
}

impl Cache {
    pub(crate) fn open(folder: PathBuf, key: [u8; 32], engine: &Engine) -> std::io::Result<Self> {
        std::fs::create_dir_all(&folder)?;
        let mut hasher = Stable(Sha256::new());
        engine.precompile_compatibility_hash().hash(&mut hasher);
        Ok(Self { folder, key, engine: hasher.0.finalize().into() })
    }

    /// The component, if it is there, authentic and fit for this engine.
    pub(crate) fn load(&self, engine: &Engine, revision: RevisionId) -> Option<Component> {
        let path = self.path(revision);
        let file = std::fs::read(&path).ok()?;
        let (code, compiled) = file.split_at_checked(CODE)?;
        if self.mac(revision, compiled).verify_slice(code).is_err() {
            tracing::warn!(%revision, path = %path.display(), "compiled code is not authentic: compiling again");
            return None;
        }
        #[expect(unsafe_code, reason = "compiled code has no safe way in; see SAFETY")]
        // SAFETY: these very bytes, already in our memory, carry the authentication code of this host's
        // key over the engine's compatibility hash and the revision: this host wrote them by
        // `Component::serialize` with an equal engine.
        let component = unsafe { Component::deserialize(engine, compiled) };
        match component {
            Ok(component) => Some(component),
            Err(error) => {
                tracing::warn!(%revision, %error, "compiled code does not load: compiling again");
                None
            }
        }
    }

    /// Whether there is anything of it.
    pub(crate) fn has(&self, revision: RevisionId) -> bool {
        self.path(revision).exists()
    }

    /// Keeps it. A process that dies meanwhile leaves nothing under that name; a machine that does may leave a part,
    /// which is not authentic.
    pub(crate) fn store(&self, revision: RevisionId, component: &Component) -> Result<(), String> {
        let compiled = component.serialize().map_err(|error| error.to_string())?;
        let code = self.mac(revision, &compiled).finalize().into_bytes();
        self.write(&self.path(revision), &code, &compiled).map_err(|error| error.to_string())
    }

    /// Drops what is not of this engine and one of these revisions; gives how many files went. What
    /// others have put into the folder stays.
    pub(crate) fn prune(&self, kept: &HashSet<RevisionId>) -> std::io::Result<usize> {
        let mut dropped = 0;
        for entry in std::fs::read_dir(&self.folder)? {
            let path = entry?.path();
            let Some(revision) = revision_of(&path) else { continue };
            let needed = kept.contains(&revision) && path == self.path(revision);
            let unfinished = path.extension().is_some_and(|extension| extension != COMPILED);
            // Somebody may be writing it at this moment; once nobody needs the revision, it is a remnant.
            if needed || unfinished && kept.contains(&revision) {
                continue;
            }
            match std::fs::remove_file(&path) {
                Ok(()) => dropped += 1,
                // Another host of the same folder was quicker.
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
        Ok(dropped)
    }

    fn write(&self, path: &Path, code: &[u8], compiled: &[u8]) -> std::io::Result<()> {
        // Two writers of one revision write the same; the last rename wins.
        let unfinished = path.with_extension(format!("{}-{:?}.part", std::process::id(), std::thread::current().id()));
        let mut file = std::fs::File::create(&unfinished)?;
        file.write_all(code)?;
        file.write_all(compiled)?;
        // Not synced: the disk takes one after the other, and a megabyte of what can be compiled again would stand
        // before the commits of customers' messages (3 to 40 ms at each swap).
        std::fs::rename(&unfinished, path)
    }

    fn path(&self, revision: RevisionId) -> PathBuf {
        self.folder.join(format!("{revision}-{}.{COMPILED}", hex::encode(&self.engine[..8])))
    }

    fn mac(&self, revision: RevisionId, compiled: &[u8]) -> Hmac<Sha256> {
        crate::keyed::keyed(&self.key)
            .chain_update(b"santun:compiled\0")
            .chain_update(self.engine)
            .chain_update(revision.as_bytes())
            .chain_update(compiled)
    }
}

/// The revision that a file of the folder belongs to; nothing if it is none of the cache's own.
fn revision_of(path: &Path) -> Option<RevisionId> {
    let (revision, rest) = path.file_name()?.to_str()?.split_once('-')?;
    let ours = rest.ends_with(&format!(".{COMPILED}")) || rest.ends_with(".part");
    revision.parse().ok().filter(|_| ours)
}

/// A hasher whose result is the same in every process.
struct Stable(Sha256);

impl Hasher for Stable {
    fn finish(&self) -> u64 {
        let [a, b, c, d, e, f, g, h, ..] = <[u8; 32]>::from(self.0.clone().finalize());
        u64::from_le_bytes([a, b, c, d, e, f, g, h])
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }
}
