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

/// All that is learnt from.
struct Taught {
    shops: Vec<Shop>,
    /// Shops that nothing is learnt from.
    measured: Vec<Shop>,
    /// Of each shop.
    lessons: Vec<Lesson>,
    stuff: Stuff,
    features: Features,
    fingerprint: u64,
}

/// A table of senses, and what it makes of the shops that it was not learnt from.
struct Fold {
    table: Vec<u8>,
    unseen: Vec<Weighed>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let concepts = here.join("../concepts");
    let taught = Taught::read(here, &concepts)?;
    let (held_out, whole) = taught.across_folds()?;
    report_held_out(&held_out);
    let weights = weighing::learn(&held_out.iter().collect::<Vec<_>>());
    for shop in &whole.unseen {
        println!("{:<12} {}", shop.name, weighing::summary(&told(shop, &weights), weighing::within([shop])));
    }
    println!("{} bytes", whole.table.len());
    if std::env::args().any(|argument| argument == "--check") {
        return Ok(());
    }
    std::fs::write(concepts.join("src/sense/model.bin"), &whole.table)?;
    let mut text = String::new();
    writeln!(text, "(\n    {:.4?},\n    {:.4?},\n)", weights.0, weights.1)?;
    std::fs::write(here.join("src/index/weights.in"), text)?;
    Ok(())
}

impl Taught {
    fn read(here: &Path, concepts: &Path) -> Result<Self, Box<dyn Error>> {
        let (folder, kin) = (concepts.join("shops"), concepts.join("kin"));
        let fingerprint = shops::fingerprint(&[(&folder, "txt"), (&kin, "kin")])?;
        let (mut shops, measured) = shops::of_sets(&here.join("../../tests/language/faq"), &here.join("demo/faq.csv"))?;
        shops.extend(shops::of_folder(&folder)?);
        let mut features = Features::default();
        let lessons: Vec<Lesson> = shops.iter().map(|shop| lessons::of_shop(shop, &mut features)).collect();
        let stuff = Stuff::read(concepts, &mut features)?;
        println!(
            "{} shops, {} messages, {} intents, {} groups of kin, {} features",
            shops.len(),
            shops.iter().map(|shop| shop.asked.len()).sum::<usize>(),
            stuff.intents.len(),
            stuff.kin.len(),
            features.hashes.len()
        );
        Ok(Self { shops, measured, lessons, stuff, features, fingerprint })
    }

    /// Every shop as a table sees it that has not learnt from it, and the table that has learnt from all.
    fn across_folds(&self) -> Result<(Vec<Weighed>, Fold), Box<dyn Error>> {
        let mut held_out = Vec::new();
        // Two at a time: each takes a core, and some hundred megabytes.
        for two in (0..FOLDS).collect::<Vec<_>>().chunks(2) {
            let done = std::thread::scope(|scope| {
                let work: Vec<_> = two.iter().map(|fold| scope.spawn(move || self.fold(Some(*fold)))).collect();
                work.into_iter().map(|work| work.join().map_err(|_| "a fold panicked")).collect::<Vec<_>>()
            });
            for fold in done {
                held_out.extend(fold??.unseen);
            }
        }
        Ok((held_out, self.fold(None)?))
    }

    /// Learns from all shops but those of a fold; or from all.
    fn fold(&self, fold: Option<usize>) -> Result<Fold, String> {
        let is_held_out = |place: usize| fold == Some(place % FOLDS);
        let learnt = self.lessons.iter().enumerate().filter(|(place, _)| !is_held_out(*place));
        let learnt: Vec<Lesson> = learnt.map(|(_, lesson)| lesson.clone()).collect();
        let name = fold.map_or_else(|| "all".to_owned(), |fold| format!("without fold {fold}"));
        let table = self.table(&learnt, &name);
        let models = Models { senses: Model::of(&table).ok_or("no table")?, ..Models::built_in() };
        let unseen: Vec<&Shop> = match fold {
            Some(_) => self.shops.iter().enumerate().filter(|(at, _)| is_held_out(*at)).map(|(_, shop)| shop).collect(),
            None => self.measured.iter().collect(),
        };
        let unseen = unseen.into_iter().map(|shop| weigh(shop, &models)).collect::<Result<_, _>>()?;
        Ok(Fold { table, unseen })
    }

    fn table(&self, lessons: &[Lesson], name: &str) -> Vec<u8> {
        let Self { features, stuff, fingerprint, .. } = self;
        let rows = learn(features, lessons, |dice| stuff.lessons(dice), name);
        let mut rows: Vec<(usize, Direction)> =
            rows.into_iter().enumerate().filter_map(|(place, row)| Some((place, row?))).collect();
        // Long rows that are met often matter most.
        let matters = |(place, row): &(usize, Direction)| {
            row.iter().map(|axis| axis * axis).sum::<f32>() * (features.counts[*place] as f32).sqrt()
        };
        rows.sort_by(|one, other| matters(other).total_cmp(&matters(one)));
        rows.truncate(ROWS.min(ROWS_MAX));
        let rows: Vec<_> = rows.into_iter().map(|(place, row)| (features.hashes[place], row)).collect();
        encode(*fingerprint, &rows)
    }
}

/// Tells how shops come out whose weights, too, were learnt from others alone.
fn report_held_out(held_out: &[Weighed]) {
    let (mut of_shops, mut of_sets) = (Vec::new(), Vec::new());
    for fold in 0..FOLDS {
        let (own, others): (Vec<_>, Vec<_>) = held_out.iter().enumerate().partition(|(at, _)| at % FOLDS == fold);
        let weights = weighing::learn(&others.into_iter().map(|(_, shop)| shop).collect::<Vec<_>>());
        for (_, shop) in own {
            let outcomes = if shop.is_of_a_set() { &mut of_sets } else { &mut of_shops };
            outcomes.extend(told(shop, &weights));
        }
    }
    let within = |of_a_set: bool| weighing::within(held_out.iter().filter(|shop| shop.is_of_a_set() == of_a_set));
    println!("shops        {}", weighing::summary(&of_shops, within(false)));
    println!("sets         {}", weighing::summary(&of_sets, within(true)));
}
