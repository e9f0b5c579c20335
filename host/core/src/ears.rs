//! The host's own ears: what is understood before any plugin is asked, whatever plugins say.

pub mod reserved;

use serde::{Deserialize, Serialize};

use crate::bot::Words;
use crate::ids::Purpose;
use crate::message::Content;

/// What was heard in one message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Heard {
    /// Stop what the business starts.
    Stop,
    /// Allow it again.
    Start,
    /// A human, please.
    Human,
    /// Are you a bot?
    AreYouABot,
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
            Self::Human => "human",
            Self::AreYouABot => "are_you_a_bot",
            Self::MyData => "my_data",
            Self::KeepWaiting => "keep_waiting",
            Self::BotMeanwhile => "bot_meanwhile",
            Self::Consent { .. } => "consent",
        }
    }
}

/// The ears, tuned with an operator's own words.
#[derive(Clone, Debug)]
pub struct Ears {}

impl Ears {
    /// Ears for the built-in words and these.
    pub fn new(_words: &Words) -> Self {
        unimplemented!()
    }

    /// What a message says to the host itself, if anything.
    pub fn hear(&self, _content: &Content) -> Option<Heard> {
        unimplemented!()
    }
}
