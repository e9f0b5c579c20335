//! Sentences and words, as the rules read them.

use unicode_normalization::UnicodeNormalization as _;

/// The sentences of a text, each with the space behind it: put together they are the text again.
///
/// A full stop within a number, a time or an address ends nothing.
pub(super) fn sentences(text: &str) -> Vec<&str> {
    let mut sentences = Vec::new();
    let mut start = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((_, char)) = chars.next() {
        let ends = match char {
            '\n' => true,
            '.' | '!' | '?' | '…' => chars.peek().is_none_or(|(_, next)| next.is_whitespace()),
            _ => false,
        };
        if !ends {
            continue;
        }
        while chars.next_if(|(_, next)| next.is_whitespace()).is_some() {}
        let end = chars.peek().map_or(text.len(), |(at, _)| *at);
        sentences.push(&text[start..end]);
        start = end;
    }
    if start < text.len() {
        sentences.push(&text[start..]);
    }
    sentences
}

/// The words of a text in lower case, without invisible characters; what ends a clause is the word `|`,
/// and a question mark the word `?`.
pub(super) fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    let normal: Vec<char> = text.nfkc().filter(|char| !is_invisible(*char)).flat_map(char::to_lowercase).collect();
    for (at, char) in normal.iter().copied().enumerate() {
        let char = match char {
            '’' | '‘' | '`' => '\'',
            '–' | '—' | '‑' => '-',
            other => other,
        };
        let before = at.checked_sub(1).and_then(|at| normal.get(at)).copied().unwrap_or(' ');
        let after = normal.get(at + 1).copied().unwrap_or(' ');
        let joins = match char {
            '\'' | '-' => before.is_alphanumeric() && after.is_alphanumeric(),
            '.' | ':' | '/' => before.is_ascii_digit() && after.is_ascii_digit(),
            _ => false,
        };
        if char.is_alphanumeric() || joins {
            word.push(char);
            continue;
        }
        if !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        match char {
            '?' => words.push("?".to_owned()),
            ',' | '.' | ';' | ':' | '!' | '…' | '\n' | '(' | ')' | '-' => words.push("|".to_owned()),
            _ => {}
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

/// Characters that can hide a word from a reader of bytes, and that no eye sees.
fn is_invisible(char: char) -> bool {
    matches!(char, '\u{00ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
}

/// Whether a word is one of a set.
pub(super) fn is_in(word: &str, set: &[&str]) -> bool {
    set.contains(&word)
}

/// Whether any word is one of a set.
pub(super) fn any_in(words: &[String], set: &[&str]) -> bool {
    words.iter().any(|word| is_in(word, set))
}
