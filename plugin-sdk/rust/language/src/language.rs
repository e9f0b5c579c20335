//! Which language somebody writes in.

use crate::normalise::{Kind, Normalised};
use crate::vocabulary::{english, everyday, indonesian};

/// A language that Santun understands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Language {
    /// Indonesian.
    Id,
    /// English.
    En,
}

impl Language {
    /// Its ISO 639-1 code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::En => "en",
        }
    }
}

/// Written in both languages, like *pls* and *plis*, which stand for it.
const PLEASE: &str = "please";

/// The language that a message is written in, if its words tell: small words (*yang*, *the*) count double.
/// `None` where they are as much of one as of the other, or of neither.
pub fn detect(text: &Normalised) -> Option<Language> {
    let (mut id, mut en) = (0, 0);
    for token in text.tokens().filter(|token| token.kind == Kind::Word && token.word != PLEASE) {
        let weight = |class: &str| if class == "function" { 2 } else { 1 };
        let in_english = english(token.written).map_or(0, |(_, class)| weight(class));
        let in_indonesian = match indonesian(token.word) {
            Some((_, class)) => weight(class),
            None => u32::from(crate::root::indonesian_form(token.word)),
        };
        en += in_english;
        // An English word that we also resolve to an Indonesian one (`order`, `thanks`) tells nothing.
        if in_english == 0 || everyday(token.written).is_none() {
            id += in_indonesian;
        }
    }
    match id.cmp(&en) {
        std::cmp::Ordering::Greater => Some(Language::Id),
        std::cmp::Ordering::Less => Some(Language::En),
        std::cmp::Ordering::Equal => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalise;

    #[test]
    fn the_language_is_told_by_its_words() {
        for (text, expected) in [
            ("kak paketku kok blm nyampe ya", Some(Language::Id)),
            ("gmn cara bayarnya", Some(Language::Id)),
            ("where is my order", Some(Language::En)),
            ("I'd like to talk to a human please", Some(Language::En)),
            ("stop sending me promos", Some(Language::En)),
            ("ready kak?", Some(Language::Id)),
            ("my data pls", Some(Language::En)),
            ("ongkir please", Some(Language::Id)),
            ("agent please", Some(Language::En)),
            ("please", None),
            ("hello, is this available?", Some(Language::En)),
            ("12345", None),
            ("👍", None),
            ("", None),
        ] {
            assert_eq!(detect(&normalise(text)), expected, "{text}");
        }
    }
}
