//! The questions and answers that a business keeps, as CSV or YAML.

mod csv;
mod yaml;

use std::collections::HashSet;

/// One question with its answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// What names it for ever, also when its words change: the `key` column, or made of the question.
    pub key: String,
    /// The question as the business phrases it.
    pub question: String,
    /// Other ways to ask it.
    pub also: Vec<String>,
    /// What the customer reads.
    pub answer: String,
    /// Words that it is about.
    pub tags: Vec<String>,
    /// `id` or `en`; `None` if the document does not say.
    pub language: Option<String>,
}

/// What is wrong with the entries, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EntriesError {
    /// There is nothing in it.
    #[error("the FAQ has no entries: write at least one question with its answer, as CSV or YAML")]
    Empty,
    /// One place is wrong.
    #[error("the FAQ's line {line}, column {column}: {problem}")]
    At {
        /// From 1.
        line: usize,
        /// In CSV the number of the field, in YAML that of the character; from 1.
        column: String,
        /// What is wrong and what to do.
        problem: String,
    },
}

impl EntriesError {
    pub(crate) fn at(line: usize, column: impl Into<String>, problem: impl Into<String>) -> Self {
        Self::At { line, column: column.into(), problem: problem.into() }
    }
}

/// Answers longer than this would be split by WhatsApp's limit more than once. In characters.
const ANSWER_MAX: usize = 8_000;

/// Reads entries; whether they are CSV or YAML is seen from their first line.
///
/// # Errors
///
/// Says at which line and column what is wrong.
pub fn parse(text: &str) -> Result<Vec<Entry>, EntriesError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let first = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#'));
    let Some(first) = first else { return Err(EntriesError::Empty) };
    let located = if is_yaml(first) { yaml::parse(text)? } else { csv::parse(text)? };
    check(located)
}

fn is_yaml(first: &str) -> bool {
    first == "---"
        || first.starts_with("--- ")
        || first == "-"
        || first.starts_with("- ")
        || first.starts_with("entries:")
}

/// An entry with the line that it begins on.
pub(crate) struct Located {
    pub(crate) line: usize,
    pub(crate) entry: Entry,
}

fn check(located: Vec<Located>) -> Result<Vec<Entry>, EntriesError> {
    if located.is_empty() {
        return Err(EntriesError::Empty);
    }
    let mut seen = HashSet::new();
    let mut entries = Vec::with_capacity(located.len());
    for Located { line, mut entry } in located {
        for (what, words) in [("question", &entry.question), ("answer", &entry.answer)] {
            if words.is_empty() {
                return Err(EntriesError::at(
                    line,
                    what,
                    format!("the {what} is empty: write it, or delete the entry"),
                ));
            }
        }
        if entry.answer.chars().count() > ANSWER_MAX {
            let problem = format!("the answer has more than {ANSWER_MAX} characters: shorten it, or link to a page");
            return Err(EntriesError::at(line, "answer", problem));
        }
        if let Some(language) = &mut entry.language {
            *language = match &*language.to_lowercase() {
                "id" | "in" | "indonesia" | "indonesian" | "bahasa" => "id".to_owned(),
                "en" | "english" | "inggris" => "en".to_owned(),
                other => {
                    let problem = format!("`{other}` is no language that Santun speaks: write `id` or `en`");
                    return Err(EntriesError::at(line, "language", problem));
                }
            };
        }
        if entry.key.is_empty() {
            entry.key = key_of(&entry);
        }
        if entry.key.len() > 100 || entry.key.chars().any(char::is_control) {
            let problem = "a key has at most 100 bytes and no line breaks: shorten it";
            return Err(EntriesError::at(line, "key", problem));
        }
        let identity = (entry.key.clone(), entry.language.clone());
        if !seen.insert(identity) {
            let problem =
                format!("`{}` is there twice: merge the two entries, or give one another key", entry.question);
            return Err(EntriesError::at(line, "question", problem));
        }
        entries.push(entry);
    }
    Ok(entries)
}

/// A key made of the question: the same as long as its words are.
fn key_of(entry: &Entry) -> String {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut eat = |byte: u8| hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    santun_concepts::spelling::words(&entry.question, |word| {
        word.iter().copied().for_each(&mut eat);
        eat(b' ');
    });
    format!("{:08x}", (hash ^ (hash >> 32)) & 0xffff_ffff)
}

/// Alternatives and tags in one field: separated by `|`, or by line breaks.
fn several(field: &str, separators: &[char]) -> Vec<String> {
    field.split(separators).map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// The part of an entry that a column or key holds, by its name in either language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Field {
    Key,
    Question,
    Also,
    Answer,
    Tags,
    Language,
}

impl Field {
    fn from_name(name: &str) -> Option<Self> {
        Some(match &*name.trim().to_lowercase() {
            "key" | "id" | "kunci" => Self::Key,
            "question" | "questions" | "q" | "pertanyaan" | "tanya" => Self::Question,
            "also" | "alternatives" | "phrasings" | "variations" | "alternatif" | "variasi" => Self::Also,
            "answer" | "a" | "jawaban" | "jawab" => Self::Answer,
            "tags" | "tag" | "label" | "kategori" | "category" | "topic" | "topik" => Self::Tags,
            "language" | "lang" | "bahasa" => Self::Language,
            _ => return None,
        })
    }

    fn put(self, entry: &mut Entry, value: &str) {
        let value = value.trim();
        match self {
            Self::Key => entry.key = value.to_owned(),
            Self::Answer => entry.answer = value.to_owned(),
            Self::Language => entry.language = Some(value.to_owned()).filter(|language| !language.is_empty()),
            Self::Tags => entry.tags.extend(several(value, &[',', ';', '|', '\n'])),
            Self::Also => entry.also.extend(several(value, &['|', '\n'])),
            Self::Question => {
                let mut ways = several(value, &['|']).into_iter();
                entry.question = ways.next().unwrap_or_default();
                entry.also.extend(ways);
            }
        }
    }
}

const FIELDS: &str = "key, question, also, answer, tags, language";

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(text: &str) -> String {
        parse(text).unwrap_err().to_string()
    }

    #[test]
    fn csv_with_commas_or_semicolons_is_read_and_columns_may_be_named_in_indonesian() {
        let english = "question,answer,tags,language\nBisa COD?|Bayar di tempat?,\"Bisa, kak.\",\"cod, bayar\",id\n";
        let indonesian =
            "\u{feff}pertanyaan;jawaban;tag;bahasa\r\nBisa COD?|Bayar di tempat?;Bisa, kak.;cod, bayar;id\r\n";
        let entries = parse(english).unwrap();
        assert_eq!(entries, parse(indonesian).unwrap());
        assert_eq!(entries[0].question, "Bisa COD?");
        assert_eq!(entries[0].also, ["Bayar di tempat?"]);
        assert_eq!(entries[0].tags, ["cod", "bayar"]);
    }

    #[test]
    fn yaml_is_read_as_a_list_or_under_entries() {
        let list = "- question: Bisa COD?\n  also: [Bayar di tempat?]\n  answer: |\n    Bisa, kak.\n  tags: [cod, bayar]\n  language: id\n";
        let under = "# FAQ\nentries:\n  - question: Bisa COD?\n    also:\n      - Bayar di tempat?\n    answer: Bisa, kak.\n    tags: cod, bayar\n    language: id\n";
        assert_eq!(parse(list).unwrap(), parse(under).unwrap());
        let csv = "question,answer,tags,language\nBisa COD?|Bayar di tempat?,\"Bisa, kak.\",\"cod, bayar\",id\n";
        assert_eq!(parse(list).unwrap(), parse(csv).unwrap());
    }

    #[test]
    fn errors_name_line_and_column() {
        assert_eq!(
            problem("question,answer\nBisa COD?,Bisa\nLagi?,\n"),
            "the FAQ's line 3, column answer: the answer is empty: write it, or delete the entry"
        );
        assert!(
            problem("question,answers\nx,y\n").starts_with("the FAQ's line 1, column 2: "),
            "{}",
            problem("question,answers\nx,y\n")
        );
        assert!(problem("question,answer\n\"a\",b,c\n").starts_with("the FAQ's line 2, column 3: "));
        assert!(problem("- question: a\n  answers: b\n").starts_with("the FAQ's line 2, column 3: "));
        assert!(problem("- question: [\n").starts_with("the FAQ's line "));
        assert!(problem("question,answer,language\na,b,fr\n").contains("`fr`"));
        assert!(problem("question,answer\na,b\nA?,c\n").starts_with("the FAQ's line 3"));
    }

    #[test]
    fn a_document_without_entries_is_refused() {
        for text in ["", "\n\n", "# nothing\n", "question,answer\n", "entries: []\n", "- \n"] {
            assert!(parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_key_stays_when_other_entries_move() {
        let one = parse("question,answer\na b,1\nc d,2\n").unwrap();
        let other = parse("question,answer\nc d,2\na b,1\n").unwrap();
        assert_eq!(one[0].key, other[1].key);
        assert_ne!(one[0].key, one[1].key);
    }
}
