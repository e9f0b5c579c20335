//! In the moment of sending.

use super::scene::*;
use crate::conversation::{Disclosure, Owner};
use crate::draft::{Author, StoredDraft};
use crate::gate::SecondLook;
use crate::outgoing::{Outgoing, Template};
use crate::templates::{Stop, TemplateName};
use crate::trace::{Effect, Rule};

fn stored(scene: &mut Scene) -> StoredDraft {
    scene.answer("Ongkir Rp10.000.").stored.remove(0)
}

#[track_caller]
fn assert_refused_by(look: SecondLook, rule: Rule) {
    let SecondLook::Refused(refusal, rulings) = look else { panic!("{look:?}") };
    assert_eq!(refusal.rule, rule, "{}", refusal.why);
    assert_eq!(rulings.len(), 8);
    assert!(rulings.iter().any(|ruling| ruling.rule == rule && ruling.effect == Effect::Refused));
}

#[test]
fn what_nothing_speaks_against_is_cleared() {
    let mut scene = Scene::introduced();
    let draft = stored(&mut scene);
    let SecondLook::Cleared(message) = scene.look_again(draft.clone()) else { panic!() };
    assert_eq!(message.id(), draft.id);
    assert_eq!(message.content(), &draft.content);
    assert_eq!(message.channel(), &scene.conversation.channel);
    assert_eq!(message.recipient().phone.as_ref().unwrap().expose(), "628123456789");
    assert!(!format!("{message:?}").contains("Ongkir"), "a log would show what was said");
}

#[test]
fn a_human_who_came_meanwhile_silences_the_bot() {
    let mut scene = Scene::introduced();
    let draft = stored(&mut scene);
    let scene = scene.owned_by(Owner::Agent { user: agent(7), name: "Shinta".into() });
    assert_refused_by(scene.look_again(draft), Rule::Ownership);
}

#[test]
fn a_window_that_closed_meanwhile_holds() {
    let mut scene = Scene::introduced();
    let draft = stored(&mut scene);
    scene.now = scene.now.plus_hours(24);
    assert_refused_by(scene.look_again(draft), Rule::Window);
}

#[test]
fn the_introduction_itself_is_cleared() {
    let mut scene = Scene::new();
    let draft = stored(&mut scene);
    assert!(draft.discloses);
    assert!(matches!(scene.look_again(draft), SecondLook::Cleared(_)));
}

#[test]
fn what_follows_waits_for_an_accepted_introduction() {
    let mut scene = Scene::new();
    stored(&mut scene);
    let second = scene.answer("Sampai dalam dua hari.").stored.remove(0);
    let SecondLook::DiscloseFirst(introduction) = scene.look_again(second.clone()) else { panic!() };
    assert!(introduction.discloses);
    assert_ne!(introduction.id, second.id);
    assert!(introduction.content.words().contains("Sari"));
    assert!(matches!(scene.look_again(introduction), SecondLook::Cleared(_)));
    scene.conversation.session.disclosure = Disclosure::Made { at: scene.now };
    assert!(matches!(scene.look_again(second), SecondLook::Cleared(_)));
}

#[test]
fn agents_need_no_introduction() {
    let mut scene = Scene::new().owned_by(Owner::Agent { user: agent(7), name: "Shinta".into() });
    let draft = scene.look(vec![by_agent(agent(7), "Halo kak")]).stored.remove(0);
    assert!(matches!(scene.look_again(draft), SecondLook::Cleared(_)));
}

#[test]
fn consent_that_was_withdrawn_meanwhile_holds() {
    let mut scene = Scene::introduced();
    let mut draft = stored(&mut scene);
    draft.initiative = promo();
    assert_refused_by(scene.look_again(draft.clone()), Rule::Consent);
    scene.conversation.consents.granted.insert("promo".into(), scene.now);
    assert!(matches!(scene.look_again(draft.clone()), SecondLook::Cleared(_)));
    scene.conversation.consents.opted_out_at = Some(scene.now);
    assert_refused_by(scene.look_again(draft), Rule::Consent);
}

#[test]
fn a_store_is_no_witness_of_form() {
    let mut scene = Scene::introduced();
    let mut draft = stored(&mut scene);
    draft.content = Outgoing::text("kata ".repeat(1_000));
    assert_refused_by(scene.look_again(draft), Rule::Form);
}

#[test]
fn a_template_that_was_stopped_meanwhile_is_not_tried() {
    let mut scene = Scene::introduced().owned_by(Owner::Agent { user: agent(7), name: "Shinta".into() });
    let template =
        Template { name: "promo".into(), language: "id".into(), components: Vec::new(), text: "Halo kak".into() };
    let look = scene.look(vec![draft(Author::Agent { user: agent(7) }, Outgoing::Template(template))]);
    let stored = look.stored[0].clone();
    assert!(matches!(scene.look_again(stored.clone()), SecondLook::Cleared(_)));

    let stopped = |language: &str| TemplateName {
        // Its channel names no account.
        account: "106540352242922".into(),
        name: "promo".into(),
        language: language.into(),
    };
    let stop = Stop { since: scene.now, code: Some(132_015), why: "Template is paused".into() };
    scene.stopped.stop(stopped("en"), stop.clone());
    assert!(matches!(scene.look_again(stored.clone()), SecondLook::Cleared(_)), "another language is another one");
    scene.stopped.stop(stopped("id"), stop);
    assert_refused_by(scene.look_again(stored.clone()), Rule::Form);
    let again = scene.look(vec![draft(Author::Agent { user: agent(7) }, stored.content.clone())]);
    assert_refused(&again, Rule::Form);
    assert!(again.refused[0].why.contains("Template is paused; mend it in WhatsApp Manager"), "{again:?}");
    scene.stopped.release(&stopped("id"));
    assert!(matches!(scene.look_again(stored), SecondLook::Cleared(_)));
}
