//! What the customer is told of a handover, and the request that is open meanwhile.

use super::scene::{
    CLOSED, OPEN, Scene, at, calls, cs, happened, queue, requests, ruled, says, text, timer, verdict, wordings, words,
};
use crate::conversation::Owner;
use crate::ears::{Heard, reserved};
use crate::effects::Timer;
use crate::outgoing::Outgoing;
use crate::texts::TextKey;
use crate::turn::{Speaker, Turn, TurnBody};
use crate::verdict::{Decision, Fact, Outcome, Priority};

#[test]
fn a_summary_tells_what_was_asked_before_and_what_the_bot_said() {
    let mut scene = Scene::talking(OPEN);
    let asked = scene.message(text("pesanan TC-10234 sampai mana"));
    let said = scene.conclude(vec![says("faq", Outcome::Answer, "Masih di Surabaya kak.")]).outbox.remove(0);
    let turn = |id, by, body| Turn { id, at: scene.now, by, step: None, reply_to: None, body };
    scene.past = vec![
        turn(asked.id, Speaker::Customer, TurnBody::Received(asked.body.clone())),
        turn(said.id, Speaker::Bot, TurnBody::Said { author: said.author.clone(), content: said.content.clone() }),
    ];
    let effects = scene.hear(&Heard::Human);
    let summary = &effects.conversation.request.as_ref().unwrap().summary;
    assert_eq!(
        summary,
        "Sebelumnya: pesanan TC-10234 sampai mana\nJawaban bot: Masih di Surabaya kak.\nPesan terakhir: …"
    );
}

#[test]
fn with_a_measured_wait_the_customer_is_told_it() {
    let mut scene = Scene::talking(OPEN);
    scene.presence.available.insert(cs(), 2);
    scene.presence.wait_minutes.insert(cs(), 7);
    let effects = scene.hands_over(None);
    assert_eq!(wordings(&effects), [Some(TextKey::HandoverWait)]);
    assert!(words(&effects)[0].contains("7 menit"), "{:?}", words(&effects));
}

#[test]
fn with_somebody_there_and_no_measure_no_time_is_promised() {
    let mut scene = Scene::talking(OPEN);
    scene.presence.available.insert(cs(), 1);
    assert_eq!(wordings(&scene.hands_over(None)), [Some(TextKey::HandoverPresent)]);
}

#[test]
fn with_nobody_there_a_measured_wait_says_nothing() {
    let mut scene = Scene::talking(OPEN);
    scene.presence.wait_minutes.insert(cs(), 7);
    assert_eq!(wordings(&scene.hands_over(None)), [Some(TextKey::HandoverNobodyYet)]);
}

#[test]
fn out_of_hours_the_next_opening_is_named_and_the_bot_offered_meanwhile() {
    let mut scene = Scene::talking(CLOSED);
    let effects = scene.hands_over(None);
    assert_eq!(wordings(&effects), [Some(TextKey::HandoverClosed)]);
    assert!(words(&effects)[0].contains("09"), "{:?}", words(&effects));
    let Outgoing::Buttons { buttons, .. } = &effects.outbox[0].content else { panic!("no button") };
    assert_eq!(buttons[0].id, reserved::BOT_MEANWHILE);
    let opening = at("2026-11-24T09:00:00+07:00");
    assert_eq!(timer(&effects, Timer::NobodyThere), Some(opening.plus_minutes(5)));
}

#[test]
fn where_no_opening_is_known_none_is_named_and_no_clock_runs() {
    let mut scene = Scene::talking(CLOSED);
    scene.bot.office.hours = [None; 7];
    let effects = scene.hands_over(None);
    assert_eq!(wordings(&effects), [Some(TextKey::HandoverClosedUnknown)]);
    assert_eq!(timer(&effects, Timer::NobodyThere), None);
}

#[test]
fn a_request_is_opened_once_with_its_promise_and_a_summary() {
    let mut scene = Scene::talking(OPEN);
    let effects = scene.hands_over(None);
    assert_eq!(requests(&effects), ["opened"]);
    assert_eq!(scene.request().promised.as_deref(), Some("handover.nobody_yet"));
    assert!(scene.request().summary.contains("ongkir ke bandung"));
    assert_eq!(happened(&effects), ["handed_over"]);
}

#[test]
fn a_division_that_does_not_exist_is_taken_over_by_the_first() {
    let mut scene = Scene::talking(OPEN);
    let effects = scene.hands_over(Some("direksi"));
    assert_eq!(scene.conversation.owner, queue());
    assert!(effects.trace.notes.iter().any(|note| note.contains("direksi")));
    let mut scene = Scene::talking(OPEN);
    scene.hands_over(Some("gudang"));
    assert_eq!(scene.conversation.owner, Owner::Queue { division: "gudang".into() });
}

#[test]
fn going_on_with_the_bot_keeps_the_request_open_and_a_second_handover_reuses_it() {
    let mut scene = Scene::talking(CLOSED);
    scene.hands_over(Some("gudang"));
    let first = scene.request().id;
    let effects = scene.hear(&Heard::BotMeanwhile);
    assert_eq!(wordings(&effects), [Some(TextKey::BotMeanwhile)]);
    assert_eq!(scene.conversation.owner, Owner::Bot);
    assert!(scene.conversation.session.bot_meanwhile);
    assert_eq!(timer(&effects, Timer::NobodyThere), None);
    assert_eq!(scene.request().id, first);
    let effects = scene.hear(&Heard::Human);
    assert_eq!(requests(&effects), ["changed"]);
    assert_eq!(scene.request().id, first);
    assert_eq!(scene.conversation.owner, Owner::Queue { division: "gudang".into() });
    assert!(!scene.conversation.session.bot_meanwhile);
    assert!(timer(&effects, Timer::NobodyThere).is_some());
}

#[test]
fn a_button_of_an_older_message_says_nothing_of_a_request_that_is_closed() {
    let mut scene = Scene::talking(CLOSED);
    scene.hands_over(Some("gudang"));
    scene.hear(&Heard::BotMeanwhile);
    scene.conversation.request = None;
    assert_eq!(wordings(&scene.hear(&Heard::BotMeanwhile)), [Some(TextKey::DisclosureAfterHandBack)]);
}

#[test]
fn a_request_only_grows_more_pressing_and_its_facts_are_bounded() {
    let mut scene = Scene::talking(OPEN);
    let mut call = calls("asked", None);
    call.priority = Priority::Urgent;
    call.facts = (0..100).map(|n| Fact { name: format!("fact {n}"), value: "1".to_owned() }).collect();
    scene.conclude(vec![ruled("faq", Ok(verdict(Decision::Handover(call))))]);
    assert_eq!(scene.request().facts.len(), 32);
    scene.hear(&Heard::BotMeanwhile);
    let mut call = calls("asked", None);
    call.priority = Priority::Low;
    call.facts = vec![Fact { name: "fact 1".to_owned(), value: "2".to_owned() }];
    scene.conclude(vec![ruled("faq", Ok(verdict(Decision::Handover(call))))]);
    assert_eq!(scene.request().priority, Priority::Urgent);
    assert_eq!(scene.request().facts[1].value, "2");
    assert_eq!(scene.request().facts.len(), 32);
}

#[test]
fn words_of_care_go_before_a_handover_and_fit_its_reason() {
    for (reason, cared) in [
        ("self-harm", "berat sekali"),
        ("injury", "dokter"),
        ("grief", "prihatin"),
        ("frustration", "wajar"),
        ("complaint", "kecewa"),
        ("repetition", "belum bisa bantu"),
    ] {
        let mut scene = Scene::talking(OPEN);
        let effects = scene.conclude(vec![ruled("faq", Ok(verdict(Decision::Handover(calls(reason, None)))))]);
        let said = words(&effects);
        let [said] = said.as_slice() else { panic!("one message: {said:?}") };
        assert!(said.contains(cared) && said.contains("antrean"), "{reason}: {said}");
        assert!(effects.trace.notes.iter().any(|note| note.contains("comfort.")), "{reason}: the trace names it");
    }
    let mut angry = calls("money", None);
    angry.facts = vec![Fact { name: "mood".to_owned(), value: "angry".to_owned() }];
    let effects = Scene::talking(OPEN).conclude(vec![ruled("faq", Ok(verdict(Decision::Handover(angry))))]);
    assert!(words(&effects)[0].contains("wajar"), "anger about money is anger");
    let effects = Scene::talking(OPEN).hear(&Heard::Human);
    assert!(!effects.trace.notes.iter().any(|note| note.contains("comfort.")), "who only asks needs no comfort");
}

#[test]
fn whoever_speaks_of_ending_their_life_is_told_where_help_is_and_offered_no_bot() {
    let mut scene = Scene::talking(CLOSED);
    let effects = scene.conclude(vec![ruled("faq", Ok(verdict(Decision::Handover(calls("self-harm", None)))))]);
    assert_eq!(wordings(&effects), [Some(TextKey::HandoverClosedGrave)]);
    let Outgoing::Text { text } = &effects.outbox[0].content else { panic!("no button belongs here") };
    assert!(text.contains("112") && text.contains("IGD") && text.contains("09"), "{text}");
    let mut scene = Scene::talking(CLOSED);
    scene.bot.office.hours = [None; 7];
    let effects = scene.conclude(vec![ruled("faq", Ok(verdict(Decision::Handover(calls("self-harm", None)))))]);
    assert_eq!(wordings(&effects), [Some(TextKey::HandoverClosedUnknownGrave)]);
}

#[test]
fn whoever_is_handed_over_at_once_is_not_told_how_to_ask_for_it() {
    for time in [OPEN, CLOSED] {
        let mut scene = Scene::at(time);
        let effects = scene.hear(&Heard::Human);
        let said = words(&effects);
        let [said] = said.as_slice() else { panic!("one message: {said:?}") };
        assert!(said.starts_with("Halo kak, aku Sari, asisten virtual Toko Contoh.\n\n"), "{said}");
        assert!(!said.contains("ADMIN") && effects.outbox[0].discloses, "{said}");
    }
}
