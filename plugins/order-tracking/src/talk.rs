//! What is remembered between messages.

use santun_plugin::prelude::*;
use serde::{Deserialize, Serialize};

/// After this long, in milliseconds, a number alone is no answer any more.
const PATIENCE: u64 = 60 * 60 * 1_000;

/// Where the talk about orders stands.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Talk {
    /// How often in a row a number was asked for; 0 if none is awaited.
    pub asked: u32,
    /// How often in a row a number was not found.
    pub missed: u32,
    /// The id of the last number that was not found, while another is awaited.
    #[serde(default)]
    pub unfound: Option<String>,
    /// How often in a row the order service did not answer.
    pub down: u32,
    /// The order that was handed to a human because it is very late or missing.
    pub handed_over: Option<String>,
    /// When this was so.
    seen: u64,
}

impl Talk {
    pub(crate) fn recall(host: &dyn Host, now: u64) -> Self {
        let talk: Self = host.recall("talk").unwrap_or_default();
        if now.saturating_sub(talk.seen) > PATIENCE {
            return Self { handed_over: talk.handed_over, ..Self::default() };
        }
        talk
    }

    pub(crate) fn remember(mut self, host: &dyn Host, now: u64) -> Result<(), Error> {
        self.seen = now;
        host.remember("talk", &self)
    }

    /// Whether a number was asked for and has not come.
    pub(crate) fn awaits_number(&self) -> bool {
        self.asked > 0
    }

    /// An order was found: nothing is open.
    pub(crate) fn settle(&mut self) {
        *self = Self { handed_over: self.handed_over.take(), ..Self::default() };
    }
}
