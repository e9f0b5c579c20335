//! Short stretches of letters, for comparing words that share a spelling rather than a root.

/// The character n-grams of a text, as hashes that are the same on every machine and in every version:
/// they may be stored in an index. Words are padded with one space on each side, and no gram reaches
/// over a word's end. `n` is 2 to 8.
///
/// ```
/// let a: Vec<u32> = santun_language::grams("resi", 3).collect();
/// assert_eq!(a.len(), 4); // " re" "res" "esi" "si "
/// ```
pub fn grams(text: &str, n: usize) -> impl Iterator<Item = u32> + '_ {
    let n = n.clamp(2, 8);
    text.split_whitespace().flat_map(move |word| word_grams(word, n))
}

fn word_grams(word: &str, n: usize) -> impl Iterator<Item = u32> + '_ {
    let length = word.chars().count() + 2;
    let starts = (length + 1).saturating_sub(n);
    (0..starts).map(move |start| {
        let padded = std::iter::once(' ').chain(word.chars()).chain(std::iter::once(' '));
        padded.skip(start).take(n).fold(0x811c_9dc5_u32, |hash, c| (hash ^ u32::from(c)).wrapping_mul(0x0100_0193))
    })
}

#[cfg(test)]
mod tests {
    use super::grams;

    #[test]
    fn words_that_look_alike_share_grams() {
        let shared = |a: &str, b: &str| {
            let b: Vec<_> = grams(b, 3).collect();
            grams(a, 3).filter(|gram| b.contains(gram)).count()
        };
        assert!(shared("pengiriman", "pngiriman") >= 6);
        assert_eq!(shared("resi", "ongkir"), 0);
    }

    #[test]
    fn short_words_have_none_rather_than_a_panic() {
        assert_eq!(grams("a", 4).count(), 0);
        assert_eq!(grams("", 3).count(), 0);
        assert_eq!(grams("ya ya", 4).count(), 2);
    }
}
