//! What somebody does in a story, and how it is written.

use std::time::Duration;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};
use serde_saphyr::Spanned;

use super::expect::Expectation;
use super::format::{Expected, Step, Texts};
use super::time::{TimeOfWeek, length};

/// What somebody does.
#[derive(Debug)]
pub enum Act {
    /// The customer writes these texts, one right after the other.
    Write(Vec<String>),
    /// The customer taps a button or a row, by its title.
    Tap(String),
    /// The customer sends anything: the body of the emulator's `send`.
    Send(Vec<Value>),
    /// The customer changes WhatsApp's own setting for marketing messages: `stop` or `resume`.
    Prefer(String),
    /// A human of the business answers from the WhatsApp app.
    Echo(String),
    /// An agent does something.
    Agent(AgentAct),
    /// Time passes, for the host and for WhatsApp.
    Wait(Duration),
    /// Time passes until it is this time of the office's clock.
    Clock(TimeOfWeek),
    /// From now on something goes wrong at WhatsApp for this customer: the body of the emulator's `faults`, in one
    /// map; nothing, if all is well again.
    Fault(Option<Value>),
    /// The customer reads what has come.
    Read(Reads),
    /// An operator forgets the customer.
    Forget(String),
}

/// What of it the customer reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reads {
    /// What is there.
    Now,
    /// Whatever comes from now on, too.
    Always,
}

/// What an agent does.
#[derive(Debug)]
pub struct AgentAct {
    /// Their login.
    pub login: String,
    /// What they do.
    pub does: AgentDoes,
    /// The code of the refusal that must come, if one must.
    pub refused: Option<String>,
}

/// What an agent can do.
#[derive(Debug)]
pub enum AgentDoes {
    /// Takes the conversation.
    Take,
    /// Says something.
    Reply(String),
    /// Notes something for colleagues.
    Note(String),
    /// Gives it to another division.
    Transfer(String),
    /// Gives it back to the bot, perhaps with a note.
    HandBack(Option<String>),
    /// Closes the request.
    Resolve,
    /// Says that they are there.
    Available,
    /// Says that they are away.
    Away,
}

/// A step as it is written: one key says what is done.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Written {
    customer: Option<Texts>,
    tap: Option<String>,
    send: Option<Sends>,
    preference: Option<String>,
    echo: Option<String>,
    agent: Option<WrittenAgent>,
    wait: Option<String>,
    clock: Option<String>,
    fault: Option<Value>,
    read: Option<Value>,
    forget: Option<WrittenForget>,
    #[serde(default)]
    expect: Vec<Spanned<Expectation>>,
}

impl Written {
    pub(super) fn read(self, line: u64) -> Result<Step, String> {
        let mut acts: Vec<Act> = Vec::new();
        acts.extend(self.customer.map(|texts| Act::Write(texts.0)));
        acts.extend(self.tap.map(Act::Tap));
        acts.extend(self.send.map(|sends| Act::Send(sends.0)));
        acts.extend(self.preference.map(Act::Prefer));
        acts.extend(self.echo.map(Act::Echo));
        if let Some(agent) = self.agent {
            acts.push(Act::Agent(agent.read()?));
        }
        if let Some(wait) = self.wait {
            let wrong = || format!("`wait: {wait}` is no length of time: write `90 minutes`, `2 hours`, `3 days`");
            acts.push(Act::Wait(length(&wait).ok_or_else(wrong)?));
        }
        if let Some(clock) = self.clock {
            acts.push(Act::Clock(TimeOfWeek::read(&clock)?));
        }
        if let Some(fault) = self.fault {
            acts.push(read_fault(fault)?);
        }
        if let Some(read) = self.read {
            acts.push(match read {
                Value::Bool(true) => Act::Read(Reads::Now),
                Value::String(word) if word == "always" => Act::Read(Reads::Always),
                _ => return Err("`read` is `true`, or `always`".to_owned()),
            });
        }
        acts.extend(self.forget.map(|forget| Act::Forget(forget.login)));
        let expect = self.expect.into_iter();
        let expect: Vec<Expected> =
            expect.map(|what| Expected { line: what.referenced.line(), what: what.value }).collect();
        match acts.len() {
            0 if expect.is_empty() => Err("this step does nothing: write `customer:` or `expect:`".to_owned()),
            0 | 1 => Ok(Step { line, act: acts.pop(), expect }),
            _ => Err("this step does two things at once: make a step of each".to_owned()),
        }
    }
}

/// A fault as one map: those of the emulator's own words that say where it strikes stay outside.
fn read_fault(written: Value) -> Result<Act, String> {
    let members = match written {
        Value::String(word) if word == "none" => return Ok(Act::Fault(None)),
        Value::Object(members) if members.contains_key("kind") => members,
        _ => return Err("`fault` is `none`, or a map with `kind`, such as `{ kind: error, code: 131026 }`".to_owned()),
    };
    let (whole, fault): (Map<_, _>, Map<_, _>) =
        members.into_iter().partition(|(name, _)| matches!(name.as_str(), "on" | "times" | "probability" | "seed"));
    let mut whole = Value::Object(whole);
    whole["fault"] = fault.into();
    Ok(Act::Fault(Some(whole)))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenForget {
    #[serde(rename = "as")]
    login: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenAgent {
    #[serde(rename = "as")]
    login: String,
    #[serde(default)]
    take: bool,
    reply: Option<String>,
    note: Option<String>,
    transfer: Option<String>,
    hand_back: Option<BackWith>,
    #[serde(default)]
    resolve: bool,
    #[serde(default)]
    available: bool,
    #[serde(default)]
    away: bool,
    refused: Option<String>,
}

impl WrittenAgent {
    fn read(self) -> Result<AgentAct, String> {
        let mut does: Vec<AgentDoes> = Vec::new();
        does.extend(self.take.then_some(AgentDoes::Take));
        does.extend(self.reply.map(AgentDoes::Reply));
        does.extend(self.note.map(AgentDoes::Note));
        does.extend(self.transfer.map(AgentDoes::Transfer));
        does.extend(self.hand_back.map(|back| AgentDoes::HandBack(back.0)));
        does.extend(self.resolve.then_some(AgentDoes::Resolve));
        does.extend(self.available.then_some(AgentDoes::Available));
        does.extend(self.away.then_some(AgentDoes::Away));
        let one = "an agent does one of `take: true`, `reply`, `note`, `transfer`, `hand_back`, `resolve: true`, \
                   `available: true`, `away: true`";
        match (does.pop(), does.is_empty()) {
            (Some(does), true) => Ok(AgentAct { login: self.login, does, refused: self.refused }),
            _ => Err(one.to_owned()),
        }
    }
}

/// One body, or several.
struct Sends(Vec<Value>);

impl<'de> Deserialize<'de> for Sends {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::Array(all) => Ok(Self(all)),
            one @ Value::Object(_) => Ok(Self(vec![one])),
            _ => Err(D::Error::custom("`send` is what the emulator sends, such as `{ type: voice }`")),
        }
    }
}

/// `true`, or a note for the bot.
struct BackWith(Option<String>);

impl<'de> Deserialize<'de> for BackWith {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::Bool(true) => Ok(Self(None)),
            Value::String(note) => Ok(Self(Some(note))),
            _ => Err(D::Error::custom("`hand_back` is `true`, or a note for the bot")),
        }
    }
}
