//! The bot says that it is one.

use super::scene::*;
use crate::conversation::{Disclosure, Owner};
use crate::draft::Voice;
use crate::outgoing::Outgoing;
use crate::texts::TextKey;
use crate::trace::{Effect, Rule};
use crate::verdict::Outcome;

#[test]
fn the_first_text_of_a_session_says_that_a_bot_is_speaking() {
    let mut scene = Scene::new();
    let look = scene.answer("Ongkir ke Bandung Rp10.000.");
    assert_eq!(look.stored.len(), 1);
    assert!(said(&look)[0].contains("Sari"), "{:?}", said(&look));
    assert!(said(&look)[0].ends_with("\n\nOngkir ke Bandung Rp10.000."));
    assert!(look.stored[0].discloses);
    assert_eq!(scene.conversation.session.disclosure, Disclosure::OnItsWay { turn: look.stored[0].id });
    assert_eq!(effect_of(&look, Rule::Disclosure), Effect::Changed);
}

#[test]
fn a_first_message_that_is_no_text_gets_a_message_before_it() {
    let mut scene = Scene::new();
    let look = scene.say(Outcome::Greeting, buttons("Mau apa?", &["Cek pesanan"]));
    assert_eq!(look.stored.len(), 2);
    assert!(look.stored[0].discloses && !look.stored[1].discloses);
    assert!(said(&look)[0].contains("Sari"));
    assert_eq!(said(&look)[1], "Mau apa?");
}

#[test]
fn a_first_text_without_room_gets_a_message_before_it() {
    let mut scene = Scene::new();
    let long = "kata ".repeat(204);
    let look = scene.answer(&long);
    assert_eq!(look.stored.len(), 2);
    assert!(look.stored[0].discloses);
}

#[test]
fn it_is_said_once_a_session() {
    let mut scene = Scene::new();
    scene.answer("Satu.");
    let look = scene.answer("Dua.");
    assert_eq!(said(&look), ["Dua."]);
    assert_eq!(effect_of(&look, Rule::Disclosure), Effect::Passed);
}

#[test]
fn after_a_human_the_bot_says_that_it_is_back() {
    let mut scene = Scene::new();
    scene.conversation.session.after_hand_back = true;
    let look = scene.answer("Ongkir Rp10.000.");
    let human_word = scene.words(TextKey::HumanWord, &[]);
    let back = scene.words(
        TextKey::DisclosureAfterHandBack,
        &[("bot", "Sari"), ("business", "Toko Contoh"), ("human_word", &human_word)],
    );
    assert_eq!(said(&look), [format!("{back}\n\nOngkir Rp10.000.")]);
}

#[test]
fn the_answer_to_are_you_a_bot_is_an_introduction() {
    let mut scene = Scene::new();
    let asked = scene.host(TextKey::DisclosureAsked, Voice::Bot);
    let look = scene.look(vec![asked]);
    assert_eq!(look.stored.len(), 1);
    assert!(look.stored[0].discloses);
}

#[test]
fn a_host_text_about_waiting_is_introduced_too() {
    let mut scene = Scene::new().owned_by(Owner::Queue { division: "cs".into() });
    let words = scene.host(TextKey::HandoverPresent, Voice::Waiting);
    let look = scene.look(vec![words]);
    assert_passed(&look);
    assert!(look.stored[0].discloses);
}

#[test]
fn agents_and_what_always_may_be_said_are_not_introduced() {
    let mut scene = Scene::new().owned_by(Owner::Agent { user: agent(7), name: "Shinta".into() });
    let arrived = scene.host(TextKey::AgentArrived, Voice::Always);
    let look = scene.look(vec![arrived, by_agent(agent(7), "Halo kak")]);
    assert_eq!(look.stored.len(), 2);
    assert!(look.stored.iter().all(|draft| !draft.discloses));
    assert_eq!(scene.conversation.session.disclosure, Disclosure::Due);
}

#[test]
fn what_is_refused_is_not_introduced() {
    let mut scene = Scene::new();
    let look = scene.look(vec![
        plugin(Outcome::Answer, Outgoing::text("Saya manusia kok.")),
        plugin(Outcome::Answer, Outgoing::text("Ongkir Rp10.000.")),
    ]);
    assert_eq!(look.stored.len(), 1);
    assert!(look.stored[0].discloses && said(&look)[0].ends_with("Ongkir Rp10.000."));
}

#[test]
fn no_plugin_claims_to_be_human() {
    for text in ["Tenang kak, aku bukan bot.", "I am a real person."] {
        assert_refused(&Scene::introduced().answer(text), Rule::Disclosure);
    }
    let claim = buttons("Halo", &["Saya manusia"]);
    assert_refused(&Scene::introduced().say(Outcome::Answer, claim), Rule::Disclosure);
}
