//! Learns what texts ask from the phrases under `intents/` and writes the model that the crate carries:
//! `cargo run --release -p santun-concepts --example intents`.
//!
//! With `-- TEXT …` it tells what the built-in model makes of each text instead.

mod learning;
mod phrases;

use std::error::Error;
use std::path::Path;

use santun_concepts::intents::{encode, understand};

fn main() -> Result<(), Box<dyn Error>> {
    let texts: Vec<String> = std::env::args().skip(1).collect();
    for text in &texts {
        let (_, leanings) = understand(text);
        let told: Vec<_> = leanings.iter().map(|leaning| format!("{} {:.2}", leaning.name(), leaning.share)).collect();
        println!("{text}: {}", told.join(", "));
    }
    if !texts.is_empty() {
        return Ok(());
    }
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let phrases = phrases::read(&here.join("intents"))?;
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
