//! `santun.toml`: what differs by machine.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::secrets::{SecretError, SecretRef};

/// A checked `santun.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Where it listens.
    #[serde(default)]
    pub server: ServerSettings,
    /// Where it keeps things.
    #[serde(default)]
    pub database: DatabaseSettings,
    /// How it reaches WhatsApp.
    pub whatsapp: WhatsAppSettings,
    /// Where plugins are.
    #[serde(default)]
    pub plugins: PluginSettings,
    /// Where spans go.
    #[serde(default)]
    pub tracing: TracingSettings,
    /// The file.
    #[serde(skip)]
    pub file: PathBuf,
    /// The folder that the file is in: relative paths start here.
    #[serde(skip)]
    pub folder: PathBuf,
}

/// Where the host listens.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ServerSettings {
    /// Webhooks, API and console.
    pub listen: SocketAddr,
    /// `/metrics`, on a listener of its own.
    pub metrics_listen: SocketAddr,
    /// The address that the world knows it by.
    pub public_url: Option<String>,
    /// Seconds within which the host has stopped once it is asked to: what is under way is finished, nothing new is
    /// begun. What does not end in time goes on at the next start.
    pub drain_seconds: u32,
    /// Connections at the same time, at most; fewer if the system allows fewer open files.
    pub max_connections: MaxConnections,
    /// The file through which commands on this machine reach the host that runs.
    pub local_token: PathBuf,
}

/// How many connections there may be at the same time: at least 16.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "usize")]
pub struct MaxConnections(usize);

impl MaxConnections {
    /// The fewest that a host can do with: Meta opens several at once, and agents and probes need theirs.
    const LEAST: usize = 16;

    /// The number.
    pub const fn get(self) -> usize {
        self.0
    }
}

impl Default for MaxConnections {
    /// Each takes some 20 KB, so that all of them take a third of a gigabyte: more than Meta opens, and little enough
    /// that a crowd of idle ones does not end a small machine.
    fn default() -> Self {
        Self(16_384)
    }
}

impl TryFrom<usize> for MaxConnections {
    type Error = String;

    fn try_from(number: usize) -> Result<Self, String> {
        if number < Self::LEAST {
            return Err(format!("`max_connections` must be at least {}, not {number}", Self::LEAST));
        }
        Ok(Self(number))
    }
}

impl Default for ServerSettings {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            metrics_listen: SocketAddr::from(([127, 0, 0, 1], 9100)),
            public_url: None,
            drain_seconds: 20,
            max_connections: MaxConnections::default(),
            local_token: "var/santun.token".into(),
        }
    }
}

/// Where the host keeps things.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DatabaseSettings {
    /// The data.
    pub url: String,
    /// The contacts' keys; kept out of the data's backups.
    pub keys: String,
    /// The key that wraps the contacts' keys: `file:path`, made at the first start with mode 0600.
    pub master_key: SecretRef,
}

impl Default for DatabaseSettings {
    fn default() -> Self {
        Self {
            url: "sqlite:santun.db".to_owned(),
            keys: "sqlite:santun-keys.db".to_owned(),
            master_key: SecretRef::File("master.key".into()),
        }
    }
}

/// How the host reaches WhatsApp.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WhatsAppSettings {
    /// The Graph's address; another one for an emulator.
    #[serde(default = "graph_url")]
    pub graph_url: String,
    /// The Graph's version.
    #[serde(default = "graph_version")]
    pub graph_version: String,
    /// Signs webhooks; two while it is being rotated.
    pub app_secret: OneOrTwo,
    /// Answers the handshake.
    pub verify_token: SecretRef,
    /// Sends; a channel may name its own.
    pub access_token: SecretRef,
}

fn graph_url() -> String {
    "https://graph.facebook.com".to_owned()
}

fn graph_version() -> String {
    "v26.0".to_owned()
}

/// One secret, or two while rotating.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "OneOrTwoTexts")]
pub enum OneOrTwo {
    /// One.
    One(SecretRef),
    /// Both are accepted.
    Two([SecretRef; 2]),
}

/// Before it is known whether they are references: what is wrong with one is then said as such.
#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrTwoTexts {
    One(String),
    Two([String; 2]),
}

impl TryFrom<OneOrTwoTexts> for OneOrTwo {
    type Error = SecretError;

    fn try_from(texts: OneOrTwoTexts) -> Result<Self, SecretError> {
        Ok(match texts {
            OneOrTwoTexts::One(one) => Self::One(one.try_into()?),
            OneOrTwoTexts::Two([first, second]) => Self::Two([first.try_into()?, second.try_into()?]),
        })
    }
}

impl OneOrTwo {
    /// The references, one or two.
    pub fn all(&self) -> &[SecretRef] {
        match self {
            Self::One(one) => std::slice::from_ref(one),
            Self::Two(two) => two,
        }
    }
}

/// Where plugins are.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PluginSettings {
    /// Where `file:` sources are looked up.
    pub dir: PathBuf,
    /// Whether a changed file is checked and applied as a new version.
    pub watch: bool,
    /// Where compiled plugins are kept between starts.
    pub cache: PathBuf,
}

impl Default for PluginSettings {
    fn default() -> Self {
        Self { dir: "plugins/dist".into(), watch: false, cache: "var/compiled".into() }
    }
}

/// Where spans go, for OpenTelemetry.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TracingSettings {
    /// The collector's address for OTLP over HTTP, such as `http://127.0.0.1:4318`. Without one nothing is recorded.
    pub otlp: Option<String>,
    /// Of all traces, the share that is kept: 0 to 1.
    pub ratio: f64,
}

impl Default for TracingSettings {
    fn default() -> Self {
        Self { otlp: None, ratio: 1.0 }
    }
}

/// Why there are no settings.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// There is no such file.
    #[error(
        "there is no {path}: run this in the folder that holds santun.toml, or name the file with --config \
         (README.md shows a first one)"
    )]
    Missing {
        /// Which file.
        path: PathBuf,
    },
    /// The file cannot be read.
    #[error("cannot read {path}: {source}")]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file is not what it should be.
    #[error("{path}: {what}")]
    Wrong {
        /// Which file.
        path: PathBuf,
        /// What is wrong, where, and what to do.
        what: String,
    },
}

impl Settings {
    /// Reads and checks a `santun.toml`.
    pub fn read(path: &Path) -> Result<Self, SettingsError> {
        let text = std::fs::read_to_string(path).map_err(|source| match source.kind() {
            std::io::ErrorKind::NotFound => SettingsError::Missing { path: path.to_owned() },
            _ => SettingsError::Unreadable { path: path.to_owned(), source },
        })?;
        let folder = match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
            _ => PathBuf::from("."),
        };
        let settings = Self::parse(&text, folder);
        let settings = settings.map_err(|what| SettingsError::Wrong { path: path.to_owned(), what })?;
        Ok(Self { file: path.to_owned(), ..settings })
    }

    fn parse(text: &str, folder: PathBuf) -> Result<Self, String> {
        let mut settings: Self = toml::from_str(text).map_err(|error| explain(&error))?;
        settings.folder = folder;
        Ok(settings)
    }

    /// A path of the file, seen from where the host runs.
    pub fn path(&self, path: &Path) -> PathBuf {
        self.folder.join(path)
    }

    /// The folder that the data lies in.
    pub fn data_folder(&self) -> PathBuf {
        let url = self.database_url(&self.database.url);
        let folder = url.strip_prefix("sqlite:").and_then(|file| Path::new(file).parent().map(Path::to_owned));
        folder.filter(|folder| !folder.as_os_str().is_empty()).unwrap_or_else(|| PathBuf::from("."))
    }

    /// A database address with its file seen from where the host runs.
    pub fn database_url(&self, url: &str) -> String {
        match url.strip_prefix("sqlite:") {
            Some(file) if !file.starts_with('/') && !file.starts_with(":memory:") => {
                format!("sqlite:{}", self.folder.join(file.trim_start_matches("//")).display())
            }
            _ => url.to_owned(),
        }
    }
}

/// The parser's own message, with the nearest known key where a key is unknown.
fn explain(error: &toml::de::Error) -> String {
    let message = error.to_string();
    let message = message.trim_end();
    match nearest_known(error.message()) {
        Some(nearest) => format!("{message}\ndid you mean `{nearest}`?"),
        None => message.to_owned(),
    }
}

/// Out of "unknown field `lisen`, expected one of `listen`, …" the known key that is nearest.
fn nearest_known(message: &str) -> Option<&str> {
    let rest = message.strip_prefix("unknown field `")?;
    let (unknown, expected) = rest.split_once('`')?;
    expected
        .split('`')
        .skip(1)
        .step_by(2)
        .max_by(|a, b| strsim::jaro_winkler(unknown, a).total_cmp(&strsim::jaro_winkler(unknown, b)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALLEST: &str = "
        [whatsapp]
        app_secret = 'env:A'
        verify_token = 'env:V'
        access_token = 'env:T'
    ";

    fn parse(text: &str) -> Result<Settings, String> {
        Settings::parse(text, "/etc/santun".into())
    }

    #[test]
    fn the_smallest_file_names_three_secrets() {
        let settings = parse(SMALLEST).unwrap();
        assert_eq!(settings.server.listen.port(), 8080);
        assert_eq!(settings.database_url(&settings.database.url), "sqlite:/etc/santun/santun.db");
    }

    #[test]
    fn an_unknown_key_is_refused_with_the_nearest_known_one() {
        let error = parse(&format!("{SMALLEST}\n[server]\nmetrics_listn = '127.0.0.1:1'")).unwrap_err();
        assert!(error.contains("did you mean `metrics_listen`"), "{error}");
    }

    #[test]
    fn connections_can_be_limited_and_not_to_too_few() {
        assert_eq!(parse(SMALLEST).unwrap().server.max_connections.get(), 16_384);
        let with = |number: &str| parse(&format!("{SMALLEST}\n[server]\nmax_connections = {number}"));
        assert_eq!(with("64").unwrap().server.max_connections.get(), 64);
        assert!(with("15").unwrap_err().contains("at least 16"), "{:?}", with("15"));
        assert!(with("-1").is_err());
    }

    #[test]
    fn two_app_secrets_are_accepted_while_rotating() {
        let text = SMALLEST.replace("'env:A'", "['env:A', 'env:B']");
        assert_eq!(parse(&text).unwrap().whatsapp.app_secret.all().len(), 2);
    }

    #[test]
    fn a_secret_written_out_is_refused() {
        for reference in ["env:T", "env:A"] {
            let error = parse(&SMALLEST.replace(reference, "EAAGabc")).unwrap_err();
            assert!(error.contains("by reference"), "{error}");
        }
    }
}
