//! The document itself.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::Office;
use crate::ids::{ChannelId, DivisionName, PluginName, Purpose, RevisionId};
use crate::language::Language;

/// A checked `bot.toml`.
#[derive(Clone, Debug, PartialEq)]
pub struct Bot {
    /// How it introduces itself.
    pub name: String,
    /// The business that it speaks for.
    pub business: String,
    /// The language that it begins in.
    pub language: Language,
    /// What it can help with, for the introduction, in its own language.
    pub about: String,
    /// The same in other languages.
    pub about_in: BTreeMap<Language, String>,
    /// Where the privacy notice is.
    pub privacy_notice: Option<String>,
    /// The folder of own wordings, relative to the document.
    pub texts: Option<String>,
    /// The numbers that it answers on; at least one.
    pub channels: Vec<Channel>,
    /// The plugins that channels may name.
    pub plugins: Vec<Plugin>,
    /// The teams of agents; at least one, the first is the default.
    pub divisions: Vec<Division>,
    /// When humans are there.
    pub office: Office,
    /// How the host behaves.
    pub policy: Policy,
    /// What the business may ask consent for: the purpose and, by language, what it is in a few words.
    pub purposes: BTreeMap<Purpose, BTreeMap<Language, String>>,
}

/// A number that the bot answers on.
#[derive(Clone, Debug, PartialEq)]
pub struct Channel {
    /// Its name in the document.
    pub name: String,
    /// Meta's id of the number.
    pub id: ChannelId,
    /// Meta's id of the business account, for templates and the set-up check.
    pub waba_id: Option<String>,
    /// Whether customers see read receipts and the typing indicator.
    pub typing: bool,
    /// A token of its own, by reference (`env:NAME`, `file:path` or `credential:NAME`).
    pub access_token: Option<String>,
    /// The plugins to ask, in order.
    pub chain: Vec<PluginName>,
    /// Messages a second that the number may send.
    pub messages_per_second: u32,
}

impl Channel {
    /// By what its templates are known: the business account's id, or where none is named its own.
    pub fn account(&self) -> &str {
        self.waba_id.as_deref().unwrap_or_else(|| self.id.as_str())
    }
}

/// A plugin as the operator has set it up.
#[derive(Clone, Debug, PartialEq)]
pub struct Plugin {
    /// Its name in the document.
    pub name: PluginName,
    /// Where its bytes come from.
    pub source: Source,
    /// What happens when it fails.
    pub on_failure: OnFailure,
    /// How instances are used.
    pub instance: Instance,
    /// What it may do.
    pub grants: Grants,
    /// What it may use.
    pub limits: Limits,
    /// Its own configuration. A text value that begins with `file:` stands for that file's content.
    pub config: serde_json::Value,
}

/// Where a plugin's bytes come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// `file:faq.wasm`: a file, looked up in the folder of plugins.
    File(String),
    /// `sha256:…`: an uploaded revision.
    Revision(RevisionId),
}

/// As it is written in the document.
impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(f, "file:{path}"),
            Self::Revision(revision) => write!(f, "sha256:{revision}"),
        }
    }
}

/// A text value of a plugin's configuration that stands for a file's content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileReference {
    /// Where it stands in the configuration, as a JSON pointer such as `/entries`.
    pub pointer: String,
    /// The file, without `file:`.
    pub path: String,
}

/// What happens when a plugin fails.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OnFailure {
    /// The next plugin is asked.
    #[default]
    Skip,
    /// A human gets the conversation.
    Handover,
}

/// How instances of a plugin are used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Instance {
    /// A new one for every call.
    #[default]
    Fresh,
    /// One serves several calls, if the plugin asks for it.
    Warm,
}

/// What a plugin may do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Grants {
    /// Origins that it may send requests to, such as `https://orders.example` or
    /// `http://127.0.0.1:8090`. Naming a private address grants it; nothing else reaches one.
    pub http: Vec<String>,
    /// What it may know of the contact: `name`, `phone`.
    pub customer: Vec<CustomerGrant>,
    /// How many earlier turns it may read.
    pub history_turns: u32,
    /// Header fields that the host adds to requests to an origin: never seen by the plugin.
    pub secrets: Vec<SecretHeader>,
}

impl Default for Grants {
    fn default() -> Self {
        Self { http: Vec::new(), customer: Vec::new(), history_turns: 20, secrets: Vec::new() }
    }
}

/// What a plugin may know of the contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CustomerGrant {
    /// The name in the profile.
    Name,
    /// The phone number.
    Phone,
}

/// A header field that the host adds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SecretHeader {
    /// The origin that it is sent to; must be granted.
    pub origin: String,
    /// The name of the field.
    pub header: String,
    /// Its value, by reference (`env:NAME`, `file:path` or `credential:NAME`).
    pub value: String,
}

/// What a plugin may use in one call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Milliseconds of its own computing.
    pub cpu_ms: u32,
    /// Milliseconds on the wall, around everything that it waits for.
    pub wall_ms: u32,
    /// Mebibytes, over all its memories.
    pub memory_mb: u32,
    /// Elements over all its tables.
    pub table_elements: u32,
    /// Calls that run at the same time.
    pub concurrency: u32,
    /// Requests that it may send.
    pub http_requests: u32,
    /// KiB that one answer may have.
    pub http_response_kb: u32,
    /// KiB that it may write to its state.
    pub state_kb: u32,
    /// KiB that it may log.
    pub log_kb: u32,
    /// KiB that its verdict may have.
    pub output_kb: u32,
    /// Milliseconds of computing that `prepare` may take.
    pub prepare_cpu_ms: u32,
    /// Calls of one warm instance.
    pub warm_calls: u32,
    /// Seconds that a warm instance may live.
    pub warm_seconds: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            cpu_ms: 50,
            wall_ms: 3_000,
            memory_mb: 64,
            table_elements: 20_000,
            concurrency: 64,
            http_requests: 4,
            http_response_kb: 256,
            state_kb: 64,
            log_kb: 16,
            output_kb: 64,
            prepare_cpu_ms: 5_000,
            warm_calls: 1_000,
            warm_seconds: 300,
        }
    }
}

/// A team of agents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Division {
    /// Its name.
    pub name: DivisionName,
    /// Minutes within which an agent should answer a customer.
    pub answer_minutes: u32,
}

/// How the host behaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Hours without a turn after which a new session begins.
    pub session_gap_hours: u32,
    /// Milliseconds to wait for the rest of what the customer is typing; 0: every message is a step.
    pub settle_ms: u32,
    /// Fallbacks in a row after which a human gets the conversation.
    pub fallbacks_before_handover: u32,
    /// Minutes after which a customer who waits is told that nobody has come yet.
    pub no_agent_minutes: u32,
    /// Minutes after the last message from the phone app until the bot may speak again.
    pub phone_release_minutes: u32,
    /// Minutes after which a message is too old for an ordinary answer.
    pub stale_minutes: u32,
    /// When the business starts nothing: from and to, in minutes after midnight.
    pub quiet_hours: Option<(u16, u16)>,
    /// Messages a week that the business may start with one contact.
    pub business_messages_per_week: u32,
    /// Days that things are kept.
    pub retention_days: Retention,
    /// Words that add to the host's ears.
    pub words: Words,
}

/// Days that things are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Retention {
    /// Turns.
    pub turns: u32,
    /// Files that customers sent.
    pub media: u32,
    /// Recordings of plugin calls.
    pub recordings: u32,
}

impl Default for Retention {
    fn default() -> Self {
        Self { turns: 365, media: 90, recordings: 30 }
    }
}

/// Words that add to the host's ears.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Words {
    /// A human, please.
    pub human: Vec<String>,
    /// Stop what the business starts.
    pub stop: Vec<String>,
    /// Allow it again.
    pub start: Vec<String>,
}

/// One thing that is wrong in a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// Where: line and column, such as `12:8`.
    pub at: String,
    /// What is wrong, and what to do.
    pub what: String,
}

/// Everything that is wrong in a document.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.problems.iter().map(|p| format!("{}: {}", p.at, p.what)).collect::<Vec<_>>().join("\n"))]
pub struct BotError {
    /// At least one.
    pub problems: Vec<Problem>,
}

impl Plugin {
    /// The text values of its configuration that stand for a file's content, in the order of their
    /// pointers.
    pub fn file_references(&self) -> Vec<FileReference> {
        let mut found = Vec::new();
        collect_references(&self.config, &mut String::new(), &mut found);
        found
    }
}

fn collect_references(value: &serde_json::Value, pointer: &mut String, found: &mut Vec<FileReference>) {
    let length = pointer.len();
    match value {
        serde_json::Value::String(text) => {
            if let Some(path) = text.strip_prefix("file:") {
                found.push(FileReference { pointer: pointer.clone(), path: path.to_owned() });
            }
        }
        serde_json::Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                pointer.push_str(&format!("/{index}"));
                collect_references(item, pointer, found);
                pointer.truncate(length);
            }
        }
        serde_json::Value::Object(fields) => {
            for (key, field) in fields {
                pointer.push('/');
                pointer.push_str(&key.replace('~', "~0").replace('/', "~1"));
                collect_references(field, pointer, found);
                pointer.truncate(length);
            }
        }
        _ => {}
    }
}

impl Bot {
    /// What it can help with, in that language if it is known there.
    pub fn about(&self, language: Language) -> &str {
        self.about_in.get(&language).unwrap_or(&self.about)
    }

    /// The channel with that id.
    pub fn channel(&self, id: &ChannelId) -> Option<&Channel> {
        self.channels.iter().find(|channel| channel.id == *id)
    }

    /// The plugin of that name.
    pub fn plugin(&self, name: &PluginName) -> Option<&Plugin> {
        self.plugins.iter().find(|plugin| plugin.name == *name)
    }

    /// The division of that name.
    pub fn division(&self, name: &DivisionName) -> Option<&Division> {
        self.divisions.iter().find(|division| division.name == *name)
    }

    /// The division that gets what no other was named for.
    pub fn default_division(&self) -> &DivisionName {
        &self.divisions[0].name
    }
}
