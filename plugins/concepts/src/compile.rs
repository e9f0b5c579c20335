//! Makes tables out of a lexicon's text files. It runs in build scripts: this crate's own, and those of
//! crates with a lexicon of their own (see [`lexicon!`](crate::lexicon!)).
//!
//! - `phrases.bin`: an open-addressed table, a power of two of slots of eight bytes: hash, value, flags.
//! - `meanings.bin`: lists of (concept, share) pairs, each led by its length; `value` is an offset.
//! - `near.bin`: pairs (key of a misspelling, hash of the word meant), sorted, after where each bucket of them begins
//!   (`u16` each, see `NEAR_BUCKETS`).

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::spelling::{self, Hash};

/// The slot's word or phrase means something.
pub(crate) const MEANS: u16 = 1;
/// Longer phrases begin with it.
pub(crate) const LEADS: u16 = 2;
/// It is another way of writing a word: `value` is the offset of that word's hash.
pub(crate) const CANON: u16 = 4;
/// It is a word of the vocabulary, alone or inside a phrase.
pub(crate) const WORD: u16 = 8;

/// How many buckets misspellings are in, as a power of two: a key's is its upper bits. With ten and twenty thousand keys
/// a bucket has three or five.
pub(crate) const NEAR_BUCKETS: u32 = 12;

/// The tables.
struct Compiled {
    phrases: Vec<u8>,
    meanings: Vec<u8>,
    near: Vec<u8>,
    names: String,
}

struct Concept {
    name: String,
    weight: f32,
    parents: Vec<usize>,
}

/// Compiles the files, which lie beside the build script, into `OUT_DIR`.
///
/// # Errors
///
/// Says what is wrong with the lexicon, and where.
pub fn into_out_dir(files: &[&str]) -> Result<(), String> {
    into_out_dir_with(files, "")
}

/// Compiles the files and `more` lines, which a build script has made, into `OUT_DIR`.
///
/// # Errors
///
/// Says what is wrong with the lexicon, and where.
pub fn into_out_dir_with(files: &[&str], more: &str) -> Result<(), String> {
    write("", files, more)
}

/// Compiles the files of a crate's second lexicon into `OUT_DIR`, into tables whose names begin with `prefix`.
///
/// # Errors
///
/// Says what is wrong with the lexicon, and where.
pub fn into_out_dir_as(prefix: &str, files: &[&str]) -> Result<(), String> {
    write(prefix, files, "")
}

fn write(prefix: &str, files: &[&str], more: &str) -> Result<(), String> {
    let mut text = String::new();
    for file in files {
        println!("cargo::rerun-if-changed={file}");
        text.push_str(&std::fs::read_to_string(file).map_err(|error| format!("{file}: {error}"))?);
        text.push('\n');
    }
    text.push_str(more);
    let compiled = compile(&text).map_err(|fault| format!("{}: {fault}", files.join(" + ")))?;
    let out = std::env::var("OUT_DIR").map_err(|_| "cargo sets OUT_DIR for build scripts")?;
    let out = std::path::Path::new(&out);
    let tables = [
        ("phrases.bin", &compiled.phrases[..]),
        ("meanings.bin", &compiled.meanings),
        ("near.bin", &compiled.near),
        ("concepts.rs", compiled.names.as_bytes()),
    ];
    for (name, bytes) in tables {
        std::fs::write(out.join(format!("{prefix}{name}")), bytes).map_err(|error| format!("{name}: {error}"))?;
    }
    Ok(())
}

fn compile(text: &str) -> Result<Compiled, String> {
    let mut concepts: Vec<Concept> = Vec::new();
    let mut phrases: Vec<(usize, Vec<String>)> = Vec::new();
    let mut canon: BTreeMap<String, String> = BTreeMap::new();
    let named: Vec<&str> =
        text.lines().filter(|line| is_concept(line)).filter_map(|line| line.split(' ').next()).collect();
    for (number, line) in text.lines().enumerate() {
        let number = number + 1;
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (head, list) = line.split_once(':').ok_or_else(|| format!("line {number}: a colon is missing"))?;
        let list = list.split(',').map(words_of).filter(|words| !words.is_empty());
        if let Some(canonical) = head.strip_prefix('=') {
            let canonical = words_of(canonical);
            let [canonical] = &canonical[..] else { return Err(format!("line {number}: one word before the colon")) };
            for variant in list {
                let [variant] = &variant[..] else { return Err(format!("line {number}: one word a variant")) };
                if variant != canonical {
                    canon.insert(variant.clone(), canonical.clone());
                }
            }
            continue;
        }
        let (head, above) = head.split_once('<').unwrap_or((head, ""));
        let parents: Result<Vec<usize>, String> = above
            .split_whitespace()
            .map(|parent| {
                let known = named.iter().position(|name| *name == parent);
                known.ok_or_else(|| format!("line {number}: its parent `{parent}` is no concept"))
            })
            .collect();
        let (name, weight) =
            head.trim().split_once(' ').ok_or_else(|| format!("line {number}: a weight is missing"))?;
        let weight = weight.trim().parse().map_err(|_| format!("line {number}: `{weight}` is no weight"))?;
        concepts.push(Concept { name: name.to_owned(), weight, parents: parents? });
        let concept = concepts.len() - 1;
        phrases.extend(list.map(|words| (concept, words)));
    }
    build(&concepts, &phrases, &canon)
}

fn is_concept(line: &str) -> bool {
    !line.trim().is_empty() && !line.starts_with(['#', '='])
}

fn words_of(phrase: &str) -> Vec<String> {
    let mut words = Vec::new();
    spelling::words(phrase, |word| words.push(String::from_utf8_lossy(word).into_owned()));
    words
}

fn build(
    concepts: &[Concept],
    phrases: &[(usize, Vec<String>)],
    canon: &BTreeMap<String, String>,
) -> Result<Compiled, String> {
    let canonical = |word: &String| canon.get(word).unwrap_or(word).clone();
    // A vocabulary word with the possessive ending stands for the word without it.
    let plain: BTreeSet<String> = phrases.iter().flat_map(|(_, words)| words.iter().map(canonical)).collect();
    let canonical = |word: &String| {
        let word = canonical(word);
        match word.strip_suffix("nya").map(|base| canonical(&base.to_owned())) {
            Some(base) if base.len() >= 3 && plain.contains(&base) => base,
            _ => word,
        }
    };

    let mut meanings: BTreeMap<Vec<String>, BTreeMap<usize, f32>> = BTreeMap::new();
    for (concept, words) in phrases {
        let words: Vec<String> = words.iter().map(canonical).collect();
        let meant = meanings.entry(words).or_default();
        add(concepts, *concept, 1.0, meant);
    }

    classify(concepts, &mut meanings);

    let mut slots: BTreeMap<Hash, (Option<usize>, u16)> = BTreeMap::new();
    let mut bytes: Vec<u8> = Vec::new();
    let mut vocabulary: BTreeSet<String> = BTreeSet::new();
    for (words, meant) in &meanings {
        let mut phrase = None;
        for (at, word) in words.iter().enumerate() {
            vocabulary.insert(word.clone());
            let word = spelling::hash(word.as_bytes());
            slots.entry(word).or_insert((None, 0)).1 |= WORD;
            let hash = phrase.map_or(word, |phrase| spelling::extend(phrase, word));
            phrase = Some(hash);
            if at + 1 < words.len() {
                slots.entry(hash).or_insert((None, 0)).1 |= LEADS;
            }
        }
        let hash = phrase.ok_or("a phrase without words")?;
        let slot = slots.entry(hash).or_insert((None, 0));
        slot.0 = Some(bytes.len());
        slot.1 |= MEANS;
        bytes.push(u8::try_from(meant.len()).map_err(|_| "a phrase means too much")?);
        for (concept, share) in meant {
            bytes.push(u8::try_from(*concept).map_err(|_| "more than 255 concepts")?);
            bytes.push((share * 100.0).round().min(255.0) as u8);
        }
    }
    for (variant, word) in canon {
        let word = canonical(word);
        let at = bytes.len();
        bytes.extend(spelling::hash(word.as_bytes()).to_le_bytes());
        slots.insert(spelling::hash(variant.as_bytes()), (Some(at), CANON));
        vocabulary.insert(variant.clone());
    }

    Ok(Compiled {
        phrases: table(&slots)?,
        meanings: bytes,
        near: near(&vocabulary, &meanings)?,
        names: names(concepts),
    })
}

/// Puts every word that phrases are made of into the classes of its base form, so that "dikembalikan" is
/// of the class of "kembali" although phrases know it as a word of its own.
fn classify(concepts: &[Concept], meanings: &mut BTreeMap<Vec<String>, BTreeMap<usize, f32>>) {
    let classes_of = |meant: &BTreeMap<usize, f32>| {
        let of: BTreeMap<usize, f32> = meant
            .iter()
            .filter(|(concept, _)| concepts[**concept].weight < 0.0)
            .map(|(id, share)| (*id, *share))
            .collect();
        if of.is_empty() { None } else { Some(of) }
    };
    let classes: BTreeMap<Vec<u8>, BTreeMap<usize, f32>> = meanings
        .iter()
        .filter_map(|(words, meant)| {
            Some((<&[String; 1]>::try_from(&words[..]).ok()?[0].clone().into(), classes_of(meant)?))
        })
        .collect();
    if classes.is_empty() {
        return;
    }
    let words: BTreeSet<String> = meanings.keys().flatten().cloned().collect();
    for word in words {
        let Some(of) = spelling::first_form(word.as_bytes(), |form| classes.get(form)) else { continue };
        meanings.entry(vec![word]).or_default().extend(of);
    }
}

/// A child stands for its parent too, and the more for it the higher the parent weighs.
fn add(concepts: &[Concept], concept: usize, share: f32, meant: &mut BTreeMap<usize, f32>) {
    let own = if concepts[concept].parents.is_empty() { 1.0 } else { 0.6 };
    let entry = meant.entry(concept).or_default();
    *entry = entry.max(share * own);
    for parent in &concepts[concept].parents {
        add(concepts, *parent, share * 0.6, meant);
    }
}

fn table(slots: &BTreeMap<Hash, (Option<usize>, u16)>) -> Result<Vec<u8>, String> {
    let size = (slots.len() * 3 / 2).next_power_of_two();
    let mut bytes = vec![0_u8; size * 8];
    for (hash, (value, flags)) in slots {
        let mut at = *hash as usize & (size - 1);
        while bytes[at * 8 + 6..at * 8 + 8] != [0, 0] {
            at = (at + 1) & (size - 1);
        }
        let value = u16::try_from(value.unwrap_or(0)).map_err(|_| "the meanings no longer fit 64 KiB")?;
        bytes[at * 8..at * 8 + 4].copy_from_slice(&hash.to_le_bytes());
        bytes[at * 8 + 4..at * 8 + 6].copy_from_slice(&value.to_le_bytes());
        bytes[at * 8 + 6..at * 8 + 8].copy_from_slice(&flags.to_le_bytes());
    }
    Ok(bytes)
}

/// Misspellings of the vocabulary's words; one that could be of several words stands for the commonest
/// case only if they mean the same, and else for none.
fn near(
    vocabulary: &BTreeSet<String>,
    meanings: &BTreeMap<Vec<String>, BTreeMap<usize, f32>>,
) -> Result<Vec<u8>, String> {
    let mut keys: BTreeMap<Hash, Option<(&String, Hash)>> = BTreeMap::new();
    for word in vocabulary {
        let Some(meaning) = meanings.get(&vec![word.clone()]) else { continue };
        if word.bytes().any(|byte| byte.is_ascii_digit()) {
            continue;
        }
        let hash = spelling::hash(word.as_bytes());
        let mut put = |key: Hash| {
            keys.entry(key)
                .and_modify(|known| {
                    let same = known.is_some_and(|(other, _)| meanings.get(&vec![other.clone()]) == Some(meaning));
                    if !same {
                        *known = None;
                    }
                })
                .or_insert(Some((word, hash)));
        };
        spelling::near_keys(word.as_bytes()).for_each(&mut put);
        if word.len() >= 6
            && let Some(key) = spelling::consonants_key(word.as_bytes())
        {
            put(key);
        }
    }
    let known: Vec<(Hash, Hash)> =
        keys.into_iter().filter_map(|(key, known)| known.map(|(_, hash)| (key, hash))).collect();
    let mut bytes = Vec::new();
    for bucket in 0..=1_u64 << NEAR_BUCKETS {
        let begins = known.partition_point(|(key, _)| u64::from(key >> (32 - NEAR_BUCKETS)) < bucket);
        let begins = u16::try_from(begins).map_err(|_| "more than 65,535 misspellings")?;
        bytes.extend(begins.to_le_bytes());
    }
    for (key, hash) in known {
        bytes.extend(key.to_le_bytes());
        bytes.extend(hash.to_le_bytes());
    }
    Ok(bytes)
}

fn names(concepts: &[Concept]) -> String {
    let mut code = String::from("/// Every concept's name and weight, by its number.\n");
    let _ = writeln!(code, "pub static CONCEPTS: [(&str, f32); {}] = [", concepts.len());
    for concept in concepts {
        let _ = writeln!(code, "    ({:?}, {:?}),", concept.name, concept.weight);
    }
    code.push_str("];\n");
    code
}
