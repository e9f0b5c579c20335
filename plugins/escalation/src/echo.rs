//! How much of a message echoes an earlier one: by roots, and by pieces of words for what is spelt otherwise.

use santun_language::{Kind, Normalised, is_function_word, root};

/// A message, ready to be compared. Sixty-four roots and 192 pieces are kept; nobody repeats more.
#[derive(Clone, Debug, Default)]
pub(crate) struct Print {
    roots: Vec<u32>,
    pieces: Vec<u16>,
}

impl Print {
    /// Of a message.
    pub(crate) fn of(text: &Normalised) -> Self {
        let mut print = Self::default();
        for token in text.tokens().filter(|token| token.kind != Kind::Emoji) {
            if is_function_word(token.word) {
                continue;
            }
            let root = root(token.word);
            print.roots.push(hash(root.as_bytes()));
            let bytes = root.as_bytes();
            if bytes.len() < 3 {
                continue;
            }
            print.pieces.extend(bytes.windows(3).map(|piece| hash(piece) as u16));
        }
        print.roots.sort_unstable();
        print.roots.dedup();
        print.roots.truncate(64);
        print.pieces.sort_unstable();
        print.pieces.dedup();
        print.pieces.truncate(192);
        print
    }

    /// How many different words say something.
    pub(crate) fn words(&self) -> usize {
        self.roots.len()
    }

    /// How many words say something that `earlier` did not say.
    pub(crate) fn new_words(&self, earlier: &Self) -> usize {
        self.roots.len() - shared(&self.roots, &earlier.roots)
    }

    /// The share of the words that `earlier` said, from 0 to 1.
    pub(crate) fn said(&self, earlier: &Self) -> f32 {
        if self.roots.is_empty() { 0.0 } else { shared(&self.roots, &earlier.roots) as f32 / self.roots.len() as f32 }
    }

    /// How alike two messages are spelt, from 0 to 1.
    pub(crate) fn alike(&self, other: &Self) -> f32 {
        let whole = self.pieces.len() + other.pieces.len();
        if whole == 0 { 0.0 } else { 2.0 * shared(&self.pieces, &other.pieces) as f32 / whole as f32 }
    }
}

fn shared<T: Ord>(one: &[T], other: &[T]) -> usize {
    let (mut at, mut there, mut count) = (0, 0, 0);
    while let (Some(a), Some(b)) = (one.get(at), other.get(there)) {
        match a.cmp(b) {
            std::cmp::Ordering::Less => at += 1,
            std::cmp::Ordering::Greater => there += 1,
            std::cmp::Ordering::Equal => {
                count += 1;
                at += 1;
                there += 1;
            }
        }
    }
    count
}

fn hash(bytes: &[u8]) -> u32 {
    let hash = bytes.iter().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193));
    hash.wrapping_mul(0x9e37_79b1) >> 8
}
