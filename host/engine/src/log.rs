//! Guest logs: they leave by a bounded queue, so that a plugin that logs a lot stalls nobody.

use std::sync::mpsc::{SyncSender, sync_channel};

use santun_core::ids::{PluginName, RevisionId, StepId};

/// Lines that may wait to be written.
const QUEUE: usize = 4_096;

/// How much a line matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Level {
    Debug,
    Info,
    Warn,
    Error,
}

/// A line on its way to the operator's log.
#[derive(Debug)]
pub(crate) struct Line {
    pub(crate) plugin: PluginName,
    pub(crate) revision: RevisionId,
    pub(crate) step: StepId,
    pub(crate) level: Level,
    pub(crate) text: String,
}

/// The way to the operator's log.
#[derive(Clone, Debug)]
pub(crate) struct GuestLog {
    queue: SyncSender<Line>,
}

impl GuestLog {
    /// Starts the thread that writes; it ends with the last sender.
    pub(crate) fn start() -> std::io::Result<Self> {
        let (queue, lines) = sync_channel(QUEUE);
        std::thread::Builder::new().name("santun-guest-log".into()).spawn(move || lines.iter().for_each(write))?;
        Ok(Self { queue })
    }

    /// Hands a line over; false if it was dropped because too many wait.
    pub(crate) fn send(&self, line: Line) -> bool {
        self.queue.try_send(line).is_ok()
    }
}

fn write(line: Line) {
    let Line { plugin, revision, step, level, text } = line;
    let revision = revision.short();
    macro_rules! at {
        ($level:ident) => {
            tracing::event!(target: "santun::guest", tracing::Level::$level, %plugin, %revision, %step, "{text}")
        };
    }
    match level {
        Level::Debug => at!(DEBUG),
        Level::Info => at!(INFO),
        Level::Warn => at!(WARN),
        Level::Error => at!(ERROR),
    }
}
