//! Texts made of phrases: `(one|another)` is one of them, `[this]` may be left out, `@name` is one of a list.

use std::collections::{BTreeMap, HashSet};
use std::error::Error;
use std::path::Path;

use santun_concepts::intents::fingerprint;

/// At most so many texts are made of a phrase with choices.
const EACH: usize = 14;

/// What the files hold.
pub(crate) struct Phrases {
    pub(crate) names: Vec<String>,
    pub(crate) lines: Vec<(u16, String)>,
    pub(crate) fingerprint: u64,
    lists: BTreeMap<String, Vec<String>>,
}

/// A text, and what it asks.
pub(crate) struct Sample {
    pub(crate) text: String,
    pub(crate) intent: u16,
    /// Phrases of which many texts are made count no more than others for it.
    pub(crate) weight: f32,
    /// The phrase that it is made of.
    pub(crate) line: usize,
}

/// Reads every file of a folder, in the order of their names.
pub(crate) fn read(folder: &Path) -> Result<Phrases, Box<dyn Error>> {
    let mut files =
        std::fs::read_dir(folder)?.map(|file| file.map(|file| file.path())).collect::<Result<Vec<_>, _>>()?;
    files.sort();
    let mut phrases =
        Phrases { names: vec!["-".to_owned()], lines: Vec::new(), fingerprint: 0, lists: BTreeMap::new() };
    let texts = files.iter().map(std::fs::read_to_string).collect::<Result<Vec<_>, _>>()?;
    phrases.fingerprint = fingerprint(texts.iter().map(String::as_str));
    for (file, text) in files.iter().zip(&texts) {
        let mut intent = None;
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
            if let Some((name, list)) = line.strip_prefix('@').and_then(|line| line.split_once(" = ")) {
                let list = list.split(',').map(|word| word.trim().to_owned()).collect();
                phrases.lists.insert(name.to_owned(), list);
            } else if let Some(name) = line.strip_prefix("= ") {
                let known = phrases.names.iter().position(|known| known == name);
                intent = Some(known.unwrap_or(phrases.names.len()) as u16);
                if known.is_none() {
                    phrases.names.push(name.to_owned());
                }
            } else {
                let intent = intent.ok_or_else(|| format!("{}: a phrase before any intent", file.display()))?;
                phrases.lines.push((intent, line.to_owned()));
            }
        }
    }
    Ok(phrases)
}

impl Phrases {
    /// The same texts in every run.
    pub(crate) fn samples(&self) -> Vec<Sample> {
        let mut dice = Dice(7);
        let mut samples = Vec::new();
        for (place, (intent, line)) in self.lines.iter().enumerate() {
            let mut said = HashSet::new();
            for _ in 0..EACH * 2 {
                let mut text = String::new();
                self.say(line, &mut dice, &mut text);
                said.insert(text.split_whitespace().collect::<Vec<_>>().join(" "));
                if said.len() == EACH {
                    break;
                }
            }
            let weight = 2.0 / (said.len() as f32).sqrt().max(1.0);
            let mut said: Vec<String> = said.into_iter().filter(|text| !text.is_empty()).collect();
            said.sort();
            samples.extend(said.into_iter().map(|text| Sample { text, intent: *intent, weight, line: place }));
        }
        samples
    }

    fn say(&self, phrase: &str, dice: &mut Dice, text: &mut String) {
        let mut rest = phrase;
        while let Some(at) = rest.find(['(', '[', '@']) {
            text.push_str(&rest[..at]);
            let sign = rest.as_bytes()[at];
            let after = &rest[at + 1..];
            if sign == b'@' {
                let end = after.find(|char: char| !char.is_ascii_alphanumeric()).unwrap_or(after.len());
                let list = self.lists.get(&after[..end]).unwrap_or_else(|| panic!("no list @{}", &after[..end]));
                text.push_str(&list[dice.below(list.len())]);
                rest = &after[end..];
                continue;
            }
            let end = closing(after).unwrap_or_else(|| panic!("`{phrase}` is not closed"));
            if sign == b'(' || dice.below(2) == 0 {
                let choices = choices(&after[..end]);
                self.say(choices[dice.below(choices.len())], dice, text);
            }
            rest = &after[end + 1..];
        }
        text.push_str(rest);
    }
}

/// Where the bracket that is open at the beginning of a text is closed.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'(' | b'[' => depth += 1,
            b')' | b']' if depth == 0 => return Some(at),
            b')' | b']' => depth -= 1,
            _ => {}
        }
    }
    None
}

fn choices(text: &str) -> Vec<&str> {
    let (mut depth, mut start, mut found) = (0, 0, Vec::new());
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'(' | b'[' => depth += 1,
            b')' | b']' => depth -= 1,
            b'|' if depth == 0 => {
                found.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    found.push(&text[start..]);
    found
}

/// Chance that is the same in every run.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn below(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % sides
    }
}
