//! What became of messages on their way.

use std::time::Duration;

use super::scene::{OPEN, Scene, actor, happened, held_by, queue, requests, says, text, wordings};
use crate::conversation::Owner;
use crate::draft::StoredDraft;
use crate::flow::{self, Action};
use crate::gate::Refusal;
use crate::outgoing::Outgoing;
use crate::texts::TextKey;
use crate::trace::Rule;
use crate::turn::Happening;
use crate::verdict::Outcome;

fn answered(scene: &mut Scene) -> StoredDraft {
    scene.conclude(vec![says("faq", Outcome::Answer, "Rp9.000.")]).outbox.remove(0)
}

fn refusal(draft: &StoredDraft, rule: Rule) -> Refusal {
    Refusal { turn: draft.id, rule, why: "the window has closed".to_owned() }
}

#[test]
fn an_answer_whose_window_closed_on_the_way_becomes_a_request_without_a_word() {
    let mut scene = Scene::talking(OPEN);
    let draft = answered(&mut scene);
    scene.later(25 * 60);
    let refused = refusal(&draft, Rule::Window);
    let effects = flow::refused_on_the_way(scene.scene(), scene.conversation.clone(), &draft, &refused);
    assert_eq!(effects.conversation.owner, queue());
    assert_eq!(requests(&effects), ["opened"]);
    assert!(effects.outbox.is_empty());
    let request = effects.conversation.request.as_ref().unwrap();
    assert_eq!((request.reason.as_str(), request.promised.as_deref()), ("window-closed", None));
    assert_eq!(happened(&effects), ["not_sent", "handed_over"]);
}

#[test]
fn an_answer_that_a_human_overtook_is_only_noted() {
    let mut scene = Scene::talking(OPEN);
    let draft = answered(&mut scene);
    scene.act(&actor("Rina"), Action::Take).unwrap();
    let refused = refusal(&draft, Rule::Ownership);
    let effects = flow::refused_on_the_way(scene.scene(), scene.conversation.clone(), &draft, &refused);
    assert_eq!(effects.conversation.owner, held_by(&actor("Rina")));
    assert!(effects.requests.is_empty());
}

#[test]
fn what_whatsapp_will_not_deliver_calls_a_human_once() {
    let mut scene = Scene::talking(OPEN);
    let draft = answered(&mut scene);
    let effects = flow::undeliverable(scene.scene(), scene.conversation.clone(), &draft, "code 131026");
    assert_eq!(requests(&effects), ["opened"]);
    assert!(effects.outbox.is_empty(), "words are what could not be delivered");
    let again = flow::undeliverable(scene.scene(), effects.conversation, &draft, "code 131026");
    assert!(again.requests.is_empty());
}

#[test]
fn an_agents_message_that_was_not_sent_goes_back_to_the_agent() {
    let rina = actor("Rina");
    let mut scene = Scene::owned_by(held_by(&rina), OPEN);
    let draft = scene.act(&rina, Action::Reply(Outgoing::text("Halo kak"))).unwrap().outbox.remove(0);
    let refused = refusal(&draft, Rule::Window);
    for effects in [
        flow::refused_on_the_way(scene.scene(), scene.conversation.clone(), &draft, &refused),
        flow::undeliverable(scene.scene(), scene.conversation.clone(), &draft, "code 131026"),
    ] {
        assert_eq!(happened(&effects), ["not_sent"]);
        assert_eq!(effects.conversation.owner, held_by(&rina));
    }
}

#[test]
fn whatsapps_word_that_somebody_stopped_is_in_the_ledger_with_its_evidence() {
    let mut scene = Scene::talking(OPEN);
    let told = scene.news(Happening::StoppedMarketing);
    let effects = scene.note(&told);
    assert_eq!(effects.consents[0].evidence, "error-131050");
    assert!(effects.conversation.consents.opted_out_at.is_some());
    assert_eq!(effects.conversation.owner, Owner::Bot);
}

fn not_delivered(code: i64) -> Happening {
    Happening::NotDelivered { turn: Scene::new().message(text("…")).id, code, reason: "undeliverable".to_owned() }
}

#[test]
fn an_answer_that_never_arrived_calls_a_human_once() {
    let mut scene = Scene::talking(OPEN);
    for opened in [&["opened"][..], &[]] {
        let told = scene.news(not_delivered(131_026));
        let effects = scene.note(&told);
        assert_eq!(requests(&effects), opened);
        assert!(effects.outbox.is_empty(), "words are what does not arrive");
    }
    assert_eq!(scene.request().reason, "undeliverable");
}

#[test]
fn whoever_whatsapp_shields_from_marketing_waits_for_nothing() {
    let mut scene = Scene::talking(OPEN);
    let told = scene.news(not_delivered(131_049));
    assert!(scene.note(&told).requests.is_empty());
    assert_eq!(scene.conversation.consents.shielded_until, Some(scene.now + Duration::from_hours(24)));
}

#[test]
fn a_human_who_has_the_conversation_sees_for_themselves_what_did_not_arrive() {
    let rina = actor("Rina");
    let mut scene = Scene::owned_by(held_by(&rina), OPEN);
    let told = scene.news(not_delivered(131_026));
    let effects = scene.note(&told);
    assert_eq!(effects.conversation.owner, held_by(&rina));
    assert!(effects.requests.is_empty());
}

#[test]
fn the_bot_goes_on_where_one_answer_did_not_arrive() {
    let mut scene = Scene::talking(OPEN);
    let draft = answered(&mut scene);
    let effects = flow::undeliverable(scene.scene(), scene.conversation.clone(), &draft, "nobody knows");
    assert_eq!(effects.conversation.owner, Owner::Bot, "what it has to say next is not lost with it");
    assert!(effects.conversation.session.bot_meanwhile && requests(&effects) == ["opened"]);
}

#[test]
fn a_customer_is_asked_again_where_another_message_would_arrive() {
    for (code, expected) in
        [(100, vec![Some(TextKey::AnswerLost)]), (131_052, vec![Some(TextKey::AnswerLost)]), (131_026, vec![])]
    {
        let mut scene = Scene::talking(OPEN);
        let turn = answered(&mut scene).id;
        let news = scene.news(Happening::NotSent { turn, code, reason: "refused".to_owned() });
        assert_eq!(wordings(&scene.note(&news)), expected, "{code}");
        let news = scene.news(Happening::NotSent { turn, code, reason: "refused".to_owned() });
        assert!(scene.note(&news).outbox.is_empty(), "not without end");
    }
}
