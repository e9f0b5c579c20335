//! Customers correct and delete what was not answered yet.

use super::scene::{OPEN, Scene, text};
use crate::flow;
use crate::ids::TurnId;
use crate::message::{Content, Message};
use crate::turn::{Speaker, Turn, TurnBody};

fn edit(scene: &Scene, of: &Message, words: &str) -> Message {
    let json = format!(r#"{{"edit":{{"message":{{"type":"text","text":{{"body":"{words}"}}}}}}}}"#);
    referring(scene, of.id, "edit", &json)
}

fn revoke(scene: &Scene, of: &Message) -> Message {
    referring(scene, of.id, "revoke", r#"{"revoke":{}}"#)
}

fn referring(scene: &Scene, of: TurnId, kind: &str, json: &str) -> Message {
    let mut message = scene.message(Content::Other { other: kind.to_owned(), json: json.to_owned() });
    message.reply_to = Some(of);
    message
}

fn said(settled: &flow::Settled) -> Vec<&str> {
    settled.messages.iter().map(|message| message.body.content.words()).collect()
}

#[test]
fn a_corrected_message_says_its_last_words_in_its_first_place() {
    let scene = Scene::talking(OPEN);
    let (first, second) = (scene.message(text("ongkir ke jogja?")), scene.message(text("buat 2 kg")));
    let (once, twice) = (edit(&scene, &first, "ongkir ke solo?"), edit(&scene, &first, "ongkir ke medan?"));
    let corrections = vec![once.id, twice.id];
    let settled = flow::settled(vec![first, second, once, twice]);
    assert_eq!(said(&settled), ["ongkir ke medan?", "buat 2 kg"]);
    assert_eq!(settled.besides, corrections);
}

#[test]
fn it_does_not_matter_whether_the_correction_or_its_message_came_first() {
    let scene = Scene::talking(OPEN);
    let first = scene.message(text("ongkir ke jogja?"));
    let (correction, deletion) = (edit(&scene, &first, "ongkir ke solo?"), revoke(&scene, &first));
    let settled = flow::settled(vec![correction.clone(), first.clone()]);
    assert_eq!(said(&settled), ["ongkir ke solo?"]);
    assert_eq!(settled.besides, [correction.id]);
    let settled = flow::settled(vec![deletion, correction, first]);
    assert!(settled.messages.is_empty() && settled.besides.len() == 3, "{settled:?}");
}

#[test]
fn turns_read_as_the_customer_wants_them_read_and_once() {
    let scene = Scene::talking(OPEN);
    let turn = |message: Message| Turn {
        id: message.id,
        at: message.sent_at,
        by: Speaker::Customer,
        step: None,
        reply_to: message.reply_to,
        body: TurnBody::Received(message.body),
    };
    let (first, second) = (scene.message(text("ongkir ke jogja?")), scene.message(text("eh salah")));
    let long_ago = edit(&scene, &scene.message(text("halo")), "hai");
    let turns = vec![
        edit(&scene, &first, "ongkir ke solo?"),
        first.clone(),
        second.clone(),
        revoke(&scene, &second),
        edit(&scene, &first, "ongkir ke medan?"),
        long_ago.clone(),
    ];
    let read = flow::as_they_read(turns.into_iter().map(turn).collect());
    let words: Vec<(TurnId, &str)> = read.iter().map(|turn| (turn.id, turn.body.words())).collect();
    assert_eq!(words, [(first.id, "ongkir ke medan?"), (long_ago.id, "")]);
}

#[test]
fn a_deleted_message_is_not_answered() {
    let scene = Scene::talking(OPEN);
    let (first, second) = (scene.message(text("ongkir ke jogja?")), scene.message(text("eh salah")));
    let taken = revoke(&scene, &first);
    let ids = [taken.id, first.id];
    let settled = flow::settled(vec![first, second, taken]);
    assert_eq!(said(&settled), ["eh salah"]);
    assert_eq!(settled.besides, ids);
}

#[test]
fn a_correction_of_a_message_that_was_answered_already_stands_by_itself() {
    let scene = Scene::talking(OPEN);
    let late = edit(&scene, &scene.message(text("ongkir ke jogja?")), "ongkir ke solo?");
    let settled = flow::settled(vec![late.clone()]);
    assert_eq!(settled.messages, [late]);
    assert!(settled.besides.is_empty());
}

#[test]
fn when_everything_is_taken_back_nobody_says_a_word() {
    let mut scene = Scene::talking(OPEN);
    let first = scene.message(text("ongkir ke jogja?"));
    let taken = revoke(&scene, &first);
    let settled = flow::settled(vec![first.clone(), taken.clone()]);
    assert!(settled.messages.is_empty());
    scene.later(3);
    let effects = flow::taken_back(scene.scene(), scene.conversation.clone(), &settled.besides);
    assert!(effects.outbox.is_empty());
    assert_eq!(effects.decided, [taken.id, first.id]);
    assert_eq!(effects.conversation.last_customer_at, Some(scene.now), "the window opens all the same");
    assert_eq!(effects.conversation.owner, scene.conversation.owner);
}
