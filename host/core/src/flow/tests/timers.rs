//! Timers, and the phone whose silence one of them measures.

use super::scene::{
    CLOSED, OPEN, Scene, actor, at, happened, held_by, queue, requests, says, text, timer, wordings, words,
};
use crate::conversation::Owner;
use crate::ears::Heard;
use crate::effects::{RequestChange, Timer};
use crate::flow::Action;
use crate::outgoing::Outgoing;
use crate::texts::TextKey;
use crate::verdict::{Outcome, Priority};

#[test]
fn whom_nobody_takes_is_told_so_and_may_choose() {
    let mut scene = Scene::owned_by(queue(), OPEN);
    let effects = scene.later(5).tick(Timer::NobodyThere);
    assert_eq!(wordings(&effects), [Some(TextKey::NobodyThere)]);
    let Outgoing::Buttons { buttons, .. } = &effects.outbox[0].content else { panic!("no choice") };
    assert_eq!(buttons.len(), 2);
    assert_eq!(timer(&effects, Timer::NobodyThere), None);
    assert_eq!(scene.conversation.owner, queue());
    assert_eq!(scene.request().promised.as_deref(), Some("nobody_there"));
}

#[test]
fn when_the_office_has_closed_meanwhile_the_clock_starts_again_at_the_next_opening() {
    let mut scene = Scene::owned_by(queue(), "2026-11-23T16:58:00+07:00");
    let effects = scene.later(5).tick(Timer::NobodyThere);
    assert_eq!(wordings(&effects), [Some(TextKey::HandoverClosed)]);
    assert_eq!(timer(&effects, Timer::NobodyThere), Some(at("2026-11-24T09:05:00+07:00")));
}

#[test]
fn a_timer_that_has_lost_its_cause_only_clears_itself() {
    let rina = held_by(&actor("Rina"));
    for (owner, kind) in [
        (Owner::Bot, Timer::NobodyThere),
        (rina.clone(), Timer::NobodyThere),
        (Owner::Bot, Timer::AnswerLate),
        (queue(), Timer::AnswerLate),
        (rina, Timer::PhoneRelease),
    ] {
        let mut scene = Scene::owned_by(owner.clone(), OPEN);
        let effects = scene.tick(kind);
        assert_eq!(timer(&effects, kind), None);
        assert!(effects.outbox.is_empty() && effects.requests.is_empty(), "{owner:?} {kind:?}");
        assert_eq!(scene.conversation.owner, owner);
    }
}

#[test]
fn an_agent_who_does_not_answer_gives_the_conversation_back_to_the_queue() {
    let mut scene = Scene::owned_by(queue(), OPEN);
    scene.act(&actor("Rina"), Action::Take).unwrap();
    let first = scene.request().id;
    let effects = scene.later(10).tick(Timer::AnswerLate);
    assert_eq!(scene.conversation.owner, queue());
    assert_eq!((scene.request().id, scene.request().priority), (first, Priority::High));
    assert_eq!(requests(&effects), ["changed"], "one line for one request");
    assert_eq!(scene.request().promised.as_deref(), Some("agent.late"));
    assert_eq!(wordings(&effects), [Some(TextKey::AgentLate)]);
    assert!(words(&effects)[0].contains("Rina"));
    assert_eq!(timer(&effects, Timer::NobodyThere), None, "they are not asked the same in five minutes");
}

#[test]
fn what_could_not_be_said_is_not_noted_as_promised() {
    let mut scene = Scene::owned_by(queue(), OPEN);
    scene.act(&actor("Rina"), Action::Take).unwrap();
    let before = scene.request().promised.clone();
    let effects = scene.later(25 * 60).tick(Timer::AnswerLate);
    assert!(effects.outbox.is_empty(), "the 24 hours are over");
    assert_eq!(scene.request().promised, before);
    let told = effects.requests.iter().find_map(|change| match change {
        RequestChange::Changed(request) => Some(request.promised.clone()),
        _ => None,
    });
    assert_eq!(told, Some(before));
}

#[test]
fn nobody_is_told_that_nobody_has_come_once_somebody_has() {
    let rina = actor("Rina");
    let mut scene = Scene::owned_by(queue(), OPEN);
    scene.act(&rina, Action::Take).unwrap();
    scene.act(&rina, Action::Transfer("gudang".into())).unwrap();
    assert_eq!(wordings(&scene.hear(&Heard::Human)), [Some(TextKey::HandoverStillWaitingAgain)]);
    assert_eq!(wordings(&scene.later(5).tick(Timer::NobodyThere)), [Some(TextKey::NobodyThereAgain)]);
    let mut scene = Scene::talking(OPEN);
    scene.echo();
    scene.later(10).keep(vec![text("jadi berapa kak?")]);
    scene.later(240).tick(Timer::PhoneRelease);
    assert_eq!(wordings(&scene.later(5).tick(Timer::NobodyThere)), [Some(TextKey::NobodyThereAgain)]);
}

#[test]
fn an_agent_who_does_not_answer_at_night_is_not_promised_anew() {
    let mut scene = Scene::owned_by(held_by(&actor("Rina")), CLOSED);
    scene.keep(vec![text("halo?")]);
    let effects = scene.later(10).tick(Timer::AnswerLate);
    assert_eq!(wordings(&effects), [Some(TextKey::HandoverStillClosed)]);
    assert_eq!(timer(&effects, Timer::NobodyThere), Some(at("2026-11-24T09:05:00+07:00")));
    assert!(scene.later(1).keep(vec![text("kak?")]).outbox.is_empty(), "told once");
}

#[test]
fn a_timer_that_overtook_the_agents_answer_changes_nothing() {
    let rina = actor("Rina");
    let mut scene = Scene::owned_by(queue(), OPEN);
    scene.act(&rina, Action::Take).unwrap();
    scene.later(9).act(&rina, Action::Reply(Outgoing::text("Halo kak"))).unwrap();
    let effects = scene.later(1).tick(Timer::AnswerLate);
    assert!(effects.outbox.is_empty());
    assert_eq!(scene.conversation.owner, held_by(&rina));
}

#[test]
fn a_timer_that_goes_off_early_is_set_again() {
    let mut scene = Scene::owned_by(queue(), OPEN);
    scene.act(&actor("Rina"), Action::Take).unwrap();
    let due = scene.now.plus_minutes(10);
    let effects = scene.later(2).tick(Timer::AnswerLate);
    assert_eq!(timer(&effects, Timer::AnswerLate), Some(due));
    assert_eq!(scene.conversation.owner, held_by(&actor("Rina")));
}

#[test]
fn an_answer_from_the_phone_silences_the_bot_and_closes_the_request() {
    let mut scene = Scene::owned_by(queue(), OPEN);
    let effects = scene.echo();
    let until = scene.now.plus_minutes(240);
    assert_eq!(scene.conversation.owner, Owner::Phone { until });
    assert_eq!(requests(&effects), ["taken", "closed"]);
    assert!(scene.conversation.request.is_none());
    assert_eq!(timer(&effects, Timer::PhoneRelease), Some(until));
    assert_eq!(timer(&effects, Timer::NobodyThere), None);
    assert_eq!(happened(&effects), ["taken_by_phone"]);
    let effects = scene.later(60).echo();
    assert_eq!(timer(&effects, Timer::PhoneRelease), Some(scene.now.plus_minutes(240)), "each word puts it off");
    assert!(happened(&effects).is_empty());
}

#[test]
fn an_agent_keeps_a_conversation_that_a_colleague_answers_from_the_phone() {
    let mut scene = Scene::owned_by(held_by(&actor("Rina")), OPEN);
    scene.keep(vec![text("halo?")]);
    let effects = scene.echo();
    assert_eq!(scene.conversation.owner, held_by(&actor("Rina")));
    assert_eq!(timer(&effects, Timer::AnswerLate), None, "the customer has their answer");
}

#[test]
fn the_bot_may_speak_again_once_the_phone_is_silent_for_long_enough() {
    let mut scene = Scene::talking(OPEN);
    scene.echo();
    let until = scene.now.plus_minutes(240);
    let effects = scene.later(200).tick(Timer::PhoneRelease);
    assert_eq!(timer(&effects, Timer::PhoneRelease), Some(until));
    let effects = scene.later(40).tick(Timer::PhoneRelease);
    assert_eq!(scene.conversation.owner, Owner::Bot);
    assert_eq!(timer(&effects, Timer::PhoneRelease), None);
    assert_eq!(happened(&effects), ["released_by_phone"]);
    assert!(effects.outbox.is_empty());
    let effects = scene.conclude(vec![says("faq", Outcome::Answer, "Rp9.000.")]);
    assert!(effects.outbox[0].discloses);
}

#[test]
fn a_customer_whom_the_phone_never_answered_gets_a_human() {
    let mut scene = Scene::talking(OPEN);
    scene.echo();
    scene.later(10).keep(vec![text("jadi berapa kak?")]);
    let effects = scene.later(230).tick(Timer::PhoneRelease);
    assert_eq!(scene.conversation.owner, queue());
    assert_eq!(requests(&effects), ["opened"]);
    assert_eq!(effects.outbox.len(), 1);
    let mut scene = Scene::talking(OPEN);
    scene.echo();
    scene.later(10).keep(vec![text("jadi berapa kak?")]);
    scene.later(10).echo();
    scene.later(240).tick(Timer::PhoneRelease);
    assert_eq!(scene.conversation.owner, Owner::Bot, "whom the phone did answer does not");
}

#[test]
fn whoever_writes_on_after_the_choice_is_not_met_with_silence() {
    let mut scene = Scene::owned_by(Owner::Bot, OPEN);
    scene.hands_over(None);
    scene.later(5).tick(Timer::NobodyThere);
    let effects = scene.later(1).keep(vec![text("halo?")]);
    assert_eq!(wordings(&effects), [Some(TextKey::HandoverStillWaiting)]);
    assert_eq!(timer(&effects, Timer::NobodyThere), Some(scene.now.plus_minutes(5)), "and the choice comes again");
    let effects = scene.later(1).keep(vec![text("pesanan aku TC-10234 gimana")]);
    assert!(effects.outbox.is_empty(), "once is enough until then");
    assert!(
        scene.request().summary.ends_with("Lalu: halo? / pesanan aku TC-10234 gimana"),
        "{}",
        scene.request().summary
    );
    assert_eq!(wordings(&scene.later(4).tick(Timer::NobodyThere)), [Some(TextKey::NobodyThere)]);
    assert_eq!(wordings(&scene.later(1).keep(vec![text("masih ada orang?")])), [Some(TextKey::HandoverStillWaiting)]);
}
