//! What an operator has set for a plugin.

use std::fmt;

use santun_core::bot::{Grants, Instance, Limits};
use santun_core::ids::PluginName;

/// A plugin's settings, with secrets resolved.
#[derive(Clone, Debug)]
pub struct Setup {
    /// Its name in `bot.toml`.
    pub name: PluginName,
    /// Its own configuration, with every `file:` replaced by that file's content.
    pub config: serde_json::Value,
    /// What it may do, if it asks for it.
    pub grants: Grants,
    /// What it may use.
    pub limits: Limits,
    /// How its instances are used.
    pub instance: Instance,
    /// Header fields that the host adds to its requests.
    pub secrets: Vec<Secret>,
}

/// A header field that the host adds to requests to one origin. The guest never sees it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret {
    /// The origin, such as `https://orders.example`.
    pub origin: String,
    /// The field's name.
    pub header: String,
    /// The field's value itself, not a reference to it.
    pub value: String,
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Secret").field("origin", &self.origin).field("header", &self.header).finish_non_exhaustive()
    }
}
