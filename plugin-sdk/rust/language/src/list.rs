//! Lists of words, laid out while compiling so that looking a word up does not read them through.

/// A list of words; [`words!`](crate::words!) makes one.
#[derive(Clone, Copy, Debug)]
pub struct Words {
    list: &'static str,
    slots: &'static [u32],
}

/// A list of words with spaces between: `words!("halo hai hey")`.
///
/// Looking through a list of a hundred words takes a plugin longer than reading a message does; this takes a few
/// instructions, and touches the list only for a word that is in it, as a rule.
#[macro_export]
macro_rules! words {
    ($list:expr) => {{
        const __LIST: &str = $list;
        const __SLOTS: &[u32] = &$crate::__laid_out::<{ $crate::__slots_for(__LIST) }>(__LIST);
        $crate::__words(__LIST, __SLOTS)
    }};
}

/// A slot without a word.
const EMPTY: u32 = u32::MAX;

impl Words {
    /// Whether a word is in it.
    pub fn has(&self, word: &str) -> bool {
        let word = word.as_bytes();
        if word.is_empty() {
            return false;
        }
        let hash = hash(word);
        let (mut slot, mask) = (place(hash), self.slots.len() - 1);
        loop {
            let Some(entry) = self.slots.get(slot & mask).copied().filter(|entry| *entry != EMPTY) else {
                return false;
            };
            if entry >> 16 == tag(hash) && self.stands_at(entry as u16, word) {
                return true;
            }
            slot += 1;
        }
    }

    /// Whether a word stands there, and is the whole of what stands there.
    fn stands_at(&self, at: u16, word: &[u8]) -> bool {
        let rest = self.list.as_bytes().get(usize::from(at)..).unwrap_or_default();
        let ends = rest.strip_prefix(word).is_some_and(|rest| rest.first().is_none_or(u8::is_ascii_whitespace));
        ends && !word.iter().any(u8::is_ascii_whitespace)
    }
}

/// What [`words!`](crate::words!) makes of a list and its slots.
#[doc(hidden)]
pub const fn __words(list: &'static str, slots: &'static [u32]) -> Words {
    Words { list, slots }
}

/// How many slots a list has: a power of two, at most half of them filled.
#[doc(hidden)]
pub const fn __slots_for(list: &str) -> usize {
    let (mut words, mut at) = (0_usize, 0);
    while let Some((_, end)) = next(list.as_bytes(), at) {
        words += 1;
        at = end;
    }
    (2 * words + 1).next_power_of_two()
}

/// Where each word of a list stands, found by its hash.
#[doc(hidden)]
pub const fn __laid_out<const SLOTS: usize>(list: &str) -> [u32; SLOTS] {
    assert!(list.len() < u16::MAX as usize && list.is_ascii(), "a list is short and of plain letters");
    let list = list.as_bytes();
    let mut slots = [EMPTY; SLOTS];
    let mut at = 0;
    while let Some((start, end)) = next(list, at) {
        let hash = hash(list.split_at(end).0.split_at(start).1);
        let mut slot = place(hash) & (SLOTS - 1);
        while slots[slot] != EMPTY {
            slot = (slot + 1) & (SLOTS - 1);
        }
        slots[slot] = tag(hash) << 16 | start as u32;
        at = end;
    }
    slots
}

/// Where the next word from a place on begins and ends.
const fn next(list: &[u8], mut at: usize) -> Option<(usize, usize)> {
    while at < list.len() && list[at].is_ascii_whitespace() {
        at += 1;
    }
    let start = at;
    while at < list.len() && !list[at].is_ascii_whitespace() {
        at += 1;
    }
    if start == at { None } else { Some((start, at)) }
}

/// A hash of a word that is not empty: of its length and four of its letters, which tell the words of a list apart
/// well enough, and are read at once.
const fn hash(word: &[u8]) -> u32 {
    let length = word.len();
    let letters = [word[0], word[length / 4], word[length / 2], word[length - 1]];
    let hash = u32::from_le_bytes(letters).wrapping_mul(0x9e37_79b1) ^ (length as u32).wrapping_mul(0x85eb_ca6b);
    let hash = (hash ^ hash >> 15).wrapping_mul(0x2c1b_3c6d);
    hash ^ hash >> 13
}

const fn place(hash: u32) -> usize {
    hash as usize & 0xffff
}

/// What tells words apart that share a slot.
const fn tag(hash: u32) -> u32 {
    // All ones and a place of all ones would be an empty slot, but no list is that long.
    hash >> 16
}

#[cfg(test)]
mod tests {
    use super::Words;
    use crate::is_one_of;

    const LIST: &str = "\
        halo hai hey permisi selamat pagi siang sore malam ya yaa yah kak kakak kk min mimin sis gan ukuran ukiran \
        a i u";
    const WORDS: Words = words!(LIST);

    #[test]
    fn a_word_is_found_if_it_is_in_the_list() {
        for word in LIST.split_ascii_whitespace() {
            assert!(WORDS.has(word), "{word}");
            for other in [&format!("{word}a"), &word[1..], &format!("{word} "), &word.to_uppercase()] {
                assert_eq!(WORDS.has(other), is_one_of(LIST, other), "{other}");
            }
        }
        for word in ["", " ", "é", "halo hai", "kaka", "👍"] {
            assert!(!WORDS.has(word), "{word}");
        }
        assert!(!words!("").has("a"));
    }
}
