//! Where a customer stands in the menu.

use santun_plugin::prelude::*;
use serde::{Deserialize, Serialize};

/// The option that leads one level up.
pub(crate) const BACK: &str = "back";
/// The option that leads to the main menu.
pub(crate) const MAIN: &str = "main";
/// After this long, in milliseconds, a typed number no longer means a menu.
const MEMORY: u64 = 60 * 60 * 1_000;

/// What is remembered between messages.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Place {
    /// What was offered last, in the order of its numbers.
    pub offered: Vec<String>,
    /// The item whose level "back" leads to; without it, the main menu.
    pub up: Option<String>,
    /// The guided item that is under way.
    pub guide: Option<Guide>,
    /// How often thanks were answered in this conversation.
    pub thanked: u32,
    /// How often small talk was answered in this conversation.
    pub chatted: u32,
    /// How often it was told what the bot can do.
    pub told: u32,
    /// When this was so.
    seen: u64,
}

/// A guided item that is under way.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Guide {
    /// The item.
    pub item: String,
    /// The step that is open.
    pub step: u32,
    /// What was answered: attribute and value.
    pub answers: Vec<(String, String)>,
}

impl Place {
    pub(crate) fn recall(host: &dyn Host, now: u64) -> Self {
        let place: Self = host.recall("place").unwrap_or_default();
        if now.saturating_sub(place.seen) > MEMORY {
            let Self { thanked, chatted, told, .. } = place;
            return Self { thanked, chatted, told, ..Self::default() };
        }
        place
    }

    pub(crate) fn remember(mut self, host: &dyn Host, now: u64) -> Result<(), Error> {
        self.seen = now;
        host.remember("place", &self)
    }

    /// What was offered under a number that the customer typed.
    pub(crate) fn offered(&self, number: u32) -> Option<&str> {
        let place = usize::try_from(number).ok()?.checked_sub(1)?;
        self.offered.get(place).map(String::as_str)
    }
}
