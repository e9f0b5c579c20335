//! How a story is written.

use std::fmt;
use std::path::{Path, PathBuf};

use serde::de::{Error as _, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_saphyr::Spanned;

use super::act::{Act, Written};
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

#[cfg(test)]
mod tests {
    use super::super::act::Reads;
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

    fn act(step: &str) -> Result<Act, String> {
        let story = Story::parse(&format!("story: x\nsteps:\n  - {step}\n"))?;
        Ok(story.steps.into_iter().next().and_then(|step| step.act).unwrap())
    }

    #[test]
    fn time_passes_as_long_as_it_says() {
        assert!(matches!(act("wait: 90 minutes"), Ok(Act::Wait(long)) if long.as_secs() == 5_400));
        assert!(act("wait: a while").unwrap_err().contains("90 minutes"));
        assert!(matches!(act("clock: mon 16:58"), Ok(Act::Clock(_))));
        assert!(act("clock: noon").unwrap_err().contains("16:58"));
    }

    #[test]
    fn a_fault_says_where_it_strikes_beside_what_it_is() {
        let Ok(Act::Fault(Some(fault))) = act("fault: { kind: error, code: 131026, times: 2 }") else { panic!() };
        assert_eq!(fault, serde_json::json!({ "times": 2, "fault": { "kind": "error", "code": 131026 } }));
        assert!(matches!(act("fault: none"), Ok(Act::Fault(None))));
        assert!(act("fault: { code: 1 }").unwrap_err().contains("kind"));
    }

    #[test]
    fn a_customer_reads_now_or_always() {
        assert!(matches!(act("read: true"), Ok(Act::Read(Reads::Now))));
        assert!(matches!(act("read: always"), Ok(Act::Read(Reads::Always))));
        assert!(act("read: maybe").unwrap_err().contains("always"));
    }
}
