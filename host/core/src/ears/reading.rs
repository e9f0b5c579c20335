//! A message as the ears read it: features that a model weighs.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::LazyLock;

use santun_language::{Kind, Normalised, alike, root_and_known};

/// The words of a message that are read: of a longer one as many from its beginning as from its end.
pub(super) const LONGEST: usize = 96;
/// What an operator's own word for a human is read as.
const OWN_HUMAN: &str = "admin";

/// A kind of feature: what it is made of, and how much it counts while learning.
#[derive(Clone, Copy)]
struct Trait {
    number: u32,
    weight: f32,
}

const ALWAYS: Trait = Trait { number: 1, weight: 1.0 };
const WORD: Trait = Trait { number: 2, weight: 1.0 };
const ROOT: Trait = Trait { number: 3, weight: 0.7 };
const LETTERS: Trait = Trait { number: 4, weight: 0.3 };
const CLASS: Trait = Trait { number: 5, weight: 0.7 };
/// Two words that follow one another; the kinds after it are of words one and two farther apart.
const PAIR: Trait = Trait { number: 6, weight: 1.0 };
const APART: Trait = Trait { number: 7, weight: 0.7 };
const CLASSES: Trait = Trait { number: 8, weight: 1.0 };
const CLASSES_APART: Trait = Trait { number: 9, weight: 0.7 };
const CLASS_THEN_WORD: Trait = Trait { number: 10, weight: 0.7 };
const CLASS_APART_WORD: Trait = Trait { number: 11, weight: 0.7 };
const WORD_THEN_CLASS: Trait = Trait { number: 12, weight: 0.7 };
const WORD_APART_CLASS: Trait = Trait { number: 13, weight: 0.7 };
const THREE: Trait = Trait { number: 14, weight: 1.0 };
const ASKS: Trait = Trait { number: 15, weight: 0.5 };
const LENGTH: Trait = Trait { number: 16, weight: 0.5 };

/// A word that was mistyped, as it was meant.
const MEANT: Trait = Trait { number: 17, weight: 0.7 };

/// A feature of a message: which, and how much it counts while learning.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Feature {
    /// A hash that is the same on every machine.
    pub hash: u32,
    /// Constant for the kind of feature.
    pub weight: f32,
}

impl Trait {
    fn of(self, what: u32) -> Feature {
        Feature { hash: mix(self.number, what), weight: self.weight }
    }
}

/// What any message of so many words has.
pub(super) fn of_any(length: usize) -> [Feature; 2] {
    [ALWAYS.of(0), LENGTH.of(length.next_power_of_two() as u32)]
}

/// A word of a message.
#[derive(Clone, Copy)]
struct Word {
    /// The hash of its root.
    root: u32,
    /// Its classes but filler, one bit each.
    classes: u64,
}

/// Before the first word, and after the last.
const BEGIN: Word = Word { root: 1, classes: 1 << 62 };
const END: Word = Word { root: 2, classes: 1 << 63 };

/// Passes on the features of a message, each with the place of its word among those that say something; 0 is the
/// beginning, and the message as a whole. Words that `is_human` says to be an operator's own for a human are
/// read as one.
pub(super) fn features(text: &Normalised, is_human: impl Fn(&str) -> bool, mut found: impl FnMut(usize, Feature)) {
    let mut put = |place: usize, kind: Trait, what: u32| found(place, kind.of(what));
    let mut words = [BEGIN; LONGEST + 2];
    let mut length = 1;
    put(0, ALWAYS, 0);
    let all = text.tokens();
    let left_out = LONGEST / 2..(LONGEST / 2).max(all.len().saturating_sub(LONGEST / 2));
    for (at, token) in all.enumerate() {
        if left_out.contains(&at) || token.kind == Kind::Emoji && picture(token.word).is_none() {
            continue;
        }
        let word = match token.kind {
            Kind::Emoji => picture(token.word).unwrap_or_default(),
            Kind::Word if is_human(token.word) => OWN_HUMAN,
            Kind::Word => token.word,
            _ => "0",
        };
        let (mut root, known) = root_and_known(word);
        let mut classes = CLASSES_OF_WORDS.of(&[word, root, token.written]);
        let word_hash = hash(word.as_bytes());
        put(length, WORD, word_hash);
        if classes == 0
            && token.kind == Kind::Word
            && !known
            && let Some((meant, of)) = CLASSES_OF_WORDS.meant(word)
        {
            (root, classes) = (meant, of);
            put(length, MEANT, hash(meant.as_bytes()));
        }
        let root_hash = hash(root.as_bytes());
        if root_hash != word_hash {
            put(length, ROOT, root_hash);
        }
        if classes & FILLER == 0 && word != "0" {
            letters(word, |gram| put(length, LETTERS, gram));
        }
        bits(classes, |class| put(length, CLASS, class));
        if classes != FILLER {
            words[length] = Word { root: root_hash, classes: classes & !FILLER };
            length += 1;
        }
    }
    words[length] = END;
    length += 1;
    pairs(&words[..length], &mut put);
    put(0, ASKS, u32::from(text.asks()));
    put(0, LENGTH, (length as u32 - 2).next_power_of_two());
}

/// The word that a picture stands for, of the few that ask something.
fn picture(emoji: &str) -> Option<&'static str> {
    match emoji {
        "🤖" => Some("robot"),
        "📞" | "☎" => Some("telepon"),
        "🛑" | "🚫" | "⛔" | "🔕" => Some("stop"),
        _ => None,
    }
}

/// Whether a standard word says nothing here: *kak*, *dong*, *please*.
pub(super) fn is_filler(word: &str) -> bool {
    CLASSES_OF_WORDS.of(&[word]) == FILLER
}

/// How words stand beside one another, and one or two places apart.
fn pairs(words: &[Word], put: &mut impl FnMut(usize, Trait, u32)) {
    for (at, first) in words.iter().enumerate() {
        for (steps, second) in words[at + 1..].iter().take(3).enumerate() {
            let [pair, classes, class_word, word_class] = if steps == 0 {
                [PAIR, CLASSES, CLASS_THEN_WORD, WORD_THEN_CLASS]
            } else {
                [APART, CLASSES_APART, CLASS_APART_WORD, WORD_APART_CLASS]
            };
            put(at, pair, mix(first.root, second.root));
            bits(first.classes, |a| {
                put(at, class_word, mix(a, second.root));
                bits(second.classes, |b| put(at, classes, mix(a, b)));
            });
            bits(second.classes, |b| put(at, word_class, mix(first.root, b)));
        }
    }
    for (at, three) in words.windows(3).enumerate() {
        let [a, b, c] = [three[0], three[1], three[2]].map(|word| match word.classes {
            0 => word.root,
            classes => classes.trailing_zeros(),
        });
        put(at, THREE, mix(mix(a, b), c));
    }
}

/// Passes on the hashes of the stretches of three to five letters of a word, its ends included.
fn letters(word: &str, mut found: impl FnMut(u32)) {
    let at = |place: usize| match place {
        0 => Some(b'<'),
        place if place == word.len() + 1 => Some(b'>'),
        place => word.as_bytes().get(place - 1).copied(),
    };
    for start in 0..word.len() {
        let mut hash = OFFSET;
        for length in 0..5 {
            let Some(letter) = at(start + length) else { break };
            hash = step(hash, letter);
            if length >= 2 {
                found(hash);
            }
        }
    }
}

fn bits(mut classes: u64, mut found: impl FnMut(u32)) {
    while classes != 0 {
        found(classes.trailing_zeros());
        classes &= classes - 1;
    }
}

const OFFSET: u32 = 0x811c_9dc5;

/// FNV-1a.
const fn step(hash: u32, byte: u8) -> u32 {
    (hash ^ byte as u32).wrapping_mul(0x0100_0193)
}

fn hash(bytes: &[u8]) -> u32 {
    bytes.iter().fold(OFFSET, |hash, byte| step(hash, *byte))
}

/// Two numbers as one, every bit of it depending on every bit of them.
fn mix(a: u32, b: u32) -> u32 {
    let x = a.wrapping_mul(0x9E37_79B1) ^ b.wrapping_add(0x85EB_CA6B).rotate_left(13).wrapping_mul(0xC2B2_AE35);
    let x = (x ^ (x >> 15)).wrapping_mul(0x2C1B_3C6D);
    x ^ (x >> 12)
}

/// The class of words that say nothing.
const FILLER: u64 = 1;

/// The built-in classes.
pub(super) const CLASSES_FILE: &str = include_str!("classes.txt");
static CLASSES_OF_WORDS: LazyLock<WordClasses> = LazyLock::new(|| WordClasses::parse(CLASSES_FILE));

/// The classes of words, one bit each; the first is filler.
struct WordClasses {
    classes: HashMap<&'static str, u64, BuildHasherDefault<Fnv>>,
    /// Longer words by how they are mistyped: with a letter left out (and its place in any other slip), and
    /// without vowels.
    slips: HashMap<u32, &'static str, BuildHasherDefault<Fnv>>,
}

/// The shortest word of which a slip is forgiven.
const FORGIVING: usize = 5;

impl WordClasses {
    fn parse(file: &'static str) -> Self {
        let mut names = vec!["FILL"];
        let mut classes = HashMap::default();
        let mut slips = HashMap::default();
        for (name, list) in file.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(':')) {
            let bit = names.iter().position(|known| *known == name).unwrap_or_else(|| {
                names.push(name);
                names.len() - 1
            });
            for word in list.split_whitespace() {
                *classes.entry(word).or_default() |= 1_u64 << bit.min(61);
                if bit > 0 && word.len() >= FORGIVING {
                    shorter(word, |slip| {
                        slips.entry(slip).or_insert(word);
                    });
                    slips.entry(hash(word.as_bytes())).or_insert(word);
                    slips.entry(skeleton(word)).or_insert(word);
                }
            }
        }
        Self { classes, slips }
    }

    /// The classes of the first of these forms that has any.
    fn of(&self, forms: &[&str]) -> u64 {
        forms.iter().find_map(|form| self.classes.get(form)).copied().unwrap_or_default()
    }

    /// The word with classes that an unknown one was meant to be, and its classes.
    fn meant(&self, typed: &str) -> Option<(&'static str, u64)> {
        let mut meant = None;
        if typed.len() + 1 >= FORGIVING && typed.len() <= 16 {
            meant = self.slips.get(&hash(typed.as_bytes()));
            shorter(typed, |slip| meant = meant.or_else(|| self.slips.get(&slip)));
            meant = meant.filter(|word| alike(typed, word));
        }
        if typed.len() >= 3 {
            let shortened = || self.slips.get(&skeleton(typed)).filter(|word| typed.len() < word.len());
            meant = meant.or_else(shortened);
        }
        meant.map(|word| (*word, self.of(&[word])))
    }
}

/// Passes on the hashes of a word without one of its letters.
fn shorter(word: &str, mut found: impl FnMut(u32)) {
    for without in 1..word.len() {
        let letters = word.bytes().enumerate().filter(|(at, _)| *at != without);
        found(letters.fold(OFFSET, |hash, (_, byte)| step(hash, byte)));
    }
}

/// A word without its vowels, save a first one, as it is shortened: *krm*, *aktfkn*.
fn skeleton(word: &str) -> u32 {
    let vowel = |byte: u8| matches!(byte, b'a' | b'e' | b'i' | b'o' | b'u');
    let letters = word.bytes().enumerate().filter(|(at, byte)| *at == 0 || !vowel(*byte));
    letters.fold(mix(OFFSET, 1), |hash, (_, byte)| step(hash, byte))
}

/// A quick hash for the short words of a fixed list.
#[derive(Default)]
struct Fnv(u32);

impl Hasher for Fnv {
    fn finish(&self) -> u64 {
        u64::from(self.0).wrapping_mul(0x9E37_79B9_7F4A_7C15)
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = bytes.iter().fold(self.0, |hash, byte| step(hash, *byte));
    }
}

#[cfg(test)]
mod tests {
    use santun_language::normalise;

    use std::collections::HashSet;

    use super::*;

    fn read(text: &str) -> Vec<u32> {
        let mut hashes = Vec::new();
        features(&normalise(text), |word| word == "kapten", |_, feature| hashes.push(feature.hash));
        hashes
    }

    #[test]
    fn words_of_a_class_share_features() {
        let (one, other) = (read("bicara dengan petugas"), read("ngobrol sama supervisor"));
        let unlike = read("harga kaos merah");
        let shared = |a: &[u32], b: &[u32]| a.iter().filter(|feature| b.contains(feature)).count();
        assert!(shared(&one, &other) > 3 * shared(&one, &unlike), "{} {}", shared(&one, &other), shared(&one, &unlike));
    }

    #[test]
    fn an_operators_own_word_is_read_as_a_human() {
        assert_eq!(read("panggil kapten dong"), read("panggil admin dong"));
    }

    #[test]
    fn a_long_message_is_read_up_to_a_point() {
        let long = "halo ".repeat(3000) + "stop promo";
        assert!(read(&long).len() < 4_000);
    }

    #[test]
    fn there_are_not_more_classes_than_bits() {
        let lines = CLASSES_FILE.lines().filter(|line| !line.starts_with('#'));
        let names: HashSet<&str> = lines.filter_map(|line| line.split_once(':')).map(|(name, _)| name).collect();
        assert!(names.len() <= 60 && names.contains("FILL"));
    }
}
