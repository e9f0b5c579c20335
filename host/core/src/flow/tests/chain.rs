//! The chain has been asked.

use super::scene::{
    OPEN, Scene, fails, file, other, pass, queue, requests, ruled, says, text, verdict, with_fronts, wordings, words,
};
use crate::conversation::Owner;
use crate::ears::reserved;
use crate::flow;
use crate::message::{Content, Location, MediaKind};
use crate::outgoing::Outgoing;
use crate::texts::TextKey;
use crate::trace::Effect;
use crate::verdict::{Decision, Fact, Outcome};

fn nobody() -> Vec<crate::verdict::Ruled> {
    vec![pass("faq"), pass("menu")]
}

#[test]
fn whoever_has_asked_hears_the_answer_first_and_gives_way_if_it_is_none() {
    let names = |names: [&str; 4]| names.map(crate::ids::PluginName::from);
    let chain = names(["escalation", "order-tracking", "faq", "menu"]);
    let mut scene = Scene::talking(OPEN);
    assert_eq!(flow::order(&chain, &scene.conversation), [0, 1, 2, 3]);
    scene.conclude(vec![pass("faq"), says("menu", Outcome::Question, "Berapa potong kak?")]);
    assert_eq!(flow::order(&chain, &scene.conversation), [0, 3, 1, 2]);
    let asker = scene.conversation.session.asked_by.clone();
    let reply = |outcome| verdict(Decision::Reply { messages: vec![Outgoing::text("…")], outcome });
    assert!(flow::gives_way(&chain[3], &reply(Outcome::Fallback), asker.as_ref()));
    assert!(!flow::gives_way(&chain[3], &reply(Outcome::Question), asker.as_ref()));
    assert!(!flow::gives_way(&chain[2], &reply(Outcome::Fallback), asker.as_ref()));
    scene.conclude(vec![says("menu", Outcome::Fallback, "Belum paham. Berapa potong kak?")]);
    assert_eq!(flow::order(&chain, &scene.conversation), [0, 3, 1, 2], "whoever asks again still waits for the answer");
    let beside = || vec![says("faq", Outcome::Answer, "Rp9.000"), says("menu", Outcome::Fallback, "Belum paham.")];
    for _ in 0..2 {
        scene.conclude(beside());
        assert_eq!(flow::order(&chain, &scene.conversation), [0, 3, 1, 2], "its question is still open");
    }
    scene.conclude(beside());
    assert_eq!(flow::order(&chain, &scene.conversation), [0, 1, 2, 3], "but not for ever");
    scene.conclude(vec![says("menu", Outcome::Question, "Berapa potong kak?")]);
    scene.conclude(vec![says("faq", Outcome::Answer, "Rp9.000")]);
    assert_eq!(flow::order(&chain, &scene.conversation), [0, 1, 2, 3], "answered");
}

#[test]
fn the_first_reply_wins_and_every_verdict_is_in_the_trace() {
    let mut scene = Scene::talking(OPEN);
    let effects = scene.conclude(vec![
        pass("faq"),
        says("menu", Outcome::Answer, "Ongkirnya Rp9.000."),
        says("late", Outcome::Answer, "Saya juga."),
    ]);
    assert_eq!(words(&effects), ["Ongkirnya Rp9.000."]);
    assert_eq!(effects.trace.verdicts.len(), 3);
    assert_eq!(scene.conversation.session.bot_replies, 1);
}

#[test]
fn fallbacks_of_plugins_and_of_the_host_count_together_up_to_a_human() {
    let mut scene = Scene::talking(OPEN);
    let effects = scene.conclude(vec![says("faq", Outcome::Fallback, "Belum paham, kak.")]);
    let Outgoing::Buttons { buttons, .. } = &effects.outbox[0].content else { panic!("no way to a human") };
    assert_eq!(buttons[0].id, reserved::HUMAN);
    assert_eq!(scene.conversation.session.fallbacks_in_a_row, 1);
    assert_eq!(wordings(&scene.conclude(nobody())), [Some(TextKey::Fallback)]);
    assert_eq!(scene.conversation.session.fallbacks_in_a_row, 2);
    scene.conclude(nobody());
    assert_eq!(scene.conversation.owner, queue());
    assert_eq!(scene.request().reason, "not-understood");
    assert_eq!(scene.conversation.session.fallbacks_in_a_row, 0);
}

#[test]
fn a_third_fallback_of_a_plugin_is_a_human_too() {
    let mut scene = Scene::talking(OPEN);
    for words in ["Belum paham.", "Maaf, masih belum."] {
        scene.conclude(vec![says("faq", Outcome::Fallback, words)]);
    }
    scene.conclude(vec![says("faq", Outcome::Fallback, "Tetap belum.")]);
    assert_eq!(scene.conversation.owner, queue());
}

#[test]
fn an_answer_after_a_fallback_of_the_host_ends_the_row() {
    let mut scene = Scene::talking(OPEN);
    scene.conclude(nobody());
    scene.conclude(vec![says("faq", Outcome::Answer, "Ongkirnya Rp9.000.")]);
    assert_eq!(scene.conversation.session.fallbacks_in_a_row, 0);
}

#[test]
fn nobody_is_left_without_an_answer_whatever_they_sent() {
    let place = Location { latitude: -6.2, longitude: 106.8, name: None, address: None };
    // A human is called in one message, that says why.
    let human = |key| vec![Some(key), Some(TextKey::HandoverNobodyYet)];
    for (sent, expected) in [
        (vec![text("xyzzy")], vec![Some(TextKey::Fallback)]),
        (vec![file(MediaKind::Voice)], human(TextKey::MediaVoice)),
        (vec![file(MediaKind::Image)], human(TextKey::MediaFile)),
        (vec![file(MediaKind::Sticker)], vec![Some(TextKey::Fallback)]),
        (vec![Content::Location(place)], human(TextKey::MediaPlace)),
        (vec![other("unsupported")], vec![Some(TextKey::MediaUnsupported)]),
        (vec![text("ini fotonya"), file(MediaKind::Image)], human(TextKey::MediaFile)),
        (vec![file(MediaKind::Image), other("unsupported")], human(TextKey::MediaFile)),
        (vec![text("halo"), other("unsupported")], vec![Some(TextKey::Fallback)]),
        (vec![Content::Reaction { emoji: Some("👍".to_owned()) }], vec![]),
        (vec![other("edit")], vec![]),
        (vec![other("revoke")], vec![]),
    ] {
        let mut scene = Scene::talking(OPEN);
        let effects = scene.asked(sent.clone(), nobody());
        assert_eq!(with_fronts(&effects), expected, "{sent:?}");
        assert_eq!(scene.conversation.request.is_some(), expected.len() == 2, "{sent:?}");
        assert_eq!(effects.decided.len(), sent.len());
    }
}

#[test]
fn what_cannot_be_opened_is_not_apologised_for_without_end() {
    let mut scene = Scene::talking(OPEN);
    for _ in 0..2 {
        scene.asked(vec![other("unsupported")], nobody());
        assert_eq!(scene.conversation.owner, Owner::Bot);
    }
    scene.asked(vec![other("unsupported")], nobody());
    assert_eq!(scene.conversation.owner, queue());
}

#[test]
fn a_failure_is_passed_over_or_calls_a_human_as_the_plugin_is_configured() {
    let mut scene = Scene::talking(OPEN);
    let effects = scene.conclude(vec![fails("faq"), says("menu", Outcome::Answer, "Rp9.000.")]);
    assert_eq!(words(&effects), ["Rp9.000."]);
    assert_eq!(effects.trace.verdicts[0].failure.as_ref().unwrap().code, "trap");
    let mut scene = Scene::talking(OPEN);
    let effects = scene.conclude(vec![pass("faq"), fails("menu")]);
    assert_eq!(with_fronts(&effects), [Some(TextKey::BotFailed), Some(TextKey::HandoverNobodyYet)]);
    assert_eq!((scene.request().reason.as_str(), requests(&effects)), ("bot-failed", vec!["opened"]));
}

#[test]
fn a_reply_that_the_gate_refuses_whole_becomes_a_human() {
    let mut scene = Scene::talking(OPEN);
    let effects = scene.conclude(vec![says("faq", Outcome::Answer, "Saya manusia, bukan bot.")]);
    assert_eq!(with_fronts(&effects), [Some(TextKey::BotFailed), Some(TextKey::HandoverNobodyYet)]);
    assert_eq!(scene.conversation.owner, queue());
    assert!(effects.trace.rulings.iter().any(|ruling| ruling.effect == Effect::Refused), "and the trace says why");
}

#[test]
fn an_empty_reply_leaves_no_customer_without_a_word() {
    let mut scene = Scene::talking(OPEN);
    let empty = Decision::Reply { messages: Vec::new(), outcome: Outcome::Answer };
    let effects = scene.conclude(vec![ruled("faq", Ok(verdict(empty)))]);
    assert!(!effects.outbox.is_empty());
}

#[test]
fn what_plugins_learn_is_kept_within_bounds_whoever_wins() {
    let mut scene = Scene::talking(OPEN);
    let mut learns = verdict(Decision::Pass);
    learns.labels = (0..100).map(|n| format!("label {n}")).collect();
    learns.attributes = (0..100).map(|n| Fact { name: format!("{n}"), value: "1".to_owned() }).collect();
    scene.conclude(vec![ruled("faq", Ok(learns)), says("menu", Outcome::Answer, "Rp9.000.")]);
    assert_eq!((scene.conversation.labels.len(), scene.conversation.attributes.len()), (64, 64));
    let mut corrects = verdict(Decision::Pass);
    corrects.attributes = vec![Fact { name: "7".to_owned(), value: "2".to_owned() }];
    scene.conclude(vec![ruled("faq", Ok(corrects)), says("menu", Outcome::Answer, "Rp10.000.")]);
    assert_eq!(scene.conversation.attributes["7"], "2", "what is known may still change");
}
