//! What an operator should know of a version that is right: said when it is applied, and not when a customer finds out.

use santun_core::bot::{Bot, Plugin};
use santun_core::gate::objections;

use super::files::Gathered;
use super::make_ready::unknown_divisions;
use crate::live::Live;

/// Remarks that are worth reading at once; the rest is counted.
const AT_MOST: usize = 20;

/// What an operator should know of this version, a sentence each.
pub(super) fn of(live: &Live, files: &Gathered) -> Vec<String> {
    let mut remarks: Vec<String> = grants(live).collect();
    remarks.extend(unknown_divisions(live).map(|(plugin, misfit)| format!("plugin `{plugin}`, {misfit}")));
    remarks.extend(words(&live.bot, files));
    if remarks.len() > AT_MOST {
        let more = remarks.split_off(AT_MOST).len();
        remarks.push(format!("and {more} more of the kind"));
    }
    remarks
}

/// What plugins ask for and are not granted, or are granted and do not ask for.
fn grants(live: &Live) -> impl Iterator<Item = String> {
    live.bot.plugins.iter().filter_map(|plugin| live.behaviours.get(&plugin.name)).flat_map(|behaviour| {
        let named = move |note| format!("plugin `{}`: {note}", behaviour.name());
        behaviour.notes().iter().map(named)
    })
}

/// Words in plugins' configuration that the gate would not let a plugin say as they are.
fn words(bot: &Bot, files: &Gathered) -> Vec<String> {
    let mut remarks = Vec::new();
    for plugin in &bot.plugins {
        let mut remark = |place: String, text: &str| {
            let rule = |rule| crate::http::api::views::word(&rule);
            remarks.extend(objections(text).into_iter().map(|objection| {
                format!("plugin `{}`, {place}: {} (rule {})", plugin.name, objection.what, rule(objection.rule))
            }));
        };
        written(&plugin.config, "config", &mut remark);
        for (path, text) in texts_of(plugin, files) {
            let cells = if path.ends_with(".csv") { cells(&text) } else { lines(&text) };
            for Passage { line, words } in cells.into_iter().filter(|passage| !asks(&passage.words)) {
                remark(format!("{path} line {line}"), &words);
            }
        }
    }
    remarks
}

/// The texts in a configuration itself.
fn written(value: &serde_json::Value, at: &str, tell: &mut impl FnMut(String, &str)) {
    match value {
        serde_json::Value::String(text) if !text.starts_with("file:") && !asks(text) => tell(at.to_owned(), text),
        serde_json::Value::Array(items) => {
            items.iter().enumerate().for_each(|(nth, item)| written(item, &format!("{at}[{nth}]"), tell));
        }
        serde_json::Value::Object(members) => {
            members.iter().for_each(|(key, member)| written(member, &format!("{at}.{key}"), tell));
        }
        _ => {}
    }
}

/// The files that a plugin's configuration names.
fn texts_of(plugin: &Plugin, files: &Gathered) -> impl Iterator<Item = (String, String)> {
    plugin.file_references().into_iter().map(|reference| {
        let text = String::from_utf8_lossy(&files.bytes(&reference.path)).into_owned();
        (reference.path, text)
    })
}

/// Words in a file.
struct Passage {
    /// From 1.
    line: u64,
    words: String,
}

/// What customers ask, and other ways to ask it (`a|b`), promises nothing.
fn asks(words: &str) -> bool {
    words.trim_end().ends_with('?') || words.contains('|')
}

/// Each line of a text, without what a list or a key of YAML begins with.
fn lines(text: &str) -> Vec<Passage> {
    let passage = |(nth, line): (usize, &str)| {
        let words = line.trim().trim_start_matches("- ").trim_matches('"').to_owned();
        Passage { line: nth as u64 + 1, words }
    };
    text.lines().enumerate().map(passage).collect()
}

/// Each cell of a table. What cannot be read as one is for its plugin to refuse.
fn cells(text: &str) -> Vec<Passage> {
    let first = text.lines().next().unwrap_or_default();
    let delimiter = if first.matches(';').count() > first.matches(',').count() { b';' } else { b',' };
    let mut reader = csv::ReaderBuilder::new();
    let mut reader = reader.delimiter(delimiter).has_headers(false).flexible(true).from_reader(text.as_bytes());
    let rows = reader.records().map_while(Result::ok);
    let cells = rows.flat_map(|row| {
        let line = row.position().map_or(0, csv::Position::line);
        row.iter().map(|cell| Passage { line, words: cell.to_owned() }).collect::<Vec<_>>()
    });
    cells.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_read_cell_by_cell_with_the_line_that_each_begins_on() {
        let table = "question;answer\nBuka jam berapa?;\"Buka, kak;\ntiap hari\"\nCOD?;Bisa\n";
        let read: Vec<(u64, String)> = cells(table).into_iter().map(|cell| (cell.line, cell.words)).collect();
        let expected = [(1, "question"), (1, "answer"), (2, "Buka jam berapa?"), (2, "Buka, kak;\ntiap hari")];
        assert_eq!(read[..4], expected.map(|(line, words)| (line, words.to_owned())));
        assert_eq!(read[4], (4, "COD?".to_owned()));
    }

    #[test]
    fn questions_are_not_what_customers_are_told() {
        assert!(asks("Admin segera membalas?") && asks("admin balas kapan|dibalas kapan"));
        assert!(!asks("Admin segera membalas."));
    }
}
