//! What the conversation so far says: the same question again, many turns and no result.

use santun_concepts::{Feature, Meaning, SHOP, read, resemblance};
use santun_plugin::Turn;

use crate::cues::{Cue, Cues};

/// From here on two questions are the same.
const SAME: f32 = 0.5;
/// From here on two questions are about the same matter.
const RELATED: f32 = 0.3;
/// A text says enough to be repeated if it tells this much: greetings and thanks do not.
const SAYS_SOMETHING: f32 = 0.7;
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

/// How often the customer has asked the same before, in whatever words.
pub fn asked_before(text: &str, earlier: &[&str]) -> u32 {
    let meaning = read(text);
    if tells(&meaning) < SAYS_SOMETHING {
        return u32::try_from(earlier.iter().filter(|known| same_letters(known, text)).count()).unwrap_or(u32::MAX);
    }
    let same = earlier.iter().filter(|known| {
        let other = read(known);
        same_letters(known, text) || (resemblance(&meaning, &other) >= SAME && !differs_in_particular(&meaning, &other))
    });
    u32::try_from(same.count()).unwrap_or(u32::MAX)
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
    one.len() >= 10 && one == other
}

fn differs_in_particular(one: &Meaning, other: &Meaning) -> bool {
    PARTICULAR.iter().filter_map(|name| SHOP.concept(name)).any(|concept| {
        let has = |meaning: &Meaning| meaning.features.iter().any(|feature| feature.id == u32::from(concept));
        (has(one) || has(other)) && words(one) != words(other)
    })
}

fn words(meaning: &Meaning) -> Vec<u32> {
    let mut words: Vec<u32> =
        meaning.features.iter().filter(|feature| !Feature::is_concept(**feature)).map(|feature| feature.id).collect();
    words.sort_unstable();
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_question_in_other_words_counts_and_another_question_does_not() {
        let earlier = ["paket saya kok belum sampai", "halo", "ada warna merah?"];
        assert_eq!(asked_before("pesanan sy blm nyampe juga", &earlier), 1);
        assert_eq!(asked_before("bisa cod ga", &earlier), 0);
        assert_eq!(asked_before("halo", &earlier), 0);
    }

    #[test]
    fn the_same_question_about_another_place_is_another_question() {
        assert_eq!(asked_before("ongkir ke medan berapa", &["ongkir ke bandung berapa"]), 0);
        assert_eq!(asked_before("ongkir ke bandung brp?", &["ongkir ke bandung berapa"]), 1);
    }

    #[test]
    fn going_round_one_matter_is_no_progress() {
        let earlier = ["paket saya belum sampai", "resi saya mana", "cek paket dong", "statusnya apa", "kapan sampai"];
        assert!(without_progress("jadi paket saya kapan sampai", &earlier, 6));
        let browsing = ["ada warna merah", "bisa cod", "alamat toko dimana", "halal ga", "ada promo"];
        assert!(!without_progress("garansinya berapa lama", &browsing, 6));
    }
}
