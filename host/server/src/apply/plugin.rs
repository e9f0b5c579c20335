//! One plugin changes: another revision of it is installed, or an earlier one comes back.

use bytes::Bytes;
use santun_core::bot::{Bot, Plugin, Source};
use santun_core::ids::{PluginName, RevisionId};

use super::make_ready::resolved_of;
use super::{Applied, ApplyError, Files, Intent, Proposal, Sources};
use crate::host::Host;

/// How many applied versions a roll-back looks through.
pub(super) const LOOKED_BACK: u32 = 200;

/// Serves these bytes as the plugin of that name, from now on.
pub async fn install(host: &Host, name: &PluginName, bytes: Bytes, by: String) -> Result<Applied, ApplyError> {
    let version = host.store.applied_latest().await?.ok_or(ApplyError::NothingApplied)?;
    let bot = Bot::parse(&version.document)?;
    let plugin = find(&bot, name)?;
    let note = format!("plugin {name}: revision {}", RevisionId::of(&bytes).short());
    let files = Files([(key(plugin)?, bytes)].into());
    let document = version.document.clone();
    let proposal = Proposal { document, files, sources: Sources::Kept, base: Some(version.id), by, note };
    host.apply(proposal, Intent::Serve).await
}

/// Serves the revision that the plugin had before its present one.
pub async fn rollback(host: &Host, name: &PluginName, by: String) -> Result<Applied, ApplyError> {
    let version = host.store.applied_latest().await?.ok_or(ApplyError::NothingApplied)?;
    let bot = Bot::parse(&version.document)?;
    let plugin = find(&bot, name)?;
    let present = resolved_of(&version).0.get(&key(plugin)?).copied();
    let earlier = host
        .store
        .applied_list(LOOKED_BACK)
        .await?
        .into_iter()
        .filter_map(|version| {
            let bot = Bot::parse(&version.document).ok()?;
            version.files.get(&key(bot.plugin(name)?).ok()?).copied()
        })
        .find(|revision| Some(*revision) != present)
        .ok_or_else(|| ApplyError::NothingBefore(name.clone()))?;
    let bytes = host.store.blob(earlier).await?.ok_or_else(|| ApplyError::NothingBefore(name.clone()))?;
    let files = Files([(key(plugin)?, bytes.into())].into());
    let note = format!("plugin {name}: back to revision {}", earlier.short());
    let document = version.document.clone();
    let proposal = Proposal { document, files, sources: Sources::Kept, base: Some(version.id), by, note };
    host.apply(proposal, Intent::Serve).await
}

fn find<'a>(bot: &'a Bot, name: &PluginName) -> Result<&'a Plugin, ApplyError> {
    bot.plugin(name).ok_or_else(|| ApplyError::NoSuchPlugin {
        name: name.to_string(),
        known: bot.plugins.iter().map(|plugin| plugin.name.as_str()).collect::<Vec<_>>().join(", "),
    })
}

/// The path by which a plugin's bytes are named in a version.
fn key(plugin: &Plugin) -> Result<String, ApplyError> {
    match &plugin.source {
        Source::File(path) => Ok(path.clone()),
        Source::Revision(_) => Err(ApplyError::Pinned(plugin.name.clone())),
    }
}
