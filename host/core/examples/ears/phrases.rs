//! Messages made of phrases: `{one|another}` is one of them, `$name` a set of `words.txt`.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use santun_core::ears::model::TOLD;

use crate::learning::{Dice, Sample};

/// The files of phrases; the first holds sets of words, the others are named after what they ask, the last
/// asks nothing.
pub(crate) const FILES: [&str; 7] =
    ["words.txt", "stop.txt", "start.txt", "human.txt", "bot.txt", "data.txt", "none.txt"];

/// How many messages are made of a phrase with choices.
const EACH: usize = 40;
/// Of so many messages one is given a slip.
const SLIPS: usize = 4;

/// Of so many messages one says something ordinary beside.
const BESIDES: usize = 4;
/// What is said beside it stands before this, or after it.
const JOINTS: [&str; 6] = [", ", ". ", " ", " tapi ", "\n", " terus "];

pub(crate) struct Phrases {
    sets: HashMap<String, String>,
    phrases: Vec<(usize, String)>,
}

impl Phrases {
    pub(crate) fn read(folder: &Path) -> Result<Self, Box<dyn std::error::Error>> {
        let [words, files @ ..] = FILES;
        let mut sets = HashMap::new();
        for line in std::fs::read_to_string(folder.join(words))?.lines() {
            if let Some((name, list)) = line.strip_prefix('$').and_then(|line| line.split_once(" = ")) {
                sets.insert(name.to_owned(), list.to_owned());
            }
        }
        let mut phrases = Vec::new();
        for (place, file) in files.iter().enumerate() {
            let text = std::fs::read_to_string(folder.join(file))?;
            let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
            phrases.extend(lines.map(|line| (place, line.to_owned())));
        }
        Ok(Self { sets, phrases })
    }

    /// The same messages in every run, none twice.
    pub(crate) fn samples(&self) -> Vec<Sample> {
        let mut dice = Dice(7);
        let mut said = HashSet::new();
        let mut samples = Vec::new();
        for (place, phrase) in &self.phrases {
            let times = if phrase.contains(['{', '$']) { EACH } else { 1 };
            for _ in 0..times {
                let mut text = String::new();
                self.say(phrase, &mut dice, &mut text);
                let text = text.split_whitespace().collect::<Vec<_>>().join(" ").replace(" nya ", "nya ");
                let text = if dice.below(SLIPS) == 0 { slip(&text, &mut dice) } else { text };
                let text = if dice.below(BESIDES) == 0 { self.besides(text, &mut dice) } else { text };
                if said.insert(text.clone()) {
                    let mut meant = [Some(false); TOLD.len()];
                    if let Some(meant) = meant.get_mut(*place) {
                        *meant = Some(true);
                    }
                    samples.push(Sample::new(&text, meant, 1.0));
                }
            }
        }
        samples
    }

    /// The text with something ordinary beside it, if it says enough to be understood there.
    fn besides(&self, text: String, dice: &mut Dice) -> String {
        let ordinary: Vec<&String> =
            self.phrases.iter().filter(|(place, _)| *place == TOLD.len()).map(|(_, phrase)| phrase).collect();
        if ordinary.is_empty() || text.split(' ').nth(2).is_none() {
            return text;
        }
        let mut other = String::new();
        self.say(ordinary[dice.below(ordinary.len())], dice, &mut other);
        let joint = JOINTS[dice.below(JOINTS.len())];
        if dice.below(2) == 0 { other + joint + &text } else { text + joint + &other }
    }

    fn say(&self, phrase: &str, dice: &mut Dice, out: &mut String) {
        let mut rest = phrase;
        while let Some(at) = rest.find(['{', '$']) {
            out.push_str(&rest[..at]);
            let after = &rest[at + 1..];
            if rest[at..].starts_with('{') {
                let end = closing(after);
                self.pick(&after[..end], dice, out);
                rest = &after[(end + 1).min(after.len())..];
            } else {
                let longest = after.find(|c: char| !c.is_ascii_lowercase()).unwrap_or(after.len());
                let Some(end) = (1..=longest).rev().find(|end| self.sets.contains_key(&after[..*end])) else {
                    panic!("no set of words in `{phrase}`: ${after}");
                };
                self.pick(&self.sets[&after[..end]], dice, out);
                rest = &after[end..];
            }
        }
        out.push_str(rest);
    }

    fn pick(&self, choices: &str, dice: &mut Dice, out: &mut String) {
        let (mut parts, mut depth, mut start) = (Vec::new(), 0_u32, 0);
        for (at, c) in choices.char_indices() {
            match c {
                '{' => depth += 1,
                '}' => depth -= 1,
                '|' if depth == 0 => {
                    parts.push(&choices[start..at]);
                    start = at + 1;
                }
                _ => {}
            }
        }
        parts.push(&choices[start..]);
        let chosen = parts[dice.below(parts.len())];
        self.say(chosen, dice, out);
    }
}

/// Where the brace closes.
fn closing(text: &str) -> usize {
    let mut depth = 1_u32;
    text.char_indices()
        .find(|(_, c)| {
            match c {
                '{' => depth += 1,
                '}' => depth -= 1,
                _ => {}
            }
            depth == 0
        })
        .map_or(text.len(), |(at, _)| at)
}

/// The text with one of its longer words mistyped: a letter left out, doubled, or swapped with the next, or its
/// vowels left out.
fn slip(text: &str, dice: &mut Dice) -> String {
    let mut words: Vec<Vec<char>> = text.split(' ').map(|word| word.chars().collect()).collect();
    let long: Vec<usize> = (0..words.len()).filter(|at| words[*at].len() >= 5).collect();
    if long.is_empty() {
        return text.to_owned();
    }
    let word = &mut words[long[dice.below(long.len())]];
    let at = 1 + dice.below(word.len() - 2);
    match dice.below(4) {
        0 => drop(word.remove(at)),
        1 => word.insert(at, word[at]),
        2 => word.swap(at, at + 1),
        _ => {
            let first = word[0];
            word.retain(|letter| !"aeiou".contains(*letter));
            if "aeiou".contains(first) {
                word.insert(0, first);
            }
        }
    }
    words.iter().map(|word| word.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}
