//! Long texts, split where a reader would pause.

/// The text as parts of at most `most` characters each: broken at the end of a paragraph, else of a line,
/// else of a sentence, else between words; never within a word, an address or an emoji. A word that is
/// longer by itself is left whole.
pub(crate) fn split(text: &str, most: usize) -> Vec<String> {
    let mut parts = Vec::new();
    let mut rest = text.trim();
    while let Some(window) = window(rest, most) {
        let end = pause(window).or_else(|| first_space(rest)).unwrap_or(rest.len());
        parts.push(rest[..end].trim_end().to_owned());
        rest = rest[end..].trim_start();
    }
    if !rest.is_empty() {
        parts.push(rest.to_owned());
    }
    parts
}

/// The first `most` characters and the one behind them, if the text has more than `most`.
fn window(text: &str, most: usize) -> Option<&str> {
    let mut ends = text.char_indices().map(|(at, char)| at + char.len_utf8()).skip(most);
    ends.next().map(|end| &text[..end])
}

/// Where the best pause in the window ends. A pause in its first half would leave small crumbs: a worse
/// one further on is better.
fn pause(window: &str) -> Option<usize> {
    let half = window.len() / 2;
    let sentence_end = || {
        window
            .char_indices()
            .filter(|(at, char)| char.is_whitespace() && window[..*at].ends_with(['.', '!', '?', '…']))
            .map(|(at, _)| at)
            .next_back()
    };
    window
        .rfind("\n\n")
        .filter(|at| *at >= half)
        .or_else(|| window.rfind('\n').filter(|at| *at >= half))
        .or_else(|| sentence_end().filter(|at| *at >= half))
        .or_else(|| window.rfind(char::is_whitespace))
}

fn first_space(text: &str) -> Option<usize> {
    text.find(char::is_whitespace)
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn a_short_text_stays_whole() {
        assert_eq!(split("Halo kak.", 10), ["Halo kak."]);
    }

    #[test]
    fn a_text_of_exactly_the_limit_stays_whole() {
        assert_eq!(split("1234567890", 10), ["1234567890"]);
    }

    #[test]
    fn sentences_stay_together() {
        assert_eq!(split("Satu dua tiga. Empat lima.", 20), ["Satu dua tiga.", "Empat lima."]);
    }

    #[test]
    fn paragraphs_are_the_best_place() {
        assert_eq!(split("Satu dua. Tiga\n\nEmpat lima.", 20), ["Satu dua. Tiga", "Empat lima."]);
    }

    #[test]
    fn addresses_and_numbers_are_not_broken() {
        let parts = split("Lihat di https://toko.example/a.b?c=d, harganya Rp10.000 saja", 40);
        assert_eq!(parts, ["Lihat di https://toko.example/a.b?c=d,", "harganya Rp10.000 saja"]);
    }

    #[test]
    fn emoji_of_many_characters_stay_whole() {
        let family = "👨‍👩‍👧‍👦";
        let text = format!("aa {family} bb {family}");
        for part in split(&text, 10) {
            assert!(!part.ends_with('\u{200d}') && !part.starts_with('\u{200d}'), "{part:?}");
        }
    }

    #[test]
    fn nothing_is_lost() {
        let text = "kata ".repeat(3_000);
        let parts = split(&text, 4_096);
        assert!(parts.iter().all(|part| part.chars().count() <= 4_096));
        assert_eq!(parts.join(" "), text.trim());
    }
}
