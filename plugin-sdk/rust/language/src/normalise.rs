//! From what somebody typed to standard words.

use std::fmt;
use std::ops::Range;

use crate::fold::{Folded, fold, is_emoji};
use crate::spelling;

/// A message as standard words. Two allocations for the words and one for their list, whatever is in it.
#[derive(Clone, Default)]
pub struct Normalised {
    folded: String,
    standard: String,
    marks: Vec<Mark>,
    asks: bool,
}

/// One standard word of a message, or what stands in its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token<'a> {
    /// The standard word, in lower case: `tidak` for *nggak*.
    pub word: &'a str,
    /// What was typed, in lower case and plain letters: `nggak`.
    pub written: &'a str,
    /// What it is.
    pub kind: Kind,
    /// Which clause it belongs to, from 0: marks such as `.`, `,`, `?` and line ends begin a new one.
    pub clause: u16,
}

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A word.
    Word,
    /// Digits, perhaps with separators: `12`, `1.500.000`.
    Number,
    /// Letters and digits that are no word, an address, an e-mail address: `JP1234567890`.
    Code,
    /// An emoji.
    Emoji,
}

#[derive(Clone, Debug)]
struct Mark {
    word: Range<u32>,
    written: Range<u32>,
    kind: Kind,
    clause: u16,
}

/// Longer messages than this many bytes are cut for understanding: nobody types them.
const LONGEST: usize = 16 * 1024;

/// Turns what somebody typed into standard words: lower case, plain letters, everyday spellings
/// resolved (*gmn* is `bagaimana`, *dmn* is `di mana`), stretched letters shortened (*tolooong*), digits in
/// words read (*b3rhenti*), reduplication written out (*barang2* is `barang barang`), amounts taken apart
/// (*50rb* is `50 ribu`). Inflected words stay inflected: see [`root`](crate::root).
///
/// ```
/// let text = santun_language::normalise("Min, brg2 yg kmrn blm nyampeee 😭");
/// assert_eq!(text.as_str(), "min barang barang yang kemarin belum sampai 😭");
/// ```
pub fn normalise(text: &str) -> Normalised {
    let mut end = text.len().min(LONGEST);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let folded = fold_text(&text[..end]);
    let mut writer = Writer {
        standard: String::with_capacity(folded.len() + 16),
        marks: Vec::with_capacity(folded.len() / 5 + 1),
        clause: 0,
        fresh: true,
    };
    let asks = folded.contains('?');
    for line in folded.split('\n') {
        writer.end_clause();
        for chunk in line.split_whitespace() {
            writer.chunk(&folded, chunk);
        }
    }
    let Writer { standard, marks, .. } = writer;
    Normalised { folded, standard, marks, asks }
}

fn fold_text(text: &str) -> String {
    // Most messages are: all of their letters are folded at once.
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut folded = String::with_capacity(text.len());
    for c in text.chars() {
        match fold(c) {
            Folded::One(c) => folded.push(c),
            Folded::Two(a, b) => folded.extend([a, b]),
            Folded::Nothing => {}
        }
    }
    folded
}

impl Normalised {
    /// The standard words, joined by spaces.
    pub fn as_str(&self) -> &str {
        &self.standard
    }

    /// The message in lower case and plain letters, otherwise as it was typed.
    pub fn folded(&self) -> &str {
        &self.folded
    }

    /// The tokens, in order.
    pub fn tokens(&self) -> impl ExactSizeIterator<Item = Token<'_>> + DoubleEndedIterator + Clone {
        self.marks.iter().map(|mark| Token {
            word: slice(&self.standard, &mark.word),
            written: slice(&self.folded, &mark.written),
            kind: mark.kind,
            clause: mark.clause,
        })
    }

    /// The standard words alone: no numbers, codes or emoji.
    pub fn words(&self) -> impl DoubleEndedIterator<Item = &str> + Clone {
        self.tokens().filter(|token| token.kind == Kind::Word).map(|token| token.word)
    }

    /// Whether there is a question mark in it.
    pub fn asks(&self) -> bool {
        self.asks
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.marks.is_empty()
    }
}

impl fmt::Debug for Normalised {
    /// Says how much there is, and never what: it may be a customer's words.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Normalised").field("tokens", &self.marks.len()).finish_non_exhaustive()
    }
}

fn slice<'a>(text: &'a str, range: &Range<u32>) -> &'a str {
    text.get(range.start as usize..range.end as usize).unwrap_or_default()
}

struct Writer {
    standard: String,
    marks: Vec<Mark>,
    clause: u16,
    /// Whether the clause is still without a token.
    fresh: bool,
}

impl Writer {
    fn end_clause(&mut self) {
        if !self.fresh {
            self.clause = self.clause.saturating_add(1);
            self.fresh = true;
        }
    }

    fn push(&mut self, word: &str, written: &Range<u32>, kind: Kind) {
        if !self.standard.is_empty() {
            self.standard.push(' ');
        }
        let start = self.standard.len() as u32;
        self.standard.push_str(word);
        let mark =
            Mark { word: start..self.standard.len() as u32, written: written.clone(), kind, clause: self.clause };
        self.marks.push(mark);
        self.fresh = false;
    }

    /// What stands between two spaces.
    fn chunk(&mut self, folded: &str, chunk: &str) {
        let at = chunk.as_ptr() as usize - folded.as_ptr() as usize;
        if is_address(chunk) {
            return self.push(chunk, &span(at, chunk), Kind::Code);
        }
        let mut rest = chunk;
        while let Some(c) = rest.chars().next() {
            let here = at + (chunk.len() - rest.len());
            let length = if c.is_alphanumeric() || ((c == '@' || c == '$') && starts_with_letter(&rest[1..])) {
                let length = word_length(rest);
                self.word(here, &rest[..length]);
                length
            } else if is_emoji(c) {
                let emoji = &rest[..c.len_utf8()];
                self.push(emoji, &span(here, emoji), Kind::Emoji);
                emoji.len()
            } else {
                if matches!(c, '.' | ',' | ';' | ':' | '!' | '?' | '(' | ')' | '…') {
                    self.end_clause();
                }
                c.len_utf8()
            };
            rest = &rest[length..];
        }
    }

    /// A stretch of letters and digits.
    fn word(&mut self, at: usize, word: &str) {
        let written = span(at, word);
        if word.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b',' | b'-' | b'/')) {
            return self.push(word, &written, Kind::Number);
        }
        let mut plain = String::new();
        let word = if word.contains('\'') {
            plain.extend(word.chars().filter(|c| *c != '\''));
            plain.as_str()
        } else {
            word
        };
        if word.bytes().any(|b| b.is_ascii_digit() || matches!(b, b'@' | b'$')) {
            spelling::with_digits(word, &mut |word, kind| self.push_standard(word, &written, kind));
        } else {
            spelling::standard(word, &mut |word| self.push_standard(word, &written, Kind::Word));
        }
    }

    fn push_standard(&mut self, words: &str, written: &Range<u32>, kind: Kind) {
        for word in words.split(' ') {
            self.push(word, written, kind);
        }
    }
}

fn span(at: usize, text: &str) -> Range<u32> {
    at as u32..(at + text.len()) as u32
}

fn starts_with_letter(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphabetic())
}

fn is_address(chunk: &str) -> bool {
    chunk.contains(':') && chunk.contains("://")
        || chunk.starts_with("www.")
        || chunk
            .split_once('@')
            .is_some_and(|(name, host)| !name.is_empty() && host.contains('.') && !host.ends_with('.'))
}

/// How far the word at the beginning of `text` reaches: letters and digits, apostrophes and signs that
/// stand for letters between them, and separators between digits.
fn word_length(text: &str) -> usize {
    let mut end = 0;
    let mut digit_before = false;
    let mut chars = text.char_indices().peekable();
    while let Some((i, c)) = chars.next() {
        let next = chars.peek().map(|(_, c)| *c);
        let inside = match c {
            '\'' | '@' | '$' => i == 0 || next.is_some_and(char::is_alphanumeric),
            '.' | ',' => digit_before && next.is_some_and(|c| c.is_ascii_digit()),
            '-' | '/' => {
                digit_before && next.is_some_and(char::is_alphanumeric) || next.is_some_and(|c| c.is_ascii_digit())
            }
            _ => c.is_alphanumeric(),
        };
        if !inside {
            break;
        }
        digit_before = c.is_ascii_digit();
        end = i + c.len_utf8();
    }
    end
}
