//! What is true at the moment when words are cleared.

use std::collections::BTreeMap;

use crate::bot::Bot;
use crate::conversation::Conversation;
use crate::ids::DivisionName;
use crate::templates::Stopped;
use crate::texts::Texts;
use crate::time::Timestamp;
use crate::verdict::OfficeView;

/// Everything that the host's words and the gate may rely on.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// The time.
    pub now: Timestamp,
    /// What the bot is.
    pub bot: &'a Bot,
    /// What the host can say.
    pub texts: &'a Texts,
    /// The humans behind it.
    pub presence: &'a Presence,
    /// The templates that are not sent any more.
    pub stopped: &'a Stopped,
}

/// The humans who say that they are there, and the waits that were measured.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Presence {
    /// Agents who say that they are there, by division.
    pub available: BTreeMap<DivisionName, u32>,
    /// The typical measured wait in minutes by division; only once enough waits were measured.
    pub wait_minutes: BTreeMap<DivisionName, u32>,
}

impl Facts<'_> {
    /// The office as a plugin, or a placeholder, sees it, for one division.
    pub fn office(&self, division: &DivisionName) -> OfficeView {
        let open = self.bot.office.is_open(self.now);
        OfficeView {
            open,
            next_opening: if open { None } else { self.bot.office.next_opening(self.now) },
            agents_present: self.presence.available.get(division).copied().unwrap_or(0),
            wait_minutes: self.presence.wait_minutes.get(division).copied(),
        }
    }

    /// The office for whoever may be asked: the division of the open request, or the default one.
    pub fn office_of(&self, conversation: &Conversation) -> OfficeView {
        match &conversation.request {
            Some(request) => self.office(&request.division),
            None => self.office(self.bot.default_division()),
        }
    }
}
