//! How a story is written.

use std::fmt;
use std::path::{Path, PathBuf};

use serde::de::{Error as _, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use serde_saphyr::Spanned;

use super::expect::Expectation;

/// A story.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Story {
    /// What it tells, in one sentence.
    #[serde(rename = "story")]
    pub title: String,
    /// The requirements that it proves, by their numbers.
    #[serde(default)]
    pub proves: Vec<String>,
    /// What differs from the usual `bot.toml`: the same keys.
    #[serde(default)]
    pub config: toml::Table,
    /// Who writes.
    #[serde(default)]
    pub customer: Customer,
    /// What happens, in order.
    #[serde(deserialize_with = "steps")]
    pub steps: Vec<Step>,
    /// Where it was read from.
    #[serde(skip)]
    pub file: PathBuf,
}

/// Who writes.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Customer {
    /// The name in their profile.
    #[serde(default)]
    pub name: Option<String>,
    /// Their number; one that nobody has, unless they are known by a `user_id` alone.
    #[serde(default)]
    pub phone: Option<String>,
    /// Their business-scoped user id; `auto` makes one.
    #[serde(default)]
    pub user_id: Option<String>,
    /// Their username, which goes with a user id.
    #[serde(default)]
    pub username: Option<String>,
}

/// One step: somebody does something, and then something is true.
#[derive(Debug)]
pub struct Step {
    /// The line of the file.
    pub line: u64,
    /// What is done; nothing, if only something more is expected.
    pub act: Option<Act>,
    /// What is true afterwards.
    pub expect: Vec<Expected>,
}

/// An expectation and where it is written.
#[derive(Debug)]
pub struct Expected {
    /// The line of the file.
    pub line: u64,
    /// What must be true.
    pub what: Expectation,
}

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

/// Why a story cannot be played.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    /// The file cannot be read.
    #[error("cannot read {path}: {source}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file is no story.
    #[error("{path}: {what}")]
    Wrong {
        /// Which.
        path: PathBuf,
        /// What is wrong, where, and what to do.
        what: String,
    },
}

impl Story {
    /// Reads a story.
    ///
    /// # Errors
    /// When the file cannot be read, or is no story: the message names file, line and what to do.
    pub fn read(path: &Path) -> Result<Self, Unreadable> {
        let text =
            std::fs::read_to_string(path).map_err(|source| Unreadable::File { path: path.to_owned(), source })?;
        let mut story = Self::parse(&text).map_err(|what| Unreadable::Wrong { path: path.to_owned(), what })?;
        path.clone_into(&mut story.file);
        Ok(story)
    }

    /// Reads a story out of a text.
    ///
    /// # Errors
    /// A sentence that says what is wrong, where, and what to do.
    pub fn parse(text: &str) -> Result<Self, String> {
        // As in YAML 1.2: `off` and `no` are words, which bots' configurations and customers use.
        let options = serde_saphyr::options! { strict_booleans: true };
        let story: Self = serde_saphyr::from_str_with_options(text, options).map_err(|error| error.to_string())?;
        if story.steps.is_empty() {
            return Err("`steps` is empty: a story needs at least one".to_owned());
        }
        Ok(story)
    }
}

fn steps<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Step>, D::Error> {
    let written = Vec::<Spanned<Written>>::deserialize(deserializer)?;
    let steps = written.into_iter().map(|step| {
        let line = step.referenced.line();
        step.value.read(line).map_err(|what| D::Error::custom(format!("line {line}: {what}")))
    });
    steps.collect()
}

/// A step as it is written: one key says what is done.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    customer: Option<Texts>,
    tap: Option<String>,
    send: Option<Sends>,
    preference: Option<String>,
    echo: Option<String>,
    agent: Option<WrittenAgent>,
    #[serde(default)]
    expect: Vec<Spanned<Expectation>>,
}

impl Written {
    fn read(self, line: u64) -> Result<Step, String> {
        let mut acts: Vec<Act> = Vec::new();
        acts.extend(self.customer.map(|texts| Act::Write(texts.0)));
        acts.extend(self.tap.map(Act::Tap));
        acts.extend(self.send.map(|sends| Act::Send(sends.0)));
        acts.extend(self.preference.map(Act::Prefer));
        acts.extend(self.echo.map(Act::Echo));
        if let Some(agent) = self.agent {
            acts.push(Act::Agent(agent.read()?));
        }
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

/// One text, or several.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Texts(pub Vec<String>);

impl<'de> Deserialize<'de> for Texts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OneOrMore;
        impl<'de> Visitor<'de> for OneOrMore {
            type Value = Texts;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a text, or a list of texts")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Texts, E> {
                Ok(Texts(vec![text.to_owned()]))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut texts: A) -> Result<Texts, A::Error> {
                let mut all = Vec::new();
                while let Some(text) = texts.next_element()? {
                    all.push(text);
                }
                Ok(Texts(all))
            }
        }
        deserializer.deserialize_any(OneOrMore)
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

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        Story::parse(text).unwrap_err()
    }

    #[test]
    fn a_story_is_read_with_the_lines_of_its_steps() {
        let story = Story::parse(
            "story: the bot answers\nproves: [R2]\nsteps:\n  - customer: halo\n    expect:\n      - owner: bot\n  - customer: [a, b]\n",
        )
        .unwrap();
        assert_eq!(story.steps.iter().map(|step| step.line).collect::<Vec<_>>(), [4, 7]);
        assert_eq!(story.steps[0].expect[0].line, 6);
        assert!(matches!(&story.steps[1].act, Some(Act::Write(texts)) if texts.len() == 2));
    }

    #[test]
    fn words_that_older_yaml_took_for_booleans_are_words() {
        let story = Story::parse("story: x\nconfig: { off: 1 }\nsteps:\n  - customer: no\n").unwrap();
        assert!(story.config.contains_key("off"));
        assert!(matches!(&story.steps[0].act, Some(Act::Write(texts)) if texts == &["no"]));
    }

    #[test]
    fn an_unknown_word_is_refused_where_it_stands() {
        let error = error("story: x\nsteps:\n  - custommer: halo\n");
        assert!(error.contains("custommer") && error.contains('3'), "{error}");
    }

    #[test]
    fn an_unknown_expectation_is_refused_with_the_known_ones() {
        let error = error("story: x\nsteps:\n  - customer: halo\n    expect:\n      - replies: halo\n");
        assert!(error.contains("replies") && error.contains("reply"), "{error}");
    }

    #[test]
    fn a_step_does_one_thing() {
        let error = error("story: x\nsteps:\n  - customer: halo\n    tap: Menu\n");
        assert!(error.contains("two things"), "{error}");
    }

    #[test]
    fn an_agent_does_one_thing() {
        let error = error("story: x\nsteps:\n  - agent: { as: rina }\n");
        assert!(error.contains("take: true"), "{error}");
    }
}
