//! Agents act.

use super::scene::{
    OPEN, Scene, actor, happened, held_by, of_division, overseer, queue, requests, says, text, timer, with_fronts,
    wordings, words,
};
use crate::conversation::{Disclosure, Owner};
use crate::effects::Timer;
use crate::flow::{Action, ActionError};
use crate::outgoing::{Outgoing, Template};
use crate::texts::TextKey;
use crate::trace::Rule;
use crate::verdict::Outcome;

fn reply() -> Action {
    Action::Reply(Outgoing::text("Halo kak, saya bantu ya."))
}

#[test]
fn an_agent_who_takes_a_conversation_is_announced_and_has_the_time_to_answer() {
    let mut scene = Scene::owned_by(queue(), OPEN);
    let effects = scene.later(3).act(&actor("Rina"), Action::Take).unwrap();
    assert_eq!(wordings(&effects), [Some(TextKey::AgentArrived)]);
    assert!(words(&effects)[0].contains("Rina"));
    assert_eq!(requests(&effects), ["taken"]);
    assert_eq!(timer(&effects, Timer::NobodyThere), None);
    assert_eq!(timer(&effects, Timer::AnswerLate), Some(scene.now.plus_minutes(10)));
    let again = scene.act(&actor("Rina"), Action::Take).unwrap();
    assert!(again.outbox.is_empty() && again.timers.is_empty() && again.turns.is_empty());
}

#[test]
fn nobody_writes_without_having_taken_the_conversation() {
    for owner in [Owner::Bot, queue()] {
        let mut scene = Scene::owned_by(owner.clone(), OPEN);
        let refused = scene.act(&actor("Rina"), reply());
        assert_eq!(refused.unwrap_err(), ActionError::NotTaken { owner: owner.name().to_owned() });
    }
}

#[test]
fn a_colleagues_conversation_is_left_alone_except_by_those_who_oversee() {
    let rina = actor("Rina");
    let mut scene = Scene::owned_by(held_by(&rina), OPEN);
    let held = ActionError::HeldBy { user: rina.user, name: "Rina".to_owned() };
    for action in [Action::Take, reply(), Action::HandBack(None), Action::Resolve, Action::Transfer("gudang".into())] {
        assert_eq!(scene.act(&actor("Budi"), action).unwrap_err(), held);
    }
    assert_eq!(scene.act(&overseer("Ibu"), reply()).unwrap_err(), held, "nobody writes over a colleague's head");
    scene.act(&overseer("Ibu"), Action::Resolve).unwrap();
    assert_eq!(scene.conversation.owner, Owner::Bot);
}

#[test]
fn what_waits_for_a_division_is_taken_and_moved_by_its_own_agents() {
    let mut scene = Scene::owned_by(queue(), OPEN);
    let refused = ActionError::OtherDivision { division: "cs".into(), own: "`gudang`".to_owned() };
    for action in [Action::Take, Action::Transfer("gudang".into())] {
        assert_eq!(scene.act(&of_division("Gita", "gudang"), action).unwrap_err(), refused);
    }
    assert!(refused.to_string().contains("`cs`") && refused.to_string().contains("`gudang`"), "{refused}");
    let mut overseer = of_division("Ibu", "gudang");
    overseer.oversees = true;
    scene.act(&overseer, Action::Transfer("gudang".into())).unwrap();
    scene.act(&of_division("Gita", "gudang"), Action::Take).unwrap();
    assert_eq!(scene.conversation.owner, held_by(&actor("Gita")));
}

#[test]
fn what_no_division_was_called_to_is_anybodys_to_take() {
    let mut scene = Scene::talking(OPEN);
    scene.act(&of_division("Gita", "gudang"), Action::Take).unwrap();
}

#[test]
fn an_answer_stops_the_clock() {
    let rina = actor("Rina");
    let mut scene = Scene::owned_by(queue(), OPEN);
    scene.act(&rina, Action::Take).unwrap();
    let effects = scene.act(&rina, reply()).unwrap();
    assert_eq!(timer(&effects, Timer::AnswerLate), None);
    assert_eq!(effects.outbox.len(), 1);
}

#[test]
fn an_answer_that_may_not_be_sent_goes_back_to_the_agent_and_changes_nothing() {
    let rina = actor("Rina");
    let mut scene = Scene::owned_by(held_by(&rina), OPEN);
    scene.keep(vec![text("halo?")]);
    scene.later(25 * 60);
    let before = scene.conversation.clone();
    match scene.act(&rina, reply()).unwrap_err() {
        ActionError::Refused(refusal) => assert_eq!(refusal.rule, Rule::Window),
        other => panic!("{other:?}"),
    }
    assert_eq!(scene.conversation, before);
}

#[test]
fn a_note_is_for_colleagues_alone() {
    let effects = Scene::talking(OPEN).act(&actor("Rina"), Action::Note("langganan lama".to_owned())).unwrap();
    assert!(effects.outbox.is_empty());
    assert_eq!(effects.turns[0].body.kind(), "note");
}

#[test]
fn a_transfer_moves_the_request_and_tells_the_customer() {
    let rina = actor("Rina");
    let mut scene = Scene::owned_by(queue(), OPEN);
    scene.act(&rina, Action::Take).unwrap();
    let first = scene.request().id;
    let effects = scene.act(&rina, Action::Transfer("gudang".into())).unwrap();
    assert_eq!(scene.conversation.owner, Owner::Queue { division: "gudang".into() });
    assert_eq!((scene.request().id, requests(&effects)), (first, vec!["changed"]));
    assert_eq!(with_fronts(&effects), [Some(TextKey::Transferred), Some(TextKey::HandoverNobodyYet)]);
    assert_eq!(timer(&effects, Timer::AnswerLate), None);
    assert!(timer(&effects, Timer::NobodyThere).is_some());
}

#[test]
fn a_transfer_to_a_division_that_is_not_there_names_those_that_are() {
    let mut scene = Scene::owned_by(queue(), OPEN);
    match scene.act(&actor("Rina"), Action::Transfer("direksi".into())).unwrap_err() {
        ActionError::NoSuchDivision { name, known } => {
            assert_eq!((name.as_str(), known.as_str()), ("direksi", "cs, gudang"))
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn resolving_closes_the_request_and_the_human_takes_leave_in_one_message() {
    let rina = actor("Rina");
    let mut scene = Scene::owned_by(queue(), OPEN);
    scene.act(&rina, Action::Take).unwrap();
    let effects = scene.act(&rina, Action::Resolve).unwrap();
    assert_eq!(requests(&effects), ["closed"]);
    assert!(scene.conversation.request.is_none());
    assert_eq!(scene.conversation.owner, Owner::Bot);
    for kind in [Timer::AnswerLate, Timer::NobodyThere, Timer::PhoneRelease] {
        assert_eq!(timer(&effects, kind), None);
    }
    assert_eq!(wordings(&effects), [Some(TextKey::Resolved)]);
    assert!(!effects.outbox[0].discloses, "no introduction in front of it: {:?}", words(&effects));
    let effects = scene.conclude(vec![says("faq", Outcome::Answer, "Rp9.000.")]);
    assert!(effects.outbox[0].discloses, "the bot introduces itself when it speaks");
    assert_eq!(scene.conversation.session.ordinal, 2);
}

#[test]
fn handing_back_lets_the_bot_introduce_itself_in_a_new_session() {
    let rina = actor("Rina");
    let mut scene = Scene::owned_by(held_by(&rina), OPEN);
    let effects = scene.act(&rina, Action::HandBack(Some("cek resi".to_owned()))).unwrap();
    assert_eq!(wordings(&effects), [Some(TextKey::DisclosureAfterHandBack)]);
    assert!(effects.outbox[0].discloses);
    assert_eq!(happened(&effects), ["handed_back"]);
    assert_eq!(requests(&effects), ["closed"]);
    let effects = scene.handed_back(vec![says("faq", Outcome::Answer, "Resinya JP123.")]);
    assert_eq!(words(&effects), ["Resinya JP123."], "one introduction is enough");
}

#[test]
fn handing_back_after_the_window_is_silent_and_stays_with_the_bot() {
    let rina = actor("Rina");
    let mut scene = Scene::owned_by(held_by(&rina), OPEN);
    let effects = scene.later(25 * 60).act(&rina, Action::HandBack(None)).unwrap();
    assert!(effects.outbox.is_empty());
    assert_eq!(scene.conversation.session.disclosure, Disclosure::Due);
    let effects = scene.handed_back(vec![says("faq", Outcome::Answer, "Resinya JP123.")]);
    assert!(effects.outbox.is_empty() && effects.requests.is_empty());
    assert_eq!(scene.conversation.owner, Owner::Bot, "it does not come back to whoever gave it away");
}

#[test]
fn an_agent_may_take_a_conversation_from_the_phone_and_from_the_bot() {
    let scene = Scene::new();
    for owner in [Owner::Bot, Owner::Phone { until: scene.now.plus_minutes(240) }] {
        let mut scene = Scene::owned_by(owner, OPEN);
        let effects = scene.act(&actor("Rina"), Action::Take).unwrap();
        assert_eq!(timer(&effects, Timer::PhoneRelease), None);
        assert_eq!(scene.conversation.owner, held_by(&actor("Rina")));
    }
}

#[test]
fn what_an_agent_starts_needs_the_customers_yes_and_answers_nothing_that_they_wait_for() {
    let rina = actor("Rina");
    let mut scene = Scene::owned_by(queue(), OPEN);
    scene.act(&rina, Action::Take).unwrap();
    let waiting_since = scene.conversation.waiting_since;
    assert!(waiting_since.is_some());
    let start = || {
        let (name, language) = ("promo".to_owned(), "id".to_owned());
        let content = Outgoing::Template(Template { name, language, components: Vec::new(), text: String::new() });
        Action::Start { content, purpose: "promo".into() }
    };
    let ActionError::Refused(refusal) = scene.act(&rina, start()).unwrap_err() else { panic!() };
    assert_eq!(refusal.rule, Rule::Consent);
    scene.conversation.consents.granted.insert("promo".into(), scene.now);
    let effects = scene.act(&rina, start()).unwrap();
    assert_eq!(effects.outbox.len(), 1);
    assert_eq!(scene.conversation.waiting_since, waiting_since, "an answer is still due");
    assert_eq!(scene.conversation.consents.business_messages, [scene.now], "it is counted for its week");
}
