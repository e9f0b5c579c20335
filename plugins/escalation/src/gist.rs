//! What a message asks, small enough to be compared with each of the messages before it.

use santun_concepts::{SHOP, find};
use santun_language::{Words, same, words};

/// Concepts of which another word is another question: ongkir to Bandung is not ongkir to Medan.
const PARTICULAR: [&str; 11] =
    ["place", "outer", "overseas", "courier", "color", "size", "goods", "ewallet", "transfer", "card", "material"];
/// Words of particular concepts that name none.
const GENERIC: Words = words!(
    "\
    ukuran size sizenya ukurannya warna warnanya color colour kurir ekspedisi bahan bahannya barang barangnya produk \
    item transfer tf kota model daerah sizes"
);
/// Concepts that are one matter to a customer, whatever they ask of it.
const MATTERS: [&[&str]; 3] = [
    &["ship", "arrive", "track", "late", "lost", "package", "dispatch"],
    &["pay", "paid", "refund", "money", "pay-confirm", "double-pay"],
    &["return", "exchange", "damaged", "wrong-item", "warranty"],
];
/// From this weight on a concept is a topic, and no word of asking.
const TOPIC: f32 = 0.3;

/// What a shop's concept is to a comparison.
#[derive(Clone, Copy)]
struct Worth {
    /// What it tells, in hundredths.
    tells: u8,
    /// Whether another word of it is another question.
    particular: bool,
    /// The matters that it is of, one bit each.
    matters: u8,
}

/// Looked up while compiling: a fresh instance builds nothing.
static WORTH: [Worth; santun_concepts::CONCEPTS.len()] = {
    let mut worth = [Worth { tells: 0, particular: false, matters: 0 }; santun_concepts::CONCEPTS.len()];
    let mut at = 0;
    while at < worth.len() {
        let (name, weight) = santun_concepts::CONCEPTS[at];
        if weight > 0.0 {
            worth[at].tells = (weight * 100.0) as u8;
        }
        worth[at].particular = stands_in(name, &PARTICULAR);
        let mut matter = 0;
        while matter < MATTERS.len() {
            if stands_in(name, MATTERS[matter]) {
                worth[at].matters |= 1 << matter;
            }
            matter += 1;
        }
        at += 1;
    }
    worth
};

const fn stands_in(name: &str, names: &[&str]) -> bool {
    let mut at = 0;
    while at < names.len() {
        if same(name, names[at]) {
            return true;
        }
        at += 1;
    }
    false
}

/// Something that a message is about: a concept by its number, another word by its hash.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Item {
    id: u32,
    /// In hundredths; about 100 for a topic.
    tells: u16,
}

/// What a message asks.
#[derive(Clone, Debug, Default)]
pub struct Gist {
    /// Each once, in the order of their ids.
    items: Vec<Item>,
    /// The hashes of what tells one question from another of its kind: numbers, places, sizes, colours.
    particulars: Vec<u32>,
    matters: u8,
}

/// What a word without a concept tells.
const WORD: u16 = 45;
/// The highest bit tells words from concepts.
const IS_WORD: u32 = 1 << 31;

impl Gist {
    /// Of a text.
    pub fn of(text: &str) -> Self {
        let found = find(&SHOP, text);
        let mut gist = Self { items: Vec::with_capacity(16), ..Self::default() };
        let mut hits = found.hits.iter().peekable();
        let mut at = 0;
        for ((word, form), alone) in found.each_word().zip(&found.forms).zip(&found.alone) {
            let (start, end) = (at, at + word.len());
            at = end + 1;
            while hits.peek().is_some_and(|hit| hit.end <= start) {
                hits.next();
            }
            let inside = hits.peek().filter(|hit| hit.start <= start && end <= hit.end);
            if word.bytes().all(|byte| byte.is_ascii_digit()) {
                gist.particulars.push(*form | IS_WORD);
            } else if alone.is_empty() && inside.is_none() {
                gist.word(word);
            }
            let Some(hit) = inside.filter(|hit| hit.start == start) else { continue };
            for [concept, share] in hit.concepts {
                gist.concept(*concept, *share, &found.words[hit.start..hit.end]);
            }
        }
        gist.items.sort_unstable_by(|a, b| a.id.cmp(&b.id).then(b.tells.cmp(&a.tells)));
        gist.items.dedup_by_key(|item| item.id);
        gist
    }

    fn word(&mut self, word: &str) {
        if word.len() >= 3 {
            // Words are taken by their beginning: *surveinya* is *survei*.
            let stem = word.get(..5).unwrap_or(word);
            self.items.push(Item { id: santun_concepts::spelling::hash(stem.as_bytes()) | IS_WORD, tells: WORD });
        }
    }

    fn concept(&mut self, concept: u8, share: u8, words: &str) {
        let Some(worth) = WORTH.get(usize::from(concept)) else { return };
        let tells = u16::from(worth.tells) * u16::from(share) / 100;
        if worth.particular && !GENERIC.has(words) {
            self.particulars.push(santun_concepts::spelling::hash(words.as_bytes()) | IS_WORD);
        }
        self.matters |= worth.matters;
        if tells > 0 {
            self.items.push(Item { id: u32::from(concept), tells });
        }
    }

    /// How much it tells.
    pub fn tells(&self) -> f32 {
        self.topics().map(|item| f32::from(item.tells) / 100.0).sum()
    }

    /// Whether nothing is asked in it.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    fn topics(&self) -> impl Iterator<Item = &Item> {
        self.items.iter().filter(|item| f32::from(item.tells) >= 100.0 * TOPIC)
    }

    /// How many words say something that `earlier` did not say.
    pub fn fresh(&self, earlier: &Self) -> usize {
        self.topics().filter(|item| earlier.tells_of(item.id) == 0).count()
    }

    fn tells_of(&self, id: u32) -> u16 {
        self.items.binary_search_by_key(&id, |item| item.id).map_or(0, |at| self.items[at].tells)
    }

    /// What both tell.
    fn shared(&self, other: &Self) -> f32 {
        self.items.iter().map(|item| item.tells.min(other.tells_of(item.id))).sum::<u16>().into()
    }

    fn whole(&self) -> f32 {
        self.items.iter().map(|item| item.tells).sum::<u16>().into()
    }

    /// How much two messages ask the same, from 0 to 1.
    pub fn resembles(&self, other: &Self) -> f32 {
        let whole = self.whole() + other.whole();
        if whole <= 0.0 { 0.0 } else { 2.0 * self.shared(other) / whole }
    }

    /// How much of this message `earlier` told already, from 0 to 1.
    pub fn covered(&self, earlier: &Self) -> f32 {
        let whole = self.whole();
        if whole <= 0.0 { 0.0 } else { self.shared(earlier) / whole }
    }

    /// Whether this is another question of its kind: another place, another size, another number.
    pub fn differs(&self, earlier: &Self) -> bool {
        self.particulars.iter().any(|one| !earlier.particulars.contains(one))
    }

    /// Whether both are of one matter.
    pub fn related(&self, other: &Self) -> bool {
        self.matters & other.matters != 0 || self.resembles(other) >= RELATED
    }
}

/// From here on two questions are about the same matter.
const RELATED: f32 = 0.3;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_question_in_other_words_resembles_and_another_does_not() {
        let one = Gist::of("paket saya kok belum sampai");
        assert!(one.resembles(&Gist::of("pesanan sy blm nyampe juga")) >= 0.5);
        assert!(one.resembles(&Gist::of("ada warna merah?")) < 0.2);
    }

    #[test]
    fn another_place_or_number_makes_another_question() {
        let medan = Gist::of("ongkir ke medan berapa");
        assert!(medan.differs(&Gist::of("ongkir ke bandung berapa")));
        assert!(!medan.differs(&Gist::of("biaya kirim ke medan brp ya")));
        assert!(Gist::of("yang 40 ada?").differs(&Gist::of("yang 39 ada?")));
    }

    #[test]
    fn a_greeting_tells_nothing() {
        assert!(Gist::of("halo kak").tells() < 0.3);
        assert!(Gist::default().is_empty());
    }
}
