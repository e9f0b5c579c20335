//! The key that all other keys come from or are wrapped by.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Read as _, Write as _};
use std::path::{Path, PathBuf};

use hmac::{Hmac, KeyInit as _, Mac as _};
use santun_core::world::World;
use sha2::Sha256;
use zeroize::{Zeroize as _, Zeroizing};

use crate::faults::{Point, pass};

/// 32 bytes that live outside both databases. Without them nothing personal can be read.
#[derive(Clone)]
pub struct MasterKey(Zeroizing<[u8; 32]>);

/// Why there is no master key.
#[derive(Debug, thiserror::Error)]
pub enum MasterKeyError {
    /// The file cannot be read or made.
    #[error("the master key {path} cannot be read or made: {source}")]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file holds something else.
    #[error("{path} is not a master key: it must hold 64 hexadecimal digits")]
    Content {
        /// The file.
        path: PathBuf,
    },
    /// Others than its owner may read the file.
    #[error("the master key {path} can be read by others (mode {mode:o}); run `chmod 600 {path}`")]
    Exposed {
        /// The file.
        path: PathBuf,
        /// Its mode.
        mode: u32,
    },
}

impl MasterKey {
    /// The key with these bytes.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// Reads the key from a file (64 hexadecimal digits), or makes the file with a new key, readable by
    /// its owner alone. A file that is there is never overwritten.
    pub fn load_or_create(path: impl AsRef<Path>, world: &dyn World) -> Result<Self, MasterKeyError> {
        let path = path.as_ref();
        match Self::load(path) {
            Err(MasterKeyError::File { source, .. }) if source.kind() == ErrorKind::NotFound => {}
            found => return found,
        }
        match Self::create(path, world) {
            // Another process was faster: its key counts.
            Err(MasterKeyError::File { source, .. }) if source.kind() == ErrorKind::AlreadyExists => Self::load(path),
            made => made,
        }
    }

    /// Reads the key from a file (64 hexadecimal digits), which must be there, and only its owner may read.
    pub fn load(path: impl AsRef<Path>) -> Result<Self, MasterKeyError> {
        let path = path.as_ref();
        let failed = |source| MasterKeyError::File { path: path.to_owned(), source };
        let mut file = OpenOptions::new().read(true).open(path).map_err(failed)?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt as _;
            let mode = file.metadata().map_err(failed)?.mode() & 0o777;
            if mode & 0o077 != 0 {
                return Err(MasterKeyError::Exposed { path: path.to_owned(), mode });
            }
        }
        let mut text = Zeroizing::new(String::new());
        file.read_to_string(&mut text).map_err(failed)?;
        let mut bytes = [0; 32];
        hex::decode_to_slice(text.trim(), &mut bytes).map_err(|_| MasterKeyError::Content { path: path.to_owned() })?;
        let key = Self::from_bytes(bytes);
        bytes.zeroize();
        Ok(key)
    }

    fn create(path: &Path, world: &dyn World) -> Result<Self, MasterKeyError> {
        let failed = |source| MasterKeyError::File { path: path.to_owned(), source };
        let mut options = OpenOptions::new();
        // What an earlier try left there was never a key.
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt as _;
            options.mode(0o600);
        }
        let mut bytes = [0; 32];
        world.fill(&mut bytes);
        let text = Zeroizing::new(hex::encode(bytes));
        bytes.zeroize();
        // Whole and durable beside its place, and only then in it: a disk that is full, or a power that goes, in the
        // midst of this leaves no half a key behind which every later start would stumble over.
        let mut name = path.as_os_str().to_owned();
        name.push(".new");
        let fresh = PathBuf::from(name);
        let made = (|| {
            let mut file = options.open(&fresh)?;
            file.write_all(text.as_bytes())?;
            file.sync_all()?;
            pass(Point::KeyMade);
            // A link, since a new name for a file would replace a key that another process put there meanwhile.
            std::fs::hard_link(&fresh, path)
        })();
        std::fs::remove_file(&fresh).or_else(|error| if made.is_ok() { Err(error) } else { Ok(()) }).map_err(failed)?;
        made.map_err(failed)?;
        // The name must last too: a key that is lost at a power failure takes every contact with it.
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed)?;
        }
        Self::load(path)
    }

    /// What is kept beside the keys that this one wraps, to know it by. It tells nothing about the key.
    pub(crate) fn proof(&self) -> [u8; 32] {
        keyed(&self.derive("santun proof 1"), &[b"this is the master key"])
    }

    /// A name by which people and backups tell this key from another one. It tells nothing about the key.
    pub fn name(&self) -> String {
        name_of(&self.proof())
    }

    /// A key for one use, derived from this one.
    pub fn derive(&self, purpose: &str) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(keyed(&self.0, &[purpose.as_bytes()]))
    }
}

/// The name of the master key with this proof.
pub(crate) fn name_of(proof: &[u8]) -> String {
    hex::encode(proof.get(..8).unwrap_or(proof))
}

impl std::fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MasterKey(…)")
    }
}

/// HMAC-SHA256 over parts, one after the other.
pub(crate) fn keyed(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    // HMAC fills a shorter key up with zeros to a block of its hash, which is the form that cannot fail.
    let mut block = Zeroizing::new([0; 64]);
    block[..key.len()].copy_from_slice(key);
    let mut mac = Hmac::<Sha256>::new((&*block).into());
    parts.iter().for_each(|part| mac.update(part));
    mac.finalize().into_bytes().into()
}
