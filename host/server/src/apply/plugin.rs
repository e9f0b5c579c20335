//! One plugin changes: another revision of it is installed, or an earlier one comes back.

use bytes::Bytes;
use santun_core::bot::{Bot, Plugin, Source, pinned};
use santun_core::ids::{PluginName, RevisionId};
use santun_store::Applied as StoredVersion;

use super::files::source_key;
use super::{Applied, ApplyError, Files, Intent, Proposal, Sources};
use crate::host::Host;

/// How many applied versions a roll-back looks through.
pub(super) const LOOKED_BACK: u32 = 200;

/// Serves these bytes as the plugin of that name, from now on. A document that names a revision names this one.
pub async fn install(host: &Host, name: &PluginName, bytes: Bytes, by: String) -> Result<Applied, ApplyError> {
    let version = host.store.applied_latest().await?.ok_or(ApplyError::NothingApplied)?;
    let bot = Bot::parse(&version.document)?;
    let plugin = find(&bot, name)?;
    let note = format!("plugin {name}: revision {}", RevisionId::of(&bytes).short());
    change(host, version, plugin, bytes, by, note).await
}

/// Appends a version in which one plugin has these bytes.
async fn change(
    host: &Host,
    version: StoredVersion,
    plugin: &Plugin,
    bytes: Bytes,
    by: String,
    note: String,
) -> Result<Applied, ApplyError> {
    let revision = RevisionId::of(&bytes);
    let (key, document) = match &plugin.source {
        Source::File(path) => (path.clone(), version.document),
        Source::Revision(_) => {
            let pins = [(plugin.name.clone(), revision)].into();
            (source_key(&Source::Revision(revision)), pinned(&version.document, &pins))
        }
    };
    let files = Files([(key, bytes)].into());
    let proposal = Proposal { document, files, sources: Sources::Kept, base: Some(version.id), by, note };
    host.apply(proposal, Intent::Serve).await
}

/// Serves the revision that the plugin had before its present one.
pub async fn rollback(host: &Host, name: &PluginName, by: String) -> Result<Applied, ApplyError> {
    let version = host.store.applied_latest().await?.ok_or(ApplyError::NothingApplied)?;
    let bot = Bot::parse(&version.document)?;
    let plugin = find(&bot, name)?;
    let present = version.files.get(&source_key(&plugin.source)).copied();
    let earlier = host
        .store
        .applied_list(LOOKED_BACK)
        .await?
        .into_iter()
        .filter_map(|version| {
            let bot = Bot::parse(&version.document).ok()?;
            version.files.get(&source_key(&bot.plugin(name)?.source)).copied()
        })
        .find(|revision| Some(*revision) != present)
        .ok_or_else(|| ApplyError::NothingBefore(name.clone()))?;
    let bytes = host.store.blob(earlier).await?.ok_or_else(|| ApplyError::NothingBefore(name.clone()))?;
    let note = format!("plugin {name}: back to revision {}", earlier.short());
    change(host, version, plugin, bytes.into(), by, note).await
}

fn find<'a>(bot: &'a Bot, name: &PluginName) -> Result<&'a Plugin, ApplyError> {
    bot.plugin(name).ok_or_else(|| ApplyError::NoSuchPlugin {
        name: name.to_string(),
        known: bot.plugins.iter().map(|plugin| plugin.name.as_str()).collect::<Vec<_>>().join(", "),
    })
}
