//! One plugin changes: another revision of it is installed, or an earlier one comes back.

use std::sync::Arc;

use bytes::Bytes;
use santun_core::bot::{Bot, Plugin, Source, pinned};
use santun_core::ids::{PluginName, RevisionId};
use santun_store::Applied as StoredVersion;

use super::files::source_key;
use super::{Applied, ApplyError, Files, Intent, Proposal, Sources, beside};
use crate::host::Host;

/// How many applied versions a roll-back looks through.
pub(super) const LOOKED_BACK: u32 = 200;

/// Serves these bytes as the plugin of that name, from now on. A document that names a revision names this one.
pub async fn install(host: &Arc<Host>, name: &PluginName, bytes: Bytes, by: String) -> Result<Applied, ApplyError> {
    let (host, name) = (host.clone(), name.clone());
    beside(async move { put_in_place(&host, &name, bytes, by).await }).await
}

async fn put_in_place(host: &Arc<Host>, name: &PluginName, bytes: Bytes, by: String) -> Result<Applied, ApplyError> {
    let version = host.store.applied_latest().await?.ok_or(ApplyError::NothingApplied)?;
    let bot = Bot::parse(&version.document)?;
    let plugin = find(&bot, name)?;
    let note = format!("plugin {name}: revision {}", RevisionId::of(&bytes).short());
    let before = called(host, name);
    let mut applied = change(host, version, plugin, bytes, by, note).await?;
    if let (Some(before), Some(now)) = (before, called(host, name))
        && before != now
    {
        applied.remarks.push(format!(
            "plugin `{name}` was a file that calls itself `{before}`, and is one that calls itself `{now}` now: if \
             that was a slip, `santun plugin rollback {name}` takes it back"
        ));
    }
    Ok(applied)
}

/// What the plugin of that name calls itself.
fn called(host: &Host, name: &PluginName) -> Option<String> {
    Some(host.live()?.behaviours.get(name)?.manifest().name.clone())
}

/// Appends a version in which one plugin has these bytes.
async fn change(
    host: &Arc<Host>,
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
    host.check_and_serve(proposal, Intent::Serve).await
}

/// Serves the revision that the plugin had before its present one; asked again, the one before that.
pub async fn rollback(host: &Arc<Host>, name: &PluginName, by: String) -> Result<Applied, ApplyError> {
    let (host, name) = (host.clone(), name.clone());
    beside(async move { go_back(&host, &name, by).await }).await
}

async fn go_back(host: &Arc<Host>, name: &PluginName, by: String) -> Result<Applied, ApplyError> {
    let version = host.store.applied_latest().await?.ok_or(ApplyError::NothingApplied)?;
    let bot = Bot::parse(&version.document)?;
    let plugin = find(&bot, name)?;
    let mut before = way_back(&host.store.applied_list(LOOKED_BACK).await?, name);
    let present = before.pop().as_ref().map(RevisionId::short).unwrap_or_default();
    let nothing = || ApplyError::NothingBefore { plugin: name.clone(), present };
    let Some(earlier) = before.pop() else { return Err(nothing()) };
    let Some(bytes) = host.store.blob(earlier).await? else { return Err(nothing()) };
    change(host, version, plugin, bytes.into(), by, note_of_rollback(name, earlier)).await
}

/// What the record says of a roll-back, and how a later one knows it.
fn note_of_rollback(name: &PluginName, revision: RevisionId) -> String {
    format!("plugin {name}: back to revision {}", revision.short())
}

/// The revisions of a plugin that a roll-back goes through, the present one last: each that was put in place, without
/// those that a roll-back has left. `versions` come with the latest first.
fn way_back(versions: &[StoredVersion], name: &PluginName) -> Vec<RevisionId> {
    let mut way: Vec<RevisionId> = Vec::new();
    for version in versions.iter().rev() {
        let Ok(bot) = Bot::parse(&version.document) else { continue };
        let Some(plugin) = bot.plugin(name) else { continue };
        let Some(revision) = version.files.get(&source_key(&plugin.source)).copied() else { continue };
        if version.note == note_of_rollback(name, revision) && way.contains(&revision) {
            while way.last() != Some(&revision) {
                way.pop();
            }
        } else if way.last() != Some(&revision) {
            way.push(revision);
        }
    }
    way
}

fn find<'a>(bot: &'a Bot, name: &PluginName) -> Result<&'a Plugin, ApplyError> {
    bot.plugin(name).ok_or_else(|| ApplyError::NoSuchPlugin {
        name: name.to_string(),
        known: bot.plugins.iter().map(|plugin| plugin.name.as_str()).collect::<Vec<_>>().join(", "),
    })
}

#[cfg(test)]
mod tests {
    use santun_core::ids::AppliedId;
    use santun_core::time::Timestamp;

    use super::*;

    const DOCUMENT: &str = r#"
[bot]
name = "Sari"
business = "Toko Contoh"
language = "id"
about = "apa saja"
[[channel]]
name = "utama"
phone_number_id = "106540352242922"
chain = ["echo"]
[[plugin]]
name = "echo"
source = "file:echo.wasm"
[[division]]
name = "cs"
[office]
timezone = "Asia/Jakarta"
hours = { mon-sun = "00:00-24:00" }
"#;

    fn revision(letter: char) -> RevisionId {
        RevisionId::of(letter.to_string().as_bytes())
    }

    /// The way back after these were installed, and gone back to where a letter follows a `<`.
    fn way(story: &str) -> String {
        let name = PluginName::from("echo");
        let mut versions = Vec::new();
        let mut back = false;
        for letter in story.chars() {
            if letter == '<' {
                back = true;
                continue;
            }
            let revision = revision(letter);
            let note = if std::mem::take(&mut back) { note_of_rollback(&name, revision) } else { String::new() };
            let id = AppliedId::from_uuid(uuid::Uuid::nil());
            let files = [("echo.wasm".to_owned(), revision)].into();
            let (at, author, document) = (Timestamp::from_millis(0), String::new(), DOCUMENT.to_owned());
            versions.insert(
                0,
                StoredVersion { version: 1, id, at, author, note, document, files, resolved: String::new() },
            );
        }
        let letters = way_back(&versions, &name).into_iter();
        letters.map(|found| ('A'..='Z').find(|letter| revision(*letter) == found).unwrap_or('?')).collect()
    }

    #[test]
    fn each_roll_back_goes_further_back_and_what_is_installed_then_goes_on_from_there() {
        assert_eq!(way("A"), "A");
        assert_eq!(way("AABBC"), "ABC", "versions that leave it alone are no revisions");
        assert_eq!(way("ABC<B"), "AB");
        assert_eq!(way("ABC<B<A"), "A");
        assert_eq!(way("ABC<BD"), "ABD");
        assert_eq!(way("ABCA"), "ABCA", "an earlier one that is installed again has what it replaced before it");
        assert_eq!(way("ABCA<C<B"), "AB");
        assert_eq!(way("<AB"), "AB", "what the roll-back left is too long ago to be known");
    }
}
