//! Compiles the lexicon into tables that a fresh plugin instance reads without building anything.

use std::collections::BTreeSet;

/// What the plugin looks for.
const LEXICON: [&str; 4] = ["../concepts/everyday.txt", "cues.txt", "classes.txt", "senses.txt"];
/// Ordinary words. They call for nobody, and are no misspellings of words that do: *malang* is no *maling*.
const ORDINARY: [&str; 2] =
    ["../../plugin-sdk/rust/language/src/words/indonesian.txt", "../../plugin-sdk/rust/language/src/words/english.txt"];

fn main() {
    let made = ordinary().and_then(|line| santun_concepts::compile::into_out_dir_with(&LEXICON, &line));
    if let Err(fault) = made {
        panic!("{fault}");
    }
}

/// The ordinary words that the lexicon does not have, as a class of their own.
fn ordinary() -> Result<String, String> {
    let read = |file: &str| {
        println!("cargo::rerun-if-changed={file}");
        std::fs::read_to_string(file).map_err(|error| format!("{file}: {error}"))
    };
    let mut known = BTreeSet::new();
    for file in LEXICON {
        let text = read(file)?;
        let lists = text.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(':'));
        known.extend(lists.flat_map(|(_, list)| list.split(',')).map(|phrase| phrase.trim().to_owned()));
    }
    let mut line = String::from("c-ordinary -1:");
    for file in ORDINARY {
        let text = read(file)?;
        let lists = text.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(':'));
        for word in lists.flat_map(|(_, list)| list.split_whitespace()) {
            if known.insert(word.to_owned()) {
                line.push(' ');
                line.push_str(word);
                line.push(',');
            }
        }
    }
    line.push('\n');
    Ok(line)
}
