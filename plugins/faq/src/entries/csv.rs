//! Entries as CSV: a heading row that names the columns, separated by commas, semicolons or tabs.

use super::{EntriesError, Entry, FIELDS, Field, Located};

pub(super) fn parse(text: &str) -> Result<Vec<Located>, EntriesError> {
    let mut reader = ::csv::ReaderBuilder::new()
        .delimiter(delimiter(text))
        .comment(Some(b'#'))
        .flexible(true)
        .from_reader(text.as_bytes());
    let headings = reader.headers().map_err(|error| broken(&error))?.clone();
    let mut columns = Vec::with_capacity(headings.len());
    for (at, name) in headings.iter().enumerate() {
        let Some(field) = Field::from_name(name) else {
            let problem = format!("no column is called `{name}`: use {FIELDS}");
            return Err(EntriesError::at(1, (at + 1).to_string(), problem));
        };
        if columns.contains(&field) {
            return Err(EntriesError::at(1, (at + 1).to_string(), format!("the column `{name}` is there twice")));
        }
        columns.push(field);
    }
    for (field, name) in [(Field::Question, "question"), (Field::Answer, "answer")] {
        if !columns.contains(&field) {
            let problem = format!("the column `{name}` is missing: the first line names the columns, {FIELDS}");
            return Err(EntriesError::at(1, "1", problem));
        }
    }
    let mut located = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| broken(&error))?;
        let line = record.position().map_or(0, |position| usize::try_from(position.line()).unwrap_or(0));
        if record.iter().all(|field| field.trim().is_empty()) {
            continue;
        }
        if record.len() > columns.len() {
            let problem = "more fields than the first line has columns: put a field that has the separator in quotes";
            return Err(EntriesError::at(line, (columns.len() + 1).to_string(), problem));
        }
        let mut entry = Entry::default();
        for (field, value) in columns.iter().zip(record.iter()) {
            field.put(&mut entry, value);
        }
        located.push(Located { line, entry });
    }
    Ok(located)
}

/// Spreadsheets set to Indonesian write semicolons.
fn delimiter(text: &str) -> u8 {
    let heading = text.lines().find(|line| !line.trim().is_empty() && !line.starts_with('#')).unwrap_or_default();
    let count = |delimiter: u8| heading.bytes().filter(|byte| *byte == delimiter).count();
    [b';', b'\t'].into_iter().find(|delimiter| count(*delimiter) > count(b',')).unwrap_or(b',')
}

fn broken(error: &::csv::Error) -> EntriesError {
    let line = error.position().map_or(1, |position| usize::try_from(position.line()).unwrap_or(1));
    let problem = match error.kind() {
        ::csv::ErrorKind::Utf8 { err, .. } => {
            let problem = "it is not UTF-8: save the file as “CSV UTF-8”";
            return EntriesError::at(line, (err.field() + 1).to_string(), problem);
        }
        _ => "it is not CSV: check the quotes",
    };
    EntriesError::at(line, "1", problem)
}
