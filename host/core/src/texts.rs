//! What the host can say: every wording, in every language, with a version.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::language::Language;

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
    /// The bot is back after a human: in front of, or before, its first text.
    DisclosureAfterHandBack = "disclosure.after_hand_back" ["bot" "business" "human_word"];
    /// The answer to "are you a bot?".
    DisclosureAsked = "disclosure.asked" ["bot" "business" "human_word"];
    /// Added to a fallback: the way to a human.
    HumanPathOffer = "human_path.offer" ["human_word"];
    /// The title of the button that asks for a human (at most 20 characters).
    HumanPathButton = "human_path.button" [];
    /// In place of an answer that the bot has already given word for word.
    CareRepeated = "care.repeated" ["human_word"];
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
    /// The customer asks again for a human while waiting.
    HandoverStillWaiting = "handover.still_waiting" [];
    /// The customer asks again out of hours.
    HandoverStillClosed = "handover.still_closed" ["opening"];
    /// Nobody has come within `no_agent_minutes`; the customer may choose.
    NobodyThere = "nobody_there" [];
    /// Button: keep waiting (at most 20 characters).
    ButtonKeepWaiting = "button.keep_waiting" [];
    /// Button: go on with the bot meanwhile (at most 20 characters).
    ButtonBotMeanwhile = "button.bot_meanwhile" [];
    /// The customer keeps waiting, within hours.
    KeepsWaiting = "keeps_waiting" [];
    /// The customer goes on with the bot; the request stays open.
    BotMeanwhile = "bot_meanwhile" ["bot"];
    /// A named human is here now.
    AgentArrived = "agent.arrived" ["agent"];
    /// The conversation moved to another team.
    Transferred = "agent.transferred" [];
    /// The human has closed the request, and the bot is reachable again.
    Resolved = "agent.resolved" ["agent" "bot"];
    /// Stop was heard and is kept from now on.
    StopDone = "stop.done" ["business" "start_word"];
    /// Stop was heard again.
    StopAlready = "stop.already" ["business"];
    /// Start was heard and is kept from now on.
    StartDone = "start.done" ["business" "stop_word"];
    /// What is kept of the customer and what they may ask for.
    MyData = "my_data" ["business" "turns_days" "media_days" "notice"];
    /// The same, where no privacy notice is published.
    MyDataNoNotice = "my_data.no_notice" ["business" "turns_days" "media_days"];
    /// A voice note came that no plugin can take; a human is called.
    MediaVoice = "media.voice" [];
    /// A picture or document came that no plugin can take; a human is called.
    MediaFile = "media.file" [];
    /// Something came that WhatsApp could not pass on; the customer may write it.
    MediaUnsupported = "media.unsupported" [];
    /// A message waited too long for an ordinary answer; a human is called.
    Stale = "stale" [];
    /// The bot failed on this one; a human is called.
    BotFailed = "bot_failed" [];
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
    /// Placeholder `{queue.wait}`: no measure yet.
    WaitUnknown = "wait.unknown" [];
    /// The word that calls a human, as the customer may type it.
    HumanWord = "word.human" [];
    /// The word that stops what the business starts.
    StopWord = "word.stop" [];
    /// The word that allows it again.
    StartWord = "word.start" [];
}

/// Every wording in every language.
#[derive(Clone, Debug)]
pub struct Texts {}

impl Texts {
    /// The words that Santun ships.
    pub fn built_in() -> Self {
        unimplemented!()
    }

    /// A wording with its placeholders filled, and which wording it was.
    pub fn say(&self, _key: TextKey, _language: Language, _values: &Values<'_>) -> (String, WordingRef) {
        unimplemented!()
    }
}
