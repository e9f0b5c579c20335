//! Prints how well the FAQ understands: `cargo run -p santun-plugin-faq --example faq_scores [-- ENTRIES QUERIES]`.
//!
//! Without arguments it measures the sets under `tests/language/faq/`. `--misses` lists what came out
//! otherwise than it should; `--sweep` shows other thresholds.

use std::error::Error;
use std::path::{Path, PathBuf};

use santun_plugin_faq::THRESHOLDS;
use santun_plugin_faq::scoring::{Scores, score};

fn main() -> Result<(), Box<dyn Error>> {
    let (flags, files): (Vec<_>, Vec<_>) = std::env::args().skip(1).partition(|argument| argument.starts_with("--"));
    let flag = |name: &str| flags.iter().any(|flag| flag == name);
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let sets = here.join("../../tests/language/faq");
    let pairs: Vec<(PathBuf, PathBuf)> = match &files[..] {
        [entries, queries] => vec![(entries.into(), queries.into())],
        _ => {
            let mut pairs = vec![(here.join("demo/faq.csv"), sets.join("development.tsv"))];
            let files = std::fs::read_dir(&sets)?.map(|entry| entry.map(|entry| entry.path()));
            let mut files = files.collect::<Result<Vec<_>, _>>()?;
            files.retain(|path| path.extension().is_some_and(|ending| ending == "csv"));
            files.sort();
            pairs.extend(files.into_iter().map(|entries| (entries.clone(), entries.with_extension("tsv"))));
            pairs
        }
    };
    for (entries, queries) in pairs.iter().filter(|(entries, queries)| entries.exists() && queries.exists()) {
        let name = queries.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        let (entries, queries) = (std::fs::read_to_string(entries)?, std::fs::read_to_string(queries)?);
        let scores = score(&entries, &queries, &THRESHOLDS)?;
        print(&format!("faq {name}"), &scores);
        if flag("--misses") {
            scores.misses.iter().for_each(|miss| println!("    {miss}"));
        }
        if flag("--sweep") {
            for at in [0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95] {
                print(&format!("  {at:.2}"), &score(&entries, &queries, &[at, THRESHOLDS[1], THRESHOLDS[2]])?);
            }
        }
    }
    Ok(())
}

fn print(name: &str, scores: &Scores) {
    println!(
        "{name:<24} within {:>3}: answered {:.3} at precision {:.3}, among three {:.3} (ranked {:.3}); outside {:>3}: answered {:.3}, offered {}",
        scores.within,
        scores.answered(),
        scores.precision(),
        scores.offered(),
        scores.ranked as f64 / scores.within.max(1) as f64,
        scores.outside,
        scores.outside(),
        scores.outside_offered,
    );
}
