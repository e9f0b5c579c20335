//! Recognising promises about humans, waits and hours, in Indonesian and English.
//!
//! What a business says of parcels, refunds and payments is its own; what it says of when a human comes is
//! the host's.

mod hours;
mod human;
mod lexicon;
mod wait;

#[cfg(test)]
mod tests;

use crate::gate::words::words;

/// What a sentence promises.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Promise {
    /// How long to wait.
    Wait,
    /// That a human comes, or answers.
    Human,
    /// When the business is open.
    Hours,
}

impl Promise {
    /// What it does, after "a sentence that …".
    pub(crate) const fn in_words(self) -> &'static str {
        match self {
            Self::Wait => "states a waiting time",
            Self::Human => "promises that a human comes",
            Self::Hours => "states opening hours",
        }
    }
}

/// What a sentence promises, if it promises anything.
pub(crate) fn promise(sentence: &str) -> Option<Promise> {
    let words = words(sentence);
    if hours::states_hours(&words) {
        return Some(Promise::Hours);
    }
    if human::promises_human(&words) {
        return Some(Promise::Human);
    }
    wait::states_wait(&words).then_some(Promise::Wait)
}
