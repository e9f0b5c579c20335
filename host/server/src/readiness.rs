//! Whether the host can do its work, and what keeps it from that: what `/readyz` answers and the service manager is told.

use std::fmt;

use santun_store::StoreError;
use serde::{Serialize, Serializer};

use crate::host::Host;

/// What keeps the host from doing its work, if anything does.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Readiness {
    /// Whether webhooks can be taken.
    ready: bool,
    /// What keeps it from taking webhooks.
    #[schema(value_type = Vec<String>)]
    problems: Vec<Obstacle>,
    /// What it can live with, and somebody should see to.
    warnings: Vec<String>,
}

/// Something that keeps the host from taking webhooks.
#[derive(Debug)]
pub enum Obstacle {
    /// No write becomes durable.
    Store(StoreError),
    /// There is no version to serve.
    NothingApplied,
    /// The process, or the system, has no files left to open.
    NoFilesLeft,
    /// The host drains.
    Stopping,
}

impl fmt::Display for Obstacle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Store(error) => write!(f, "the store takes no writes: {error}"),
            Self::NothingApplied => f.write_str("nothing is applied: run `santun apply bot.toml`"),
            Self::NoFilesLeft => f.write_str("no files are left to open: raise the limit (LimitNOFILE=, ulimit -n)"),
            Self::Stopping => f.write_str("the host is about to stop"),
        }
    }
}

impl Serialize for Obstacle {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Host {
    /// Ready: the store takes writes, something is applied, files can be opened, and the host is not about to stop.
    pub async fn readiness(&self) -> Readiness {
        let mut problems = Vec::new();
        if let Err(error) = self.store.probe().await {
            problems.push(Obstacle::Store(error));
        }
        if self.live().is_none() {
            problems.push(Obstacle::NothingApplied);
        }
        if !files_left() {
            problems.push(Obstacle::NoFilesLeft);
        }
        if self.draining() {
            problems.push(Obstacle::Stopping);
        }
        let halted = self.paces.halted().into_iter();
        let halted = halted.map(|(channel, why)| format!("channel {channel} cannot send: {why}"));
        let stopped = self.templates.stopped();
        let stopped = stopped.iter().map(|(name, stop)| format!("template {name} of {} is {stop}", name.account));
        let warnings = halted.chain(stopped).collect();
        Readiness { ready: problems.is_empty(), problems, warnings }
    }
}

/// Files that a host must still be able to open to go on: connections come and go, plugins are read.
const SPARE_FILES: usize = 8;

/// Whether the process may open a few more files. Tried, since nothing else tells for the system as well.
fn files_left() -> bool {
    let opened: Result<Vec<_>, _> = (0..SPARE_FILES).map(|_| std::fs::File::open("/dev/null")).collect();
    opened.is_ok()
}

impl Readiness {
    /// Whether the host can do its work.
    pub const fn is_ready(&self) -> bool {
        self.ready
    }

    /// Whether nothing is missing but a version to serve. Only a host that runs can be given its first one.
    pub fn waits_for_a_version(&self) -> bool {
        matches!(self.problems.as_slice(), [Obstacle::NothingApplied])
    }

    /// All of it in one line, for people.
    pub fn line(&self) -> String {
        let told = self.problems.iter().map(Obstacle::to_string).chain(self.warnings.iter().cloned());
        let told: Vec<String> = told.collect();
        if told.is_empty() { "serving".to_owned() } else { told.join("; ") }
    }
}
