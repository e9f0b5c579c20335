//! Reading a TOML document without stopping at the first thing that is wrong.
//!
//! A [`Section`] hands out its values by key and remembers which keys were asked for: whatever is
//! left over is unknown, and is reported with the nearest key that is known.

use std::cell::RefCell;
use std::ops::{Range, RangeInclusive};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Problem;

/// The document's text, and what is wrong in it so far.
pub(super) struct Reader<'t> {
    text: &'t str,
    problems: RefCell<Vec<(usize, String)>>,
}

impl<'t> Reader<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, problems: RefCell::new(Vec::new()) }
    }

    /// Notes that something is wrong at a byte offset.
    pub(super) fn problem(&self, at: usize, what: impl Into<String>) {
        self.problems.borrow_mut().push((at, what.into()));
    }

    /// Everything that is wrong, in the order of the document.
    pub(super) fn problems(self) -> Vec<Problem> {
        let mut problems = self.problems.into_inner();
        problems.sort();
        // What is read twice is wrong only once.
        problems.dedup();
        problems.into_iter().map(|(at, what)| Problem { at: line_and_column(self.text, at), what }).collect()
    }
}

fn line_and_column(text: &str, at: usize) -> String {
    let before = &text.as_bytes()[..at.min(text.len())];
    let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
    let line_start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |newline| newline + 1);
    let column = String::from_utf8_lossy(&before[line_start..]).chars().count() + 1;
    format!("{line}:{column}")
}

/// The candidate that `word` was probably meant to be: the only one that begins so, or the nearest.
pub(crate) fn nearest<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let candidates: Vec<&str> = candidates.into_iter().collect();
    let mut begun = candidates.iter().filter(|candidate| word.len() >= 3 && candidate.starts_with(word));
    if let (Some(only), None) = (begun.next(), begun.next()) {
        return Some(only);
    }
    let allowed = (word.chars().count() / 2).clamp(1, 4);
    candidates
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(word, candidate), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// The end of a sentence about an unknown word: the nearest known one, or all of them.
pub fn did_you_mean(word: &str, candidates: &[&str]) -> String {
    match nearest(word, candidates.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None if candidates.is_empty() => "there are none".to_owned(),
        None => format!("known are {}", candidates.join(", ")),
    }
}

/// A table of the document.
pub(super) struct Section<'r, 't> {
    reader: &'r Reader<'t>,
    name: String,
    span: Range<usize>,
    table: &'r DeTable<'t>,
    asked: RefCell<Vec<&'static str>>,
}

impl<'r, 't> Section<'r, 't> {
    pub(super) fn new(
        reader: &'r Reader<'t>,
        name: impl Into<String>,
        table: &'r DeTable<'t>,
        span: Range<usize>,
    ) -> Self {
        Self { reader, name: name.into(), span, table, asked: RefCell::new(Vec::new()) }
    }

    /// Its name for people, such as `[policy]`.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Notes that something is wrong with the table as a whole.
    pub(super) fn problem(&self, what: impl Into<String>) {
        self.reader.problem(self.span.start, what);
    }

    /// The value of a key.
    pub(super) fn value(&self, key: &'static str) -> Option<Value<'r, 't>> {
        self.asked.borrow_mut().push(key);
        self.table.iter().find(|(name, _)| name.get_ref() == key).map(|(_, value)| Value {
            reader: self.reader,
            name: key.to_owned(),
            spanned: value,
        })
    }

    /// Every key with its value, for tables whose keys are the author's own.
    pub(super) fn entries(&self) -> impl Iterator<Item = (Key<'r, 't>, Value<'r, 't>)> {
        self.table.iter().map(|(key, value)| {
            let name = key.get_ref().to_string();
            (
                Key { reader: self.reader, at: key.span().start, text: name.clone() },
                Value { reader: self.reader, name, spanned: value },
            )
        })
    }

    /// A text that may be absent.
    pub(super) fn text(&self, key: &'static str) -> Option<String> {
        self.value(key)?.text()
    }

    /// A text that must be there and say something.
    pub(super) fn required_text(&self, key: &'static str) -> String {
        match self.value(key) {
            None => {
                self.problem(format!("{} needs `{key}`", self.name));
                String::new()
            }
            Some(value) => value.filled_text().unwrap_or_default(),
        }
    }

    /// Yes or no, or the default.
    pub(super) fn flag_or(&self, key: &'static str, default: bool) -> bool {
        self.value(key).and_then(|value| value.flag()).unwrap_or(default)
    }

    /// A whole number within a range, or the default.
    pub(super) fn number_or(&self, key: &'static str, default: u32, range: RangeInclusive<u32>) -> u32 {
        self.value(key).and_then(|value| value.number(range)).unwrap_or(default)
    }

    /// A list, or an empty one.
    pub(super) fn list(&self, key: &'static str) -> Vec<Value<'r, 't>> {
        self.value(key).and_then(|value| value.list()).unwrap_or_default()
    }

    /// A list of texts, or an empty one.
    pub(super) fn texts(&self, key: &'static str) -> Vec<String> {
        self.list(key).iter().filter_map(Value::filled_text).collect()
    }

    /// A table that may be absent.
    pub(super) fn section(&self, key: &'static str, name: impl Into<String>) -> Option<Section<'r, 't>> {
        self.value(key)?.section(name)
    }

    /// The tables of a list of tables.
    pub(super) fn sections(&self, key: &'static str) -> Vec<Section<'r, 't>> {
        self.list(key).iter().filter_map(|value| value.section(format!("[[{key}]]"))).collect()
    }

    /// Reports whatever has not been asked for.
    pub(super) fn finish(self) {
        let asked = self.asked.borrow();
        for (key, _) in self.table.iter() {
            if asked.iter().any(|known| key.get_ref() == known) {
                continue;
            }
            let what =
                format!("unknown key `{}` in {}; {}", key.get_ref(), self.name, did_you_mean(key.get_ref(), &asked));
            self.reader.problem(key.span().start, what);
        }
    }
}

/// A key that the author chose.
pub(super) struct Key<'r, 't> {
    reader: &'r Reader<'t>,
    at: usize,
    /// The key itself.
    pub(super) text: String,
}

impl Key<'_, '_> {
    /// Notes that something is wrong with the key.
    pub(super) fn problem(&self, what: impl Into<String>) {
        self.reader.problem(self.at, what);
    }
}

/// A value of the document.
pub(super) struct Value<'r, 't> {
    reader: &'r Reader<'t>,
    name: String,
    spanned: &'r Spanned<DeValue<'t>>,
}

impl<'r, 't> Value<'r, 't> {
    /// The value as TOML has it.
    pub(super) fn raw(&self) -> &'r DeValue<'t> {
        self.spanned.get_ref()
    }

    /// Notes that something is wrong with it.
    pub(super) fn problem(&self, what: impl Into<String>) {
        self.reader.problem(self.spanned.span().start, what);
    }

    fn mistyped<T>(&self, expected: &str) -> Option<T> {
        self.problem(format!("`{}` must be {expected}, not {}", self.name, type_in_words(self.raw())));
        None
    }

    /// A text.
    pub(super) fn text(&self) -> Option<String> {
        match self.raw() {
            DeValue::String(text) => Some(text.to_string()),
            _ => self.mistyped("a text in quotes"),
        }
    }

    /// A text that says something.
    pub(super) fn filled_text(&self) -> Option<String> {
        let text = self.text()?;
        if text.trim().is_empty() {
            self.problem(format!("`{}` must not be empty", self.name));
            return None;
        }
        Some(text)
    }

    /// Yes or no.
    pub(super) fn flag(&self) -> Option<bool> {
        self.raw().as_bool().or_else(|| self.mistyped("true or false"))
    }

    /// A whole number within a range.
    pub(super) fn number(&self, range: RangeInclusive<u32>) -> Option<u32> {
        let Some(integer) = self.raw().as_integer() else { return self.mistyped("a whole number") };
        let number =
            i64::from_str_radix(integer.as_str(), integer.radix()).ok().and_then(|number| u32::try_from(number).ok());
        let within = number.filter(|number| range.contains(number));
        if within.is_none() {
            self.problem(format!("`{}` must be from {} to {}, not {}", self.name, range.start(), range.end(), integer));
        }
        within
    }

    /// A list.
    pub(super) fn list(&self) -> Option<Vec<Value<'r, 't>>> {
        let Some(items) = self.raw().as_array() else { return self.mistyped("a list in brackets") };
        Some(items.iter().map(|item| Value { reader: self.reader, name: self.name.clone(), spanned: item }).collect())
    }

    /// A table.
    pub(super) fn section(&self, name: impl Into<String>) -> Option<Section<'r, 't>> {
        match self.raw() {
            DeValue::Table(table) => Some(Section::new(self.reader, name, table, self.spanned.span())),
            _ => self.mistyped("a table"),
        }
    }

    /// One of a few words.
    pub(super) fn one_of<T: Copy>(&self, words: &[(&str, T)]) -> Option<T> {
        let text = self.text()?;
        let found = words.iter().find(|(word, _)| *word == text).map(|(_, meaning)| *meaning);
        if found.is_none() {
            let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            self.problem(format!("`{}` cannot be `{text}`; it is one of {}", self.name, known.join(", ")));
        }
        found
    }
}

fn type_in_words(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
