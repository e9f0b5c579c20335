//! How commands print.

use std::io::Write as _;

use serde::Serialize;

use super::CliError;

/// Prints a line. Whoever reads may stop reading (`santun … | head`): then there is nothing left to say.
pub(super) fn line(text: &str) {
    if writeln!(std::io::stdout(), "{text}").is_err() {
        std::process::exit(0);
    }
}

/// Prints a value as JSON.
pub(super) fn json(value: &impl Serialize) -> Result<(), CliError> {
    line(&serde_json::to_string_pretty(value).map_err(CliError::failed)?);
    Ok(())
}

/// Prints rows under headings, each column as wide as its widest cell.
pub(super) fn table(headings: &[&str], rows: &[Vec<String>]) {
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count());
        cells.chain([headings[column].len()]).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..headings.len()).map(width).collect();
    let row = |cells: Vec<&str>| {
        let padded = cells.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
        line(padded.collect::<Vec<_>>().join("  ").trim_end());
    };
    row(headings.to_vec());
    rows.iter().for_each(|cells| row(cells.iter().map(String::as_str).collect()));
}

/// Prints what the operator should know of what was done all the same.
pub(super) fn remarks(remarks: &[String]) {
    remarks.iter().for_each(|remark| line(&format!("! {remark}")));
}
