//! What differs between two documents, for whoever is about to apply one.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Bot;

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// Where, such as `channel.utama.typing`.
    pub path: String,
    /// What it was; `None` if it is new.
    pub before: Option<String>,
    /// What it becomes; `None` if it goes.
    pub after: Option<String>,
}

/// One line for a person.
impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.before, &self.after) {
            (Some(before), Some(after)) => write!(f, "~ {}: {before} → {after}", self.path),
            (None, Some(after)) => write!(f, "+ {} = {after}", self.path),
            (Some(before), None) => write!(f, "- {} = {before}", self.path),
            (None, None) => write!(f, "  {}", self.path),
        }
    }
}

impl Bot {
    /// What differs, in the order of paths. Documents that mean the same differ in nothing.
    pub fn diff(old: &Self, new: &Self) -> Vec<Change> {
        let (old, new) = (leaves(old), leaves(new));
        let mut changes = Vec::new();
        for (path, before) in &old {
            let after = new.get(path);
            if after != Some(before) {
                changes.push(Change { path: path.clone(), before: Some(before.clone()), after: after.cloned() });
            }
        }
        let added = new.iter().filter(|(path, _)| !old.contains_key(*path));
        changes.extend(added.map(|(path, after)| Change {
            path: path.clone(),
            before: None,
            after: Some(after.clone()),
        }));
        changes.sort_by(|a, b| a.path.cmp(&b.path));
        changes
    }
}

fn leaves(bot: &Bot) -> BTreeMap<String, String> {
    let mut leaves = BTreeMap::new();
    walk(&bot.to_json(), String::new(), &mut leaves);
    // Whoever comes first is the default; an order that alone has changed must not go unseen.
    for (path, names) in [
        ("division (order)", bot.divisions.iter().map(|division| division.name.as_str()).collect::<Vec<_>>()),
        ("channel (order)", bot.channels.iter().map(|channel| channel.name.as_str()).collect()),
    ] {
        leaves.insert(path.to_owned(), names.join(", "));
    }
    leaves
}

/// Lists of named things are walked by name; other lists are one value.
fn walk(value: &Value, path: String, leaves: &mut BTreeMap<String, String>) {
    let below = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
    match value {
        Value::Object(fields) if !fields.is_empty() => {
            for (key, field) in fields {
                walk(field, below(key), leaves);
            }
        }
        Value::Array(items) if items.iter().all(|item| item["name"].is_string()) && !items.is_empty() => {
            for item in items {
                let name = item["name"].as_str().unwrap_or_default();
                walk(item, below(name), leaves);
            }
        }
        leaf => {
            leaves.insert(path, leaf.to_string());
        }
    }
}
