//! What the business starts.

use super::scene::*;
use crate::draft::Draft;
use crate::outgoing::{Button, Outgoing, Template};
use crate::trace::Rule;
use crate::verdict::Outcome;

fn broadcast() -> Draft {
    let template =
        Template { name: "promo_november".into(), language: "id".into(), components: Vec::new(), text: String::new() };
    Draft { initiative: promo(), ..plugin(Outcome::Answer, Outgoing::Template(template)) }
}

#[test]
fn what_the_business_starts_needs_consent_for_that_purpose() {
    let mut scene = Scene::introduced();
    assert_refused(&scene.look(vec![broadcast()]), Rule::Consent);
    scene.conversation.consents.granted.insert("survey".into(), scene.now);
    assert_refused(&scene.look(vec![broadcast()]), Rule::Consent);
    scene.conversation.consents.granted.insert("promo".into(), scene.now);
    assert_passed(&scene.look(vec![broadcast()]));
}

#[test]
fn stop_ends_what_the_business_starts_and_questions_are_still_answered() {
    let mut scene = Scene::introduced();
    scene.conversation.consents.granted.insert("promo".into(), at("2026-11-01T10:00:00+07:00"));
    scene.conversation.consents.opted_out_at = Some(at("2026-11-02T10:00:00+07:00"));
    assert_refused(&scene.look(vec![broadcast()]), Rule::Consent);
    assert_passed(&scene.answer("Ongkir Rp10.000."));
}

#[test]
fn whom_whatsapp_shields_is_left_alone_and_answered() {
    let mut scene = Scene::introduced();
    scene.conversation.consents.granted.insert("promo".into(), scene.now);
    scene.conversation.consents.shielded_until = Some(scene.now + std::time::Duration::from_secs(1));
    assert_refused(&scene.look(vec![broadcast()]), Rule::Consent);
    assert_passed(&scene.answer("Ongkir Rp10.000."));
    scene.conversation.consents.shielded_until = Some(scene.now);
    assert_passed(&scene.look(vec![broadcast()]));
}

#[test]
fn consent_is_asked_in_the_hosts_words() {
    let mut scene = Scene::introduced();
    let look = scene.say(Outcome::Question, Outgoing::AskConsent { purpose: "promo".into() });
    assert_passed(&look);
    let Outgoing::Buttons { body, buttons, .. } = &look.stored[0].content else { panic!("{look:?}") };
    assert!(body.contains("info promo") && body.contains("Toko Contoh"), "{body}");
    assert!(buttons[0].id.starts_with("santun:consent:promo:yes:consent.ask.id@"), "{}", buttons[0].id);
    assert!(buttons[1].id.starts_with("santun:consent:promo:no:"), "{}", buttons[1].id);
}

#[test]
fn consent_for_something_that_nobody_described_is_not_asked() {
    let look = Scene::introduced().say(Outcome::Question, Outgoing::AskConsent { purpose: "spam".into() });
    assert_refused(&look, Rule::Consent);
    assert!(look.refused[0].why.contains("[purpose.spam]"));
}

#[test]
fn a_plugin_cannot_forge_a_yes() {
    for id in ["santun:consent:promo:yes:consent.ask.id@1", "santun:bot-meanwhile", " santun:consent:promo:yes:x"] {
        let content = Outgoing::Buttons {
            body: "Lacak paket?".into(),
            footer: None,
            buttons: vec![Button { id: id.into(), title: "Lacak".into() }],
        };
        assert_refused(&Scene::introduced().say(Outcome::Answer, content), Rule::Consent);
    }
}
