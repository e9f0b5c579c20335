//! Trains the model that the plugin reads, and says how well it does on sets that it has not seen.
//!
//! `cargo run --release -p santun-plugin-escalation --example train` cross-validates over the sets (each is judged by
//! a model that was trained on the others), sets the thresholds by that, trains on all, and writes `model.bin`.
//! `--check` writes nothing; `--only=NAME` judges one set; `--misses` lists what came out otherwise than it
//! should; `--keep=N`, `--hold=N`, `--epochs=N`,
//! `--groups=N,N…` train otherwise.

use std::error::Error;
use std::path::{Path, PathBuf};

use santun_plugin_escalation::classes::{CLASSES, COUNT, Class};
use santun_plugin_escalation::training::{Options, Sample, digest, read, thresholds, train, training_sets};

struct Judged<'s> {
    sample: &'s Sample,
    shares: [f32; COUNT],
}

impl Judged<'_> {
    fn needs(&self) -> bool {
        self.sample.label != "-"
    }

    fn needed(&self) -> f32 {
        1.0 - self.shares[0]
    }

    fn class(&self) -> Class {
        let best = (1..COUNT).max_by(|a, b| self.shares[*a].total_cmp(&self.shares[*b])).unwrap_or(1);
        CLASSES[best]
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let (flags, named): (Vec<String>, Vec<String>) =
        std::env::args().skip(1).partition(|argument| argument.starts_with("--"));
    let value = |name: &str| flags.iter().find_map(|flag| flag.strip_prefix(name)?.strip_prefix('='));
    let mut options = Options::default();
    options.keep = value("--keep").map_or(Ok(options.keep), str::parse)?;
    options.hold = value("--hold").map_or(Ok(options.hold), str::parse)?;
    options.epochs = value("--epochs").map_or(Ok(options.epochs), str::parse)?;

    for (group, value) in options.groups.iter_mut().zip(value("--groups").unwrap_or_default().split(',')) {
        *group = value.parse().unwrap_or(*group);
    }

    let files: Vec<PathBuf> =
        if named.is_empty() { training_sets()? } else { named.iter().map(PathBuf::from).collect() };
    let sets: Vec<String> = files.iter().map(std::fs::read_to_string).collect::<Result<_, _>>()?;
    let mut samples = Vec::new();
    for (source, (file, set)) in files.iter().zip(&sets).enumerate() {
        samples.extend(read(source, set).map_err(|fault| format!("{}: {fault}", file.display()))?);
    }
    let mut judged: Vec<Judged<'_>> = Vec::new();
    for (source, file) in files.iter().enumerate() {
        let name = file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        if value("--only").is_some_and(|only| only != name) {
            continue;
        }
        let others: Vec<&Sample> = samples.iter().filter(|sample| sample.source != source).collect();
        let model = train(&others, &options);
        let own = samples.iter().filter(|sample| sample.source == source);
        let own: Vec<Judged<'_>> = own.map(|sample| Judged { sample, shares: model.shares(sample) }).collect();
        report(&name, &own, &[0.5; COUNT]);
        judged.extend(own);
    }
    let cases: Vec<_> = judged.iter().map(|case| (case.needs(), case.needed(), case.class())).collect();
    let thresholds = thresholds(&cases);
    report("all, with thresholds", &judged, &thresholds);
    if flags.iter().any(|flag| flag == "--misses") {
        let calls = |case: &Judged<'_>| case.needed() >= thresholds[case.class() as usize];
        for case in judged.iter().filter(|case| calls(case) != case.needs()) {
            let Sample { label, conversation, .. } = case.sample;
            println!("{:.2} {label:<13} {:<13} {conversation}", case.needed(), case.class().name());
        }
    }
    if flags.iter().any(|flag| flag == "--check" || flag.starts_with("--only")) {
        return Ok(());
    }
    let model = train(&samples.iter().collect::<Vec<_>>(), &options).pack(&thresholds, digest(&sets));
    std::fs::write(Path::new(env!("CARGO_MANIFEST_DIR")).join("model.bin"), &model)?;
    println!("model.bin: {} bytes, from {} conversations", model.len(), samples.len());
    Ok(())
}

fn report(name: &str, judged: &[Judged<'_>], thresholds: &[f32; COUNT]) {
    let share = |needs: bool, right: &dyn Fn(&Judged<'_>) -> bool| {
        let these: Vec<_> = judged.iter().filter(|case| case.needs() == needs).collect();
        these.iter().filter(|case| right(case)).count() as f32 / these.len().max(1) as f32
    };
    let calls = |case: &Judged<'_>| case.needed() >= thresholds[case.class() as usize];
    let named = |case: &Judged<'_>| calls(case) && case.sample.allowed.contains(&case.class());
    println!(
        "{name:<22} {:>5}  recall {:.3}  named {:.3}  false {:.3}  apart {:.4}",
        judged.len(),
        share(true, &calls),
        share(true, &named),
        share(false, &calls),
        apart(judged)
    );
}

/// How often a conversation that needs a human is found needier than one that does not.
fn apart(judged: &[Judged<'_>]) -> f64 {
    let mut all: Vec<(f32, bool)> = judged.iter().map(|case| (case.needed(), case.needs())).collect();
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut calm, mut right) = (0_u64, 0_u64);
    for (_, needs) in &all {
        if *needs { right += calm } else { calm += 1 }
    }
    let needy = all.len() as u64 - calm;
    if calm == 0 || needy == 0 { 0.0 } else { right as f64 / (calm * needy) as f64 }
}
