//! Names for things: random ids of our own, and the few names that people choose.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::world::World;

/// A text that does not name what it should.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not {expected}")]
pub struct InvalidId {
    text: String,
    expected: &'static str,
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident: $what:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// A new id: a UUIDv7 of the world's time and chance.
            pub fn new(world: &dyn World) -> Self {
                Self(world.uuid())
            }

            /// The id with these bytes.
            pub const fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The bytes of the id.
            pub const fn as_uuid(&self) -> &Uuid {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;
            fn from_str(text: &str) -> Result<Self, InvalidId> {
                Uuid::parse_str(text)
                    .map(Self)
                    .map_err(|_| InvalidId { text: text.to_owned(), expected: concat!("the id of ", $what) })
            }
        }
    )*};
}

ids! {
    /// A person who writes to the business.
    ContactId: "a contact";
    /// One (channel, contact) thread.
    ConversationId: "a conversation";
    /// One message in a conversation. A message to be sent has one id as turn and as outbox row.
    TurnId: "a turn";
    /// The customer messages, or the other event, that are decided together.
    StepId: "a step";
    /// An open call for a human.
    RequestId: "a request";
    /// A human agent or operator.
    UserId: "a user";
    /// One applied version of the configuration.
    AppliedId: "an applied version";
}

impl StepId {
    /// The step that these messages are decided in, however often it runs: the same again after a crash, or once
    /// shared state has moved on.
    ///
    /// It follows from the message that reached the host first, which the step keeps when others join it, and from
    /// what was corrected or taken back in it: a step with other words is another one. `None` if nothing is decided.
    pub fn about(messages: impl IntoIterator<Item = TurnId>, corrections: &[TurnId]) -> Option<Self> {
        use sha2::Digest as _;
        let first = messages.into_iter().chain(corrections.iter().copied()).min()?;
        let mut corrections = corrections.to_vec();
        corrections.sort_unstable();
        let mut digest = sha2::Sha256::new_with_prefix("step");
        digest.update(first.0.as_bytes());
        corrections.iter().for_each(|turn| digest.update(turn.0.as_bytes()));
        // The time of the first message stays in front, as in every other id: rows lie in the order of time.
        let mut bytes = *first.0.as_bytes();
        bytes[8..].copy_from_slice(&digest.finalize()[..8]);
        Some(Self(uuid::Builder::from_bytes(bytes).with_variant(uuid::Variant::RFC4122).into_uuid()))
    }
}

macro_rules! names {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Arc<str>);

        impl $name {
            /// The name as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.into())
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text.into())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl std::borrow::Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }
    )*};
}

names! {
    /// A channel, named by Meta's id of its phone number (`phone_number_id`): the one name of it that
    /// never changes.
    ChannelId;
    /// A plugin, by its name in `bot.toml`.
    PluginName;
    /// A team of agents, by its name in `bot.toml`.
    DivisionName;
    /// What a consent is for, such as `promo`, by its name in `bot.toml`.
    Purpose;
}

/// One immutable build of a plugin: the SHA-256 of its bytes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct RevisionId([u8; 32]);

impl RevisionId {
    /// The revision that these bytes are.
    pub fn of(bytes: &[u8]) -> Self {
        use sha2::Digest as _;
        Self(sha2::Sha256::digest(bytes).into())
    }

    /// The digest itself.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The first twelve hexadecimal digits, for people.
    pub fn short(&self) -> String {
        let mut text = self.to_string();
        text.truncate(12);
        text
    }
}

impl fmt::Display for RevisionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for RevisionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RevisionId({})", self.short())
    }
}

impl From<RevisionId> for String {
    fn from(id: RevisionId) -> Self {
        id.to_string()
    }
}

impl TryFrom<String> for RevisionId {
    type Error = InvalidId;
    fn try_from(text: String) -> Result<Self, InvalidId> {
        text.parse()
    }
}

impl FromStr for RevisionId {
    type Err = InvalidId;
    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let invalid = || InvalidId { text: text.to_owned(), expected: "a SHA-256 in hexadecimal" };
        if text.len() != 64 || !text.is_ascii() {
            return Err(invalid());
        }
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
            let pair = std::str::from_utf8(pair).map_err(|_| invalid())?;
            *byte = u8::from_str_radix(pair, 16).map_err(|_| invalid())?;
        }
        Ok(Self(bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn turn(number: u128) -> TurnId {
        TurnId::from_uuid(Uuid::from_u128((7 << 76) | (2 << 62) | number))
    }

    #[test]
    fn a_step_that_runs_again_has_the_same_id() {
        let (first, second, edit) = (turn(1), turn(2), turn(3));
        let step = StepId::about([first], &[]).unwrap();
        assert_eq!(StepId::about([second, first], &[]), Some(step), "another message has joined it");
        assert_ne!(StepId::about([second], &[]), Some(step));
        assert_ne!(StepId::about([first], &[edit]), Some(step), "other words are another step");
        assert_eq!(StepId::about([first], &[edit, second]), StepId::about([first], &[second, edit]));
        assert_eq!(StepId::about([], &[]), None);
        assert_ne!(step.as_uuid(), first.as_uuid());
        assert_eq!(step.as_uuid().get_version_num(), 7);
    }
}
