//! Reading a text into its features.

use crate::SHOP;
use crate::fields::FIELDS;
use crate::lexicon::{Known, Lexicon};
use crate::spelling::{self, Hash};
use crate::trades::TRADES;

/// Something that a text is about.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Feature {
    /// Which: concepts have their number, words and pieces of words their hash with the highest bit set.
    pub id: Hash,
    /// How much it tells, before it is known how common it is; about 1 for a topic.
    pub mass: f32,
}

impl Feature {
    /// Whether it is a concept or a field of words (and not a word or a piece of one).
    pub fn is_concept(self) -> bool {
        self.id < FIELD * 3
    }

    /// The name of a concept of the shop's lexicon or of a field, for explanations.
    pub fn name(self) -> Option<&'static str> {
        let lexicon = [&SHOP, &FIELDS, &TRADES].into_iter().nth((self.id / FIELD) as usize)?;
        Self { id: self.id % FIELD, ..self }.name_in(lexicon)
    }

    /// The name of a concept of another lexicon.
    pub fn name_in(self, lexicon: &Lexicon) -> Option<&'static str> {
        lexicon.concepts.get(self.id as usize).map(|(name, _)| *name)
    }
}

/// What a text is about.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Meaning {
    /// Its features, each once.
    pub features: Vec<Feature>,
    /// How many of its words say something.
    pub words: usize,
    /// How many of them the lexicon knows.
    pub known: usize,
}

/// Fields are numbered from here.
const FIELD: Hash = 256;
/// The highest bit tells words from concepts.
const WORD: Hash = 0x8000_0000;
/// What a word without a concept tells.
const UNKNOWN_WORD: f32 = 0.5;
/// What all pieces of such a word tell together: they find it again when it is misspelt.
const PIECES: f32 = 0.35;
/// What a word tells beside its concept: of two entries on one topic, the one with the same words wins.
/// A word that differs tells nothing against an entry.
pub const KNOWN_WORD: f32 = 0.12;
/// Longer texts are read up to here; what matters in a message stands early or is repeated.
const TOKENS_MAX: usize = 96;

#[derive(Clone, Copy)]
pub(crate) struct Token {
    pub(crate) known: Option<Known>,
    /// Where its letters lie, for words that the lexicon does not know.
    pub(crate) at: usize,
    pub(crate) len: usize,
    pub(crate) number: bool,
}

impl Token {
    pub(crate) fn is_stop(self, lexicon: &Lexicon) -> bool {
        self.known.is_some_and(|known| known.means() && means_nothing(lexicon, known.concepts()))
    }
}

/// A weight of 0 says nothing; one below 0 makes a class, which says something to rules alone.
fn means_nothing(lexicon: &Lexicon, concepts: &[[u8; 2]]) -> bool {
    let weights = || concepts.iter().map(|[concept, _]| lexicon.weight(*concept));
    weights().all(|weight| weight <= 0.0) && weights().any(|weight| weight == 0.0)
}

/// Reads a text with the shop's lexicon, and its fields of words.
pub fn read(text: &str) -> Meaning {
    let (tokens, letters) = tokens(&SHOP, text, Letters::Unknown);
    with_fields(text, &tokens, &letters)
}

/// What the shop's lexicon makes of a text's words, and the fields that they are of.
pub(crate) fn with_fields(text: &str, tokens: &[Token], letters: &[u8]) -> Meaning {
    let (of_fields, field_letters) = self::tokens(&FIELDS, text, Letters::Unknown);
    let (of_trades, trade_letters) = self::tokens(&TRADES, text, Letters::Unknown);
    let means = |tokens: &[Token], at: usize| {
        let token: Option<&Token> = tokens.get(at);
        token.and_then(|token| token.known).is_some_and(Known::means)
    };
    let is_known = |at: usize| means(&of_fields, at) || means(&of_trades, at);
    let stranger = |at: usize| if is_known(at) { Stranger::KnownElsewhere } else { Stranger::Unknown };
    let mut gathered = gather(&SHOP, tokens, letters, stranger);
    // Words that no lexicon knows are told by the shop's.
    let fields = gather(&FIELDS, &of_fields, &field_letters, |_| Stranger::LeftOut).meaning;
    for feature in fields.features.into_iter().filter(|feature| feature.id < FIELD) {
        gathered.put(Feature { id: feature.id + FIELD, mass: feature.mass });
    }
    let trades = gather(&TRADES, &of_trades, &trade_letters, |_| Stranger::LeftOut).meaning;
    for feature in trades.features.into_iter().filter(|feature| feature.id < FIELD) {
        gathered.put(Feature { id: feature.id + FIELD * 2, mass: feature.mass });
    }
    gathered.meaning
}

/// Which words' letters are kept.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Letters {
    /// All, with a space between.
    Keep,
    /// Those of words that the lexicon does not know.
    Unknown,
}

/// The words of a text, looked up.
pub(crate) fn tokens(lexicon: &Lexicon, text: &str, keep: Letters) -> (Vec<Token>, Vec<u8>) {
    let mut letters: Vec<u8> = Vec::with_capacity(text.len().min(1024));
    let mut tokens: Vec<Token> = Vec::with_capacity(24);
    spelling::words(text, |word| {
        if tokens.len() == TOKENS_MAX {
            return;
        }
        let number = word.iter().all(u8::is_ascii_digit);
        let known = lexicon.word(word).or_else(|| if number { None } else { lexicon.misspelt(word) });
        if keep == Letters::Keep && !letters.is_empty() {
            letters.push(b' ');
        }
        let at = letters.len();
        if known.is_none() || keep == Letters::Keep {
            letters.extend_from_slice(word);
        }
        tokens.push(Token { known, at, len: letters.len() - at, number });
    });
    (tokens, letters)
}

/// Reads a text with any lexicon.
pub fn read_with(lexicon: &Lexicon, text: &str) -> Meaning {
    let (tokens, letters) = tokens(lexicon, text, Letters::Unknown);
    gather(lexicon, &tokens, &letters, |_| Stranger::Unknown).meaning
}

/// What becomes of a word that a lexicon does not know.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stranger {
    /// It tells by its letters.
    Unknown,
    /// Another lexicon knows it, and tells more of it.
    KnownElsewhere,
    /// It is told elsewhere.
    LeftOut,
}

/// What the words of a text are about; by its place, what becomes of a word that the lexicon does not know.
fn gather(lexicon: &Lexicon, tokens: &[Token], letters: &[u8], stranger: impl Fn(usize) -> Stranger) -> Gathered {
    let mut gathered = Gathered::new(tokens.len());
    let [negation, can] = lexicon.asking;
    let mut at = 0;
    let mut after_can = false;
    while at < tokens.len() {
        let token = tokens[at];
        let Some(known) = token.known else {
            gathered.unknown(token, letters, stranger(at));
            after_can = false;
            at += 1;
            continue;
        };
        let (meant, next) = longest(lexicon, tokens, at, known);
        at = next;
        let concepts = meant.concepts();
        if concepts.is_empty() || means_nothing(lexicon, concepts) {
            continue;
        }
        // "bisa cod ga?", "bisa ga bayar pakai dana": a question, and nothing is denied.
        let denies = negation.is_some_and(|not| concepts.iter().any(|[concept, _]| *concept == not));
        if denies && (after_can || !tokens[at..].iter().any(|rest| !rest.is_stop(lexicon))) {
            continue;
        }
        after_can = can.is_some_and(|can| concepts.iter().all(|[concept, _]| *concept == can));
        let mut tells = false;
        for [concept, share] in concepts {
            let mass = lexicon.weight(*concept) * f32::from(*share) / 100.0;
            tells |= mass >= 0.3;
            if mass > 0.0 {
                gathered.put(Feature { id: Hash::from(*concept), mass });
            }
        }
        if tells {
            gathered.meaning.words += 1;
            gathered.meaning.known += 1;
            gathered.put(Feature { id: meant.hash | WORD, mass: KNOWN_WORD });
        }
    }
    gathered
}

/// The longest phrase that begins at a token, and where it ends. Words that say nothing may stand inside.
pub(crate) fn longest(lexicon: &Lexicon, tokens: &[Token], at: usize, first: Known) -> (Known, usize) {
    let mut best = (first, at + 1);
    if first.leads() {
        follow(lexicon, tokens, at + 1, first, 1, &mut best);
    }
    best
}

fn follow(lexicon: &Lexicon, tokens: &[Token], from: usize, phrase: Known, depth: usize, best: &mut (Known, usize)) {
    let mut at = from;
    // In "mahal ga sih sampai sini" the denial belongs to what stands before it.
    let farthest = if is_denial(lexicon, phrase) { from } else { from + 2 };
    while let Some(token) = tokens.get(at) {
        if let Some(word) = token.known
            && let Some(longer) = lexicon.known(spelling::extend(phrase.hash, word.hash))
        {
            if longer.means() && at + 1 > best.1 {
                *best = (longer, at + 1);
            }
            if longer.leads() && depth < 5 {
                follow(lexicon, tokens, at + 1, longer, depth + 1, best);
            }
        }
        if !token.is_stop(lexicon) || at >= farthest {
            return;
        }
        at += 1;
    }
}

fn is_denial(lexicon: &Lexicon, phrase: Known) -> bool {
    matches!(phrase.concepts(), [[concept, _]] if Some(*concept) == lexicon.asking[0])
}

/// A meaning while it is gathered.
struct Gathered {
    meaning: Meaning,
    /// Of every feature that is in it, a bit: what has none need not be searched for. A message of two hundred bytes
    /// has some three hundred features, and each was compared with all before it.
    seen: [u64; SEEN / 64],
}

/// How many bits there are, a power of two: of three hundred features one in thirty is searched for in vain.
const SEEN: usize = 8_192;

impl Gathered {
    fn new(words: usize) -> Self {
        // A word that the lexicon knows has a few features.
        let features = Vec::with_capacity(24.max(4 * words));
        Self { meaning: Meaning { features, words: 0, known: 0 }, seen: [0; SEEN / 64] }
    }

    fn put(&mut self, feature: Feature) {
        let bit = feature.id as usize % SEEN;
        let (bits, mask) = (&mut self.seen[bit / 64], 1 << (bit % 64));
        let features = &mut self.meaning.features;
        if *bits & mask != 0
            && let Some(known) = features.iter_mut().find(|known| known.id == feature.id)
        {
            known.mass = known.mass.max(feature.mass);
            return;
        }
        *bits |= mask;
        features.push(feature);
    }

    fn unknown(&mut self, token: Token, letters: &[u8], stranger: Stranger) {
        if token.number || token.len < 2 || stranger == Stranger::LeftOut {
            return;
        }
        let is_known = stranger == Stranger::KnownElsewhere;
        let word = &letters[token.at..token.at + token.len];
        self.meaning.words += 1;
        self.meaning.known += usize::from(is_known);
        let mass = if is_known { KNOWN_WORD } else { UNKNOWN_WORD };
        self.put(Feature { id: spelling::hash(word) | WORD, mass });
        if word.len() < 4 || is_known {
            return;
        }
        let mut framed = [b'^'; spelling::WORD_MAX + 2];
        let framed = spelling::framed(word, &mut framed);
        let pieces = framed.windows(3).chain(framed.windows(4));
        #[expect(clippy::cast_precision_loss, reason = "a word has a few dozen pieces")]
        let mass = PIECES / (2 * framed.len() - 5) as f32;
        for piece in pieces {
            self.put(Feature { id: spelling::extend(1, spelling::hash(piece)) | WORD, mass });
        }
    }
}

/// How much two texts are about the same, from 0 to 1: by their concepts and by the words that have none.
pub fn resemblance(one: &Meaning, other: &Meaning) -> f32 {
    let telling = |meaning: &Meaning| {
        meaning.features.iter().copied().filter(|feature| feature.mass > KNOWN_WORD).collect::<Vec<_>>()
    };
    let (one, other) = (telling(one), telling(other));
    let shared: f32 = one
        .iter()
        .filter_map(|feature| {
            let twin = other.iter().find(|twin| twin.id == feature.id)?;
            Some(feature.mass.min(twin.mass))
        })
        .sum();
    let whole: f32 = one.iter().chain(&other).map(|feature| feature.mass).sum();
    if whole <= 0.0 { 0.0 } else { 2.0 * shared / whole }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<&'static str> {
        let mut names: Vec<_> = read(text).features.into_iter().filter_map(Feature::name).collect();
        names.sort_unstable();
        names
    }

    #[test]
    fn everyday_forms_mean_what_the_formal_ones_do() {
        assert_eq!(names("ongkirnya brp kak"), names("Ongkirnya berapa?"));
        assert!(names("klo ke medan brp hr nyampenya").contains(&"q-duration"));
        assert!(names("klo ke medan brp hr nyampenya").contains(&"ship"));
        assert!(names("dikirimin kapan").contains(&"ship"));
    }

    #[test]
    fn a_question_tag_denies_nothing_and_a_denial_does() {
        assert!(!names("bisa cod ga?").contains(&"not"));
        assert!(!names("bisa ga bayar di tempat").contains(&"not"));
        assert!(names("ga pakai kardus").contains(&"not"));
    }

    #[test]
    fn misspelt_words_are_found() {
        assert!(names("pembayarann").contains(&"pay"));
        assert!(names("grantsi").is_empty() || names("garansii").contains(&"warranty"));
        assert!(names("pngrman").contains(&"ship"));
    }

    #[test]
    fn a_phrase_takes_its_words_with_it() {
        assert!(names("bayar di tempat").contains(&"cod"));
        assert!(names("alamat tokonya dimana").contains(&"location"));
    }

    #[test]
    fn the_same_question_in_other_words_resembles() {
        let one = read("paket saya kok belum sampai");
        assert!(resemblance(&one, &read("pesanan sy blm nyampe juga")) > 0.4);
        assert!(resemblance(&one, &read("ada warna merah?")) < 0.2);
    }

    #[test]
    fn nothing_breaks_on_odd_input() {
        for text in ["", "   ", "😀😀", "a", "\u{0}", "ﷺ", &"x".repeat(100_000), &"bayar ".repeat(10_000)] {
            let _ = read(text);
        }
    }
}
