//! Which words there are.

use crate::table::{hash, table};

table!(INDONESIAN, "indonesian.txt");
table!(ENGLISH, "english.txt");
table!(EVERYDAY, "everyday.txt");

/// An Indonesian word, and whether it is a `function` word or a `root`.
pub(crate) fn indonesian(word: &str) -> Option<(&'static str, &'static str)> {
    INDONESIAN.entry(word)
}

/// An English word, and whether it is a `function` word or a `word` of content.
pub(crate) fn english(word: &str) -> Option<(&'static str, &'static str)> {
    ENGLISH.entry(word)
}

/// A word that is in the vocabulary just so, as [`indonesian`] has it, or else as [`english`] has.
pub(crate) fn stands(word: &str) -> Option<(&'static str, &'static str)> {
    let hash = hash(word.as_bytes());
    INDONESIAN.entry_of(word, hash).or_else(|| ENGLISH.entry_of(word, hash))
}

/// What an everyday spelling stands for: one standard word, or several.
pub(crate) fn everyday(word: &str) -> Option<&'static str> {
    EVERYDAY.get(word)
}

/// Whether a standard word says little about what somebody wants: *yang*, *ke*, *dong*, *kak*; *the*, *of*,
/// *please*. A search over words does well to leave it out.
pub fn is_function_word(word: &str) -> bool {
    [indonesian(word), english(word)].into_iter().flatten().any(|(_, class)| class == "function")
}

/// Whether a standard word, or its root, is in the vocabulary. One that is not may be a name, or a slip.
pub fn is_known(word: &str) -> bool {
    crate::root::known_root(word).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spelling_never_stands_for_another_spelling() {
        for (spelling, standard) in EVERYDAY.entries() {
            for word in standard.split(' ') {
                assert!(
                    everyday(word).is_none(),
                    "{spelling} stands for {standard}, where {word} is itself a spelling"
                );
            }
        }
    }

    #[test]
    fn what_spellings_stand_for_is_in_the_vocabulary() {
        let unknown: Vec<_> = EVERYDAY
            .entries()
            .iter()
            .flat_map(|(_, standard)| standard.split(' '))
            .filter(|word| crate::root::known_root(word).is_none())
            .collect();
        assert!(unknown.is_empty(), "{unknown:?}");
    }

    #[test]
    fn there_are_hundreds_of_everyday_spellings() {
        assert!(EVERYDAY.entries().len() >= 400);
        assert!(INDONESIAN.entries().len() >= 1_500);
    }

    #[test]
    fn no_everyday_spelling_is_also_a_standard_word() {
        let both: Vec<_> =
            EVERYDAY.entries().iter().map(|(word, _)| word).filter(|word| indonesian(word).is_some()).collect();
        assert!(both.is_empty(), "{both:?}");
    }
}
