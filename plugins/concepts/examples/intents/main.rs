//! Learns what texts ask from the phrases under `intents/` and writes the model that the crate carries:
//! `cargo run --release -p santun-concepts --example intents`.
//!
//! With `-- TEXT …` it tells what the built-in model makes of each text instead. With `-- --check` it leaves each tenth
//! phrase out, tells how well those are understood, and writes nothing.

mod learning;
mod phrases;

use std::error::Error;
use std::path::Path;

use phrases::{Phrases, Sample};
use santun_concepts::intents::{Model, encode};
use santun_concepts::{Models, understand, understand_with};

fn main() -> Result<(), Box<dyn Error>> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let phrases = phrases::read(&here.join("intents"))?;
    let texts: Vec<String> = std::env::args().skip(1).collect();
    if texts.iter().any(|text| text == "--check") {
        check(&phrases);
        return Ok(());
    }
    for text in &texts {
        let leanings = understand(text).leanings;
        let told: Vec<_> = leanings.iter().map(|leaning| format!("{} {:.2}", leaning.name(), leaning.share)).collect();
        println!("{text}: {}", told.join(", "));
    }
    if !texts.is_empty() {
        return Ok(());
    }
    let samples = phrases.samples();
    println!("{} intents, {} phrases, {} texts", phrases.names.len(), phrases.lines.len(), samples.len());
    let (unit, features) = learning::learn(&samples, phrases.names.len());
    let bytes = encode(phrases.fingerprint, unit, &features);
    println!("{} features, {} bytes", features.len(), bytes.len());
    std::fs::write(here.join("src/intents/model.bin"), bytes)?;
    let names: String = phrases.names.iter().map(|name| format!("    {name:?},\n")).collect();
    std::fs::write(here.join("src/intents/names.in"), format!("[\n{names}]\n"))?;
    Ok(())
}

/// How well phrases are understood that were not learnt.
fn check(phrases: &Phrases) {
    let all = phrases.samples();
    let (held, learnt): (Vec<Sample>, Vec<Sample>) = all.into_iter().partition(|sample| sample.line % 10 == 3);
    let (unit, features) = learning::learn(&learnt, phrases.names.len());
    let bytes = encode(0, unit, &features);
    let Some(intents) = Model::of(&bytes) else { return };
    let models = Models { intents, ..Models::built_in() };
    let (mut whole, mut first, mut three, mut share) = (0.0, 0.0, 0.0, 0.0);
    for sample in &held {
        let leanings = understand_with(&models, &sample.text).leanings;
        let place = leanings.iter().position(|leaning| leaning.intent == sample.intent);
        whole += sample.weight;
        first += if place == Some(0) { sample.weight } else { 0.0 };
        three += if place.is_some_and(|place| place < 3) { sample.weight } else { 0.0 };
        share += place.map_or(0.0, |place| leanings[place].share) * sample.weight;
    }
    println!(
        "left out: {} texts; first {:.3}, among three {:.3}, share {:.3}; {} bytes",
        held.len(),
        first / whole,
        three / whole,
        share / whole,
        bytes.len()
    );
}
