//! Wordings read from a text file: `[key]` with `v` and `text`, or, in an operator's own file, just
//! `key = "…"`.

use sha2::Digest as _;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::honesty;
use super::template::{Malformed, Template};
use super::{TextKey, Wording};
use crate::bot::{Problem, nearest};
use crate::language::Language;

/// Whose words a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// Santun's: versions are counted.
    BuiltIn,
    /// An operator's: a version is made of the words themselves, so that no change goes unnoticed.
    Own,
}

/// What a file says, and what is wrong with it.
#[derive(Default)]
pub(super) struct Reading {
    pub(super) wordings: Vec<(TextKey, Wording)>,
    pub(super) problems: Vec<Problem>,
}

/// Reads a file.
pub(super) fn read(language: Language, text: &str, source: Source) -> Reading {
    let mut reader = Reader { language, text, source, reading: Reading::default() };
    let (document, errors) = DeTable::parse_recoverable(text);
    if errors.is_empty() {
        reader.table("", document.get_ref());
    }
    for error in errors {
        let at = error.span().map_or(0, |span| span.start);
        reader.problem(at, "", format!("not TOML: {}", error.message().trim()));
    }
    reader.reading
}

struct Reader<'t> {
    language: Language,
    text: &'t str,
    source: Source,
    reading: Reading,
}

impl Reader<'_> {
    fn problem(&mut self, at: usize, name: &str, what: impl Into<String>) {
        let line = self.text.as_bytes()[..at.min(self.text.len())].iter().filter(|byte| **byte == b'\n').count() + 1;
        let name = if name.is_empty() { String::new() } else { format!(" [{name}]") };
        self.reading.problems.push(Problem { at: format!("{}.toml:{line}{name}", self.language), what: what.into() });
    }

    /// A table of the file: a wording, a group of wordings (`[disclosure]`), or both.
    fn table(&mut self, path: &str, table: &DeTable<'_>) {
        let key = TextKey::named(path);
        for (name, value) in table.iter() {
            let at = name.span().start;
            let name = name.get_ref();
            match (key, name.as_ref(), value.get_ref()) {
                (Some(key), "text", DeValue::String(text)) => {
                    let version = table.get("v").map(Spanned::get_ref);
                    self.wording(at, key, text, version);
                }
                (Some(_), "v", DeValue::Integer(_)) => {}
                (Some(_), "text" | "v", _) => self.problem(at, path, "`text` is a text in quotes, and `v` a number"),
                (_, name, value) => {
                    let path = if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
                    self.entry(at, &path, value);
                }
            }
        }
    }

    fn entry(&mut self, at: usize, path: &str, value: &DeValue<'_>) {
        match value {
            DeValue::Table(table) if TextKey::named(path).is_some() || is_group(path) => self.table(path, table),
            DeValue::String(text) => match TextKey::named(path) {
                Some(key) => self.wording(at, key, text, None),
                None => self.unknown(at, path),
            },
            _ if TextKey::named(path).is_some() => self.problem(at, path, "a wording is a text in quotes"),
            _ => self.unknown(at, path),
        }
    }

    fn unknown(&mut self, at: usize, path: &str) {
        let hint = match nearest(path, TextKey::ALL.iter().map(|key| key.as_str())) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "the keys stand in host/core/src/texts/id.toml".to_owned(),
        };
        self.problem(at, path, format!("there is no text `{path}`; {hint}"));
    }

    fn wording(&mut self, at: usize, key: TextKey, text: &str, version: Option<&DeValue<'_>>) {
        let template = match Template::parse(text, key.placeholders()) {
            Ok(template) => template,
            Err(why) => return self.problem(at, key.as_str(), malformed(key, &why)),
        };
        let faults = honesty::faults(key, self.language, text, &template);
        if faults.is_empty() {
            let version = self.version(text, version);
            self.reading.wordings.push((key, Wording { template, version }));
        }
        for fault in faults {
            self.problem(at, key.as_str(), fault);
        }
    }

    fn version(&self, text: &str, counted: Option<&DeValue<'_>>) -> Box<str> {
        match self.source {
            Source::BuiltIn => match counted.and_then(DeValue::as_integer) {
                Some(count) => count.as_str().into(),
                None => "0".into(),
            },
            Source::Own => {
                let digest = sha2::Sha256::digest(text.as_bytes());
                format!("own-{:02x}{:02x}{:02x}{:02x}", digest[0], digest[1], digest[2], digest[3]).into()
            }
        }
    }
}

/// Whether keys begin with this name and a full stop.
fn is_group(path: &str) -> bool {
    TextKey::ALL.iter().any(|key| key.as_str().strip_prefix(path).is_some_and(|rest| rest.starts_with('.')))
}

fn malformed(key: TextKey, why: &Malformed) -> String {
    let allowed = || match key.placeholders() {
        [] => "it takes no placeholders".to_owned(),
        names => format!("it takes {}", names.iter().map(|name| format!("{{{name}}}")).collect::<Vec<_>>().join(", ")),
    };
    match why {
        Malformed::Unknown(name) => match nearest(name, key.placeholders().iter().copied()) {
            Some(near) => format!("unknown placeholder {{{name}}}; did you mean {{{near}}}? {}", allowed()),
            None => format!("unknown placeholder {{{name}}}; {}", allowed()),
        },
        Malformed::Unclosed => format!("a `{{` has no `}}`; {}", allowed()),
        Malformed::Unopened => format!("a `}}` has no `{{`; {}", allowed()),
    }
}
