//! Prints which conversations call a human, by class: `cargo run -p santun-plugin-escalation --example escalation_scores [-- FILE]`.
//!
//! Without a file it measures the sets under `tests/language/escalation/`. `--misses` lists what came
//! out otherwise than it should. `--shops` measures instead what people write every day to shops that nothing was
//! learnt from.

use std::error::Error;
use std::path::{Path, PathBuf};

use santun_plugin_escalation::scoring::{ORDINARY, score};
use santun_plugin_escalation::shops;

fn main() -> Result<(), Box<dyn Error>> {
    let (flags, files): (Vec<_>, Vec<_>) = std::env::args().skip(1).partition(|argument| argument.starts_with("--"));
    if flags.iter().any(|flag| flag == "--shops") {
        return everyday(flags.iter().any(|flag| flag == "--misses"));
    }
    let sets = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/language/escalation");
    let files: Vec<PathBuf> = if files.is_empty() {
        ["unseen", "strangers", "newcomers"].iter().map(|name| sets.join(format!("{name}.tsv"))).collect()
    } else {
        files.into_iter().map(PathBuf::from).collect()
    };
    for file in files.iter().filter(|file| file.exists()) {
        let name = file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        let scores = score(&std::fs::read_to_string(file)?, "{}")?;
        println!("escalation {name}: recall {:.3}, false handovers {:.3}", scores.recall(), scores.false_handovers());
        for (class, tally) in &scores.classes {
            let share = |part: usize| part as f64 / tally.all.max(1) as f64;
            if class == ORDINARY {
                println!("    {:<14} {:>4}  called a human {:.3}", "ordinary", tally.all, share(tally.called));
            } else {
                let (recall, named) = (share(tally.called), share(tally.named));
                let precision = scores.precision(class);
                println!(
                    "    {class:<14} {:>4}  recall {recall:.3}  named {named:.3}  precision {precision:.3}",
                    tally.all
                );
            }
        }
        if flags.iter().any(|flag| flag == "--misses") {
            scores.misses.iter().for_each(|miss| println!("    {miss}"));
        }
    }
    Ok(())
}

/// How calm it is about what people write every day to shops that nothing was learnt from.
fn everyday(misses: bool) -> Result<(), Box<dyn Error>> {
    let messages = shops::calm()?.held_out;
    let lines: Vec<String> = messages.iter().map(|message| format!("{ORDINARY}\t{}", message.text)).collect();
    let scores = score(&lines.join("\n"), "{}")?;
    println!("escalation shops: {} messages, false handovers {:.3}", lines.len(), scores.false_handovers());
    if misses {
        scores.misses.iter().for_each(|miss| println!("    {miss}"));
    }
    Ok(())
}
