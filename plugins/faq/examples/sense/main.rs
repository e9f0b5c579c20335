//! Learns the senses of features (`plugins/concepts/src/sense/model.bin`) and how the FAQ weighs what speaks for an entry
//! (`src/index/weights.in`): `cargo run --release -p santun-plugin-faq --example sense`.
//!
//! Each shop is held out once: what the others teach is measured on it, and the weights are learnt from how sure the
//! senses are of shops that they have not seen. With `-- --check` nothing is written.

mod learning;
mod lessons;
mod shops;
mod weighing;

use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;

use learning::{Direction, Features, Lesson, learn};
use lessons::Stuff;
use santun_concepts::Models;
use santun_concepts::sense::{Model, ROWS_MAX, encode};
use shops::Shop;
use weighing::{Weighed, told, weigh};

/// Each shop is held out once with so many others.
const FOLDS: usize = 4;
/// How many rows are kept.
const ROWS: usize = 40_000;

fn main() -> Result<(), Box<dyn Error>> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let concepts = here.join("../concepts");
    let check = std::env::args().any(|argument| argument == "--check");
    let (folder, kin_folder) = (concepts.join("shops"), concepts.join("kin"));
    let fingerprint = shops::fingerprint(&[(&folder, "txt"), (&kin_folder, "kin")])?;
    let (mut shops, measured) = shops::of_sets(&here.join("../../tests/language/faq"), &here.join("demo/faq.csv"))?;
    shops.extend(shops::of_folder(&folder)?);
    let mut features = Features::default();
    let lessons: Vec<Lesson> = shops.iter().map(|shop| lessons::of_shop(shop, &mut features)).collect();
    let stuff = Stuff::read(&concepts, &mut features)?;
    println!(
        "{} shops, {} messages, {} intents, {} groups of kin, {} features",
        shops.len(),
        shops.iter().map(|shop| shop.asked.len()).sum::<usize>(),
        stuff.intents.len(),
        stuff.kin.len(),
        features.hashes.len()
    );
    let fold = |fold: usize| -> Result<(Vec<u8>, Vec<Weighed>), String> {
        let learnt = lessons.iter().enumerate().filter(|(place, _)| fold == FOLDS || place % FOLDS != fold);
        let learnt: Vec<Lesson> = learnt.map(|(_, lesson)| lesson.clone()).collect();
        let bytes = table(fingerprint, &features, &learnt, &stuff, &format!("{fold} of {FOLDS}"));
        let models = Models { senses: Model::of(&bytes).ok_or("no table")?, ..Models::built_in() };
        let held: Vec<&Shop> = if fold == FOLDS {
            measured.iter().collect()
        } else {
            shops.iter().enumerate().filter(|(place, _)| place % FOLDS == fold).map(|(_, shop)| shop).collect()
        };
        let weighed = held.into_iter().map(|shop| weigh(shop, &models)).collect::<Result<_, _>>()?;
        Ok((bytes, weighed))
    };
    let (mut held_out, mut last) = (Vec::new(), (Vec::new(), Vec::new()));
    let fold = &fold;
    for two in [0, 1, 2, 3, FOLDS].chunks(2) {
        let done = std::thread::scope(|scope| {
            let work: Vec<_> = two.iter().map(|which| scope.spawn(move || fold(*which))).collect();
            work.into_iter().map(|work| work.join().map_err(|_| "a fold panicked".to_owned())).collect::<Vec<_>>()
        });
        for (which, done) in two.iter().zip(done) {
            let (bytes, weighed) = done??;
            if *which == FOLDS { last = (bytes, weighed) } else { held_out.extend(weighed) }
        }
    }
    // Of the weights, those of the other folds tell how well they do.
    let (mut outcomes, mut of_sets) = (Vec::new(), Vec::new());
    for part in 0..FOLDS {
        let is_in = |place: usize| place % FOLDS == part;
        let others: Vec<&Weighed> =
            held_out.iter().enumerate().filter(|(at, _)| !is_in(*at)).map(|(_, of)| of).collect();
        let weights = weighing::learn(&others);
        for shop in held_out.iter().enumerate().filter(|(at, _)| is_in(*at)).map(|(_, of)| of) {
            let told = told(shop, &weights);
            if shop.is_of_a_set() {
                of_sets.extend(told);
            } else {
                outcomes.extend(told);
            }
        }
    }
    let within = |of_a_set: bool| weighing::within(held_out.iter().filter(|shop| shop.is_of_a_set() == of_a_set));
    println!("shops        {}", weighing::summary(&outcomes, within(false)));
    println!("sets         {}", weighing::summary(&of_sets, within(true)));
    let weights = weighing::learn(&held_out.iter().collect::<Vec<_>>());
    for shop in &last.1 {
        println!("{:<12} {}", shop.name, weighing::summary(&told(shop, &weights), weighing::within([shop])));
    }
    println!("{} bytes", last.0.len());
    if !check {
        std::fs::write(concepts.join("src/sense/model.bin"), &last.0)?;
        let mut text = String::new();
        writeln!(text, "(\n    {:.4?},\n    {:.4?},\n)", weights.0, weights.1)?;
        std::fs::write(here.join("src/index/weights.in"), text)?;
    }
    Ok(())
}

/// A table learnt from lessons.
fn table(fingerprint: u64, features: &Features, lessons: &[Lesson], stuff: &Stuff, told: &str) -> Vec<u8> {
    let rows = learn(features, lessons, |dice| stuff.lessons(dice), told);
    let mut rows: Vec<(usize, Direction)> =
        rows.into_iter().enumerate().filter_map(|(place, row)| Some((place, row?))).collect();
    // Long rows that are met often matter most.
    let matters = |(place, row): &(usize, Direction)| {
        row.iter().map(|axis| axis * axis).sum::<f32>() * (features.counts[*place] as f32).sqrt()
    };
    rows.sort_by(|one, other| matters(other).total_cmp(&matters(one)));
    rows.truncate(ROWS.min(ROWS_MAX));
    let rows: Vec<_> = rows.into_iter().map(|(place, row)| (features.hashes[place], row)).collect();
    encode(fingerprint, &rows)
}
