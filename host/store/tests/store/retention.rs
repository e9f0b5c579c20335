//! What is dropped by the clock, and what goes with a person.

use std::collections::HashSet;

use santun_core::ids::PluginName;
use santun_core::time::Timestamp;
use santun_core::verdict::{StateScope, StateWrite};
use santun_core::webhook::Update;

use crate::support::*;

fn kept(json: &str) -> Update {
    Update::Kept { channel: None, field: "messages/strange".to_owned(), json: json.to_owned() }
}

#[tokio::test]
async fn what_was_kept_of_a_person_goes_with_them() {
    let home = Home::new().await;
    let mut updates = vec![
        kept(r#"{"from":"628111","timestamp":"1790000000","type":"new"}"#),
        kept(r#"{"statuses":[{"recipient_id":"628222"},{"recipient_id":628111}]}"#),
        kept(r#"{"messages":[{"from_user_id":"ID.abc123"}]}"#),
        kept(r#"{"from":"628222"}"#),
        kept("no JSON: 628111"),
    ];
    updates.push(arrival_of(by_both("628111", "ID.abc123"), "wamid.1", "halo"));
    home.ingest(updates).await;
    let of = |phone: &str| by_phone(phone);
    let contact = home.store.find_contact(&of("628111")).await.unwrap().unwrap();
    home.store.forget(contact).await.unwrap();
    let left: Vec<String> = home.store.kept(10).await.unwrap().into_iter().map(|kept| kept.json).collect();
    assert_eq!(left, ["no JSON: 628111", r#"{"from":"628222"}"#]);
    // A number of a row that is gone is not taken for that of a later one.
    home.ingest(vec![kept(r#"{"from":"628333"}"#), arrival("628222", "wamid.2", "halo")]).await;
    let contact = home.store.find_contact(&of("628222")).await.unwrap().unwrap();
    home.store.forget(contact).await.unwrap();
    let left: Vec<String> = home.store.kept(10).await.unwrap().into_iter().map(|kept| kept.json).collect();
    assert_eq!(left, [r#"{"from":"628333"}"#, "no JSON: 628111"]);
    assert_eq!(home.store.kept_expire(home.world.now()).await.unwrap(), 2);
}

#[tokio::test]
async fn what_was_kept_under_an_earlier_number_goes_with_them_too() {
    let home = Home::new().await;
    home.ingest(vec![arrival("628111", "wamid.1", "halo"), kept(r#"{"from":"628111"}"#)]).await;
    let (before, after) = (by_phone("628111"), by_phone("628999"));
    let at = home.world.now();
    home.ingest(vec![Update::IdentityChanged { channel: channel(), before, after, wamid: None, at }]).await;
    let contact = home.store.find_contact(&by_phone("628999")).await.unwrap().unwrap();
    home.store.forget(contact).await.unwrap();
    assert!(home.store.kept(10).await.unwrap().is_empty());
}

#[tokio::test]
async fn whoever_is_idle_for_long_keeps_nothing_but_their_consents() {
    let home = Home::new().await;
    let note = |phone: &'static str| {
        let home = &home;
        async move {
            let asked = home.hears(phone, "halo").await;
            let (lease, loaded) = home.leased(asked.conversation).await;
            let mut effects = home.step(&loaded, &["hai"]);
            effects.conversation.attributes.insert("city".to_owned(), "Bandung".to_owned());
            effects.conversation.consents.opted_out_at = Some(effects.trace.at);
            effects.state.push(StateWrite {
                plugin: PluginName::from("faq"),
                scope: StateScope::Conversation,
                key: "step".to_owned(),
                value: Some(b"2".to_vec()),
                read_version: None,
            });
            effects.conversation.session.last_turn_at = effects.trace.at;
            home.store.commit(&lease, effects, None).await.unwrap();
            (asked.conversation, loaded.conversation.contact)
        }
    };
    let (idle, gone) = note("628111").await;
    let between = home.world.now();
    let (busy, there) = note("628222").await;
    assert_eq!(home.store.fade(Timestamp::from_millis(START)).await.unwrap().contacts, 0);

    let faded = home.store.fade(between).await.unwrap();
    assert_eq!((faded.contacts, faded.more), (1, false));
    let contact = home.store.contact(gone).await.unwrap().unwrap();
    assert_eq!((contact.name, contact.attributes.len()), (None, 0));
    assert!(contact.consents.opted_out_at.is_some(), "a refusal outlives everything");
    assert_eq!(contact.identity, by_phone("628111"));
    let plugin = PluginName::from("faq");
    let state = |id| home.store.state_get(&plugin, StateScope::Conversation, id, "step");
    assert_eq!(state(idle).await.unwrap(), None);
    assert!(state(busy).await.unwrap().is_some(), "whoever is there keeps everything");
    assert!(home.store.contact(there).await.unwrap().unwrap().name.is_some());
    assert_eq!(home.store.fade(between).await.unwrap().contacts, 0, "nobody fades twice");

    let again = home.hears("628111", "halo lagi").await;
    assert_eq!(again.conversation, idle, "they are the same person still");
    assert!(home.store.contact(gone).await.unwrap().unwrap().name.is_some(), "and their name is learnt anew");
}

#[tokio::test]
async fn whoever_waits_for_an_answer_does_not_fade() {
    let home = Home::new().await;
    let (conversation, _) = home.answers("628111", "halo", &["hai"]).await;
    let contact = home.store.contact_of(conversation).await.unwrap();
    home.hears("628111", "halo?").await;
    assert_eq!(home.store.fade(home.world.now().plus_hours(1)).await.unwrap().contacts, 0);
    assert!(home.store.contact(contact).await.unwrap().unwrap().name.is_some());
}

#[tokio::test]
async fn bytes_that_nothing_names_any_more_are_dropped() {
    let home = Home::new().await;
    let (old, new) = (home.store.blob_put(vec![1]).await.unwrap(), home.store.blob_put(vec![2]).await.unwrap());
    assert_eq!(home.store.blobs_prune(HashSet::from([new])).await.unwrap(), 1);
    assert_eq!(home.store.blob(old).await.unwrap(), None);
    assert_eq!(home.store.blob(new).await.unwrap(), Some(vec![2]));
}
