//! What of earlier versions is kept, and what is not.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use santun_core::bot::{Bot, Plugin, Source};
use santun_core::ids::{AppliedId, PluginName, RevisionId};
use santun_store::{Applied as StoredVersion, StoreError};

use super::plugin::LOOKED_BACK;
use crate::host::Host;
use crate::memory;

/// Revisions of a plugin, or of another file, that are kept: the served one, and those that a roll-back finds.
const KEPT_REVISIONS: usize = 5;

/// Applied versions that can come back whole, whatever their files are.
const KEPT_VERSIONS: usize = 5;

/// How long what is served has been the same before the host tidies up after it, once customers are being answered. At
/// each of many swaps in a row the disk would write megabytes and drop them again, and every commit of a customer's
/// message waits for what is written before it.
const AT_REST: Duration = Duration::from_secs(10);

/// Versions after which the host tidies up at once, however fast they come.
const AT_LATEST: u64 = 50;

impl Host {
    /// Tidies up after a version that is served now: at once while nobody waits for anything, and otherwise when it has
    /// stayed for a while.
    pub(super) async fn tidy_after(self: &Arc<Self>, version: u64, applied: AppliedId) {
        if !self.engine.is_asked() || version.is_multiple_of(AT_LATEST) {
            return self.tidy().await;
        }
        let host = self.clone();
        self.tasks.spawn(async move {
            tokio::select! {
                () = tokio::time::sleep(AT_REST) => {}
                () = host.drain_begins() => {}
            }
            let _one_at_a_time = host.applying.lock().await;
            // What came after it tidies up after both.
            if host.live().is_some_and(|live| live.applied == applied) {
                host.tidy().await;
            }
        });
    }

    /// Keeps the compiled code of what is served, and drops code and bytes of files that neither that nor a roll-back
    /// needs.
    async fn tidy(&self) {
        let pruned = async {
            let versions = self.store.applied_list(LOOKED_BACK).await?;
            let kept = latest_revisions(&versions, KEPT_REVISIONS);
            let blobs = self.store.blobs_prune(kept.clone()).await?;
            Ok::<_, StoreError>((kept, blobs))
        };
        let kept = match pruned.await {
            Ok((kept, blobs)) => {
                if blobs > 0 {
                    tracing::info!(files = blobs, "files that no roll-back needs any more were dropped");
                }
                kept
            }
            // It only takes room; the next version tries again.
            Err(error) => return tracing::warn!(%error, "files that nobody needs could not be dropped"),
        };
        match self.engine.tidy_cache(kept).await {
            Ok(0) => {}
            Ok(files) => tracing::info!(files, "compiled code that nobody needs any more was dropped"),
            Err(error) => tracing::warn!(%error, "compiled code could not be dropped"),
        }
        memory::give_back();
    }
}

/// The revisions that each file had last, up to `count` of each, and all of the last versions. `versions` come with the
/// latest first. A plugin that is named by its revision is one file, whatever it was named by.
fn latest_revisions(versions: &[StoredVersion], count: usize) -> HashSet<RevisionId> {
    let mut kept: HashSet<RevisionId> =
        versions.iter().take(KEPT_VERSIONS).flat_map(|version| version.files.values().copied()).collect();
    let mut by_file: HashMap<String, Vec<RevisionId>> = HashMap::new();
    for version in versions {
        let names = pinned_names(version);
        for (path, revision) in &version.files {
            let file = names.get(revision).map_or_else(|| path.clone(), |name| format!("plugin {name}"));
            let revisions = by_file.entry(file).or_default();
            if revisions.len() < count && !revisions.contains(revision) {
                revisions.push(*revision);
            }
        }
    }
    kept.extend(by_file.into_values().flatten());
    kept
}

/// The plugins that a version names by their revision.
fn pinned_names(version: &StoredVersion) -> HashMap<RevisionId, PluginName> {
    if !version.files.keys().any(|path| path.starts_with("sha256:")) {
        return HashMap::new();
    }
    let plugins = Bot::parse(&version.document).map(|bot| bot.plugins).unwrap_or_default();
    let pin = |plugin: Plugin| match plugin.source {
        Source::Revision(revision) => Some((revision, plugin.name)),
        Source::File(_) => None,
    };
    plugins.into_iter().filter_map(pin).collect()
}
