//! Secrets, repetition, disturbance.

use super::scene::*;
use crate::conversation::Owner;
use crate::draft::{Author, Draft};
use crate::ears::reserved;
use crate::gate::SecondLook;
use crate::outgoing::{Outgoing, Template};
use crate::texts::TextKey;
use crate::trace::{Effect, Rule};
use crate::verdict::Outcome;

fn is_repetition_notice(draft: &crate::draft::StoredDraft) -> bool {
    matches!(&draft.author, Author::Host { wording, .. } if wording.key == TextKey::CareRepeated)
}

#[test]
fn full_card_numbers_go_out_from_nobody() {
    assert_refused(&Scene::introduced().answer("Kartu Anda 4111 1111 1111 1111"), Rule::Care);
    let mut scene = Scene::introduced().owned_by(Owner::Agent { user: agent(7), name: "Shinta".into() });
    let look = scene.look(vec![by_agent(agent(7), "Kartu 4111111111111111 ya")]);
    assert_refused(&look, Rule::Care);
    assert!(!look.refused[0].why.contains("4111"));
}

#[test]
fn the_same_answer_a_second_time_becomes_a_way_to_a_human() {
    let mut scene = Scene::introduced();
    scene.answer("Ongkir ke Bandung Rp10.000.");
    let look = scene.answer("ongkir ke bandung: Rp10.000 🙏");
    assert_eq!(look.stored.len(), 1);
    assert!(is_repetition_notice(&look.stored[0]));
    let Outgoing::Buttons { buttons, .. } = &look.stored[0].content else { panic!("{look:?}") };
    assert_eq!(buttons[0].id, reserved::HUMAN);
    assert_eq!(effect_of(&look, Rule::Care), Effect::Changed);
}

#[test]
fn a_repeated_reply_of_several_messages_is_said_no_second_time() {
    let mut scene = Scene::introduced();
    let reply = || {
        vec![
            plugin(Outcome::Answer, Outgoing::text("Ongkir Rp10.000.")),
            plugin(Outcome::Answer, Outgoing::text("Sampai dalam 2 hari.")),
        ]
    };
    assert_eq!(scene.look(reply()).stored.len(), 2);
    let look = scene.look(reply());
    assert_eq!(look.stored.len(), 1);
    assert!(is_repetition_notice(&look.stored[0]));
    assert_eq!(look.refused.len(), 1);
}

#[test]
fn the_notice_itself_is_shorter_the_second_time_and_offers_a_human_all_the_same() {
    let mut scene = Scene::introduced();
    scene.answer("Ongkir ke Bandung Rp10.000.");
    let first = said(&scene.answer("Ongkir ke Bandung Rp10.000.")).join("");
    let look = scene.answer("Ongkir ke Bandung Rp10.000.");
    let second = said(&look).join("");
    assert!(second.len() < first.len() && second.contains("ADMIN"), "{first} / {second}");
    let Outgoing::Buttons { buttons, .. } = &look.stored[0].content else { panic!("{look:?}") };
    assert_eq!(buttons[0].id, reserved::HUMAN);
}

#[test]
fn a_menu_that_is_asked_for_again_is_shown_again() {
    let mut scene = Scene::introduced();
    for _ in 0..3 {
        let look = scene.say(Outcome::Greeting, buttons("Mau apa?", &["Cek pesanan"]));
        assert_eq!(said(&look), ["Mau apa?"]);
    }
}

#[test]
fn another_session_may_hear_the_same_answer() {
    let mut scene = Scene::introduced();
    scene.answer("Ongkir Rp10.000.");
    scene.conversation.session.said.clear();
    assert_eq!(said(&scene.answer("Ongkir Rp10.000.")), ["Ongkir Rp10.000."]);
}

#[test]
fn what_was_said_is_remembered_within_bounds() {
    let mut scene = Scene::introduced();
    for number in 0..200 {
        scene.answer(&format!("Jawaban nomor {number}."));
    }
    assert_eq!(scene.conversation.session.said.len(), 64);
    assert!(is_repetition_notice(&scene.answer("Jawaban nomor 199.").stored[0]));
}

fn broadcast() -> Draft {
    let template =
        Template { name: "promo".into(), language: "id".into(), components: Vec::new(), text: String::new() };
    Draft { initiative: promo(), ..plugin(Outcome::Answer, Outgoing::Template(template)) }
}

fn consenting() -> Scene {
    let mut scene = Scene::introduced();
    scene.conversation.consents.granted.insert("promo".into(), scene.now);
    scene
}

#[test]
fn the_business_starts_nothing_in_quiet_hours() {
    for (time, quiet) in [("20:59", false), ("21:00", true), ("23:59", true), ("07:59", true), ("08:00", false)] {
        let mut scene = consenting();
        scene.now = at(&format!("2026-11-23T{time}:00+07:00"));
        let look = scene.look(vec![broadcast()]);
        assert_eq!(look.nothing_left(), quiet, "{time}");
    }
}

#[test]
fn questions_are_answered_at_any_hour() {
    let mut scene = Scene::introduced();
    scene.now = at("2026-11-23T23:00:00+07:00");
    assert_passed(&scene.answer("Ongkir Rp10.000."));
}

#[test]
fn the_business_starts_only_so_much_a_week() {
    let mut scene = consenting();
    scene.conversation.consents.business_messages =
        vec![at("2026-11-15T10:00:00+07:00"), at("2026-11-20T10:00:00+07:00")];
    let look = scene.look(vec![broadcast()]);
    assert_passed(&look);
    let counted = &scene.conversation.consents.business_messages;
    assert_eq!(counted, &[at("2026-11-20T10:00:00+07:00"), scene.now], "what is older than a week counts no more");
    assert_refused(&scene.look(vec![broadcast()]), Rule::Care);
    // What was let through was in its week, and may still be sent.
    assert!(matches!(scene.look_again(look.stored[0].clone()), SecondLook::Cleared(_)));
}

#[test]
fn what_one_step_starts_counts_at_once() {
    let mut scene = consenting();
    let look = scene.look(vec![broadcast(), broadcast(), broadcast()]);
    assert!(look.refused.iter().all(|refusal| refusal.rule == Rule::Care) && !look.refused.is_empty());
}

#[test]
fn what_fills_a_template_holds_no_secret() {
    let parameter = serde_json::json!({"type": "text", "text": "kartu 4111 1111 1111 1111"});
    let components = vec![serde_json::json!({"type": "header", "parameters": [parameter]})];
    let template = Template { name: "promo".into(), language: "id".into(), components, text: String::new() };
    assert_refused(&consenting().say(Outcome::Answer, Outgoing::Template(template)), Rule::Care);
}
