//! One call of a plugin: what goes in, what it may look up, what comes out.

use std::sync::Arc;

use async_trait::async_trait;
use santun_core::identity::{PersonName, Phone};
use santun_core::ids::{ContactId, PluginName, StepId};
use santun_core::turn::Turn;
use santun_core::verdict::{Context, Event, Failure, StateScope, StateWrite, Verdict};

/// What a plugin is asked.
#[derive(Clone)]
pub struct Call<'a> {
    /// The step that is decided.
    pub step: StepId,
    /// The step's seed: with the plugin's name it seeds the guest's randomness.
    pub seed: u64,
    /// What happened.
    pub event: &'a Event,
    /// What is known.
    pub context: &'a Context,
    /// Who is writing.
    pub contact: ContactView<'a>,
    /// What the plugin may look up.
    pub recall: Arc<dyn Recall>,
}

/// Who is writing. A plugin gets a key of its own made from the id, and the rest only if it asks for
/// it and the operator grants it.
#[derive(Clone, Copy, Debug)]
pub struct ContactView<'a> {
    /// The person.
    pub id: ContactId,
    /// The name in their profile, if it is known.
    pub name: Option<&'a PersonName>,
    /// Their number, if it is known.
    pub phone: Option<&'a Phone>,
}

/// What a plugin may look up in the middle of a call, in the conversation that the call is about.
#[async_trait]
pub trait Recall: Send + Sync {
    /// The last `n` turns before the step's own messages, the oldest first; a few earlier ones may stand in
    /// front of them. Asked only if the plugin asks, and never for more than it was granted. Shared, since
    /// every plugin of a chain may ask.
    async fn history(&self, n: u32) -> Result<Arc<Vec<Turn>>, RecallError>;

    /// A committed value of a plugin's state with its version; `None` if the key does not exist.
    async fn state(
        &self,
        plugin: &PluginName,
        scope: StateScope,
        key: &str,
    ) -> Result<Option<(Vec<u8>, u64)>, RecallError>;
}

/// What a plugin wanted to know could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the store could not be read: {0}")]
pub struct RecallError(pub String);

/// What came of a call.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The verdict, or why there is none.
    pub result: Result<Verdict, Failure>,
    /// Staged writes to the plugin's state, to commit with the verdict; empty without one.
    pub writes: Vec<StateWrite>,
    /// Microseconds from the start of the call, after queueing, to its end.
    pub micros: u64,
    /// Microseconds of them that the guest was computing.
    pub guest_micros: u64,
    /// What it logged.
    pub logs: LogCount,
    /// Requests that it sent, in order.
    pub http: Vec<HttpRecord>,
}

/// How much a call logged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LogCount {
    /// Lines that were kept.
    pub lines: u32,
    /// Lines that were dropped: beyond `log_kb`, or because logs came faster than they could be
    /// written.
    pub dropped: u32,
}

/// One HTTP request of a call, without what was said in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpRecord {
    /// The method.
    pub method: String,
    /// The origin that was asked last, redirects included.
    pub origin: String,
    /// The answer's status, or the failure's code.
    pub outcome: Result<u16, &'static str>,
    /// Microseconds on the wall.
    pub micros: u64,
}
