//! A document whose plugins are named by what they are, not by where they lie.

use std::collections::BTreeMap;

use toml::de::{DeTable, DeValue};

use crate::ids::{PluginName, RevisionId};

/// The document with `sha256:…` as the source of these plugins. Everything else stays as it was written, comments and
/// all.
///
/// What is no TOML, or names no such plugin, comes back unchanged.
pub fn pinned(document: &str, revisions: &BTreeMap<PluginName, RevisionId>) -> String {
    let Ok(root) = DeTable::parse(document) else { return document.to_owned() };
    let mut sources = Vec::new();
    for plugin in root.get_ref().get("plugin").and_then(|plugins| plugins.get_ref().as_array()).into_iter().flatten() {
        let DeValue::Table(plugin) = plugin.get_ref() else { continue };
        let name = plugin.get("name").and_then(|name| name.get_ref().as_str());
        let (Some(name), Some(source)) = (name, plugin.get("source")) else { continue };
        if let Some(revision) = revisions.get(name) {
            sources.push((source.span(), revision));
        }
    }
    let mut pinned = document.to_owned();
    // From the end, so that what is before keeps its place.
    sources.sort_by_key(|(span, _)| std::cmp::Reverse(span.start));
    for (span, revision) in sources {
        pinned.replace_range(span, &format!("\"sha256:{revision}\""));
    }
    pinned
}
