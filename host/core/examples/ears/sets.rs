//! Labelled messages, and how they were heard.

use std::path::Path;

use santun_core::ears::Heard;
use santun_core::ears::model::TOLD;

use crate::learning::Sample;

/// How much a message that somebody wrote counts while learning, beside one that was made of phrases. With 2, as many
/// requests for a human were heard only where a tenth more of other messages were mistaken for one.
const COUNTS: f32 = 3.0;

/// A file of labelled messages.
pub(crate) struct Set {
    pub(crate) name: String,
    pub(crate) text: String,
    pub(crate) lines: Vec<Line>,
    /// Never learnt from.
    pub(crate) held_out: bool,
}

/// A message, and of each thing that can be told whether it is meant, if that is known.
pub(crate) struct Line {
    pub(crate) text: String,
    pub(crate) meant: [Option<bool>; TOLD.len()],
    /// Whether it was written to be mistaken.
    pub(crate) look_alike: bool,
}

/// The sets of a folder, in the order of their names.
pub(crate) fn all(folder: &Path) -> std::io::Result<Vec<Set>> {
    let mut files =
        std::fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>()?;
    files.retain(|path| path.extension().is_some_and(|ending| ending == "tsv"));
    files.sort();
    files.iter().map(|file| Set::read(file)).collect()
}

/// The place of what a name stands for.
fn place(name: &str) -> Option<usize> {
    let name = match name {
        "bot" => "are_you_a_bot",
        "data" => "my_data",
        name => name,
    };
    TOLD.iter().position(|heard| heard.name() == name)
}

impl Set {
    /// Who wrote it, as far as that is known: a set is best measured without what the same hand wrote.
    pub(crate) fn author(&self) -> &str {
        match self.name.rsplit_once('_') {
            Some((_, author @ ("others" | "voices"))) => author,
            _ if place(&self.name).is_some() || self.name == "ordinary" => "first",
            _ => &self.name,
        }
    }

    pub(crate) fn read(path: &Path) -> std::io::Result<Self> {
        let text = std::fs::read_to_string(path)?;
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let about = TOLD.iter().position(|heard| name.trim_start_matches("ears_").starts_with(heard.name()));
        let lines = text.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('\t'));
        let lines = lines
            .map(|(label, text)| Line { text: text.to_owned(), meant: meant(label, about), look_alike: label == "no" })
            .collect();
        Ok(Self { held_out: ["heldout", "strangers", "newcomers"].contains(&name.as_str()), name, lines, text })
    }

    pub(crate) fn samples(&self) -> impl Iterator<Item = Sample> + '_ {
        self.lines.iter().map(|line| Sample::new(&line.text, line.meant, COUNTS))
    }
}

/// `yes` says it of what the file is about, and denies the others; `no` denies that alone; a name says which.
fn meant(label: &str, about: Option<usize>) -> [Option<bool>; TOLD.len()] {
    let named = if label == "yes" { about } else { place(label) };
    if let (None, "no", Some(about)) = (named, label, about) {
        let mut meant = [None; TOLD.len()];
        meant[about] = Some(false);
        return meant;
    }
    let mut meant = [Some(false); TOLD.len()];
    if let Some(place) = named {
        meant[place] = Some(true);
    }
    meant
}

/// How a set was heard.
#[derive(Default)]
pub(crate) struct Tally {
    asked: [usize; TOLD.len()],
    heard: [usize; TOLD.len()],
    others: [usize; TOLD.len()],
    mistaken: [usize; TOLD.len()],
    wrong: Vec<String>,
    /// By what is told: the score where it is meant, and where it is not.
    scores: [Scores; TOLD.len()],
}

#[derive(Default)]
struct Scores {
    asked: Vec<f32>,
    others: Vec<f32>,
    look_alikes: Vec<f32>,
}

impl Tally {
    pub(crate) fn count(&mut self, line: &Line, heard: Option<Heard>) {
        for (place, told) in TOLD.iter().enumerate() {
            let right = heard.as_ref() == Some(told);
            match line.meant[place] {
                Some(true) => {
                    self.asked[place] += 1;
                    self.heard[place] += usize::from(right);
                }
                Some(false) => {
                    self.others[place] += 1;
                    self.mistaken[place] += usize::from(right);
                }
                None => continue,
            }
            if line.meant[place] != Some(right) {
                let name = heard.as_ref().map_or("nothing", Heard::name);
                self.wrong.push(format!("{}: {} ({name})", told.name(), line.text));
            }
        }
    }

    pub(crate) fn weigh(&mut self, line: &Line, scores: &[f32; TOLD.len()]) {
        let best = (0..TOLD.len()).max_by(|a, b| scores[*a].total_cmp(&scores[*b]));
        for (place, score) in scores.iter().enumerate() {
            let score = if best == Some(place) { *score } else { f32::MIN };
            let scores = &mut self.scores[place];
            match line.meant[place] {
                Some(true) => scores.asked.push(score),
                Some(false) if line.look_alike => scores.look_alikes.push(score),
                Some(false) => scores.others.push(score),
                None => {}
            }
        }
    }

    pub(crate) fn add(&mut self, other: Self) {
        for place in 0..TOLD.len() {
            self.asked[place] += other.asked[place];
            self.heard[place] += other.heard[place];
            self.others[place] += other.others[place];
            self.mistaken[place] += other.mistaken[place];
            self.scores[place].asked.extend(&other.scores[place].asked);
            self.scores[place].others.extend(&other.scores[place].others);
            self.scores[place].look_alikes.extend(&other.scores[place].look_alikes);
        }
    }

    /// Prints what other thresholds would come to.
    pub(crate) fn calibrate(&self) {
        for (scores, told) in self.scores.iter().zip(&TOLD) {
            for tenths in (-20..=10).step_by(2) {
                let from = tenths as f32 / 10.0;
                let above = |all: &[f32]| all.iter().filter(|score| **score > from).count();
                let (alike, others) = (above(&scores.look_alikes), above(&scores.others));
                println!(
                    "{:<14} from {from:4.1}  recall {:.3}  false {:.4}  of look-alikes {:.4}",
                    told.name(),
                    share(above(&scores.asked), scores.asked.len()),
                    share(alike + others, scores.look_alikes.len() + scores.others.len()),
                    share(alike, scores.look_alikes.len()),
                );
            }
        }
    }

    pub(crate) fn print(&mut self, name: &str, misses: bool) {
        print!("{name:<16}");
        for (place, told) in TOLD.iter().enumerate() {
            if self.asked[place] > 0 {
                print!(
                    "  {} recall {:.3} of {}",
                    told.name(),
                    share(self.heard[place], self.asked[place]),
                    self.asked[place]
                );
            }
            if self.mistaken[place] > 0 || self.asked[place] > 0 {
                print!(
                    "  {} false {:.3} of {}",
                    told.name(),
                    share(self.mistaken[place], self.others[place]),
                    self.others[place]
                );
            }
        }
        println!();
        if misses {
            self.wrong.iter().for_each(|wrong| println!("    {wrong}"));
        }
    }
}

fn share(part: usize, whole: usize) -> f64 {
    part as f64 / whole.max(1) as f64
}
