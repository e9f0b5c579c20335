//! What must be true, as it is written.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::format::Texts;

/// One thing that must be true after a step. Those about messages look at what came since the step
/// began.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Expectation {
    /// A message came. Several of these are met by different messages, in this order.
    Reply(ReplyExpected),
    /// Nothing was said to the customer, by whomever (`true`).
    Silence(bool),
    /// So many messages came.
    Messages(CountExpected),
    /// No message contains any of these.
    NotSaid(Texts),
    /// Who has the conversation.
    Owner(OwnerExpected),
    /// The open request, or `none`.
    Request(RequestExpected),
    /// The conversation has these labels, perhaps among others.
    Labels(Texts),
    /// What is known of the customer contains this.
    Attributes(BTreeMap<String, String>),
    /// What the customer consented to.
    Consent(ConsentExpected),
    /// A line of the trace: some step since this one began has one that fits.
    Trace(TraceExpected),
    /// What the host's own ears heard: `stop`, `human` and so on; `nothing`.
    Heard(String),
    /// These things happened, in this order: `handed_over`, `taken` and so on.
    Happened(Texts),
    /// The kinds of all turns since the step began, in order.
    Turns(Texts),
    /// The whole history, as agents read it.
    History(HistoryExpected),
    /// The language in which the host answers: `id` or `en`.
    Language(String),
    /// Something was kept that belongs to no conversation.
    Kept(KeptExpected),
}

/// A reply as it is written.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct ReplyShape {
    contains: Texts,
    not_contains: Texts,
    by: Option<String>,
    kind: Option<String>,
    outcome: Option<String>,
    wording: Option<String>,
    buttons: Texts,
    delivery: Option<String>,
}

/// A message that must have come; a text alone stands for what it contains.
#[derive(Clone, Debug, Default)]
pub struct ReplyExpected {
    /// It contains all of these, whatever their case.
    pub contains: Vec<String>,
    /// It contains none of these.
    pub not_contains: Vec<String>,
    /// Who made it: a plugin's name, `host`, or `agent`.
    pub by: Option<String>,
    /// Its kind: `text`, `buttons`, `list` and so on.
    pub kind: Option<String>,
    /// What the plugin called it: `answer`, `question`, `greeting`, `fallback`.
    pub outcome: Option<String>,
    /// The host's wording: its key (`handover.present`), or with language and version
    /// (`handover.present.id@1`).
    pub wording: Option<String>,
    /// The titles of its buttons or rows contain these.
    pub buttons: Vec<String>,
    /// What became of it: `accepted`, `delivered`, `failed` and so on.
    pub delivery: Option<String>,
}

impl From<ReplyShape> for ReplyExpected {
    fn from(shape: ReplyShape) -> Self {
        Self {
            contains: shape.contains.0,
            not_contains: shape.not_contains.0,
            by: shape.by,
            kind: shape.kind,
            outcome: shape.outcome,
            wording: shape.wording,
            buttons: shape.buttons.0,
            delivery: shape.delivery,
        }
    }
}

/// Bounds as they are written.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct CountShape {
    at_least: Option<u64>,
    at_most: Option<u64>,
}

/// How many messages must have come.
#[derive(Clone, Copy, Debug)]
pub struct CountExpected {
    /// At least.
    pub at_least: u64,
    /// At most.
    pub at_most: u64,
}

/// Who must have the conversation: `bot`, `queue`, `agent`, `phone`, or more exactly.
#[derive(Clone, Debug)]
pub enum OwnerExpected {
    /// Of this kind.
    Kind(String),
    /// The queue of this division.
    Queue(String),
    /// The agent with this login.
    Agent(String),
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum OwnerShape {
    Queue(String),
    Agent(String),
}

/// The open request: `none`, `open`, or all that is named.
#[derive(Clone, Debug)]
pub enum RequestExpected {
    /// There is none.
    None,
    /// There is one that fits.
    Open(RequestShape),
}

/// A request that must be open: all that is named must fit.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RequestShape {
    /// Why, in one word.
    pub reason: Option<String>,
    /// For whom.
    pub division: Option<String>,
    /// How pressing.
    pub priority: Option<String>,
    /// The summary contains all of these, whatever their case.
    pub summary: Texts,
    /// The text that the customer was promised, by its key.
    pub promised: Option<String>,
    /// Facts for the agent, by name; each contains the text.
    pub facts: BTreeMap<String, String>,
}

/// What the customer must have consented to.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ConsentExpected {
    /// Whether they told the business to stop writing of its own accord.
    pub opted_out: Option<bool>,
    /// Purposes that they agreed to.
    pub granted: Texts,
    /// Evidence of the ledger's lines, the oldest first: `word`, `button`, `preference`.
    pub ledger: Option<Vec<String>>,
}

/// A line of the trace: all that is named must fit.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TraceExpected {
    /// A rule of the gate.
    pub rule: Option<String>,
    /// What it did: `passed`, `changed`, `refused`, `not_bound`.
    pub effect: Option<String>,
    /// A plugin that was asked.
    pub plugin: Option<String>,
    /// What it decided: `pass`, `reply`, `handover`; `failed`.
    pub decision: Option<String>,
    /// What set the step off: `messages`, `ear`, `action` and so on.
    pub trigger: Option<String>,
    /// The reason given contains this, whatever its case.
    pub why: Option<String>,
    /// A note of the host contains this, whatever its case.
    pub note: Option<String>,
}

/// The whole history.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct HistoryExpected {
    /// These texts are in it, in this order.
    pub contains: Texts,
    /// None of these texts is in it.
    pub not_contains: Texts,
    /// Turns of these kinds are in it, in this order.
    pub kinds: Texts,
    /// What became of messages to the customer, in this order: `delivered`, `read`, `failed`.
    pub deliveries: Texts,
}

/// Something that was kept.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct KeptExpected {
    /// What it is.
    pub field: Option<String>,
    /// Its JSON contains this.
    pub contains: Option<String>,
}

/// Reads what is either a short word or a map.
struct WordOrMap<T, S> {
    expecting: &'static str,
    word: fn(&str) -> Option<T>,
    map: fn(S) -> T,
}

impl<'de, T, S: Deserialize<'de>> Visitor<'de> for WordOrMap<T, S> {
    type Value = T;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.expecting)
    }

    fn visit_str<E: serde::de::Error>(self, word: &str) -> Result<T, E> {
        (self.word)(word).ok_or_else(|| E::custom(format!("`{word}` does not stand here: write {}", self.expecting)))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        S::deserialize(MapAccessDeserializer::new(map)).map(self.map)
    }
}

impl<'de> Deserialize<'de> for ReplyExpected {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(WordOrMap {
            expecting: "a text that the reply contains, or a map of what must fit",
            word: |text| Some(Self { contains: vec![text.to_owned()], ..Self::default() }),
            map: |shape: ReplyShape| shape.into(),
        })
    }
}

impl<'de> Deserialize<'de> for OwnerExpected {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(WordOrMap {
            expecting: "`bot`, `queue`, `agent`, `phone`, `{ queue: DIVISION }` or `{ agent: LOGIN }`",
            word: |word| matches!(word, "bot" | "queue" | "agent" | "phone").then(|| Self::Kind(word.to_owned())),
            map: |shape: OwnerShape| match shape {
                OwnerShape::Queue(division) => Self::Queue(division),
                OwnerShape::Agent(login) => Self::Agent(login),
            },
        })
    }
}

impl<'de> Deserialize<'de> for RequestExpected {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(WordOrMap {
            expecting: "`none`, `open`, or a map of what must fit",
            word: |word| match word {
                "none" => Some(Self::None),
                "open" => Some(Self::Open(RequestShape::default())),
                _ => None,
            },
            map: Self::Open,
        })
    }
}

impl<'de> Deserialize<'de> for CountExpected {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Count;
        impl<'de> Visitor<'de> for Count {
            type Value = CountExpected;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a number, `{ at_most: NUMBER }` or `{ at_least: NUMBER }`")
            }

            fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<CountExpected, E> {
                Ok(CountExpected { at_least: number, at_most: number })
            }

            fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<CountExpected, E> {
                u64::try_from(number).map_err(E::custom).and_then(|number| self.visit_u64(number))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<CountExpected, A::Error> {
                let shape = CountShape::deserialize(MapAccessDeserializer::new(map))?;
                Ok(CountExpected { at_least: shape.at_least.unwrap_or(0), at_most: shape.at_most.unwrap_or(u64::MAX) })
            }
        }
        deserializer.deserialize_any(Count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Expectation, String> {
        serde_saphyr::from_str(text).map_err(|error| error.to_string())
    }

    #[test]
    fn a_reply_is_a_text_or_what_must_fit() {
        assert!(matches!(read("reply: halo"), Ok(Expectation::Reply(reply)) if reply.contains == ["halo"]));
        let read = read("reply: { contains: [a, b], by: faq, buttons: Kembali }");
        assert!(matches!(read, Ok(Expectation::Reply(reply)) if reply.contains.len() == 2 && reply.buttons.len() == 1));
    }

    #[test]
    fn an_owner_is_named_exactly_or_by_kind() {
        assert!(matches!(read("owner: queue"), Ok(Expectation::Owner(OwnerExpected::Kind(_)))));
        assert!(matches!(read("owner: { agent: rina }"), Ok(Expectation::Owner(OwnerExpected::Agent(_)))));
        let error = read("owner: nobody").unwrap_err();
        assert!(error.contains("`bot`"), "{error}");
    }

    #[test]
    fn a_count_is_a_number_or_a_bound() {
        assert!(matches!(read("messages: 1"), Ok(Expectation::Messages(CountExpected { at_least: 1, at_most: 1 }))));
        let read = read("messages: { at_most: 2 }");
        assert!(matches!(read, Ok(Expectation::Messages(CountExpected { at_least: 0, at_most: 2 }))));
    }
}
