use santun_core::identity::{Identity, Wamid};
use santun_core::message::Content;
use santun_core::time::Timestamp;
use santun_core::webhook::{Echo, Update};
use santun_store::Ingested;

use crate::support::*;

fn conversation_of(ingested: &Ingested) -> santun_core::ids::ConversationId {
    match ingested {
        Ingested::Message { message, .. } => message.conversation,
        other => panic!("not a message: {other:?}"),
    }
}

#[tokio::test]
async fn a_message_that_comes_again_is_a_duplicate_within_and_across_webhooks() {
    let home = Home::new().await;
    let twice = home.ingest(vec![arrival("628111", "wamid.A", "Halo"), arrival("628111", "wamid.A", "Halo")]).await;
    assert!(matches!(twice[..], [Ingested::Message { begins: true, .. }, Ingested::Duplicate]), "{twice:?}");
    let home = home.reopened().await;
    assert_eq!(home.ingest(vec![arrival("628111", "wamid.A", "Halo")]).await, [Ingested::Duplicate]);
    let (_, loaded) = home.leased(conversation_of(&twice[0])).await;
    assert_eq!(loaded.undecided.len(), 1);
}

#[tokio::test]
async fn messages_are_decided_in_whatsapps_order_then_in_order_of_arrival() {
    let home = Home::new().await;
    let at = |seconds: i64, wamid: &str, words: &str| {
        let Update::Message(mut arrival) = arrival("628111", wamid, words) else { unreachable!() };
        arrival.sent_at = Timestamp::from_millis(START + seconds * 1000);
        Update::Message(arrival)
    };
    let ingested = home.ingest(vec![at(5, "w3", "third"), at(1, "w1", "first")]).await;
    home.ingest(vec![at(1, "w2", "second"), at(9, "w4", "fourth")]).await;
    let (_, loaded) = home.leased(conversation_of(&ingested[0])).await;
    let words: Vec<_> = loaded.undecided.iter().map(|message| message.body.content.words()).collect();
    assert_eq!(words, ["first", "second", "third", "fourth"]);
    assert_eq!(loaded.read.map(|wamid| wamid.expose().to_owned()).as_deref(), Some("w4"));
}

#[tokio::test]
async fn a_quoted_message_is_found_whoever_wrote_it() {
    let home = Home::new().await;
    let first = home.hears("628111", "satu").await;
    let own = home.store.wamid(first.id).await.unwrap().unwrap();
    let Update::Message(mut quoting) = arrival("628111", "wamid.Q", "dua") else { unreachable!() };
    quoting.quotes = Some(own);
    let ingested = home.ingest(vec![Update::Message(quoting)]).await;
    assert!(
        matches!(&ingested[0], Ingested::Message { message, begins: false, .. } if message.reply_to == Some(first.id))
    );
}

/// A correction of the message with that id.
fn correction(of: &str, wamid: &str, words: &str) -> Update {
    let Update::Message(mut edit) = arrival("628111", wamid, "") else { unreachable!() };
    let json = format!(r#"{{"edit":{{"message":{{"type":"text","text":{{"body":"{words}"}}}}}}}}"#);
    edit.body.content = Content::Other { other: "edit".to_owned(), json };
    edit.quotes = Some(Wamid::new(of));
    Update::Message(edit)
}

#[tokio::test]
async fn a_correction_that_came_first_is_joined_to_its_message_and_decided_with_it() {
    let home = Home::new().await;
    let early = home.ingest(vec![correction("wamid.A", "wamid.E", "ke solo")]).await;
    let Ingested::Message { message: edit, amending, .. } = &early[0] else { panic!("{early:?}") };
    assert!(edit.reply_to.is_none() && amending.is_empty(), "{early:?}");
    let (lease, loaded) = home.leased(edit.conversation).await;
    home.store.commit(&lease, home.step(&loaded, &[]), None).await.unwrap();
    let home = home.reopened().await;
    home.ingest(vec![arrival("628999", "wamid.B", "somebody else")]).await;
    let late = home.ingest(vec![arrival("628111", "wamid.A", "ke jogja")]).await;
    let Ingested::Message { message: original, amending, .. } = &late[0] else { panic!("{late:?}") };
    let joined = [(edit.id, Some(original.id))];
    assert_eq!(amending.iter().map(|message| (message.id, message.reply_to)).collect::<Vec<_>>(), joined);
    let (_, loaded) = home.leased(edit.conversation).await;
    let undecided: Vec<_> = loaded.undecided.iter().map(|message| (message.id, message.reply_to)).collect();
    assert_eq!(undecided.len(), 2, "both wait for one step");
    assert!(undecided.contains(&joined[0]), "{undecided:?}");
    let again = home.ingest(vec![correction("wamid.A", "wamid.F", "ke medan")]).await;
    assert!(matches!(&again[0], Ingested::Message { message, .. } if message.reply_to == Some(original.id)));
    let more = home.ingest(vec![arrival("628111", "wamid.C", "halo")]).await;
    assert!(matches!(&more[0], Ingested::Message { amending, .. } if amending.is_empty()), "only once");
}

#[tokio::test]
async fn a_correction_and_its_message_in_one_webhook_belong_together_in_either_order() {
    let home = Home::new().await;
    let both =
        home.ingest(vec![correction("wamid.A", "wamid.E", "ke solo"), arrival("628111", "wamid.A", "ke jogja")]).await;
    let [Ingested::Message { message: edit, .. }, Ingested::Message { message: original, amending, .. }] = &both[..]
    else {
        panic!("{both:?}")
    };
    assert_eq!(edit.reply_to, Some(original.id));
    assert!(amending.is_empty(), "it is a message of its own");
}

#[tokio::test]
async fn a_reply_from_the_phone_app_waits_for_the_flow_to_take_note() {
    let home = Home::new().await;
    let asked = home.hears("628111", "Halo").await;
    let echo = Echo {
        channel: channel(),
        to: by_phone("628111"),
        name: None,
        wamid: Wamid::new("wamid.E"),
        sent_at: Timestamp::from_millis(START + 5),
        body: text("Saya bantu ya"),
    };
    let ingested = home.ingest(vec![Update::Echo(echo)]).await;
    let Ingested::Echo { conversation, turn } = &ingested[0] else { panic!("{ingested:?}") };
    assert_eq!(*conversation, asked.conversation);
    let (lease, loaded) = home.leased(asked.conversation).await;
    assert_eq!((loaded.undecided.len(), loaded.echoes.len()), (1, 1));
    let mut effects = home.step(&loaded, &[]);
    effects.decided.push(turn.id);
    home.store.commit(&lease, effects, None).await.unwrap();
    let (_, loaded) = home.leased(asked.conversation).await;
    assert_eq!((loaded.undecided.len(), loaded.echoes.len()), (0, 0));
    assert!(home.store.pending_conversations().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_person_is_found_by_number_then_by_user_id_and_never_merged() {
    let home = Home::new().await;
    let who = |identity: Identity, wamid: &str| arrival_of(identity, wamid, "x");
    let first = home.ingest(vec![who(by_bsuid("ID.abc"), "1"), who(by_both("628111", "ID.abc"), "2")]).await;
    let same = conversation_of(&first[0]);
    assert_eq!(conversation_of(&first[1]), same, "the number joins the person of that user id");
    let home = home.reopened().await;
    let later = home.ingest(vec![who(by_phone("628111"), "3"), who(by_bsuid("ID.abc"), "4")]).await;
    assert!(later.iter().all(|ingested| conversation_of(ingested) == same));
    // The user id comes with another number: a person of their own, and the user id stays where it was.
    let conflict = home.ingest(vec![who(by_both("628222", "ID.abc"), "5"), who(by_bsuid("ID.abc"), "6")]).await;
    assert_ne!(conversation_of(&conflict[0]), same);
    assert_eq!(conversation_of(&conflict[1]), same);
    let again = home.ingest(vec![who(by_both("628222", "ID.abc"), "7")]).await;
    assert_eq!(conversation_of(&again[0]), conversation_of(&conflict[0]));
}

#[tokio::test]
async fn a_changed_number_leads_to_the_same_conversation() {
    let home = Home::new().await;
    let before = home.hears("628111", "Halo").await;
    let changed = Update::IdentityChanged {
        channel: channel(),
        before: by_phone("628111"),
        after: by_phone("628999"),
        wamid: None,
        at: home.world.now(),
    };
    let ingested = home.ingest(vec![changed]).await;
    assert!(matches!(ingested[0], Ingested::IdentityChanged { contact: Some(_) }));
    assert_eq!(home.hears("628999", "Nomor baru").await.conversation, before.conversation);
    assert_ne!(home.hears("628111", "Orang lain").await.conversation, before.conversation, "the old number is free");
}

#[tokio::test]
async fn what_is_not_understood_is_kept_as_it_came() {
    let home = Home::new().await;
    let kept = |json: &str| Update::Kept { channel: None, field: "security".to_owned(), json: json.to_owned() };
    assert_eq!(home.ingest(vec![kept(r#"{"a":1}"#)]).await, [Ingested::Kept]);
    let found = home.store.kept(10).await.unwrap();
    assert_eq!((found.len(), found[0].json.as_str(), found[0].field.as_str()), (1, r#"{"a":1}"#, "security"));
}

#[tokio::test]
async fn many_callers_at_once_all_get_their_own_answers() {
    let home = Home::new().await;
    let mut callers = tokio::task::JoinSet::new();
    for nth in 0..300 {
        let store = home.store.clone();
        callers.spawn(async move {
            let phone = format!("6281{}", nth % 40);
            let words = format!("message {nth}");
            let updates = vec![arrival(&phone, &format!("wamid.{nth}"), &words)];
            let ingested = store.ingest(updates, Timestamp::from_millis(START)).await.unwrap();
            matches!(&ingested[..], [Ingested::Message { message, .. }] if message.body.content.words() == words)
        });
    }
    assert!(callers.join_all().await.into_iter().all(|own| own));
    assert_eq!(home.store.pending_conversations().await.unwrap().len(), 40);
}
