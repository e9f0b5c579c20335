//! An earlier version comes back.

use std::sync::Arc;

use santun_core::ids::AppliedId;

use super::make_ready::resolved_of;
use super::{Applied, ApplyError, Files, Intent, Proposal, Sources};
use crate::host::Host;

impl Host {
    /// Serves an earlier version again, with the very files that it had.
    pub async fn restore(self: &Arc<Self>, id: AppliedId, by: String) -> Result<Applied, ApplyError> {
        let version = self.store.applied(id).await?.ok_or(ApplyError::NoSuchVersion(id))?;
        let mut files = Files::default();
        for (path, revision) in resolved_of(&version).0 {
            let Some(bytes) = self.store.blob(revision).await? else {
                return Err(ApplyError::NoLongerKept { version: version.version, path });
            };
            files.0.insert(path, bytes.into());
        }
        let base = self.store.applied_latest().await?.map(|latest| latest.id);
        let note = format!("restored version {}", version.version);
        let proposal = Proposal { document: version.document, files, sources: Sources::Kept, base, by, note };
        self.apply(proposal, Intent::Serve).await
    }
}
