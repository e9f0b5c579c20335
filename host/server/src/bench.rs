//! What the host can do on this machine, each figure beside a baseline of the same run.
//!
//! A figure without its baseline says more about the machine than about the host: whoever reads one
//! compares the ratio first. Rows run one after the other and use loopback only; the databases of the
//! run lie beside the figures' file, on a real disk, and are dropped at the end.

mod ack;
mod chain;
mod end_to_end;
mod history;
mod idle;
mod load;
mod machine;
mod native;
mod place;
mod prototype;
mod question;
mod samples;
mod shop;
mod start;
mod swap;
mod threads;
mod verdict;

use std::fmt::Write as _;
use std::path::PathBuf;
use std::time::Instant;

use serde::Serialize;

pub use idle::empty_server;

/// Whatever kept a row from being measured.
pub(crate) type Failure = Box<dyn std::error::Error + Send + Sync>;

/// What is to be measured, and where things are.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Where the figures go.
    pub out: PathBuf,
    /// The folder of the plugins that ship.
    pub plugins: PathBuf,
    /// The plugin that does little.
    pub guest: PathBuf,
    /// Parts of names of rows; none means all.
    pub only: Vec<String>,
}

/// One figure.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Row {
    /// What it is of.
    pub name: &'static str,
    /// What it is counted in.
    pub unit: &'static str,
    /// The figure.
    pub value: f64,
    /// The same of the baseline, in the same unit.
    pub baseline: f64,
    /// The figure over the baseline.
    pub ratio: f64,
}

impl Row {
    pub(crate) fn new(name: &'static str, unit: &'static str, value: f64, baseline: f64) -> Self {
        let ratio = if baseline > 0.0 { value / baseline } else { 0.0 };
        Self { name, unit, value: rounded(value), baseline: rounded(baseline), ratio: rounded(ratio) }
    }
}

/// Four digits: more would claim a precision that no shared machine has.
fn rounded(value: f64) -> f64 {
    if value == 0.0 || !value.is_finite() {
        return 0.0;
    }
    let digits = 3 - i32::try_from(value.abs().log10().floor() as i64).unwrap_or(0);
    let scale = 10_f64.powi(digits.clamp(0, 6));
    (value * scale).round() / scale
}

/// Rows that are measured together, and what a reader must know of them.
#[derive(Debug, Default)]
pub(crate) struct Measured {
    pub(crate) rows: Vec<Row>,
    pub(crate) notes: Vec<String>,
}

/// Why there are no figures, or not all.
#[derive(Debug, thiserror::Error)]
pub enum BenchError {
    /// The file cannot be written.
    #[error("cannot write {path}: {why}")]
    Unwritable {
        /// Which file.
        path: PathBuf,
        /// Why.
        why: String,
    },
    /// Rows are missing. The others are written.
    #[error("not measured: {0}")]
    Missing(String),
    /// The empty server could not listen.
    #[error("the empty server cannot listen: {0}")]
    Empty(std::io::Error),
}

/// The rows that are measured together, by the names that `--only` is compared with.
const GROUPS: [(&str, &str); 8] = [
    ("verdict", "verdict_fresh_rust_p50 verdict_fresh_rust_p99 verdict_warm_overhead_p50"),
    ("chain", "chain_of_four_p50"),
    ("ack", "ack_rate ack_p99 ack_rate_new_customers"),
    ("end to end", "end_to_end_rate"),
    ("history", "history_cost"),
    ("start", "start_from_cache"),
    ("idle", "idle_memory"),
    ("swap", "swap_p99_ratio swap_lost"),
];

/// Measures, prints a table, and writes the figures; what a reader must know beside them goes to
/// `bench-notes.txt` in the same folder.
pub async fn run(asked: &Asked) -> Result<(), BenchError> {
    let unwritable = |path: &PathBuf, why: &dyn std::fmt::Display| BenchError::Unwritable {
        path: path.clone(),
        why: why.to_string(),
    };
    let mut notes = machine::notes();
    let (mut rows, mut missing) = (Vec::new(), Vec::new());
    for (group, names) in GROUPS {
        if !asked.only.is_empty() && !asked.only.iter().any(|only| names.contains(only.as_str())) {
            continue;
        }
        eprintln!("measuring: {group}");
        let begun = Instant::now();
        let measured = match group {
            "verdict" => verdict::measure(asked).await,
            "chain" => chain::measure(asked).await,
            "ack" => ack::measure(asked).await,
            "end to end" => end_to_end::measure(asked).await,
            "history" => history::measure(asked).await,
            "start" => start::measure(asked).await,
            "idle" => idle::measure(asked).await,
            _ => swap::measure(asked).await,
        };
        match measured {
            Ok(measured) => {
                measured.rows.iter().for_each(|row| eprintln!("  {}", line(row)));
                rows.extend(measured.rows);
                notes.extend(measured.notes);
            }
            Err(error) => {
                eprintln!("  skipped: {error}");
                notes.push(format!("{names}: not measured: {error}"));
                missing.push(group);
            }
        }
        notes.push(format!("{group}: took {:.0} s; {}", begun.elapsed().as_secs_f64(), machine::load()));
    }
    println!("{}", table(&rows));
    notes.iter().for_each(|note| println!("{note}"));
    let json = serde_json::to_string_pretty(&rows).map_err(|error| unwritable(&asked.out, &error))?;
    std::fs::write(&asked.out, json + "\n").map_err(|error| unwritable(&asked.out, &error))?;
    let path = asked.out.with_file_name("bench-notes.txt");
    std::fs::write(&path, notes.join("\n") + "\n").map_err(|error| unwritable(&path, &error))?;
    if missing.is_empty() { Ok(()) } else { Err(BenchError::Missing(missing.join(", "))) }
}

fn line(row: &Row) -> String {
    format!("{:<28} {:>12} {:<12} {:>12} {:>8}", row.name, row.value, row.unit, row.baseline, row.ratio)
}

fn table(rows: &[Row]) -> String {
    let mut table = format!("{:<28} {:>12} {:<12} {:>12} {:>8}\n", "name", "value", "unit", "baseline", "ratio");
    for row in rows {
        // Writing to a string cannot fail.
        let _ = writeln!(table, "{}", line(row));
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_written_with_exactly_the_five_members() {
        let row = Row::new("ack_rate", "webhooks/s", 40_123.456, 60_000.0);
        let json = serde_json::to_string(&[row]).unwrap();
        let expected = r#"[{"name":"ack_rate","unit":"webhooks/s","value":40123.0,"baseline":60000.0,"ratio":0.6687}]"#;
        assert_eq!(json, expected);
    }

    #[test]
    fn small_figures_keep_four_digits() {
        assert_eq!(rounded(0.012_345_6), 0.012_35);
        assert_eq!(rounded(14.987_6), 14.99);
        assert_eq!(rounded(0.0), 0.0);
    }
}
