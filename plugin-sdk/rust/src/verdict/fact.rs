//! What is said beside a decision, in the contract's sizes.

use crate::Error;
use crate::bindings::santun::plugin::types as wit;

pub(super) fn fact(name: impl Into<String>, value: impl Into<String>) -> wit::Fact {
    wit::Fact { name: name.into(), value: shortened(value.into(), 512) }
}

pub(super) fn check_fact(fact: &wit::Fact) -> Result<(), Error> {
    let word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if fact.name.is_empty() || fact.name.len() > 64 || !fact.name.chars().all(word) {
        return Err(Error::new(format!(
            "`{}` is no name for a fact: use at most 64 lower-case letters, digits and hyphens",
            fact.name
        )));
    }
    Ok(())
}

/// A text of at most `max` bytes; a cut one ends with `…`.
pub(super) fn shortened(mut text: String, max: usize) -> String {
    if text.len() <= max {
        return text;
    }
    text.truncate(text.floor_char_boundary(max - '…'.len_utf8()));
    text.push('…');
    text
}
