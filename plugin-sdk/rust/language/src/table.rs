//! Look-up tables that the compiler builds out of the text files in `words/`: nothing is parsed or
//! allocated when a program starts, and a look-up is one hash and, as a rule, one comparison.
//!
//! A file has lines `meaning: word word …`; a line that begins with `#` is a comment. A word stands
//! once: a second one stops the build.

use crate::letters::is_same;

/// `N` words in `SLOTS` slots (a power of two, and at least twice `N`).
pub(crate) struct Table<const N: usize, const SLOTS: usize> {
    entries: [(&'static str, &'static str); N],
    slots: [u16; SLOTS],
}

/// A slot without a word.
const EMPTY: u16 = u16::MAX;

impl<const N: usize, const SLOTS: usize> Table<N, SLOTS> {
    /// The table of a file.
    pub(crate) const fn of(text: &'static str) -> Self {
        assert!(SLOTS.is_power_of_two() && SLOTS >= 2 * N && N < EMPTY as usize);
        let mut table = Self { entries: [("", ""); N], slots: [EMPTY; SLOTS] };
        let mut reader = Reader { rest: text, meaning: "" };
        let mut index = 0;
        while let Some(word) = reader.next_word() {
            table.entries[index] = (word, reader.meaning);
            let mut slot = hash(word.as_bytes()) & (SLOTS - 1);
            while table.slots[slot] != EMPTY {
                assert!(!same(table.entries[table.slots[slot] as usize].0, word), "a word stands twice in a word file");
                slot = (slot + 1) & (SLOTS - 1);
            }
            table.slots[slot] = index as u16;
            index += 1;
        }
        table
    }

    /// The word as the table holds it, with its meaning.
    pub(crate) fn entry(&self, word: &str) -> Option<(&'static str, &'static str)> {
        self.entry_of(word, hash(word.as_bytes()))
    }

    /// [`entry`](Self::entry) of a word whose hash is known: a word is looked up in several tables.
    pub(crate) fn entry_of(&self, word: &str, hash: usize) -> Option<(&'static str, &'static str)> {
        let mut slot = hash & (SLOTS - 1);
        loop {
            let index = self.slots[slot];
            if index == EMPTY {
                return None;
            }
            let entry = self.entries[index as usize];
            if is_same(entry.0.as_bytes(), word.as_bytes()) {
                return Some(entry);
            }
            slot = (slot + 1) & (SLOTS - 1);
        }
    }

    /// What the word means.
    pub(crate) fn get(&self, word: &str) -> Option<&'static str> {
        self.entry(word).map(|(_, meaning)| meaning)
    }

    /// Every word with its meaning, in the file's order.
    #[cfg(test)]
    pub(crate) fn entries(&self) -> &[(&'static str, &'static str)] {
        &self.entries
    }
}

/// How many words a file has.
pub(crate) const fn count(text: &'static str) -> usize {
    let mut reader = Reader { rest: text, meaning: "" };
    let mut count = 0;
    while reader.next_word().is_some() {
        count += 1;
    }
    count
}

/// How many slots serve that many words: at most half of them filled.
pub(crate) const fn slots(words: usize) -> usize {
    (2 * words).next_power_of_two()
}

/// A table of a file in `words/`.
macro_rules! table {
    ($name:ident, $file:literal) => {
        static $name: $crate::table::Table<
            { $crate::table::count(include_str!(concat!("words/", $file))) },
            { $crate::table::slots($crate::table::count(include_str!(concat!("words/", $file)))) },
        > = $crate::table::Table::of(include_str!(concat!("words/", $file)));
    };
}
pub(crate) use table;

/// FNV-1a: good enough for a few thousand short words, and possible at compile time.
pub(crate) const fn hash(bytes: &[u8]) -> usize {
    let mut hash: u32 = 0x811c_9dc5;
    let mut i = 0;
    while i < bytes.len() {
        hash = (hash ^ bytes[i] as u32).wrapping_mul(0x0100_0193);
        i += 1;
    }
    (hash ^ (hash >> 15)) as usize
}

/// Whether two texts are the same: `==` for what is worked out while compiling.
pub const fn same(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() != b.len() {
        return false;
    }
    let mut i = 0;
    while i < a.len() {
        if a[i] != b[i] {
            return false;
        }
        i += 1;
    }
    true
}

/// Reads a file word by word.
struct Reader {
    rest: &'static str,
    meaning: &'static str,
}

impl Reader {
    const fn next_word(&mut self) -> Option<&'static str> {
        loop {
            self.skip_spaces();
            let bytes = self.rest.as_bytes();
            if bytes.is_empty() {
                return None;
            }
            if bytes[0] == b'\n' {
                self.meaning = "";
                self.take(1);
            } else if bytes[0] == b'#' {
                self.take(until(bytes, b'\n'));
            } else if self.meaning.is_empty() {
                self.meaning = self.take(until(bytes, b':'));
                self.take(1);
            } else {
                return Some(self.take(word_end(bytes)));
            }
        }
    }

    const fn skip_spaces(&mut self) {
        while !self.rest.is_empty() && self.rest.as_bytes()[0] == b' ' {
            self.take(1);
        }
    }

    const fn take(&mut self, length: usize) -> &'static str {
        let (taken, rest) = self.rest.split_at(length);
        self.rest = rest;
        taken
    }
}

const fn until(bytes: &[u8], end: u8) -> usize {
    let mut i = 0;
    while i < bytes.len() && bytes[i] != end {
        i += 1;
    }
    i
}

const fn word_end(bytes: &[u8]) -> usize {
    let mut i = 0;
    while i < bytes.len() && bytes[i] != b' ' && bytes[i] != b'\n' {
        i += 1;
    }
    i
}
