//! The host's own ears: what is understood before any plugin is asked, whatever plugins say.
//!
//! A bare *stop*, *mulai* or *admin* is known by a list (`sure`); whatever else a customer may say is weighed
//! by a small model that was learnt offline (`model`), because nobody can list how people ask.

pub mod model;
mod reading;
pub mod reserved;
mod sure;
#[cfg(test)]
mod tests;
mod who;

use santun_language::normalise;
use serde::{Deserialize, Serialize};

use crate::bot::Words;
use crate::ids::Purpose;
use crate::message::Content;

use model::Model;
use sure::{Bare, Sure};

/// What was heard in one message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Heard {
    /// Stop what the business starts.
    Stop,
    /// Allow it again.
    Start,
    /// Perhaps that, in other words than the ones for it: only a yes may take a stop back.
    StartPerhaps,
    /// A human, please.
    Human,
    /// Are you a bot?
    AreYouABot,
    /// Who are you?
    WhoAreYou,
    /// What do you know of me? Delete it.
    MyData,
    /// A button of the host: keep waiting.
    KeepWaiting,
    /// A button of the host: go on with the bot meanwhile.
    BotMeanwhile,
    /// A button of the host: consent given or refused.
    Consent {
        /// For what.
        purpose: Purpose,
        /// Given.
        given: bool,
        /// The wording that was asked, as `key.language@version`.
        wording: String,
    },
}

impl Heard {
    /// Its name, as in the trace and in metrics.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Stop => "stop",
            Self::Start => "start",
            Self::StartPerhaps => "start_perhaps",
            Self::Human => "human",
            Self::AreYouABot => "are_you_a_bot",
            Self::WhoAreYou => "who_are_you",
            Self::MyData => "my_data",
            Self::KeepWaiting => "keep_waiting",
            Self::BotMeanwhile => "bot_meanwhile",
            Self::Consent { .. } => "consent",
        }
    }
}

/// The ears, tuned with an operator's own words.
#[derive(Clone, Debug)]
pub struct Ears {
    sure: Sure,
}

impl Ears {
    /// Ears for the built-in words and these: each of an operator's own is understood when it is all that a
    /// message says (courtesies aside), and a single own word for a human also within a request.
    pub fn new(words: &Words) -> Self {
        Self { sure: Sure::new(words) }
    }

    /// What a message says to the host itself, if anything. A tap on one of the host's own buttons is
    /// known by its id. Of other taps only the words are heard, and *stop* only where nothing else is said:
    /// a template's quick reply "Berhenti" or "Unsubscribe".
    pub fn hear(&self, content: &Content) -> Option<Heard> {
        match content {
            Content::Choice { id, title } => reserved::heard(id).or_else(|| self.hear_title(title)),
            Content::Text { .. } | Content::Media(_) => self.hear_words(content.words()),
            _ => None,
        }
    }

    fn hear_title(&self, title: &str) -> Option<Heard> {
        match self.hear_words(title)? {
            Heard::Start | Heard::StartPerhaps => None,
            heard => Some(heard),
        }
    }

    fn hear_words(&self, words: &str) -> Option<Heard> {
        self.hear_with(Model::built_in(), words)
    }

    /// What words say to the host, weighed by this model rather than the built-in one.
    pub fn hear_with(&self, model: Model<'_>, words: &str) -> Option<Heard> {
        if words.trim().is_empty() {
            return None;
        }
        let text = normalise(words);
        match self.sure.hear(&text) {
            Bare::Says(heard) => Some(heard),
            Bare::Addresses => None,
            Bare::More => match model.hear(&text, |word| self.sure.is_human(word)) {
                Some(Heard::Start) => Some(Heard::StartPerhaps),
                None if who::is_asked(&text) => Some(Heard::WhoAreYou),
                heard => heard,
            },
        }
    }
}
