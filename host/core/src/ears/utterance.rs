//! A message as the ears read it: its words with their classes.

use santun_language::{Kind, Normalised, root};

use super::lexicon::{Class, Lexicon};

/// A message's words, without emoji.
pub(super) struct Utterance<'t> {
    pub(super) words: Vec<Word<'t>>,
    /// Whether it has a question mark.
    pub(super) asks: bool,
}

/// One word of it.
#[derive(Clone, Copy)]
pub(super) struct Word<'t> {
    /// The standard word.
    pub(super) text: &'t str,
    /// Its root.
    pub(super) root: &'t str,
    /// What was typed.
    pub(super) written: &'t str,
    pub(super) class: Class,
    /// The clause that it belongs to.
    pub(super) clause: u16,
}

/// Names of roles that take two words.
const PAIRS: &[(&str, &str)] = &[
    ("customer", "service"),
    ("customer", "support"),
    ("customer", "care"),
    ("customer", "servis"),
    ("layanan", "pelanggan"),
    ("layanan", "konsumen"),
    ("call", "center"),
    ("call", "centre"),
    ("support", "team"),
    ("help", "desk"),
    ("live", "chat"),
];

impl<'t> Utterance<'t> {
    pub(super) fn new(text: &'t Normalised, lexicon: &Lexicon) -> Self {
        let mut words: Vec<Word<'t>> = Vec::new();
        for token in text.tokens().filter(|token| token.kind != Kind::Emoji) {
            let class = if token.kind == Kind::Word { lexicon.class(token.word) } else { Class::default() };
            if let Some(last) = words.last_mut()
                && PAIRS.contains(&(last.text, token.word))
            {
                last.class = Class::HUMAN;
                continue;
            }
            words.push(Word {
                text: token.word,
                root: root(token.word),
                written: token.written,
                class,
                clause: token.clause,
            });
        }
        Self { words, asks: text.asks() }
    }

    /// Whether a word of one of these classes is in it.
    pub(super) fn any(&self, class: Class) -> bool {
        self.words.iter().any(|word| word.class.is(class))
    }

    /// Whether one of these words is in it.
    pub(super) fn says(&self, words: &[&str]) -> bool {
        self.words.iter().any(|word| words.contains(&word.text))
    }

    /// Whether one of these roots is in it.
    pub(super) fn means(&self, roots: &[&str]) -> bool {
        self.words.iter().any(|word| roots.contains(&word.root))
    }

    /// How many words are of none of these classes.
    pub(super) fn beside(&self, class: Class) -> usize {
        self.words.iter().filter(|word| !word.class.is(class)).count()
    }

    /// The places of the words of one of these classes.
    pub(super) fn places(&self, class: Class) -> impl Iterator<Item = usize> + '_ {
        self.words.iter().enumerate().filter(move |(_, word)| word.class.is(class)).map(|(at, _)| at)
    }

    /// The word `steps` after (or before) a place.
    pub(super) fn at(&self, place: usize, steps: isize) -> Option<&Word<'t>> {
        self.words.get(place.checked_add_signed(steps)?)
    }

    /// The words of the same clause before a place, the nearest first.
    pub(super) fn before(&self, place: usize) -> impl Iterator<Item = &Word<'t>> + '_ {
        let clause = self.words[place].clause;
        self.words[..place].iter().rev().take_while(move |word| word.clause == clause)
    }

    /// The words of the same clause after a place.
    pub(super) fn after(&self, place: usize) -> impl Iterator<Item = &Word<'t>> + '_ {
        let clause = self.words[place].clause;
        self.words[place + 1..].iter().take_while(move |word| word.clause == clause)
    }

    /// How many words between two places are of none of these classes.
    pub(super) fn strangers(&self, from: usize, to: usize, class: Class) -> usize {
        self.words[from + 1..to].iter().filter(|word| !word.class.is(class)).count()
    }

    /// Whether a question is asked, by mark or by word.
    pub(super) fn is_question(&self) -> bool {
        self.asks || self.any(Class::ASK) || self.says(&["ya", "kan", "bukan", "tidak"])
    }
}
