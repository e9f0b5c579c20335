//! The host's own ears: what is understood before any plugin is asked, whatever plugins say.

mod bot_question;
mod frames;
mod human;
mod lexicon;
mod my_data;
pub mod reserved;
mod stop;
#[cfg(test)]
mod tests;
mod utterance;

use santun_language::normalise;
use serde::{Deserialize, Serialize};

use crate::bot::Words;
use crate::ids::Purpose;
use crate::message::Content;

use frames::{About, shaped};
use lexicon::{Class, Lexicon};
use utterance::Utterance;

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
pub struct Ears {
    lexicon: Lexicon,
    /// An operator's own words, each as its standard words.
    own: Vec<(Vec<String>, Heard)>,
}

/// Words of a message beyond which the ears do not search: a request to the host is short, and may
/// stand at the beginning of a longer message.
const LONGEST: usize = 48;

impl Ears {
    /// Ears for the built-in words and these: each of an operator's own is understood when it is all that a
    /// message says (courtesies aside), and a single own word for a human also within a request.
    pub fn new(words: &Words) -> Self {
        let phrases = |list: &[String], heard: Heard| -> Vec<(Vec<String>, Heard)> {
            list.iter()
                .map(|phrase| (normalise(phrase).words().map(str::to_owned).collect::<Vec<_>>(), heard.clone()))
                .filter(|(phrase, _)| !phrase.is_empty())
                .collect()
        };
        let own = [
            phrases(&words.stop, Heard::Stop),
            phrases(&words.start, Heard::Start),
            phrases(&words.human, Heard::Human),
        ]
        .concat();
        Self { lexicon: Lexicon::new(&words.human), own }
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
            Heard::Start => None,
            heard => Some(heard),
        }
    }

    fn hear_words(&self, words: &str) -> Option<Heard> {
        if words.trim().is_empty() {
            return None;
        }
        let normalised = normalise(words);
        let mut said = Utterance::new(&normalised, &self.lexicon);
        said.words.truncate(LONGEST);
        let stops = || (stop::is_said(&said) || shaped(About::Stop, &said)) && !shaped(About::NoStop, &said);
        let my_data = || (my_data::is_meant(&said) || shaped(About::MyData, &said)) && !shaped(About::NoData, &said);
        let human = || (human::is_asked_for(&said) || shaped(About::Human, &said)) && !shaped(About::NoHuman, &said);
        let taken_back = || shaped(About::TakenBack, &said);
        self.own_word(&said)
            .or_else(|| taken_back().then_some(Heard::Start))
            .or_else(|| stops().then_some(Heard::Stop))
            .or_else(|| my_data().then_some(Heard::MyData))
            .or_else(|| (stop::is_taken_back(&said) || shaped(About::Start, &said)).then_some(Heard::Start))
            .or_else(|| human().then_some(Heard::Human))
            .or_else(|| (bot_question::is_asked(&said) || shaped(About::Bot, &said)).then_some(Heard::AreYouABot))
    }

    /// An operator's own word, if the message says nothing else.
    fn own_word(&self, said: &Utterance<'_>) -> Option<Heard> {
        let all = || said.words.iter().map(|word| word.text);
        let bare = || said.words.iter().filter(|word| !word.class.is(Class::FILLER)).map(|word| word.text);
        // *makasih admin*: thanks and apologies to somebody are no call for them.
        let addressed = said.says(&["terima", "maaf", "oke", "thanks", "thank"]);
        let found = self.own.iter().find(|(phrase, _)| {
            let phrase = || phrase.iter().map(String::as_str);
            all().eq(phrase()) || (!addressed && bare().eq(phrase()))
        });
        found.map(|(_, heard)| heard.clone())
    }
}
