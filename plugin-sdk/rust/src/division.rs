//! A team of the business, as an operator names it.

use std::ops::Deref;

use serde::{Deserialize, Serialize};

use crate::config::{Node, Schema};

/// The name of a division in a configuration. Its schema says what it is, so that the host refuses one that `bot.toml`
/// does not have, when it is applied and not when a customer waits for it.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Division(String);

impl Schema for Division {
    const SCHEMA: Node = Node::Text(r#""type":"string","format":"division""#);
}

impl Deref for Division {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl From<Division> for String {
    fn from(division: Division) -> Self {
        division.0
    }
}

impl From<&str> for Division {
    fn from(name: &str) -> Self {
        Self(name.to_owned())
    }
}

impl From<String> for Division {
    fn from(name: String) -> Self {
        Self(name)
    }
}
