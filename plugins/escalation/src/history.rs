//! What the conversation so far says: the same question again, many turns and no result.

use santun_concepts::{Found, KNOWN_WORD, Meaning, SHOP, find, read, resemblance};
use santun_plugin::Turn;

use crate::cues::{Cue, Cues};

/// From here on two questions are the same.
const SAME: f32 = 0.5;
/// From here on two questions are about the same matter.
const RELATED: f32 = 0.3;
/// A text says enough to be repeated if it tells this much: greetings and thanks do not.
const SAYS_SOMETHING: f32 = 0.5;
/// Concepts of which another word is another question: ongkir to Bandung is not ongkir to Medan.
const PARTICULAR: [&str; 11] =
    ["place", "outer", "overseas", "courier", "color", "size", "goods", "ewallet", "transfer", "card", "material"];

/// Concepts that are one matter to a customer, whatever they ask of it.
const MATTERS: [&[&str]; 3] = [
    &["ship", "arrive", "track", "late", "lost", "package", "dispatch"],
    &["pay", "paid", "refund", "money", "pay-confirm", "double-pay"],
    &["return", "exchange", "damaged", "wrong-item", "warranty"],
];

/// The customer's earlier texts in this conversation, the oldest first.
pub fn earlier(turns: &[Turn]) -> Vec<&str> {
    turns.iter().filter(|turn| turn.by == "customer" && !turn.text.is_empty()).map(|turn| &*turn.text).collect()
}

/// How often the customer has asked the same before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Again {
    /// In whatever words.
    pub alike: u32,
    /// With nothing new in it, although the bot had answered: the answer was none.
    pub unanswered: u32,
}

/// How often the customer has asked the same before, the bot's turns being known.
pub fn asked_before(text: &str, turns: &[Turn]) -> Again {
    let mut again = Again::default();
    let new = Asked::of(text);
    let mut answered = false;
    for turn in since_the_bot_answers(turns).iter().rev() {
        if turn.by != "customer" {
            answered |= turn.by == "bot";
            continue;
        }
        let old = Asked::of(&turn.text);
        if same_letters(&turn.text, text) {
            again.alike += 1;
            again.unanswered += u32::from(answered);
            continue;
        }
        if new.differs(&old) {
            continue;
        }
        again.alike += u32::from(new.tells >= SAYS_SOMETHING && resemblance(&new.meaning, &old.meaning) >= SAME);
        again.unanswered += u32::from(answered && (new.covered(&old) || nothing_new(text, &turn.text)));
    }
    again
}

/// The turns since the bot has the conversation: what was asked while a human had it, or while the customer waited
/// for one, the bot was not to answer.
fn since_the_bot_answers(turns: &[Turn]) -> &[Turn] {
    const GIVEN_TO_THE_BOT: [&str; 4] = ["bot_meanwhile", "handed_back", "released_by_phone", "resolved"];
    let given = turns.iter().rposition(|turn| turn.by == "system" && GIVEN_TO_THE_BOT.contains(&&*turn.kind));
    given.map_or(turns, |at| &turns[at + 1..])
}

/// The last answers of the bot, in a row, that say that it did not understand.
pub fn not_understood(turns: &[Turn]) -> u32 {
    let answers = turns.iter().rev().filter(|turn| turn.by == "bot" && !turn.text.is_empty());
    let lost = answers.take_while(|turn| {
        let text = turn.text.to_lowercase();
        LOST.iter().any(|words| text.contains(words))
    });
    u32::try_from(lost.count()).unwrap_or(u32::MAX)
}

/// Whether the bot's last answer had already been given, word for word.
pub fn answer_repeated(turns: &[Turn]) -> bool {
    let mut answers = turns.iter().rev().filter(|turn| turn.by == "bot").map(|turn| turn.text.trim());
    answers.next().is_some_and(|last| last.len() >= 20 && answers.any(|earlier| earlier == last))
}

/// What a bot says that did not understand.
const LOST: [&str; 9] = [
    "belum paham",
    "kurang paham",
    "tidak paham",
    "belum mengerti",
    "kurang mengerti",
    "tidak mengerti",
    "kurang menangkap",
    "didn't understand",
    "don't understand",
];
/// From here on nothing new is asked.
const COVERED: f32 = 0.72;
/// Words of particular concepts that name none.
const GENERIC: [&str; 22] = [
    "ukuran",
    "size",
    "sizenya",
    "ukurannya",
    "warna",
    "warnanya",
    "color",
    "colour",
    "kurir",
    "ekspedisi",
    "bahan",
    "bahannya",
    "barang",
    "barangnya",
    "produk",
    "item",
    "transfer",
    "tf",
    "kota",
    "model",
    "daerah",
    "sizes",
];

/// A question, read.
struct Asked<'t> {
    text: &'t str,
    meaning: Meaning,
    tells: f32,
}

impl<'t> Asked<'t> {
    fn of(text: &'t str) -> Self {
        let meaning = read(text);
        let tells =
            meaning.features.iter().filter(|feature| feature.mass > KNOWN_WORD).map(|feature| feature.mass).sum();
        Self { text, meaning, tells }
    }

    /// Nothing is asked that was not asked before.
    fn covered(&self, old: &Self) -> bool {
        self.tells >= SAYS_SOMETHING && covered(&self.meaning, &old.meaning) >= COVERED
    }

    /// Another place, another size, another number makes another question.
    fn differs(&self, old: &Self) -> bool {
        let numbers = |text: &str| {
            text.split(|ch: char| !ch.is_ascii_digit())
                .filter(|run| !run.is_empty())
                .map(str::to_owned)
                .collect::<Vec<_>>()
        };
        let known = numbers(old.text);
        if numbers(self.text).iter().any(|number| !known.contains(number)) {
            return true;
        }
        let known = particulars(old.text);
        particulars(self.text).iter().any(|word| !known.contains(word))
    }
}

/// The words that name a place, a size, a colour ...
fn particulars(text: &str) -> Vec<String> {
    let concepts: Vec<u8> = PARTICULAR.iter().filter_map(|name| SHOP.concept(name)).collect();
    let found = find(&SHOP, text);
    let names = found.hits.iter().filter(|hit| hit.concepts.iter().any(|[concept, _]| concepts.contains(concept)));
    names.map(|hit| found.words_of(hit).to_owned()).filter(|word| !GENERIC.contains(&&**word)).collect()
}

/// Whether every word that says something was said before, in any form or by its meaning.
fn nothing_new(text: &str, earlier: &str) -> bool {
    let (new, old) = (find(&SHOP, text), find(&SHOP, earlier));
    let (new, old) = (content(&new), content(&old));
    let known = |(word, concepts): &(&str, &[[u8; 2]])| {
        old.iter().any(|(other, means)| {
            let stem = |word: &str| word.get(..4).unwrap_or(word).to_owned();
            stem(word) == stem(other) || concepts.iter().any(|one| tells_apart(one[0]) && means.contains(one))
        })
    };
    !new.is_empty() && new.iter().all(known)
}

/// The words that say something, with what they mean alone.
fn content(found: &Found) -> Vec<(&str, &'static [[u8; 2]])> {
    let words = found.words.split(' ').zip(found.alone.iter().copied());
    words
        .filter(
            |(word, means)| {
                if means.is_empty() { word.len() >= 3 } else { means.iter().any(|[concept, _]| tells_apart(*concept)) }
            },
        )
        .collect()
}

/// Whether a concept is a topic and no word of asking.
fn tells_apart(concept: u8) -> bool {
    SHOP.concepts.get(usize::from(concept)).is_some_and(|(_, weight)| *weight > 0.45)
}

/// How much of what a text tells another one told already, from 0 to 1.
fn covered(new: &Meaning, old: &Meaning) -> f32 {
    let telling = new.features.iter().filter(|feature| feature.mass > KNOWN_WORD);
    let (mut whole, mut known) = (0.0, 0.0);
    for feature in telling {
        whole += feature.mass;
        known +=
            old.features.iter().find(|other| other.id == feature.id).map_or(0.0, |other| other.mass.min(feature.mass));
    }
    if whole <= 0.0 { 0.0 } else { known / whole }
}

/// Whether the conversation has gone round one matter: at least half of the last `turns` texts of the
/// customer are about what this one is about, or say that they were not understood.
pub fn without_progress(text: &str, earlier: &[&str], turns: usize) -> bool {
    if turns == 0 || earlier.len() + 1 < turns {
        return false;
    }
    let meaning = read(text);
    let last = &earlier[earlier.len() + 1 - turns..];
    let stuck = last.iter().filter(|known| {
        let other = read(known);
        related(&meaning, &other) || tells(&other) < 0.3 && !Cues::of(known).has(Cue::Thanks)
    });
    stuck.count() * 2 >= last.len()
}

fn related(one: &Meaning, other: &Meaning) -> bool {
    let within = |meaning: &Meaning, matter: &[&str]| {
        meaning.features.iter().any(|feature| feature.name().is_some_and(|name| matter.contains(&name)))
    };
    resemblance(one, other) >= RELATED || MATTERS.iter().any(|matter| within(one, matter) && within(other, matter))
}

fn tells(meaning: &Meaning) -> f32 {
    meaning.features.iter().filter(|feature| feature.is_concept()).map(|feature| feature.mass).sum()
}

/// The same words, and enough of them to be a question: "halo" twice is a greeting.
fn same_letters(one: &str, other: &str) -> bool {
    let letters = |text: &str| {
        text.chars().filter(|ch| ch.is_alphanumeric()).map(|ch| ch.to_ascii_lowercase()).collect::<String>()
    };
    let (one, other) = (letters(one), letters(other));
    one.len() >= 8 && one == other
}

#[cfg(test)]
mod tests {
    use super::*;

    fn turns(texts: &[&str]) -> Vec<Turn> {
        use santun_plugin::prelude::TestHost;
        let turns: Vec<(&str, &str)> = texts
            .iter()
            .map(|text| text.strip_prefix("bot:").map_or(("customer", *text), |text| ("bot", text)))
            .collect();
        santun_plugin::Host::history(&TestHost::new().with_history(&turns), 30)
    }

    #[test]
    fn the_same_question_in_other_words_counts_and_another_question_does_not() {
        let earlier = turns(&["paket saya kok belum sampai", "halo", "ada warna merah?"]);
        assert_eq!(asked_before("pesanan sy blm nyampe juga", &earlier).alike, 1);
        assert_eq!(asked_before("bisa cod ga", &earlier).alike, 0);
        assert_eq!(asked_before("halo", &earlier).alike, 0);
    }

    #[test]
    fn the_same_question_about_another_place_is_another_question() {
        let earlier = turns(&["ongkir ke bandung berapa", "bot:Cek di sini ya."]);
        assert_eq!(asked_before("ongkir ke medan berapa", &earlier), Again::default());
        assert_eq!(asked_before("ongkir ke bandung brp?", &earlier), Again { alike: 1, unanswered: 1 });
    }

    #[test]
    fn a_bot_that_repeats_itself_or_does_not_understand_is_noticed() {
        assert!(answer_repeated(&turns(&[
            "a",
            "bot:Silakan lihat katalog kami, kak.",
            "b",
            "bot:Silakan lihat katalog kami, kak."
        ])));
        assert!(!answer_repeated(&turns(&[
            "a",
            "bot:Silakan lihat katalog kami, kak.",
            "b",
            "bot:Ukurannya S sampai XL."
        ])));
        assert_eq!(
            not_understood(&turns(&["x", "bot:Maaf, aku belum paham.", "y", "bot:Aku kurang mengerti, kak."])),
            2
        );
    }

    #[test]
    fn going_round_one_matter_is_no_progress() {
        let earlier = ["paket saya belum sampai", "resi saya mana", "cek paket dong", "statusnya apa", "kapan sampai"];
        assert!(without_progress("jadi paket saya kapan sampai", &earlier, 6));
        let browsing = ["ada warna merah", "bisa cod", "alamat toko dimana", "halal ga", "ada promo"];
        assert!(!without_progress("garansinya berapa lama", &browsing, 6));
    }
}
