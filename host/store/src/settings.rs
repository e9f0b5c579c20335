//! Where the store is, and what it is opened with.

use crate::master_key::MasterKey;

/// Where the store is, and what it is opened with.
#[derive(Clone, Debug)]
pub struct StoreSettings {
    /// The address of the data, such as `sqlite:santun.db` (`database.url`).
    pub url: String,
    /// The address of the contacts' keys (`database.keys`): a database of its own, kept out of the
    /// data's backups.
    pub keys_url: String,
    /// The key that all others are wrapped by.
    pub master_key: MasterKey,
}
