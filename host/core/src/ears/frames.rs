//! Frames: shapes of requests to the host, written down in `frames.txt` as sequences of kinds of words.
//!
//! The other modules of the ears know how single words play together; a frame says in one line how a whole
//! request is built (*a wish, a verb of talking, a role*), so that a new way to say the same is a line of that
//! file, or a word of one of its classes.

use std::collections::HashMap;
use std::sync::LazyLock;

use santun_language::{alike, is_known, root};

use super::lexicon::Class;
use super::utterance::{Utterance, Word};

/// The built-in frames.
static FRAMES: LazyLock<Frames> = LazyLock::new(|| Frames::parse(include_str!("frames.txt")));

/// What a section of the file is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum About {
    /// A *stop* is taken back: it must not be heard as one.
    TakenBack,
    /// Something else ends than what the business sends.
    NoStop,
    Stop,
    MyData,
    /// Something else is meant than what is kept of the writer.
    NoData,
    Start,
    /// Something else is meant than a wish for a human.
    NoHuman,
    Human,
    Bot,
}

/// Whether a message has one of the shapes of a section.
pub(super) fn shaped(about: About, said: &Utterance<'_>) -> bool {
    let words: Vec<Seen<'_>> = said.words.iter().map(|word| FRAMES.seen(word)).collect();
    FRAMES.sections.get(&about).is_some_and(|section| {
        !words.iter().any(|word| section.never.takes(word))
            && !section.unless.iter().any(|frame| frame.fits(&words, said))
            && section.frames.iter().any(|frame| frame.fits(&words, said))
    })
}

struct Frames {
    /// The classes of a word, one bit each.
    classes: HashMap<&'static str, u128>,
    /// The same, of words whose derived forms mean something else.
    exact: HashMap<&'static str, u128>,
    /// The class of words that say nothing, and may stand anywhere.
    filler: u128,
    /// The classes that words of the lexicon have besides, with its forgiveness for slips.
    lent: Vec<(Class, u128)>,
    sections: HashMap<About, Section>,
}

#[derive(Default)]
struct Section {
    never: Words,
    unless: Vec<Frame>,
    frames: Vec<Frame>,
}

#[derive(Default)]
struct Frame {
    /// The sequence.
    parts: Vec<Part>,
    /// Each must be somewhere.
    has: Vec<Words>,
    /// None may be anywhere.
    lacks: Words,
    /// At most so many words that are not filler.
    most: Option<usize>,
    /// A question.
    asks: Option<Asks>,
}

/// How a question shows.
#[derive(Clone, Copy)]
enum Asks {
    /// By its mark, or by a word, be it only *ya*.
    Anyhow,
    /// By its mark, or by a word that only asks.
    Plainly,
}

/// Words that a place takes: those of classes, and these.
#[derive(Clone, Default)]
struct Words {
    classes: u128,
    these: Vec<&'static str>,
}

enum Part {
    Word {
        words: Words,
        optional: bool,
    },
    /// Up to so many words of the same clause, or of any.
    Gap {
        most: usize,
        same_clause: bool,
    },
    /// The next word is none of these.
    NotNext(Words),
    /// The word before is none of these.
    NotBefore(Words),
    Start,
    End,
    /// A clause ends here.
    ClauseEnd,
}

/// A word of the message with its classes.
struct Seen<'t> {
    word: Word<'t>,
    classes: u128,
    filler: bool,
}

/// The shortest word of a class that is recognised in spite of a slip.
const FORGIVING: usize = 7;

impl Frames {
    /// Reads the file: `NAME: words` makes a class; `[section]` begins a section; `never: …` lists words and
    /// `unless: …` says a frame that keep all its frames from fitting; every other line is a frame.
    fn parse(file: &'static str) -> Self {
        let mut names: HashMap<&'static str, u128> = HashMap::new();
        let mut classes: HashMap<&'static str, u128> = HashMap::new();
        let mut exact: HashMap<&'static str, u128> = HashMap::new();
        let mut sections: HashMap<About, Section> = HashMap::new();
        let mut section = None;
        for line in file.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
            if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
                section = about(name);
                continue;
            }
            let Some(about) = section else {
                if let Some((name, words)) = line.split_once(':') {
                    let next = names.len();
                    let bit = *names.entry(name).or_insert_with(|| 1_u128.checked_shl(next as u32).unwrap_or(0));
                    for word in words.split_whitespace() {
                        match word.strip_prefix('=') {
                            Some(word) => *exact.entry(word).or_default() |= bit,
                            None => *classes.entry(word).or_default() |= bit,
                        }
                    }
                }
                continue;
            };
            let section = sections.entry(about).or_default();
            match line.split_once(':') {
                Some(("never", words)) => words.split_whitespace().for_each(|word| section.never.add(word, &names)),
                Some(("unless", frame)) => section.unless.push(Frame::parse(frame, &names)),
                _ => section.frames.push(Frame::parse(line, &names)),
            }
        }
        let named = |name: &str| names.get(name).copied().unwrap_or_default();
        let lent = vec![(Class::HUMAN, named("ROLE")), (Class::BOT, named("BOT"))];
        Self { filler: named("FILL"), classes, exact, lent, sections }
    }

    fn seen<'t>(&self, word: &Word<'t>) -> Seen<'t> {
        let of = |form: &str| self.classes.get(form).copied().unwrap_or_default();
        let exactly = |form: &str| self.exact.get(form).copied().unwrap_or_default();
        let mut classes = of(word.text) | of(word.root) | of(word.written) | exactly(word.text) | exactly(word.written);
        let [stem, shorter] = bare(word.text);
        if stem != word.text {
            classes |= of(stem);
        }
        if classes == 0 {
            classes = [stem, shorter].iter().fold(0, |all, stem| all | of(stem) | of(root(stem)));
        }
        if classes == 0 && word.text.len() >= FORGIVING && !is_known(word.text) {
            classes = self
                .classes
                .iter()
                .filter(|(known, _)| known.len() >= FORGIVING && alike(word.text, known))
                .fold(0, |all, (_, classes)| all | classes);
        }
        for (lexicon, bit) in &self.lent {
            if word.class.is(*lexicon) {
                classes |= bit;
            }
        }
        Seen { word: *word, classes, filler: classes & self.filler != 0 }
    }
}

/// A word without the everyday beginning and ending that its root may not know: *disertakanin*, *promone*.
fn bare(word: &str) -> [&str; 2] {
    let long = |rest: &&str| rest.len() >= 3;
    let stem = word.strip_prefix("di").filter(long).unwrap_or(word);
    let ending = ["nya", "ku", "in", "an", "e"].iter().find_map(|ending| stem.strip_suffix(ending).filter(long));
    [stem, ending.unwrap_or(stem)]
}

fn about(name: &str) -> Option<About> {
    Some(match name {
        "taken back" => About::TakenBack,
        "no stop" => About::NoStop,
        "stop" => About::Stop,
        "my data" => About::MyData,
        "start" => About::Start,
        "no data" => About::NoData,
        "no human" => About::NoHuman,
        "human" => About::Human,
        "bot" => About::Bot,
        _ => return None,
    })
}

impl Words {
    fn add(&mut self, list: &'static str, names: &HashMap<&'static str, u128>) {
        for word in list.split('|') {
            match names.get(word) {
                Some(bit) => self.classes |= bit,
                None => self.these.push(word),
            }
        }
    }

    fn of(list: &'static str, names: &HashMap<&'static str, u128>) -> Self {
        let mut words = Self::default();
        words.add(list, names);
        words
    }

    fn takes(&self, seen: &Seen<'_>) -> bool {
        self.classes & seen.classes != 0
            || self.these.iter().any(|word| *word == seen.word.text || *word == seen.word.root)
    }
}

impl Frame {
    fn parse(line: &'static str, names: &HashMap<&'static str, u128>) -> Self {
        let mut frame = Self::default();
        for part in line.split_whitespace() {
            let words = |list| Words::of(list, names);
            match part.split_at(1) {
                ("^", "") => frame.parts.push(Part::Start),
                ("/", "") => frame.parts.push(Part::ClauseEnd),
                ("$", "") => frame.parts.push(Part::End),
                ("?", "") => frame.asks = Some(Asks::Anyhow),
                ("?", "?") => frame.asks = Some(Asks::Plainly),
                (".", ".") => frame.parts.push(Part::Gap { most: 4, same_clause: true }),
                (".", "..") => frame.parts.push(Part::Gap { most: 12, same_clause: false }),
                ("+", list) => frame.has.push(words(list)),
                ("-", list) => frame.lacks.add(list, names),
                ("!", list) => frame.parts.push(Part::NotNext(words(list))),
                ("~", list) => frame.parts.push(Part::NotBefore(words(list))),
                ("#", most) => frame.most = most.parse().ok(),
                _ => {
                    let (list, optional) = part.strip_suffix('?').map_or((part, false), |list| (list, true));
                    frame.parts.push(Part::Word { words: words(list), optional });
                }
            }
        }
        frame
    }

    fn fits(&self, words: &[Seen<'_>], said: &Utterance<'_>) -> bool {
        let asked = match self.asks {
            None => true,
            Some(Asks::Anyhow) => said.is_question(),
            Some(Asks::Plainly) => {
                said.asks || said.any(Class::WHAT) || said.says(&["tidak", "apakah", "is", "do", "are"])
            }
        };
        if !asked
            || self.most.is_some_and(|most| words.iter().filter(|word| !word.filler).count() > most)
            || words.iter().any(|word| self.lacks.takes(word))
            || !self.has.iter().all(|has| words.iter().any(|word| has.takes(word)))
        {
            return false;
        }
        (0..=words.len()).any(|start| follows(&self.parts, words, start))
    }
}

/// Whether the parts follow one another from a place on; filler between them counts for nothing.
fn follows(parts: &[Part], words: &[Seen<'_>], at: usize) -> bool {
    let Some((part, rest)) = parts.split_first() else {
        return true;
    };
    let mut after_filler = (at..words.len()).take_while(|place| *place == at || words[*place - 1].filler);
    match part {
        Part::Word { words: taken, optional } => {
            after_filler.any(|place| taken.takes(&words[place]) && follows(rest, words, place + 1))
                || *optional && follows(rest, words, at)
        }
        Part::Gap { most, same_clause } => (at..=words.len().min(at + most))
            .take_while(|place| {
                !same_clause || *place == at || at == 0 || words[*place - 1].word.clause == words[at - 1].word.clause
            })
            .any(|place| follows(rest, words, place)),
        Part::NotNext(others) => {
            let next = words[at..].iter().find(|word| !word.filler);
            !next.is_some_and(|word| others.takes(word)) && follows(rest, words, at)
        }
        Part::NotBefore(others) => {
            let before = words[..at].iter().rev().find(|word| !word.filler);
            !before.is_some_and(|word| others.takes(word)) && follows(rest, words, at)
        }
        Part::Start => words[..at].iter().all(|word| word.filler) && follows(rest, words, at),
        Part::ClauseEnd => {
            let clause = at.checked_sub(1).map(|last| words[last].word.clause);
            let next = words[at..].iter().find(|word| !word.filler || Some(word.word.clause) != clause);
            next.is_none_or(|word| Some(word.word.clause) != clause) && follows(rest, words, at)
        }
        Part::End => words[at..].iter().all(|word| word.filler) && follows(rest, words, at),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_section_is_known_and_every_class_has_a_bit_of_its_own() {
        let file = include_str!("frames.txt");
        let names: Vec<_> = file.lines().filter(|line| line.starts_with('[')).collect();
        assert_eq!(names.len(), 9);
        assert!(names.iter().all(|name| about(name.trim_matches(['[', ']'])).is_some()));
        assert!(FRAMES.classes.values().all(|classes| *classes != 0));
        assert!(!FRAMES.sections.is_empty() && FRAMES.filler != 0 && FRAMES.lent.iter().all(|(_, bit)| *bit != 0));
    }

    #[test]
    fn capitals_in_frames_are_classes() {
        let these = FRAMES.sections.values().flat_map(|section| {
            let frames = section.frames.iter().chain(&section.unless).flat_map(|frame| {
                let parts = frame.parts.iter().filter_map(|part| match part {
                    Part::Word { words, .. } | Part::NotNext(words) | Part::NotBefore(words) => Some(words),
                    _ => None,
                });
                parts.chain(&frame.has).chain([&frame.lacks])
            });
            frames.chain([&section.never]).flat_map(|words| &words.these)
        });
        let unknown: Vec<_> = these.filter(|word| word.contains(char::is_uppercase)).collect();
        assert!(unknown.is_empty(), "{unknown:?}");
    }
}
