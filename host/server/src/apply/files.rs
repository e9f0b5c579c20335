//! The files that a document names: what came with it, what lies in the plugins' folder, what was kept.

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};

use bytes::Bytes;
use santun_core::bot::{Bot, Plugin, Source};
use santun_core::ids::RevisionId;
use santun_store::Store;

use super::{ApplyError, Resolved};

/// Files by the path that the document names them with.
#[derive(Clone, Debug, Default)]
pub struct Files(pub BTreeMap<String, Bytes>);

/// Why a path leads out of the folder that it belongs to.
const OUTSIDE: &str = "name a file beside the document or in the plugins' folder, without `..`";

/// A version's files.
pub(super) struct Gathered {
    pub(super) resolved: Resolved,
    /// What is at hand: all but the components that are kept already. Megabytes of those are read only if one must be
    /// made ready, not whenever another plugin is swapped.
    bytes: BTreeMap<String, Bytes>,
}

impl Gathered {
    /// The bytes of a file that the document names and that is no component. Each has been gathered.
    pub(super) fn bytes(&self, path: &str) -> Bytes {
        self.bytes.get(path).cloned().unwrap_or_default()
    }

    /// The revision of a plugin's component. Each has been gathered.
    pub(super) fn revision(&self, plugin: &Plugin) -> Option<RevisionId> {
        self.resolved.0.get(&source_key(&plugin.source)).copied()
    }

    /// The bytes of a plugin's component.
    pub(super) async fn component(&self, plugin: &Plugin, store: &Store) -> Result<Bytes, ApplyError> {
        if let Some(bytes) = self.bytes.get(&source_key(&plugin.source)) {
            return Ok(bytes.clone());
        }
        let kept = match self.revision(plugin) {
            Some(revision) => store.blob(revision).await?.map(Bytes::from),
            None => None,
        };
        kept.ok_or_else(|| missing(plugin, "it was never kept".to_owned()))
    }

    /// The files at hand that this version does not have.
    pub(super) fn beyond(&self, before: &Resolved) -> impl Iterator<Item = &Bytes> {
        let known: HashSet<&RevisionId> = before.0.values().collect();
        let is_known = move |path: &str| self.resolved.0.get(path).is_some_and(|revision| known.contains(revision));
        self.bytes.iter().filter(move |(path, _)| !is_known(path)).map(|(_, bytes)| bytes)
    }

    /// Own wordings, by the file's name without its ending.
    pub(super) fn texts(&self, folder: &str) -> impl Iterator<Item = (&str, &Bytes)> {
        let folder = folder.trim_end_matches('/').to_owned();
        self.bytes.iter().filter_map(move |(path, bytes)| {
            let name = path.strip_prefix(folder.as_str())?.strip_prefix('/')?.strip_suffix(".toml")?;
            Some((name, bytes))
        })
    }
}

/// Where files are looked for.
pub(super) struct Places<'a> {
    /// What came with the document; looked at first.
    pub(super) attached: &'a Files,
    /// The plugins' folder, for plugin sources; not looked at when only what was kept may be used.
    pub(super) plugins: Option<&'a Path>,
    /// What the version before named.
    pub(super) before: &'a Resolved,
    /// What was kept.
    pub(super) store: &'a Store,
}

/// Finds every file that the document names.
pub(super) async fn gather(bot: &Bot, places: &Places<'_>) -> Result<Gathered, ApplyError> {
    let mut gathered = Gathered { resolved: Resolved::default(), bytes: BTreeMap::new() };
    for plugin in &bot.plugins {
        gathered.add_component(plugin, places).await?;
        for reference in plugin.file_references() {
            let bytes = find(&reference.path, None, places).await?.ok_or_else(|| ApplyError::MissingFile {
                what: format!("plugin `{}` at config{}", plugin.name, reference.pointer),
                path: reference.path.clone(),
                advice: "put it beside bot.toml".to_owned(),
            })?;
            gathered.add(&reference.path, bytes);
        }
    }
    if let Some(folder) = &bot.texts {
        for name in ["id", "en"] {
            let path = format!("{}/{name}.toml", folder.trim_end_matches('/'));
            if let Some(bytes) = find(&path, None, places).await? {
                gathered.add(&path, bytes);
            }
        }
    }
    Ok(gathered)
}

impl Gathered {
    async fn add_component(&mut self, plugin: &Plugin, places: &Places<'_>) -> Result<(), ApplyError> {
        let key = source_key(&plugin.source);
        match &plugin.source {
            Source::Revision(revision) => {
                let attached = places.attached.0.get(&key).filter(|bytes| RevisionId::of(bytes) == *revision);
                if let Some(bytes) = attached {
                    self.add(&key, bytes.clone());
                } else if places.store.blob_is_kept(*revision).await? {
                    self.resolved.0.insert(key, *revision);
                } else {
                    return Err(missing(plugin, "upload it first with `santun plugin install`".to_owned()));
                }
            }
            Source::File(path) => match (at_hand(path, places.plugins, places).await?, places.before.0.get(path)) {
                (Some(bytes), _) => self.add(&key, bytes),
                (None, Some(revision)) => _ = self.resolved.0.insert(key, *revision),
                (None, None) => {
                    let advice = places.plugins.map_or_else(
                        || "it was never kept".to_owned(),
                        |folder| format!("put it into {} (`make plugins` builds those that ship)", folder.display()),
                    );
                    return Err(missing(plugin, advice));
                }
            },
        }
        Ok(())
    }

    fn add(&mut self, path: &str, bytes: Bytes) {
        if !self.bytes.contains_key(path) {
            self.resolved.0.insert(path.to_owned(), RevisionId::of(&bytes));
            self.bytes.insert(path.to_owned(), bytes);
        }
    }
}

fn missing(plugin: &Plugin, advice: String) -> ApplyError {
    ApplyError::MissingFile { what: format!("plugin `{}`", plugin.name), path: plugin.source.to_string(), advice }
}

/// A file that came with the document, lies in the folder, or was kept.
async fn find(path: &str, folder: Option<&Path>, places: &Places<'_>) -> Result<Option<Bytes>, ApplyError> {
    if let Some(bytes) = at_hand(path, folder, places).await? {
        return Ok(Some(bytes));
    }
    match places.before.0.get(path) {
        Some(revision) => Ok(places.store.blob(*revision).await?.map(Bytes::from)),
        None => Ok(None),
    }
}

/// A file that came with the document, or lies in the folder.
async fn at_hand(path: &str, folder: Option<&Path>, places: &Places<'_>) -> Result<Option<Bytes>, ApplyError> {
    if !stays_inside(path) {
        return Err(ApplyError::MissingFile {
            what: "the document".to_owned(),
            path: path.to_owned(),
            advice: OUTSIDE.to_owned(),
        });
    }
    if let Some(bytes) = places.attached.0.get(path) {
        return Ok(Some(bytes.clone()));
    }
    match folder {
        Some(folder) => Ok(tokio::fs::read(folder.join(path)).await.ok().map(Bytes::from)),
        None => Ok(None),
    }
}

/// The path by which a plugin's bytes are named in a version.
pub(super) fn source_key(source: &Source) -> String {
    match source {
        Source::File(path) => path.clone(),
        Source::Revision(_) => source.to_string(),
    }
}

/// The paths by which a version names a plugin's files: its component first.
pub(crate) fn files_of(plugin: &Plugin) -> Vec<String> {
    let others = plugin.file_references().into_iter().map(|reference| reference.path);
    std::iter::once(source_key(&plugin.source)).chain(others).collect()
}

/// Whether a path of a document stays inside the folder that it is looked up in.
pub(super) fn stays_inside(path: &str) -> bool {
    let path = PathBuf::from(path);
    path.components().all(|part| matches!(part, std::path::Component::Normal(_) | std::path::Component::CurDir))
}
