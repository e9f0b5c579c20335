//! Watches the plugins' folder: a changed file is checked and applied as a new version.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use notify::{RecursiveMode, Watcher as _};
use santun_core::bot::{Bot, Source};
use santun_core::ids::{PluginName, RevisionId};
use tokio::sync::mpsc;

use super::make_ready::resolved_of;
use super::plugin::install;
use crate::host::Host;

/// How long a file must be left alone before it is read: compilers write in several goes.
const QUIET: Duration = Duration::from_millis(250);

/// Watches until the host stops. A file that is rejected is reported once for each of its contents.
pub async fn watch(host: Arc<Host>) -> notify::Result<()> {
    let mut seen = Seen::default();
    for (_, file) in candidates(&host).await {
        changed_content(file, &mut seen).await;
    }
    let (tell, mut changed) = mpsc::channel::<()>(1);
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        if event.is_ok_and(|event| !event.kind.is_access()) {
            // A full channel already says that something has changed.
            let _ = tell.try_send(());
        }
    })?;
    watcher.watch(&host.plugins_folder, RecursiveMode::NonRecursive)?;
    tracing::info!(folder = %host.plugins_folder.display(), "watching for changed plugins");
    while changed.recv().await.is_some() {
        tokio::time::sleep(QUIET).await;
        while changed.try_recv().is_ok() {}
        for (name, file) in candidates(&host).await {
            look_at(&host, &name, file, &mut seen).await;
        }
    }
    Ok(())
}

/// What lay in the folder when it was looked at last. Only what changes after that is installed: neither what was
/// rejected, nor what somebody has rolled back since.
type Seen = HashMap<PathBuf, RevisionId>;

async fn candidates(host: &Host) -> Vec<(PluginName, PathBuf)> {
    let Ok(Some(version)) = host.store.applied_latest().await else { return Vec::new() };
    let Ok(bot) = Bot::parse(&version.document) else { return Vec::new() };
    let files = bot.plugins.iter().filter_map(|plugin| match &plugin.source {
        Source::File(path) => Some((plugin.name.clone(), host.plugins_folder.join(path))),
        Source::Revision(_) => None,
    });
    files.collect()
}

async fn look_at(host: &Arc<Host>, name: &PluginName, file: PathBuf, seen: &mut Seen) {
    let Some((revision, bytes)) = changed_content(file.clone(), seen).await else { return };
    if is_served(host, &file, revision).await {
        return;
    }
    match install(host, name, bytes, "watch".to_owned()).await {
        Ok(_) => tracing::info!(plugin = %name, revision = %revision.short(), "a changed plugin is served"),
        Err(error) => {
            tracing::warn!(plugin = %name, revision = %revision.short(), %error, "a changed plugin was rejected; the one before goes on");
        }
    }
}

/// The content of a file, if it is another than when it was looked at last.
async fn changed_content(file: PathBuf, seen: &mut Seen) -> Option<(RevisionId, Bytes)> {
    let path = file.clone();
    let reading = tokio::task::spawn_blocking(move || {
        let bytes = std::fs::read(path).ok()?;
        Some((RevisionId::of(&bytes), Bytes::from(bytes)))
    });
    let (revision, bytes) = reading.await.ok()??;
    (seen.insert(file, revision) != Some(revision)).then_some((revision, bytes))
}

async fn is_served(host: &Host, file: &std::path::Path, revision: RevisionId) -> bool {
    let Ok(Some(version)) = host.store.applied_latest().await else { return true };
    let Ok(path) = file.strip_prefix(&host.plugins_folder) else { return true };
    resolved_of(&version).0.get(path.to_string_lossy().as_ref()) == Some(&revision)
}
