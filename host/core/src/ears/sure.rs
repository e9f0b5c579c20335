//! What is heard whatever the model has learnt: bare words, the built-in ones and an operator's own.

use santun_language::{Kind, Normalised, alike, is_known, is_one_of, normalise};

use super::Heard;
use super::reading::is_filler;
use crate::bot::Words;

/// The built-in bare words, as they are typed.
const STOP: &[&str] = &[
    "stop",
    "berhenti",
    "setop",
    "unsubscribe",
    "unsub",
    "unreg",
    "opt out",
    "stop promo",
    "berhenti langganan",
    "hentikan",
    "stop promotions",
];
const START: &[&str] = &["start", "mulai", "unstop", "opt in", "subscribe", "mulai lagi"];
const HUMAN: &[&str] =
    &["agen", "admin", "cs", "operator", "manusia", "human", "agent", "customer service", "bicara dengan agen"];

/// Words of greeting, thanks and apology: *makasih admin* and *halo admin* are no call for one.
const ADDRESSING: &str = "\
    terima maaf oke thanks thank halo selamat permisi pagi siang sore malam hi hello hey assalamualaikum punten sip";

/// The shortest word in which a slip is forgiven.
const FORGIVING: usize = 5;

/// What a bare message comes to.
pub(super) enum Bare {
    /// It says this.
    Says(Heard),
    /// It greets or thanks somebody, and says nothing.
    Addresses,
    /// It says more.
    More,
}

/// Bare words, each as its standard words.
#[derive(Clone, Debug)]
pub(super) struct Sure {
    phrases: Vec<(Vec<String>, Heard)>,
    /// An operator's own single words for a human: they are understood within a request too.
    human: Vec<String>,
}

impl Sure {
    pub(super) fn new(own: &Words) -> Self {
        let mut phrases = Vec::new();
        for (list, heard) in [(&own.stop, Heard::Stop), (&own.start, Heard::Start), (&own.human, Heard::Human)] {
            phrases.extend(list.iter().map(|phrase| (standard(phrase), heard.clone())));
        }
        for (list, heard) in [(STOP, Heard::Stop), (START, Heard::Start), (HUMAN, Heard::Human)] {
            phrases.extend(list.iter().map(|phrase| (standard(phrase), heard.clone())));
        }
        phrases.retain(|(words, _)| !words.is_empty());
        let mut human: Vec<_> = own.human.iter().map(|phrase| standard(phrase)).collect();
        human.retain(|words| words.len() == 1);
        Self { phrases, human: human.concat() }
    }

    /// Whether a standard word is an operator's own for a human.
    pub(super) fn is_human(&self, word: &str) -> bool {
        self.human.iter().any(|own| own == word)
    }

    /// What a message says that is nothing but one of the phrases, courtesies aside.
    pub(super) fn hear(&self, text: &Normalised) -> Bare {
        let all = || text.tokens().filter(|token| token.kind != Kind::Emoji).map(|token| token.word);
        let bare = || all().filter(|word| !is_filler(word));
        if bare().nth(4).is_some() {
            return Bare::More;
        }
        let is = |phrase: &[String]| all().eq(phrase.iter().map(String::as_str));
        if let Some((_, heard)) = self.phrases.iter().find(|(phrase, _)| is(phrase)) {
            return Bare::Says(heard.clone());
        }
        let found = self.phrases.iter().find(|(phrase, _)| bare().eq(phrase.iter().map(String::as_str)));
        match found.or_else(|| self.mistyped(text)) {
            Some((_, Heard::Human)) if all().any(|word| is_one_of(ADDRESSING, word)) => Bare::Addresses,
            Some((_, heard)) => Bare::Says(heard.clone()),
            None => Bare::More,
        }
    }

    /// The phrase of one word that the only word of a message was meant to be.
    fn mistyped(&self, text: &Normalised) -> Option<&(Vec<String>, Heard)> {
        let mut words = text.tokens().filter(|token| token.kind == Kind::Word && !is_filler(token.word));
        let (word, None) = (words.next()?.word, words.next()) else { return None };
        if word.len() + 1 < FORGIVING || is_known(word) {
            return None;
        }
        self.phrases
            .iter()
            .find(|(phrase, _)| matches!(&phrase[..], [only] if only.len() >= FORGIVING && alike(word, only)))
    }
}

fn standard(phrase: &str) -> Vec<String> {
    normalise(phrase).words().map(str::to_owned).collect()
}
