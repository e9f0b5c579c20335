//! A text as its bare words, where no more than that is needed.

/// A text as words: lower case, without punctuation and emoji, letters that stand three times and more written once,
/// as *haloooo* is *halo*. Two letters alike stay.
pub fn words_of(text: &str) -> Vec<String> {
    let raw = text.split(|c: char| !c.is_alphanumeric()).filter(|raw| !raw.is_empty());
    raw.map(|raw| if raw.is_ascii() { unstretched(raw) } else { unstretched(&raw.to_lowercase()) }).collect()
}

/// Whether a word is one of a list of words with spaces between. [`Words`](crate::Words) finds it faster in a long one.
pub fn is_one_of(list: &str, word: &str) -> bool {
    list.split_ascii_whitespace().any(|known| known == word)
}

/// Lower-case letters, however they were written: capitals beyond ASCII are small by now.
fn unstretched(word: &str) -> String {
    let mut short = String::with_capacity(word.len());
    let mut rest = word.chars().map(|c| c.to_ascii_lowercase()).peekable();
    while let Some(c) = rest.next() {
        let mut run = 1;
        while rest.peek() == Some(&c) {
            rest.next();
            run += 1;
        }
        short.push(c);
        if run == 2 || (c.is_ascii_digit() && run > 2) {
            (1..run).for_each(|_| short.push(c));
        }
    }
    short
}

#[cfg(test)]
mod tests {
    use super::words_of;

    #[test]
    fn words_are_bare_and_stretched_ones_short() {
        assert_eq!(words_of("Haloooo kakkk, TC-10234 👍"), ["halo", "kak", "tc", "10234"]);
        assert_eq!(words_of("oke 1000 maaf"), ["oke", "1000", "maaf"]);
        assert!(words_of("🙏!").is_empty());
    }
}
