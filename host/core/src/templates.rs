//! Message templates that WhatsApp does not take any more: they are not sent until they are mended.
//!
//! A template is stopped once one message made of it was refused for what it is
//! ([`stops_template`](crate::delivery::codes::stops_template)), or once Meta tells that it has paused, disabled or
//! rejected it. It goes again once Meta approves it, or an operator says so. Each attempt more would be refused as well, and
//! count against the business's quality.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::time::Timestamp;

/// A message template in one language.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct TemplateName {
    /// The account that it belongs to, as [`Channel::account`](crate::bot::Channel::account) names it.
    pub account: String,
    /// Its name at Meta.
    pub name: String,
    /// Its language at Meta, such as `id` or `en_US`.
    pub language: String,
}

impl fmt::Display for TemplateName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` in `{}`", self.name, self.language)
    }
}

/// Why a template is not sent any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stop {
    /// Since when.
    pub since: Timestamp,
    /// The code of Meta's refusal, if it was one.
    pub code: Option<i64>,
    /// What Meta said.
    pub why: String,
}

impl Stop {
    /// What mends it, by Meta's table of errors.
    const fn remedy(&self) -> &'static str {
        match self.code {
            Some(132_000 | 132_005 | 132_012 | 132_018) => "mend what fills it in",
            Some(132_001) => "compare its name and language with `santun template list`",
            Some(132_068 | 132_069) => "mend its flow in WhatsApp Manager",
            _ => "mend it in WhatsApp Manager",
        }
    }
}

/// Since when, what Meta said, and what to do.
impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { since, why, .. } = self;
        write!(f, "not sent any more since {since}: {why}; {}, ", self.remedy())?;
        f.write_str("and it goes again once Meta approves it or an operator releases it (`santun template release`)")
    }
}

/// The templates that are not sent any more.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stopped(BTreeMap<TemplateName, Stop>);

impl Stopped {
    /// Why this one is not sent any more; `None` if it is.
    pub fn why(&self, template: &TemplateName) -> Option<&Stop> {
        self.0.get(template)
    }

    /// It is not sent any more. Whoever is stopped already stays so for the first reason.
    pub fn stop(&mut self, template: TemplateName, stop: Stop) {
        self.0.entry(template).or_insert(stop);
    }

    /// It is sent again.
    pub fn release(&mut self, template: &TemplateName) {
        self.0.remove(template);
    }

    /// All of them, by account and name.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&TemplateName, &Stop)> {
        self.0.iter()
    }
}

impl FromIterator<(TemplateName, Stop)> for Stopped {
    fn from_iter<I: IntoIterator<Item = (TemplateName, Stop)>>(stopped: I) -> Self {
        Self(stopped.into_iter().collect())
    }
}
