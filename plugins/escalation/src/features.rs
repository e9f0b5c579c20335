//! What the model sees of a message: its words, what they mean, how it is written, and what went before.
//!
//! A feature is a number that stands for something seen, such as the root `kecewa` or the cue `late`. Features
//! come in groups; each group counts by how many of its features there are, so that a long message does not
//! shout a short one down.

use santun_language::{Kind, Normalised, root};

use crate::cues::Cues;
use crate::history::Past;
use crate::reading::Reading;

/// The groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Group {
    /// Roots, pairs of roots.
    Words,
    /// Pieces of words.
    Pieces,
    /// Cues.
    Cues,
    /// Marks, figures, history.
    Signs,
    /// Pairs of cues of neighbours.
    Near,
    /// What went before.
    Past,
}

/// How many groups there are.
pub const GROUPS: usize = 6;

/// Something seen in a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Feature {
    /// What.
    pub id: u32,
    /// Its group.
    pub group: Group,
    /// The word of [`Normalised::tokens`] that it belongs to; [`NO_WORD`] if to none.
    pub word: u16,
}

/// A feature of the message as a whole.
pub const NO_WORD: u16 = u16::MAX;
/// Longer messages are looked at up to here.
const WORDS_MAX: usize = 60;

/// Calls `put` with every feature, some of them more than once.
pub fn each(reading: &Reading, past: &Past, put: &mut dyn FnMut(Feature)) {
    words(&reading.words, put);
    meant(&reading.cues, put);
    signs(reading, past, put);
    before(past, put);
}

fn words(text: &Normalised, put: &mut dyn FnMut(Feature)) {
    let (mut before, mut first) = (START, START);
    for (at, token) in text.tokens().enumerate().take(WORDS_MAX) {
        let word = at as u16;
        let id = match token.kind {
            Kind::Word => {
                let root = root(token.word);
                pieces(token.word, word, put);
                let id = hash(1, root.as_bytes());
                if root != token.word {
                    put(Feature { id: hash(1, token.word.as_bytes()), group: Group::Words, word });
                }
                id
            }
            Kind::Number => hash(2, b"#"),
            Kind::Code => hash(2, b"code"),
            Kind::Emoji => hash(1, token.word.as_bytes()),
        };
        put(Feature { id, group: Group::Words, word });
        put(Feature { id: pair(before, id), group: Group::Words, word });
        put(Feature { id: pair(first ^ 0x5555, id), group: Group::Words, word });
        (first, before) = (before, id);
    }
    put(Feature { id: pair(before, START), group: Group::Words, word: NO_WORD });
}

/// Three to five letters in a row, the ends of the word among them.
fn pieces(word: &str, at: u16, put: &mut dyn FnMut(Feature)) {
    let mut framed = [b'_'; 34];
    let bytes = word.as_bytes();
    let length = bytes.len().min(32);
    framed[1..=length].copy_from_slice(&bytes[..length]);
    let framed = &framed[..length + 2];
    for size in 3..=5 {
        for piece in framed.windows(size) {
            put(Feature { id: hash(3, piece), group: Group::Pieces, word: at });
        }
    }
}

fn meant(cues: &Cues, put: &mut dyn FnMut(Feature)) {
    for cue in cues.concepts() {
        put(Feature { id: pair(CUE, u32::from(cue)), group: Group::Cues, word: NO_WORD });
    }
    let alone = cues.alone();
    for (at, first) in alone.iter().enumerate().take(WORDS_MAX) {
        for second in alone[at + 1..].iter().take(2) {
            for [one, _] in *first {
                for [other, _] in *second {
                    let id = pair(NEIGHBOURS, u32::from(*one) << 8 | u32::from(*other));
                    put(Feature { id, group: Group::Near, word: NO_WORD });
                }
            }
        }
    }
}

fn signs(reading: &Reading, past: &Past, put: &mut dyn FnMut(Feature)) {
    let Reading { words, cues, figures } = reading;
    let loud = cues.loudness;
    let length = cues.length();
    let signs = [
        true,
        words.asks(),
        cues.asks_whether,
        loud.capitals,
        loud.marks,
        loud.angry,
        loud.sad,
        loud.laughing,
        loud.ironic,
        loud.other_script,
        !figures.amounts.is_empty(),
        !figures.orders.is_empty(),
        !figures.spans.is_empty(),
        figures.pieces >= 12,
        figures.pieces >= 50,
        figures.most >= 24,
        figures.times >= 2,
        figures.offered,
        length <= 2,
        length <= 4,
        length >= 8,
        length >= 12,
        length >= 18,
        past.turns > 0,
        past.answered,
        past.turns >= 3,
        past.alike >= 1,
        past.alike >= 2,
        past.unanswered >= 1,
        past.lost >= 1,
        past.lost >= 2,
        past.same_answer,
    ];
    for (sign, _) in (0..).zip(signs).filter(|(_, present)| *present) {
        put(Feature { id: pair(SIGN, sign), group: Group::Signs, word: NO_WORD });
    }
}

/// How much of the message was said before, in steps: a share has every step that it reaches.
fn before(past: &Past, put: &mut dyn FnMut(Feature)) {
    if past.messages == 0 {
        return;
    }
    let stairs: [(u8, &[u8]); 7] = [
        (past.said, &[5, 8, 10, 13, 15, 20]),
        (past.spelt, &[4, 6, 8, 10, 12, 15]),
        (past.echoes, &[1, 2, 3]),
        (past.fresh, &[1, 2, 3, 4]),
        (past.by_the_bot, &[4, 8, 12]),
        (past.said.min(past.spelt), &[5, 8, 10, 13]),
        (u8::try_from(past.messages).unwrap_or(u8::MAX), &[2, 4]),
    ];
    for (name, (value, steps)) in (0..).zip(stairs) {
        for step in steps.iter().filter(|step| value >= **step) {
            let id = pair(STAIRS, name << 8 | u32::from(*step));
            put(Feature { id, group: Group::Past, word: NO_WORD });
        }
    }
}

// What tells kinds of features apart.
const START: u32 = 0x9e37_79b9;
const CUE: u32 = 0x0a11_0001;
const NEIGHBOURS: u32 = 0x0a11_0003;
const SIGN: u32 = 0x0a11_0004;
const STAIRS: u32 = 0x0a11_0005;

fn hash(kind: u32, bytes: &[u8]) -> u32 {
    let mut h: u32 = 0x811c_9dc5 ^ kind.wrapping_mul(0x9e37_79b1);
    for &byte in bytes {
        h = (h ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    }
    mix(h)
}

fn pair(one: u32, other: u32) -> u32 {
    mix(one.rotate_left(7) ^ other.wrapping_mul(0x9e37_79b1))
}

fn mix(mut h: u32) -> u32 {
    h ^= h >> 16;
    h = h.wrapping_mul(0x85eb_ca6b);
    h ^= h >> 13;
    h = h.wrapping_mul(0xc2b2_ae35);
    h ^ (h >> 16)
}
