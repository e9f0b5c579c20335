//! Backups: copies of a host's databases, taken while it serves, and hosts that come back from them.
//!
//! Data and keys go to different places: destroying a person's key forgets them in every backup of the data, as long
//! as no backup holds keys. Everything that a host needs to serve again is in the data (applied versions, the bytes of
//! their plugins and files, conversations, customers' files, users), but for the keys and for what belongs to the
//! machine: `santun.toml`, of which a copy goes along for reference, the secrets that it names, and the master key.

mod files;
mod manifest;
mod restore;
mod take;

pub use files::remove_database;
pub use manifest::{CopiedFile, Holds, Manifest, ManifestError};
pub use restore::{RestoreError, Restored, Unfinished, UnfinishedError, Wanted, restore};
pub use take::{BackupError, Taken, backup};
