//! What the model sees of a message: its words, what they mean, how it is written, and what went before.
//!
//! A feature is a number that stands for something seen, such as the word `kecewa` or the cue `late`. Features come in
//! groups; each group counts by how many of its features there are, so that a long message does not shout a short
//! one down.

use santun_concepts::spelling::hash;

use crate::cues::{Cue, Cues};
use crate::history::Past;
use crate::reading::Reading;

/// The groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Group {
    /// Words, pairs of words.
    Words,
    /// Cues.
    Cues,
    /// Marks and figures.
    Signs,
    /// Cues of neighbours.
    Near,
    /// What went before.
    Past,
}

/// How many groups there are.
pub const GROUPS: usize = 5;

/// Something seen in a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Feature {
    /// What.
    pub id: u32,
    /// Its group.
    pub group: Group,
    /// The word that it belongs to; [`NO_WORD`] if to none.
    pub word: u16,
}

/// A feature of the message as a whole.
pub const NO_WORD: u16 = u16::MAX;
/// An unknown word is known by so many of its first letters too: *sedekahnya* is like *sedekah*.
const STEM_LETTERS: usize = 5;
/// Longer messages are looked at up to here.
const WORDS_MAX: usize = 48;

/// A word.
#[derive(Clone, Copy)]
struct Word {
    id: u32,
    classes: &'static [[u8; 2]],
}

/// Passes on every feature, some of them more than once.
pub fn each(reading: &Reading<'_>, past: &Past, mut put: impl FnMut(Feature)) {
    words(reading, past, &mut put);
    for cue in reading.cues.concepts() {
        put(Feature { id: pair(CUE, u32::from(cue)), group: Group::Cues, word: NO_WORD });
    }
    signs(reading, past, &mut put);
    before(past, &mut put);
}

fn words(reading: &Reading<'_>, past: &Past, put: &mut impl FnMut(Feature)) {
    let edge = Word { id: START, classes: &[] };
    // The word before, and the one before that.
    let mut last = [edge; 2];
    for (at, (letters, form, classes)) in (0_u16..).zip(reading.cues.each().take(WORDS_MAX)) {
        let number = letters.bytes().all(|byte| byte.is_ascii_digit());
        let word = Word { id: if number { NUMBER } else { form }, classes };
        let mut see = |id: u32, group: Group| put(Feature { id, group, word: at });
        see(pair(WORD, word.id), Group::Words);
        if classes.is_empty()
            && let Some(stem) = letters.as_bytes().get(..STEM_LETTERS).filter(|_| letters.len() > STEM_LETTERS)
        {
            see(pair(STEM, hash(stem)), Group::Words);
        }
        if past.asked {
            see(pair(ANSWER, word.id), Group::Words);
        }
        see(pair(last[0].id, word.id), Group::Words);
        see(pair(last[1].id ^ 0x5555, word.id), Group::Words);
        for (steps, earlier) in (0_u32..).zip(&last) {
            for [class, _] in classes {
                see(pair(earlier.id ^ steps << 16, u32::from(*class) | BEFORE_CLASS), Group::Near);
                for [other, _] in earlier.classes {
                    see(pair(NEIGHBOURS ^ steps << 16, u32::from(*other) << 8 | u32::from(*class)), Group::Near);
                }
            }
            for [other, _] in earlier.classes {
                see(pair(u32::from(*other) | BEFORE_WORD ^ steps << 16, word.id), Group::Near);
            }
        }
        last = [word, last[0]];
    }
    put(Feature { id: pair(last[0].id, START), group: Group::Words, word: NO_WORD });
}

fn signs(reading: &Reading<'_>, past: &Past, put: &mut impl FnMut(Feature)) {
    let Reading { text, cues, figures } = reading;
    let loud = cues.loudness;
    let length = cues.length();
    let signs = [
        true,
        text.contains('?'),
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
        length <= 1,
        length <= 2,
        length <= 4,
        length >= 8,
        length >= 12,
        length >= 18,
        text.contains('!'),
        past.asked,
    ];
    for (sign, _) in (0..).zip(signs).filter(|(_, present)| *present) {
        put(Feature { id: pair(SIGN, sign), group: Group::Signs, word: NO_WORD });
    }
    tongue(cues, length, put);
    if past.asked {
        put(Feature { id: pair(ANSWER, length.min(8) as u32), group: Group::Signs, word: NO_WORD });
    }
    for picture in text.chars().filter(|ch| u32::from(*ch) >= 0x2600).take(4) {
        put(Feature { id: pair(PICTURE, u32::from(picture)), group: Group::Signs, word: NO_WORD });
    }
}

/// How much of it is in another language, in steps: a word or two of Javanese are everybody's, a whole message of them
/// is not for this bot.
fn tongue(cues: &Cues, length: usize, put: &mut impl FnMut(Feature)) {
    let unknown = cues.each().filter(|(.., meant)| meant.is_empty()).count();
    let found = [cues.count(Cue::Regional), cues.count(Cue::Abroad), unknown];
    for (name, words) in (0_u32..).zip(found) {
        for step in (1..=4).filter(|step| words >= *step) {
            put(Feature { id: pair(TONGUE, name << 8 | step as u32), group: Group::Signs, word: NO_WORD });
        }
        // In tenths, if there is more than one.
        let share = if words < 2 { 0 } else { 10 * words / length };
        for step in [3, 5, 7].into_iter().filter(|step| share >= *step) {
            put(Feature { id: pair(TONGUE, name << 8 | 16 | step as u32), group: Group::Signs, word: NO_WORD });
        }
    }
}

/// What went before, in steps: a share has every step that it reaches.
fn before(past: &Past, put: &mut impl FnMut(Feature)) {
    if past.messages == 0 {
        return;
    }
    let stairs: [(u32, &[u32]); 10] = [
        (past.said.into(), &[5, 8, 10, 13, 15, 18, 20]),
        (past.spelt.into(), &[4, 6, 8, 10, 12, 15]),
        (past.echoes.into(), &[1, 2, 3]),
        (past.fresh.into(), &[1, 2, 3, 4]),
        (past.said.min(past.spelt).into(), &[5, 8, 10, 13]),
        (past.messages, &[1, 2, 4]),
        (past.alike, &[1, 2]),
        (past.unanswered, &[1, 2]),
        (past.lost, &[1, 2]),
        (u32::from(past.same_answer) + 2 * u32::from(past.answered), &[1, 2, 3]),
    ];
    for (name, (value, steps)) in (0_u32..).zip(stairs) {
        for step in steps.iter().filter(|step| value >= **step) {
            put(Feature { id: pair(STAIRS, name << 8 | *step), group: Group::Past, word: NO_WORD });
        }
    }
}

// What tells kinds of features apart.
const START: u32 = 0x9e37_79b9;
const NUMBER: u32 = 0x0a11_0000;
const CUE: u32 = 0x0a11_0001;
const WORD: u32 = 0x0a11_0002;
const NEIGHBOURS: u32 = 0x0a11_0003;
const SIGN: u32 = 0x0a11_0004;
const STAIRS: u32 = 0x0a11_0005;
const ANSWER: u32 = 0x0a11_0006;
const PICTURE: u32 = 0x0a11_0007;
const TONGUE: u32 = 0x0a11_0008;
const STEM: u32 = 0x0a11_0009;
const BEFORE_CLASS: u32 = 0x0a11_0800;
const BEFORE_WORD: u32 = 0x0a11_1000;

fn pair(one: u32, other: u32) -> u32 {
    mix(one.rotate_left(7) ^ other.wrapping_mul(0x9e37_79b1))
}

fn mix(mut h: u32) -> u32 {
    h ^= h >> 16;
    h = h.wrapping_mul(0x85eb_ca6b);
    h ^ (h >> 13)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_tongues(text: &str) -> usize {
        let ids: Vec<u32> = (0..3).flat_map(|name| (0..32).map(move |step| pair(TONGUE, name << 8 | step))).collect();
        let mut found = 0;
        each(&Reading::of(text), &Past::default(), |feature| found += usize::from(ids.contains(&feature.id)));
        found
    }

    #[test]
    fn a_message_in_another_language_shows_more_of_it_than_a_word_does() {
        let whole = of_tongues("piye iki mas, barange kok durung teko");
        let word = of_tongues("nggih pak, saya tunggu kabarnya");
        assert!(whole >= 4 && word < whole, "{whole} and {word}");
        assert_eq!(of_tongues("barang saya belum sampai"), 0);
        assert!(of_tongues("je n'ai pas reçu ma commande") >= 4);
    }

    #[test]
    fn an_unknown_word_is_like_another_of_its_stem() {
        let read = |text: &str| {
            let mut ids = Vec::new();
            each(&Reading::of(text), &Past::default(), |feature| ids.push(feature.id));
            ids
        };
        let one = read("zamrudnya");
        let shared = read("zamrudmu").into_iter().filter(|id| one.contains(id)).count();
        let others = read("belerang").into_iter().filter(|id| one.contains(id)).count();
        assert!(shared > others, "{shared} and {others}");
    }
}
