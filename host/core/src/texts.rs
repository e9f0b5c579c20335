//! What the host can say: every wording, in every language, with a version.

use std::fmt;
use std::sync::{Arc, LazyLock};

use serde::{Deserialize, Serialize};

use crate::bot::Problem;
use crate::language::Language;

mod catalogue;
mod honesty;
mod template;
#[cfg(test)]
mod tests;

use catalogue::Source;
use template::Template;

/// The words that Santun ships.
const INDONESIAN: &str = include_str!("texts/id.toml");
const ENGLISH: &str = include_str!("texts/en.toml");

/// Which wording was used: enough to find the exact words again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WordingRef {
    /// The key.
    pub key: TextKey,
    /// The language.
    pub language: Language,
    /// The version of the wording, counted up with every change; an operator's own begins with `own-`.
    pub version: String,
}

impl fmt::Display for WordingRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}@{}", self.key.as_str(), self.language, self.version)
    }
}

/// Values for a wording's placeholders, such as `("bot", "Sari")`.
pub type Values<'a> = [(&'a str, &'a str)];

macro_rules! keys {
    ($($(#[$doc:meta])* $name:ident = $key:literal [$($value:literal)*];)*) => {
        /// Everything that the host can say.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum TextKey {
            $($(#[$doc])* #[serde(rename = $key)] $name,)*
        }

        impl TextKey {
            /// Every key.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// Its name in text files.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $key,)* }
            }

            /// The placeholders that its wordings may use.
            pub const fn placeholders(self) -> &'static [&'static str] {
                match self { $(Self::$name => &[$($value,)*],)* }
            }
        }
    };
}

keys! {
    /// A message of its own that opens a session: who the bot is, what it can do, how to reach a human.
    DisclosureOpening = "disclosure.opening" ["bot" "business" "about" "human_word"];
    /// The same in two short sentences, in front of the bot's first text.
    DisclosureInline = "disclosure.inline" ["bot" "business" "human_word"];
    /// The same in front of words that call a human already, where the way to one would be told twice.
    DisclosureHandover = "disclosure.handover" ["bot" "business"];
    /// The bot is back after a human: in front of, or before, its first text.
    DisclosureAfterHandBack = "disclosure.after_hand_back" ["bot" "business" "human_word"];
    /// The answer to "are you a bot?".
    DisclosureAsked = "disclosure.asked" ["bot" "business" "human_word"];
    /// The same to somebody who waits for a human already.
    DisclosureAskedWaiting = "disclosure.asked.waiting" ["bot" "business"];
    /// Added to a fallback: the way to a human.
    HumanPathOffer = "human_path.offer" ["human_word"];
    /// The title of the button that asks for a human (at most 20 characters).
    HumanPathButton = "human_path.button" [];
    /// In place of an answer that the bot has already given word for word.
    CareRepeated = "care.repeated" ["human_word"];
    /// The same once more in one session, in fewer words.
    CareRepeatedAgain = "care.repeated.again" ["human_word"];
    /// The host's own fallback, when no plugin had an answer.
    Fallback = "fallback.none_answered" ["about"];
    /// Handed over: somebody is there, and waits have been measured.
    HandoverWait = "handover.wait" ["wait"];
    /// Handed over: somebody is there; not enough waits have been measured.
    HandoverPresent = "handover.present" [];
    /// Handed over within opening hours, and nobody says that they are there.
    HandoverNobodyYet = "handover.nobody_yet" [];
    /// Handed over out of hours, and the next opening is known.
    HandoverClosed = "handover.closed" ["opening"];
    /// Handed over out of hours, and no opening is known.
    HandoverClosedUnknown = "handover.closed_unknown" [];
    /// Handed over out of hours, for something too grave to offer the bot; the next opening is known.
    HandoverClosedGrave = "handover.closed_grave" ["opening"];
    /// The same, and no opening is known.
    HandoverClosedUnknownGrave = "handover.closed_unknown_grave" [];
    /// In front of a handover: the customer speaks of ending their life, or of hurting themselves. It names where
    /// help is at once; put your country's numbers here.
    ComfortSelfHarm = "comfort.self_harm" [];
    /// In front of a handover: somebody is hurt or ill, or something is dangerous.
    ComfortInjury = "comfort.injury" [];
    /// In front of a handover: the customer is in grief or hardship.
    ComfortGrief = "comfort.grief" [];
    /// In front of a handover: the customer is angry.
    ComfortAnger = "comfort.anger" [];
    /// In front of a handover: something went wrong with what the customer got.
    ComfortComplaint = "comfort.complaint" [];
    /// In front of a handover: the bot did not get the customer any further.
    ComfortNoHelp = "comfort.no_help" [];
    /// The customer asks again for a human while waiting.
    HandoverStillWaiting = "handover.still_waiting" [];
    /// The same, after a human has been there.
    HandoverStillWaitingAgain = "handover.still_waiting.again" [];
    /// The customer asks again out of hours.
    HandoverStillClosed = "handover.still_closed" ["opening"];
    /// Nobody has come within `no_agent_minutes`; the customer may choose.
    NobodyThere = "nobody_there" [];
    /// The same, after a human has been there.
    NobodyThereAgain = "nobody_there.again" [];
    /// Button: keep waiting (at most 20 characters).
    ButtonKeepWaiting = "button.keep_waiting" [];
    /// Button: go on with the bot meanwhile (at most 20 characters).
    ButtonBotMeanwhile = "button.bot_meanwhile" [];
    /// The customer keeps waiting, within hours.
    KeepsWaiting = "keeps_waiting" [];
    /// The customer goes on with the bot; the request stays open.
    BotMeanwhile = "bot_meanwhile" ["bot"];
    /// The same, where the customer has asked something meanwhile that nobody has answered: it is looked at now.
    BotMeanwhileAsked = "bot_meanwhile.asked" ["bot"];
    /// What the customer asked meanwhile is nothing that the bot can answer; it stays with the request.
    BotMeanwhileUnknown = "bot_meanwhile.unknown" [];
    /// A named human is here now.
    AgentArrived = "agent.arrived" ["agent"];
    /// The human who has taken it does not answer; it is in the queue again, and the customer may choose.
    AgentLate = "agent.late" ["agent"];
    /// The conversation moved to another team.
    Transferred = "agent.transferred" [];
    /// The human has closed the request, and the bot is reachable again.
    Resolved = "agent.resolved" ["agent" "bot"];
    /// Stop was heard and is kept from now on.
    StopDone = "stop.done" ["business" "start_word"];
    /// Stop was heard again.
    StopAlready = "stop.already" ["business"];
    /// Whether the customer, who has stopped what the business starts, wants it again.
    StartAsk = "start.ask" ["business"];
    /// A button: yes.
    StartAskYes = "start.ask.yes" [];
    /// A button: no.
    StartAskNo = "start.ask.no" [];
    /// Start was heard and is kept from now on.
    StartDone = "start.done" ["business" "stop_word"];
    /// What is kept of the customer and what they may ask for.
    MyData = "my_data" ["business" "turns_days" "media_days" "notice" "human_word"];
    /// The same, where no privacy notice is published.
    MyDataNoNotice = "my_data.no_notice" ["business" "turns_days" "media_days" "human_word"];
    /// The customer wants a copy of what is kept, or it mended or deleted; a human is called.
    MyDataRequest = "my_data.request" [];
    /// A voice note came that no plugin can take; a human is called.
    MediaVoice = "media.voice" [];
    /// A picture or document came that no plugin can take; a human is called.
    MediaFile = "media.file" [];
    /// A place came; a human is called.
    MediaPlace = "media.place" [];
    /// A cart came; a human is called.
    MediaCart = "media.cart" [];
    /// One more thing came that a human must look at, while one is called already.
    MediaAgain = "media.again" [];
    /// Something came that WhatsApp could not pass on; the customer may write it.
    MediaUnsupported = "media.unsupported" [];
    /// A message waited too long for an ordinary answer; a human is called.
    Stale = "stale" [];
    /// The bot failed on this one; a human is called.
    BotFailed = "bot_failed" [];
    /// WhatsApp did not take an answer for what it was: would the customer ask once more?
    AnswerLost = "answer_lost" [];
    /// Asks for consent.
    ConsentAsk = "consent.ask" ["business" "purpose" "stop_word"];
    /// Button: yes (at most 20 characters).
    ConsentYes = "consent.yes" [];
    /// Button: no (at most 20 characters).
    ConsentNo = "consent.no" [];
    /// Consent was given.
    ConsentGiven = "consent.given" ["purpose" "stop_word"];
    /// Consent was refused.
    ConsentRefused = "consent.refused" [];
    /// Placeholder `{queue.wait}`: a measured wait.
    WaitAbout = "wait.about" ["minutes"];
    /// The same from an hour and a half on.
    WaitAboutHours = "wait.about_hours" ["hours"];
    /// Placeholder `{queue.wait}`: no measure yet.
    WaitUnknown = "wait.unknown" [];
    /// The word that calls a human, as the customer may type it.
    HumanWord = "word.human" [];
    /// The word that stops what the business starts.
    StopWord = "word.stop" [];
    /// The word that allows it again.
    StartWord = "word.start" [];
}

impl TextKey {
    /// The key of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|key| key.as_str() == name)
    }

    /// Whether its wordings tell that a human was called.
    pub(crate) const fn calls_a_human(self) -> bool {
        matches!(
            self,
            Self::HandoverWait
                | Self::HandoverPresent
                | Self::HandoverNobodyYet
                | Self::HandoverClosed
                | Self::HandoverClosedUnknown
                | Self::HandoverClosedGrave
                | Self::HandoverClosedUnknownGrave
                | Self::MyDataRequest
                | Self::MediaVoice
                | Self::MediaFile
                | Self::MediaPlace
                | Self::MediaCart
                | Self::MediaAgain
                | Self::Stale
                | Self::BotFailed
        )
    }

    /// Whether its wordings are titles of buttons, or words that the customer types.
    const fn is_title(self) -> bool {
        matches!(
            self,
            Self::HumanPathButton
                | Self::ButtonKeepWaiting
                | Self::ButtonBotMeanwhile
                | Self::ConsentYes
                | Self::ConsentNo
                | Self::StartAskYes
                | Self::StartAskNo
                | Self::HumanWord
                | Self::StopWord
                | Self::StartWord
        )
    }
}

/// Every wording in every language. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Texts {
    /// By key and language: see [`position`].
    wordings: Arc<[Wording]>,
}

/// One wording.
#[derive(Clone, Debug)]
struct Wording {
    template: Template,
    version: Box<str>,
}

/// From so many minutes on a wait is told in hours.
const HOURS_FROM: u32 = 90;

const LANGUAGES: usize = 2;

/// Where a wording stands among all.
const fn position(key: TextKey, language: Language) -> usize {
    key as usize * LANGUAGES + language as usize
}

impl Texts {
    /// The words that Santun ships.
    pub fn built_in() -> Self {
        static BUILT_IN: LazyLock<Texts> = LazyLock::new(|| {
            let blank = Wording { template: Template::blank(), version: "".into() };
            let mut wordings = vec![blank; TextKey::ALL.len() * LANGUAGES];
            // Both files are complete and without a problem: a test reads them.
            for (language, text) in [(Language::Id, INDONESIAN), (Language::En, ENGLISH)] {
                for (key, wording) in catalogue::read(language, text, Source::BuiltIn).wordings {
                    wordings[position(key, language)] = wording;
                }
            }
            Texts { wordings: wordings.into() }
        });
        BUILT_IN.clone()
    }

    /// The words that Santun ships, with an operator's own in their place: for each language, texts in
    /// TOML (`stop.done = "…"`, or a table `[stop.done]` with `text`). Their versions are made of the words
    /// themselves.
    ///
    /// Gives everything that is wrong with them, too: unknown keys and placeholders (with the nearest known
    /// ones), titles that WhatsApp would refuse, and whatever would stop a wording from being honest: a
    /// disclosure that does not say `bot` or `asisten virtual`, or that leaves out the name, the business
    /// or the way to a human; a promise of a time; a claim to be human; a word to type that the host's
    /// ears would not understand. Santun's own words stay where something is wrong.
    pub fn with_overrides(own: &[(Language, &str)]) -> (Self, Vec<Problem>) {
        let mut wordings = Self::built_in().wordings.to_vec();
        let mut problems = Vec::new();
        for (language, text) in own {
            let reading = catalogue::read(*language, text, Source::Own);
            problems.extend(reading.problems);
            for (key, wording) in reading.wordings {
                wordings[position(key, *language)] = wording;
            }
        }
        (Self { wordings: wordings.into() }, problems)
    }

    /// A measured wait in words.
    pub fn wait(&self, minutes: u32, language: Language) -> String {
        if minutes < HOURS_FROM {
            return self.say(TextKey::WaitAbout, language, &[("minutes", &minutes.max(1).to_string())]).0;
        }
        let hours = minutes.saturating_add(30) / 60;
        self.say(TextKey::WaitAboutHours, language, &[("hours", &hours.to_string())]).0
    }

    /// A wording with its placeholders filled, and which wording it was.
    pub fn say(&self, key: TextKey, language: Language, values: &Values<'_>) -> (String, WordingRef) {
        let wording = &self.wordings[position(key, language)];
        let reference = WordingRef { key, language, version: wording.version.to_string() };
        (wording.template.fill(values), reference)
    }
}
