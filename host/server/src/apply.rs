//! From a document to what is served: check everything beside the running version, keep it, swap.
//!
//! The applied configuration decides what is served, and nothing else does. Applying resolves every
//! file that a document names to a SHA-256 and keeps the bytes, so that a restart serves exactly what
//! was served before. Installing a plugin, rolling one back and a changed file under watch all append
//! an applied version; whoever applies names the version they start from.

mod bundle;
mod files;
mod make_ready;
mod plugin;
mod remarks;
mod restore;
mod tidy;
mod watch;

use santun_core::bot::{Bot, BotError, Change, Plugin, Problem, Source};
use santun_core::ids::{AppliedId, PluginName, RevisionId};
use santun_engine::Rejected;
use santun_store::StoreError;
use serde::{Deserialize, Serialize};
use tokio::runtime::{Handle, RuntimeFlavor};

pub use bundle::{Bundle, BundleError};
pub use files::Files;
pub(crate) use files::files_of;
use files::source_key;
pub use make_ready::restore_last;
pub use plugin::{install, rollback};
pub use watch::watch;

/// Why a version was not applied. What was served before goes on.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    /// The document is wrong.
    #[error(transparent)]
    Document(#[from] BotError),
    /// Own wordings are wrong.
    #[error("{}", list(.0))]
    Texts(Vec<Problem>),
    /// A file that it names is not there.
    #[error("{what} names {path}, which is not there: {advice}")]
    MissingFile {
        /// Who names it.
        what: String,
        /// Which file.
        path: String,
        /// What to do.
        advice: String,
    },
    /// A file that it names is there, and of no use.
    #[error("{what} names {path}, {why}")]
    UselessFile {
        /// Who names it.
        what: String,
        /// Which file.
        path: String,
        /// What is wrong with it, and what to do.
        why: &'static str,
    },
    /// A plugin was rejected.
    #[error("plugin `{plugin}`: {why}")]
    Plugin {
        /// Which.
        plugin: PluginName,
        /// Why.
        why: Rejected,
    },
    /// A secret that it names cannot be had.
    #[error("{what}: {why}")]
    Secret {
        /// Who names it.
        what: String,
        /// Why.
        why: String,
    },
    /// Somebody else has applied a version meanwhile.
    #[error(
        "the served version has moved on (it is {served} now, you started from {base}): look at what changed \
         (`santun export`), and apply again"
    )]
    MovedOn {
        /// What is served.
        served: String,
        /// What the caller started from.
        base: String,
    },
    /// There is no such plugin.
    #[error(
        "there is no plugin `{name}` in bot.toml; there are: {known}. Add a `[[plugin]]` with `name = \"{name}\"` and \
         its `source`, put it into a channel's `chain`, and run `santun apply`"
    )]
    NoSuchPlugin {
        /// What was asked for.
        name: String,
        /// What there is.
        known: String,
    },
    /// There is no such version.
    #[error("there is no applied version {0}: `santun export --versions` lists them")]
    NoSuchVersion(AppliedId),
    /// There is nothing to go back to.
    #[error(
        "plugin `{plugin}` has no earlier revision to go back to: {present} is the first of those that are kept (the \
         last five are). `santun plugin install` serves any file"
    )]
    NothingBefore {
        /// Which plugin.
        plugin: PluginName,
        /// The revision that is served, in short.
        present: String,
    },
    /// Its files are not kept any more.
    #[error(
        "version {version} cannot come back: {path} is not kept any more (the last five of each file are). Apply its \
         document (`santun export --versions --json` prints it) with the files beside it"
    )]
    NoLongerKept {
        /// The version's number.
        version: u64,
        /// The file.
        path: String,
    },
    /// Nothing is applied yet.
    #[error("nothing is applied yet: run `santun apply bot.toml` first")]
    NothingApplied,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

fn list(problems: &[Problem]) -> String {
    problems.iter().map(|problem| format!("{}: {}", problem.at, problem.what)).collect::<Vec<_>>().join("\n")
}

/// What an applied version changes.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Applied {
    /// The new version; the served one if nothing changes, or if this was only a check.
    #[schema(value_type = Option<String>)]
    pub version: Option<AppliedId>,
    /// What differs from the version before, one line each.
    pub changes: Vec<String>,
    /// Whether it is served now.
    pub served: bool,
    /// What the operator should know all the same, a sentence each.
    #[serde(default)]
    pub remarks: Vec<String>,
}

/// Whether to serve what was found to be right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Intent {
    /// Only say what would change.
    Check,
    /// Serve it.
    Serve,
}

/// Where the bytes of plugins are looked for, beside what comes with a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sources {
    /// In the plugins' folder first, then in what the version before used.
    Folder,
    /// Only in what the version before used: nothing else may change.
    Kept,
}

/// What somebody wants applied.
#[derive(Clone, Debug)]
pub struct Proposal {
    /// The document.
    pub document: String,
    /// The files that come with it.
    pub files: Files,
    /// Where plugins that did not come along are looked for.
    pub sources: Sources,
    /// The version that it starts from, if the caller knows one.
    pub base: Option<AppliedId>,
    /// Who wants it, for the record.
    pub by: String,
    /// Why, for the record.
    pub note: String,
}

/// Does this on a thread beside the async ones, to its end. Reading documents, hashing files and looking through words
/// takes milliseconds, in which customers would not be answered; and whoever asked for it and went away must not leave
/// a version that is stored and not served.
///
/// A runtime of one thread, as tests have it, does it among its other work.
async fn beside<T: Send + 'static>(
    work: impl Future<Output = Result<T, ApplyError>> + Send + 'static,
) -> Result<T, ApplyError> {
    let runtime = Handle::current();
    let done = match runtime.runtime_flavor() {
        RuntimeFlavor::CurrentThread => tokio::spawn(work),
        _ => tokio::task::spawn_blocking(move || runtime.block_on(work)),
    };
    done.await.unwrap_or_else(|error| match error.try_into_panic() {
        Ok(panic) => std::panic::resume_unwind(panic),
        Err(_) => Err(StoreError::Closed.into()),
    })
}

/// What differs between two versions, in lines: keys of the document, then files. A plugin that is named by the very
/// revision that is served is the same plugin.
fn changes(before: Option<(&Bot, &Resolved)>, after: (&Bot, &Resolved)) -> Vec<String> {
    let Some((old_bot, old_files)) = before else {
        return vec![format!("+ everything: nothing was applied before ({} plugins)", after.0.plugins.len())];
    };
    let pins: Vec<&Plugin> = after
        .0
        .plugins
        .iter()
        .filter(|plugin| match (&plugin.source, old_bot.plugin(&plugin.name)) {
            (Source::Revision(pin), Some(old)) => old_files.0.get(&source_key(&old.source)) == Some(pin),
            _ => false,
        })
        .collect();
    let is_pin = |path: &str| pins.iter().any(|plugin| path == format!("plugin.{}.source", plugin.name));
    let differences = Bot::diff(old_bot, after.0);
    let mut lines: Vec<String> =
        differences.iter().filter(|change| !is_pin(&change.path)).map(Change::to_string).collect();
    for (path, revision) in &after.1.0 {
        if pins.iter().any(|plugin| source_key(&plugin.source) == *path) {
            continue;
        }
        match old_files.0.get(path) {
            Some(old) if old == revision => {}
            Some(old) => lines.push(format!("~ {path}: {} → {}", old.short(), revision.short())),
            None => lines.push(format!("+ {path}: {}", revision.short())),
        }
    }
    lines
}

/// Every file of a version by the path that the document names it with, and the SHA-256 of its bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Resolved(pub std::collections::BTreeMap<String, RevisionId>);
