//! What is asked while a human is waited for, and who answers it.

use super::scene::{
    CLOSED, OPEN, Scene, actor, calls, fails, held_by, queue, ruled, says, text, verdict, wordings, words,
};
use crate::conversation::Owner;
use crate::ears::Heard;
use crate::effects::Effects;
use crate::flow;
use crate::message::Message;
use crate::outgoing::Outgoing;
use crate::texts::TextKey;
use crate::turn::{Speaker, Turn, TurnBody};
use crate::verdict::{Decision, HandoverCall, Outcome, Priority, Ruled};

/// The customer waits, and has asked this meanwhile.
fn waiting(asked: &[&str]) -> (Scene, Vec<Turn>) {
    let mut scene = Scene::talking(CLOSED);
    scene.hands_over(None);
    scene.later(1);
    let mut turns = Vec::new();
    for words in asked {
        let message = scene.message(text(words));
        let effects = flow::keep(scene.scene(), scene.conversation.clone(), std::slice::from_ref(&message));
        scene.conversation = effects.conversation;
        let body = TurnBody::Received(message.body);
        turns.push(Turn { id: message.id, at: scene.now, by: Speaker::Customer, step: None, reply_to: None, body });
    }
    scene.past = turns.clone();
    (scene, turns)
}

fn asked(scene: &Scene, turns: &[Turn]) -> Vec<Message> {
    flow::asked_meanwhile(&scene.conversation, turns)
}

fn concluded(scene: &Scene, turns: &[Turn], ruled: Vec<Ruled>) -> Effects {
    let messages = asked(scene, turns);
    flow::conclude_meanwhile(scene.scene(), scene.conversation.clone(), &messages, ruled, Vec::new())
}

fn hands_over(call: HandoverCall) -> Ruled {
    ruled("faq", Ok(verdict(Decision::Handover(call))))
}

#[test]
fn who_goes_on_with_the_bot_is_answered_what_they_asked_meanwhile() {
    let (mut scene, turns) = waiting(&["ongkir ke bandung berapa?", "oke makasih", "bisa cod?"]);
    assert!(asked(&scene, &turns).is_empty(), "a human is still waited for");
    let effects = scene.hear(&Heard::BotMeanwhile);
    assert_eq!(wordings(&effects), [Some(TextKey::BotMeanwhileAsked)]);
    let again: Vec<Message> = asked(&scene, &turns);
    let said: Vec<&str> = again.iter().map(|message| message.body.content.words()).collect();
    assert_eq!(said, ["ongkir ke bandung berapa?", "bisa cod?"], "thanks ask for nothing");
    let effects = concluded(&scene, &turns, vec![says("faq", Outcome::Answer, "Rp10.000 kak.")]);
    assert_eq!(words(&effects), ["Rp10.000 kak."]);
    assert!(effects.decided.is_empty() && effects.trace.trigger == "meanwhile", "the step that kept them stays theirs");
    assert_eq!(effects.conversation.owner, Owner::Bot);
    assert!(effects.conversation.session.asked_meanwhile.is_empty(), "and it is asked once");
}

#[test]
fn who_has_asked_nothing_meanwhile_is_asked_what_they_want() {
    let (mut scene, turns) = waiting(&["oke"]);
    assert_eq!(wordings(&scene.hear(&Heard::BotMeanwhile)), [Some(TextKey::BotMeanwhile)]);
    assert!(asked(&scene, &turns).is_empty());
}

#[test]
fn what_the_bot_cannot_answer_stays_with_the_humans_who_are_called_already() {
    for unanswered in [
        vec![says("menu", Outcome::Fallback, "Maaf kak, aku belum paham.")],
        vec![fails("menu")],
        vec![says("menu", Outcome::Fallback, "Belum paham."), hands_over(calls("frustration", Some("gudang")))],
    ] {
        let (mut scene, turns) = waiting(&["paketnya lama banget sih woi"]);
        scene.hear(&Heard::BotMeanwhile);
        let before = scene.request().clone();
        let effects = concluded(&scene, &turns, unanswered);
        assert_eq!(wordings(&effects), [Some(TextKey::BotMeanwhileUnknown)]);
        assert_eq!(effects.conversation.owner, Owner::Bot, "the customer has chosen the bot");
        assert_eq!(effects.conversation.session.fallbacks_in_a_row, 0);
        let after = effects.conversation.request.unwrap();
        assert_eq!((after.reason, after.division, after.summary), (before.reason, before.division, before.summary));
    }
}

#[test]
fn a_call_or_a_lament_is_answered_by_no_guess() {
    let (mut scene, turns) = waiting(&["yah, padahal penting kak", "halo? kok sepi ya"]);
    assert_eq!(wordings(&scene.hear(&Heard::BotMeanwhile)), [Some(TextKey::BotMeanwhile)]);
    let effects = concluded(&scene, &turns, vec![says("faq", Outcome::Question, "Yang mana, kak?")]);
    assert!(words(&effects).is_empty());
    assert!(effects.conversation.session.asked_meanwhile.is_empty());
}

#[test]
fn what_is_more_pressing_than_the_request_makes_it_so() {
    let (mut scene, turns) = waiting(&["uang saya dipotong dua kali"]);
    scene.hear(&Heard::BotMeanwhile);
    let call = HandoverCall { priority: Priority::High, ..calls("money", None) };
    let answer = says("faq", Outcome::Answer, "Refund 3 hari kak.");
    let effects = concluded(&scene, &turns, vec![answer, hands_over(call)]);
    assert_eq!(effects.conversation.request.as_ref().unwrap().priority, Priority::High);
    assert_eq!(words(&effects), ["Refund 3 hari kak."]);
}

#[test]
fn somebody_in_danger_is_no_matter_for_the_bot_they_chose() {
    let (mut scene, turns) = waiting(&["aku ga sanggup hidup lagi"]);
    scene.hear(&Heard::BotMeanwhile);
    let call = HandoverCall { priority: Priority::Urgent, ..calls("self-harm", None) };
    assert!(!flow::gives_way_meanwhile(&verdict(Decision::Handover(call.clone()))));
    assert!(flow::gives_way_meanwhile(&verdict(Decision::Handover(calls("asked", None)))));
    let effects = concluded(&scene, &turns, vec![hands_over(call)]);
    assert_eq!(effects.conversation.owner, queue());
    assert!(words(&effects)[0].contains("112"), "{:?}", words(&effects));
}

#[test]
fn what_a_human_has_answered_is_not_asked_again() {
    let (mut scene, _) = waiting(&["ongkir ke bandung berapa?"]);
    let rina = actor("Rina");
    scene.conversation.owner = held_by(&rina);
    scene.act(&rina, flow::Action::Reply(Outgoing::text("Rp10.000 kak"))).unwrap();
    assert!(scene.conversation.session.asked_meanwhile.is_empty());
    let mut scene = Scene::owned_by(held_by(&rina), OPEN);
    scene.keep(vec![text("kalau ke solo?")]);
    assert_eq!(scene.conversation.session.asked_meanwhile.len(), 1, "and the agent may never answer");
}

#[test]
fn only_the_latest_questions_are_kept() {
    let many: Vec<String> = (0..20).map(|n| format!("yang nomor {n} masih ada?")).collect();
    let (scene, _) = waiting(&many.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(scene.conversation.session.asked_meanwhile.len(), 8);
}
