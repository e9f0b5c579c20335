//! Learns and measures the host's ears.
//!
//! `cargo run -p santun-core --example ears` prints recall and false alarms by class on the sets under
//! `tests/language/ears/`, or on the files named: lines of `yes` or `no`, tab, message in a file named after
//! what it is about (`stop.tsv`), or of the name of what must be heard (`none`), tab, message.
//! `--misses` lists what came out wrong.
//!
//! `--learn` learns the model anew from `src/ears/learning/` and the sets, and writes `src/ears/model.bin`.
//! Every run comes to the same bytes. `--cross` measures how the ears do on sets that they have not learnt
//! from, what each author (or only those named) wrote left out in turn, and prints what other thresholds would come to;
//! with `--fifths` a fifth of the authors at a time, which is quicker and a little harder. The held-out sets take no
//! part in it, and what was misunderstood of them is counted and never listed.

mod learning;
mod phrases;
mod sets;

use std::error::Error;
use std::path::{Path, PathBuf};

use santun_core::bot::Words;
use santun_core::ears::model::{Model, TOLD, encode, fingerprint};
use santun_core::ears::{Ears, Heard};
use santun_core::message::Content;

use learning::{Sample, learn};
use sets::{Set, Tally};

fn main() -> Result<(), Box<dyn Error>> {
    let (flags, files): (Vec<_>, Vec<_>) = std::env::args().skip(1).partition(|argument| argument.starts_with("--"));
    let flag = |name: &str| flags.iter().any(|flag| flag == name);
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let learning = here.join("src/ears/learning");
    let sets = sets::all(&here.join("../../tests/language/ears"))?;
    if flag("--learn") || flag("--cross") {
        let phrases = phrases::Phrases::read(&learning)?;
        let told: Vec<Sample> = phrases.samples();
        println!(
            "{} messages made of phrases, {} of sets",
            told.len(),
            sets.iter().map(|set| set.lines.len()).sum::<usize>()
        );
        if flag("--cross") {
            cross(&told, &sets, &files, flag("--misses"), flag("--fifths"));
        }
        if flag("--learn") {
            let samples: Vec<Sample> =
                told.into_iter().chain(sets.iter().filter(|set| !set.held_out).flat_map(Set::samples)).collect();
            let learnt = learn(&samples);
            let texts: Vec<String> = sources(&learning, &sets)?;
            let bytes =
                encode(fingerprint(texts.iter().map(String::as_str)), &learning::THRESHOLDS, &learnt.kept, |at| {
                    learnt.weights(at)
                });
            std::fs::write(here.join("src/ears/model.bin"), bytes)?;
            println!("wrote src/ears/model.bin: build again to hear with it");
        }
        return Ok(());
    }
    let ears = Ears::new(&Words::default());
    let sets = if files.is_empty() {
        sets
    } else {
        files.iter().map(|file| Set::read(&PathBuf::from(file))).collect::<Result<_, _>>()?
    };
    for set in &sets {
        let mut tally = Tally::default();
        for line in &set.lines {
            tally.count(line, ears.hear(&Content::Text { text: line.text.clone() }).map(told));
        }
        tally.print(&set.name, flag("--misses") && !set.held_out);
    }
    if let Some(average) = average(&ears, &sets) {
        println!("{average:.1} µs a message");
    }
    Ok(())
}

/// What a hearing costs, in microseconds.
fn average(ears: &Ears, sets: &[Set]) -> Option<f64> {
    let messages: Vec<Content> =
        sets.iter().flat_map(|set| &set.lines).map(|line| Content::Text { text: line.text.clone() }).collect();
    let begun = std::time::Instant::now();
    let heard = messages.iter().filter(|message| ears.hear(message).is_some()).count();
    (heard > 0).then(|| begun.elapsed().as_secs_f64() * 1e6 / messages.len() as f64)
}

/// Learns without what each author (of these, if any are named) wrote in turn and measures on it.
fn cross(told: &[Sample], sets: &[Set], named: &[String], misses: bool, fifths: bool) {
    let mut authors: Vec<&str> = sets.iter().filter(|set| !set.held_out).map(Set::author).collect();
    authors.retain(|author| named.is_empty() || named.iter().any(|name| name == author));
    authors.sort_unstable();
    authors.dedup();
    let tallies = std::thread::scope(|scope| {
        let parts: Vec<Vec<&str>> = if fifths {
            (0..5).map(|fifth| authors.iter().copied().skip(fifth).step_by(5).collect()).collect()
        } else {
            authors.iter().map(|author| vec![*author]).collect()
        };
        let threads: Vec<_> = parts.into_iter().map(|part| scope.spawn(move || without(&part, told, sets))).collect();
        threads.into_iter().filter_map(|thread| thread.join().ok()).flatten().collect::<Vec<_>>()
    });
    let mut pooled = Tally::default();
    for (author, mut tally) in tallies {
        tally.print(&author, misses);
        pooled.add(tally);
    }
    pooled.print("all", false);
    pooled.calibrate();
}

/// How each of these authors is heard by ears that have learnt from the others alone.
fn without(these: &[&str], told: &[Sample], sets: &[Set]) -> Vec<(String, Tally)> {
    let rest = sets.iter().filter(|set| !these.contains(&set.author()) && !set.held_out).flat_map(Set::samples);
    let learnt = learn(&told.iter().cloned().chain(rest).collect::<Vec<_>>());
    let with = |thresholds| encode(0, thresholds, &learnt.kept, |at| learnt.weights(at));
    let (deaf, keen) = (with(&[f32::INFINITY; TOLD.len()]), with(&[f32::NEG_INFINITY; TOLD.len()]));
    let (Some(deaf), Some(keen)) = (Model::of(&deaf), Model::of(&keen)) else { return Vec::new() };
    let ears = Ears::new(&Words::default());
    these.iter().map(|author| ((*author).to_owned(), judged(author, sets, &ears, deaf, keen))).collect()
}

/// How an author is heard, by the weights of a model that always hears something beside the words that are sure.
fn judged(author: &str, sets: &[Set], ears: &Ears, deaf: Model<'_>, keen: Model<'_>) -> Tally {
    let mut tally = Tally::default();
    for line in sets.iter().filter(|set| set.author() == author).flat_map(|set| &set.lines) {
        let mut scores = [f32::NEG_INFINITY; TOLD.len()];
        match (ears.hear_with(deaf, &line.text), ears.hear_with(keen, &line.text)) {
            (Some(sure), _) => {
                let told = TOLD.iter().position(|told| *told == sure);
                told.into_iter().for_each(|told| scores[told] = f32::INFINITY);
            }
            (None, Some(_)) => scores = keen.scores(&santun_language::normalise(&line.text), |_| false),
            (None, None) => {}
        }
        let beyond = |which: usize| scores[which] - learning::THRESHOLDS[which];
        let best = (0..TOLD.len()).max_by(|a, b| beyond(*a).total_cmp(&beyond(*b))).unwrap_or_default();
        tally.count(line, (beyond(best) > 0.0).then(|| TOLD[best].clone()));
        tally.weigh(line, &scores);
    }
    tally
}

/// Everything that was learnt from, in order.
fn sources(learning: &Path, sets: &[Set]) -> Result<Vec<String>, std::io::Error> {
    let mut texts = Vec::new();
    for name in phrases::FILES {
        texts.push(std::fs::read_to_string(learning.join(name))?);
    }
    texts.extend(sets.iter().filter(|set| !set.held_out).map(|set| set.text.clone()));
    Ok(texts)
}

/// A perhaps is heard, too.
fn told(heard: Heard) -> Heard {
    match heard {
        Heard::StartPerhaps => Heard::Start,
        heard => heard,
    }
}
