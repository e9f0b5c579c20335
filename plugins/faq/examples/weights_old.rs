//! Learns how likely an entry answers a message and writes `src/index/weights.in`:
//! `cargo run --release -p santun-plugin-faq --example weights`.
//!
//! Each shop of those for learning is held out once, and what the others teach is measured on it.

use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;

use santun_concepts::intents::understand;
use santun_plugin_faq::index::{self, Index, OF_ENTRY, OF_NONE, Traits, traits};
use santun_plugin_faq::{THRESHOLDS, entries};

/// What nothing is learnt from: they tell how well shops are understood that nobody has seen.
const MEASURED_ONLY: [&str; 5] = ["bengkel", "homestay", "oleholeh", "petshop", "sepatu"];
const ROUNDS: usize = 1000;
const STEP: f32 = 0.3;
/// Keeps weights small.
const SHRINK: f32 = 0.0005;
/// How much a wrong answer costs beside a missing one: messages that no entry answers count this much.
const OUTSIDE: f32 = 1.0;

struct Asked {
    traits: Traits,
    /// The place of the entry that answers it among the traits; none for a message that no entry answers.
    answer: Option<usize>,
}

struct Shop {
    name: String,
    asked: Vec<Asked>,
    /// Of the questions within, how many there are, those without any trait of their entry included.
    within: usize,
}

type Weights = ([f32; OF_ENTRY], [f32; OF_NONE]);

fn main() -> Result<(), Box<dyn Error>> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let sets = here.join("../../tests/language/faq");
    let mut shops = vec![shop("development", &here.join("demo/faq.csv"), &sets.join("development.tsv"))?];
    let mut files: Vec<_> =
        std::fs::read_dir(&sets)?.map(|file| file.map(|file| file.path())).collect::<Result<_, _>>()?;
    files.retain(|path| path.extension().is_some_and(|ending| ending == "csv"));
    files.sort();
    for file in files {
        let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if !MEASURED_ONLY.contains(&&*name) {
            shops.push(shop(&name, &file, &file.with_extension("tsv"))?);
        }
    }
    let mut held_out = Vec::new();
    for (place, shop) in shops.iter().enumerate() {
        let others: Vec<&Shop> =
            shops.iter().enumerate().filter(|(other, _)| *other != place).map(|(_, shop)| shop).collect();
        let weights = learn(&others);
        let told = told(shop, &weights);
        println!("{:<12} {}", shop.name, summary(&told, shop.within));
        held_out.extend(told);
    }
    let within = shops.iter().map(|shop| shop.within).sum();
    println!("all          {}", summary(&held_out, within));
    let (of_entry, of_none) = learn(&shops.iter().collect::<Vec<_>>());
    let mut text = String::new();
    writeln!(text, "(\n    {of_entry:.4?},\n    {of_none:.4?},\n)")?;
    std::fs::write(here.join("src/index/weights.in"), text)?;
    Ok(())
}

fn shop(name: &str, file: &Path, queries: &Path) -> Result<Shop, Box<dyn Error>> {
    let entries = entries::parse(&std::fs::read_to_string(file)?)?;
    let bytes = index::build(&entries, &THRESHOLDS, "")?;
    let index = Index::open(&bytes[..]).ok_or("no index")?;
    let (mut asked, mut within) = (Vec::new(), 0);
    for line in std::fs::read_to_string(queries)?.lines().filter(|line| !line.starts_with('#')) {
        let Some((query, key)) = line.rsplit_once('\t') else { continue };
        let (meaning, leanings) = understand(query);
        let compared = index.compare(&meaning, &leanings);
        let traits = traits(&compared, &meaning, &leanings);
        let found = compared.found;
        within += usize::from(key != "-");
        let answer = found.iter().position(|scored| entries[usize::from(scored.entry)].key == key);
        if key != "-" && answer.is_none() {
            continue;
        }
        asked.push(Asked { traits, answer });
    }
    Ok(Shop { name: name.to_owned(), asked, within })
}

fn weighed(traits: &[f32], weights: &[f32]) -> f32 {
    traits.iter().zip(weights).map(|(one, other)| one * other).sum()
}

/// How likely each entry answers, and last, how likely none does.
fn likely(traits: &Traits, weights: &Weights) -> Vec<f32> {
    let mut scores: Vec<f32> = traits.entries.iter().map(|traits| weighed(traits, &weights.0)).collect();
    scores.push(weighed(&traits.none, &weights.1));
    let most = scores.iter().copied().fold(f32::MIN, f32::max);
    scores.iter_mut().for_each(|score| *score = (*score - most).exp());
    let whole: f32 = scores.iter().sum();
    scores.iter_mut().for_each(|score| *score /= whole);
    scores
}

fn learn(shops: &[&Shop]) -> Weights {
    let mut weights: Weights = ([0.0; OF_ENTRY], [0.0; OF_NONE]);
    let mut squares: Weights = ([1e-3; OF_ENTRY], [1e-3; OF_NONE]);
    let many: usize = shops.iter().map(|shop| shop.asked.len()).sum();
    for _ in 0..ROUNDS {
        let mut slopes: Weights = ([0.0; OF_ENTRY], [0.0; OF_NONE]);
        for asked in shops.iter().flat_map(|shop| &shop.asked) {
            let shares = likely(&asked.traits, &weights);
            let weight = if asked.answer.is_some() { 1.0 } else { OUTSIDE };
            for (place, traits) in asked.traits.entries.iter().enumerate() {
                let error = weight * (shares[place] - if asked.answer == Some(place) { 1.0 } else { 0.0 });
                slopes.0.iter_mut().zip(traits).for_each(|(slope, of)| *slope += error * of);
            }
            let none = shares.last().copied().unwrap_or_default();
            let error = weight * (none - if asked.answer.is_none() { 1.0 } else { 0.0 });
            slopes.1.iter_mut().zip(&asked.traits.none).for_each(|(slope, of)| *slope += error * of);
        }
        let step = |weights: &mut [f32], squares: &mut [f32], slopes: &[f32]| {
            for ((weight, square), slope) in weights.iter_mut().zip(squares).zip(slopes) {
                let slope = slope / many as f32 + SHRINK * *weight;
                *square += slope * slope;
                *weight -= STEP * slope / square.sqrt();
            }
        };
        step(&mut weights.0, &mut squares.0, &slopes.0);
        step(&mut weights.1, &mut squares.1, &slopes.1);
    }
    weights
}

/// Of each message, how likely its best entry is, and how it comes out: right, wrong, or outside.
fn told(shop: &Shop, weights: &Weights) -> Vec<(f32, bool, bool)> {
    shop.asked
        .iter()
        .map(|asked| {
            let shares = likely(&asked.traits, weights);
            let (_, entries) = shares.split_last().unwrap_or((&0.0, &[]));
            let best = (0..entries.len()).max_by(|one, other| entries[*one].total_cmp(&entries[*other]));
            let sure = best.map_or(0.0, |best| entries[best]);
            (sure, best.is_some() && best == asked.answer, asked.answer.is_none())
        })
        .collect()
}

fn summary(told: &[(f32, bool, bool)], within: usize) -> String {
    let right = told.iter().filter(|(_, right, _)| *right).count();
    let mut text = format!("best is right {:.3}", right as f32 / within as f32);
    for at in [0.6, 0.7, 0.8, 0.85, 0.88, 0.9, 0.92] {
        let answered: Vec<_> = told.iter().filter(|(sure, ..)| *sure >= at).collect();
        let inside = answered.iter().filter(|(.., outside)| !outside).count();
        let right = answered.iter().filter(|(_, right, _)| *right).count();
        let outside = told.iter().filter(|(.., outside)| *outside).count();
        let _ = write!(
            text,
            " | {at}: {:.3} at {:.3} out {:.3}",
            inside as f32 / within as f32,
            right as f32 / answered.len().max(1) as f32,
            (answered.len() - inside) as f32 / outside.max(1) as f32
        );
    }
    text
}
