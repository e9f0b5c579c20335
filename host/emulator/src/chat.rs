//! One thread between a customer and a business number, as both phones show it.

use std::collections::VecDeque;

use serde::Serialize;

use crate::limits::Pace;

/// How long after a customer's message a business may write freely.
pub(crate) const WINDOW_MS: i64 = 24 * 3600 * 1000;
/// How long a typing indicator shows unless a message replaces it.
pub(crate) const TYPING_MS: i64 = 25_000;

/// Who an entry is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Side {
    /// The customer.
    Customer,
    /// The business, through the API.
    Business,
    /// The business, from the WhatsApp app on a phone.
    BusinessPhone,
    /// WhatsApp itself, such as a changed number.
    System,
}

/// How far an entry came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Status {
    /// Accepted.
    Accepted,
    /// On WhatsApp's servers.
    Sent,
    /// On the other phone.
    Delivered,
    /// Seen.
    Read,
    /// It will not arrive.
    Failed,
}

/// One message, reaction or notice of a chat.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    /// Its place in the chat, from 1, without gaps.
    pub(crate) seq: u64,
    /// The chat's version at which it last changed.
    pub(crate) version: u64,
    pub(crate) wamid: Box<str>,
    pub(crate) side: Side,
    /// Milliseconds since the epoch.
    pub(crate) at_ms: i64,
    pub(crate) status: Status,
    /// The message object: `type` and the member it names, as sent.
    pub(crate) message: Box<str>,
    /// What the business asked to have echoed in statuses.
    pub(crate) callback: Option<Box<str>>,
    /// Text that an edit put in place of the first.
    pub(crate) edited: Option<Box<str>>,
    /// Taken back by its sender.
    pub(crate) revoked: bool,
    /// Reaction of the other side to it.
    pub(crate) reaction: Option<Box<str>>,
}

/// What makes an entry.
pub(crate) struct NewEntry<'a> {
    pub(crate) wamid: &'a str,
    pub(crate) side: Side,
    pub(crate) at_ms: i64,
    pub(crate) status: Status,
    pub(crate) message: Box<str>,
    pub(crate) callback: Option<&'a str>,
}

/// A thread.
#[derive(Debug, Default)]
pub(crate) struct Chat {
    entries: VecDeque<Entry>,
    last_seq: u64,
    version: u64,
    /// When the customer last wrote, if ever. Milliseconds.
    last_from_customer_ms: Option<i64>,
    typing_until_ms: i64,
    /// Whether the customer's phone shows this chat, so that what arrives is read.
    pub(crate) open: bool,
    /// How much of the business's limit towards this customer is used up.
    pub(crate) pace: Pace,
}

impl Chat {
    /// Whether the business may write freely at this time.
    pub(crate) fn window_open(&self, now_ms: i64) -> bool {
        self.last_from_customer_ms.is_some_and(|at| now_ms < at + WINDOW_MS)
    }

    /// When the window closes, if the customer ever wrote.
    pub(crate) fn window_closes_ms(&self) -> Option<i64> {
        self.last_from_customer_ms.map(|at| at + WINDOW_MS)
    }

    /// The customer wrote: the window opens anew.
    pub(crate) fn customer_wrote(&mut self, at_ms: i64) {
        self.last_from_customer_ms = Some(self.last_from_customer_ms.map_or(at_ms, |before| before.max(at_ms)));
    }

    /// Adds an entry, forgetting the oldest beyond `keep`, and returns its place.
    pub(crate) fn push(&mut self, new: NewEntry<'_>, keep: usize) -> u64 {
        self.last_seq += 1;
        self.version += 1;
        if new.side != Side::Customer {
            self.typing_until_ms = 0;
        }
        if keep == 0 {
            return self.last_seq;
        }
        while self.entries.len() >= keep {
            self.entries.pop_front();
        }
        self.entries.push_back(Entry {
            seq: self.last_seq,
            version: self.version,
            wamid: new.wamid.into(),
            side: new.side,
            at_ms: new.at_ms,
            status: new.status,
            message: new.message,
            callback: new.callback.map(Into::into),
            edited: None,
            revoked: false,
            reaction: None,
        });
        self.last_seq
    }

    /// Whether this message was in the chat. `true` also where it may have been forgotten.
    pub(crate) fn may_hold(&self, wamid: &str) -> bool {
        let forgotten = self.last_seq > self.entries.len() as u64;
        forgotten || self.find(wamid).is_some()
    }

    /// The entry with this id.
    pub(crate) fn find(&self, wamid: &str) -> Option<&Entry> {
        self.entries.iter().rev().find(|entry| &*entry.wamid == wamid)
    }

    /// Changes an entry and gives it a new version.
    pub(crate) fn change(&mut self, wamid: &str, change: impl FnOnce(&mut Entry)) -> Option<&Entry> {
        let entry = self.entries.iter_mut().rev().find(|entry| &*entry.wamid == wamid)?;
        self.version += 1;
        entry.version = self.version;
        change(entry);
        Some(entry)
    }

    /// Marks what came from one side, up to and including a message (or everything), as read; returns the ids that
    /// were not, oldest first, with what they ask to have echoed.
    pub(crate) fn read_up_to(&mut self, from: Side, wamid: Option<&str>) -> Vec<(Box<str>, Option<Box<str>>)> {
        let until = match wamid {
            Some(wamid) => match self.find(wamid) {
                Some(entry) => entry.seq,
                None => return Vec::new(),
            },
            None => self.last_seq,
        };
        let mut read = Vec::new();
        for entry in self.entries.iter_mut().rev() {
            if entry.seq > until || entry.side != from {
                continue;
            }
            if entry.status == Status::Read {
                // What is older was read before it.
                break;
            }
            if entry.status == Status::Failed {
                continue;
            }
            self.version += 1;
            entry.version = self.version;
            entry.status = Status::Read;
            read.push((entry.wamid.clone(), entry.callback.clone()));
        }
        read.reverse();
        read
    }

    /// The business shows that it is typing.
    pub(crate) fn show_typing(&mut self, now_ms: i64) {
        self.version += 1;
        self.typing_until_ms = now_ms + TYPING_MS;
    }

    /// Whether the customer sees the business typing.
    pub(crate) fn typing(&self, now_ms: i64) -> bool {
        now_ms < self.typing_until_ms
    }

    /// Entries after a place, or changed after a version, oldest first.
    pub(crate) fn since(&self, seq: u64, version: Option<u64>) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(move |entry| match version {
            Some(version) => entry.version > version,
            None => entry.seq > seq,
        })
    }

    /// The newest entry.
    pub(crate) fn last(&self) -> Option<&Entry> {
        self.entries.back()
    }

    /// The newest place.
    pub(crate) fn last_seq(&self) -> u64 {
        self.last_seq
    }

    /// The newest version.
    pub(crate) fn version(&self) -> u64 {
        self.version
    }

    /// Entries, newest first.
    pub(crate) fn newest_first(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().rev()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(wamid: &str, side: Side) -> NewEntry<'_> {
        NewEntry { wamid, side, at_ms: 0, status: Status::Delivered, message: "{}".into(), callback: None }
    }

    #[test]
    fn the_window_is_closed_until_the_customer_writes_and_a_day_after() {
        let mut chat = Chat::default();
        assert!(!chat.window_open(0));
        chat.customer_wrote(1_000);
        assert!(chat.window_open(1_000 + WINDOW_MS - 1));
        assert!(!chat.window_open(1_000 + WINDOW_MS));
    }

    #[test]
    fn a_late_arrival_does_not_shorten_the_window() {
        let mut chat = Chat::default();
        chat.customer_wrote(5_000);
        chat.customer_wrote(1_000);
        assert_eq!(chat.window_closes_ms(), Some(5_000 + WINDOW_MS));
    }

    #[test]
    fn a_chat_keeps_no_more_than_it_may_and_counts_on() {
        let mut chat = Chat::default();
        for wamid in ["a", "b", "c"] {
            chat.push(entry(wamid, Side::Customer), 2);
        }
        assert_eq!(chat.since(0, None).map(|entry| entry.seq).collect::<Vec<_>>(), [2, 3]);
        assert!(chat.may_hold("a"), "it may have been there");
    }

    #[test]
    fn reading_marks_what_came_before_once() {
        let mut chat = Chat::default();
        for wamid in ["a", "b"] {
            chat.push(entry(wamid, Side::Business), 9);
        }
        chat.push(entry("mine", Side::Customer), 9);
        assert_eq!(chat.read_up_to(Side::Business, Some("b")).len(), 2);
        assert!(chat.read_up_to(Side::Business, None).is_empty());
        assert_eq!(chat.find("mine").map(|entry| entry.status), Some(Status::Delivered));
    }
}
