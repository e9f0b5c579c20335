//! A revision: one immutable build of a plugin, compiled and linked.

use std::fmt;

use santun_core::ids::RevisionId;

use crate::contract::PluginPre;
use crate::guest::Guest;
use crate::manifest::Manifest;

/// A plugin that was admitted: verified, compiled, linked, and not yet set up.
pub struct Revision {
    id: RevisionId,
    manifest: Manifest,
    pub(crate) pre: PluginPre<Guest>,
}

impl Revision {
    pub(crate) fn new(id: RevisionId, manifest: Manifest, pre: PluginPre<Guest>) -> Self {
        Self { id, manifest, pre }
    }

    /// The SHA-256 of its bytes.
    pub fn id(&self) -> RevisionId {
        self.id
    }

    /// What it says of itself.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }
}

impl fmt::Debug for Revision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Revision").field("id", &self.id).field("name", &self.manifest.name).finish_non_exhaustive()
    }
}
