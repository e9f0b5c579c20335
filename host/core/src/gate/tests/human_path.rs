//! The way to a human.

use super::scene::*;
use crate::ears::reserved;
use crate::outgoing::{Outgoing, Row, Section};
use crate::texts::TextKey;
use crate::verdict::Outcome;

fn human_buttons(content: &Outgoing) -> usize {
    match content {
        Outgoing::Buttons { buttons, .. } => buttons.iter().filter(|button| button.id == reserved::HUMAN).count(),
        _ => 0,
    }
}

#[test]
fn a_fallback_becomes_a_text_with_a_button_for_a_human() {
    let mut scene = Scene::introduced();
    let look = scene.say(Outcome::Fallback, Outgoing::text("Maaf, saya belum paham."));
    assert_eq!(human_buttons(&look.stored[0].content), 1);
    assert_eq!(said(&look), ["Maaf, saya belum paham."]);
}

#[test]
fn a_first_fallback_introduces_the_bot_and_has_the_button() {
    let look = Scene::new().say(Outcome::Fallback, Outgoing::text("Maaf, saya belum paham."));
    assert_eq!(look.stored.len(), 1);
    assert!(look.stored[0].discloses);
    assert_eq!(human_buttons(&look.stored[0].content), 1);
}

#[test]
fn a_fallback_with_room_for_a_button_gets_one() {
    let look = Scene::introduced().say(Outcome::Fallback, buttons("Maksudnya?", &["A", "B"]));
    assert_eq!(human_buttons(&look.stored[0].content), 1);
}

#[test]
fn a_fallback_with_three_buttons_gets_words() {
    let mut scene = Scene::introduced();
    let look = scene.say(Outcome::Fallback, buttons("Maksudnya?", &["A", "B", "C"]));
    assert_eq!(look.stored.len(), 1);
    let human_word = scene.words(TextKey::HumanWord, &[]);
    assert!(said(&look)[0].ends_with(&scene.words(TextKey::HumanPathOffer, &[("human_word", &human_word)])));
}

#[test]
fn a_fallback_without_any_room_is_followed_by_words() {
    let look = Scene::introduced().say(Outcome::Fallback, buttons(&"a".repeat(1_020), &["A", "B", "C"]));
    assert_eq!(look.stored.len(), 2);
}

#[test]
fn a_button_that_is_there_is_not_added_again() {
    let mut content = buttons("Maksudnya?", &["A"]);
    if let Outgoing::Buttons { buttons, .. } = &mut content {
        buttons[0].id = reserved::HUMAN.to_owned();
    }
    let look = Scene::introduced().say(Outcome::Fallback, content.clone());
    assert_eq!(look.stored[0].content, content);
}

#[test]
fn a_list_gets_words_in_its_body() {
    let row = Row { id: "a".into(), title: "A".into(), description: None };
    let sections = vec![Section { title: None, rows: vec![row] }];
    let list = Outgoing::List { body: "Maksudnya?".into(), footer: None, button: "Pilih".into(), sections };
    let look = Scene::introduced().say(Outcome::Fallback, list);
    assert_eq!(look.stored.len(), 1);
    assert!(said(&look)[0].len() > "Maksudnya?".len());
}

#[test]
fn one_offer_is_enough_for_a_reply_of_several_messages() {
    let mut scene = Scene::introduced();
    let look = scene.look(vec![
        plugin(Outcome::Fallback, Outgoing::text("Maaf.")),
        plugin(Outcome::Fallback, Outgoing::text("Saya belum paham.")),
    ]);
    assert_eq!(look.stored.iter().map(|draft| human_buttons(&draft.content)).collect::<Vec<_>>(), [0, 1]);
}

#[test]
fn answers_are_left_as_they_are() {
    let look = Scene::introduced().answer("Ongkir Rp10.000.");
    assert_eq!(look.stored[0].content, Outgoing::text("Ongkir Rp10.000."));
}

#[test]
fn fallbacks_in_a_row_are_counted_and_an_answer_ends_them() {
    let mut scene = Scene::introduced();
    scene.say(Outcome::Fallback, Outgoing::text("Maaf."));
    scene.say(Outcome::Question, Outgoing::text("Nomor pesanannya?"));
    assert_eq!(scene.conversation.session.fallbacks_in_a_row, 1);
    scene.say(Outcome::Fallback, Outgoing::text("Maaf, belum paham."));
    assert_eq!(scene.conversation.session.fallbacks_in_a_row, 2);
    scene.answer("Ongkir Rp10.000.");
    assert_eq!(scene.conversation.session.fallbacks_in_a_row, 0);
    assert_eq!(scene.conversation.session.bot_replies, 4);
}
