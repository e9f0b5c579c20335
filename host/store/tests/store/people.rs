use santun_core::delivery::GraphError;
use santun_core::identity::Wamid;
use santun_core::ids::PluginName;
use santun_core::verdict::{StateScope, StateWrite};
use santun_core::webhook::Update;
use santun_store::{Ingested, Settlement, StoreError};

use crate::support::*;

#[tokio::test]
async fn no_file_tells_what_was_said_or_by_whom() {
    let home = Home::new().await;
    let mut updates = vec![arrival("6281234500099", "wamid.CANARYIN", "canary-in-words")];
    let field = "messages/strange".to_owned();
    updates.push(Update::Kept { channel: None, field, json: r#"{"x":"canary-kept"}"#.to_owned() });
    updates.push(arrival_of(by_bsuid("ID.canarybsuid"), "wamid.CANARY2", "canary-in-words"));
    let ingested = home.ingest(updates).await;
    let Ingested::Message { message, .. } = &ingested[0] else { panic!("{ingested:?}") };
    let (lease, loaded) = home.leased(message.conversation).await;
    let mut effects = home.step(&loaded, &["canary-out-words"]);
    effects.conversation.attributes.insert("canary-attribute".to_owned(), "canary-value".to_owned());
    effects.conversation.labels.insert("canary-label".to_owned());
    effects.trace.notes.push("canary-note".to_owned());
    effects.state.push(StateWrite {
        plugin: PluginName::from("faq"),
        scope: StateScope::Conversation,
        key: "canary-key".to_owned(),
        value: Some(b"canary-state".to_vec()),
        read_version: None,
    });
    let turn = effects.outbox[0].id;
    home.store.commit(&lease, effects, None).await.unwrap();
    home.store.media_put(message.id, "image/jpeg", b"canary-media", home.world.now().plus_hours(1)).await.unwrap();
    home.store.outbox_sending(turn).await.unwrap();
    let details = Some("canary-error".to_owned());
    let error = GraphError { code: 4, title: "canary-title".to_owned(), details };
    let again = Settlement::Again { not_before: home.world.now(), error };
    home.store.outbox_settle(turn, again).await.unwrap();
    home.store.outbox_sending(turn).await.unwrap();
    let accepted = Settlement::Accepted { wamid: Wamid::new("wamid.CANARYOUT") };
    home.store.outbox_settle(turn, accepted).await.unwrap();

    let before = home.bytes();
    let home = home.reopened().await;
    for bytes in [before, home.bytes()] {
        assert!(contains(&bytes, "106540352242922"), "the search sees what is not sealed");
        for canary in ["6281234500099", "Canary", "canary", "CANARY"] {
            assert!(!contains(&bytes, canary), "`{canary}` stands in a file");
        }
    }
    let history = home.store.history(message.conversation, 9, None).await.unwrap();
    assert_eq!(history[0].turn.body.words(), "canary-in-words");
    assert_eq!(home.store.media(message.id).await.unwrap().unwrap().bytes, b"canary-media");
}

#[tokio::test]
async fn who_was_forgotten_is_somebody_new_and_nothing_of_them_can_be_read() {
    let home = Home::new().await;
    let (conversation, said) = home.answers("628111", "rahasia", &["jawaban"]).await;
    let (other, _) = home.answers("628222", "halo", &["hai"]).await;
    let contact = home.store.contact_of(conversation).await.unwrap();
    assert_eq!(home.store.find_contact(&by_phone("628111")).await.unwrap(), Some(contact));
    let (lease, loaded) = home.leased(conversation).await;
    home.store.forget(contact).await.unwrap();
    assert_eq!(home.store.contact(contact).await.unwrap(), None);
    assert_eq!(home.store.find_contact(&by_phone("628111")).await.unwrap(), None);
    assert!(home.store.history(conversation, 9, None).await.unwrap().is_empty());
    assert!(home.store.outbox_due(conversation).await.unwrap().is_none());
    assert!(matches!(home.store.outbox_sending(said[0]).await, Err(StoreError::NotFound { .. })));
    assert!(home.store.commit(&lease, home.step(&loaded, &["to nobody"]), None).await.is_err());
    let again = home.hears("628111", "halo lagi").await;
    assert_ne!(again.conversation, conversation);
    assert_eq!(home.store.history(other, 9, None).await.unwrap().len(), 2, "nobody else is touched");
    let home = home.reopened().await;
    assert_eq!(home.hears("628111", "masih saya").await.conversation, again.conversation);
}

#[tokio::test]
async fn a_backup_of_the_data_does_not_bring_a_forgotten_person_back() {
    let home = Home::new().await;
    let (conversation, _) = home.answers("628111", "rahasia", &[]).await;
    let contact = home.store.contact_of(conversation).await.unwrap();
    let Home { store, world, folder } = home;
    store.close().await;
    let backup = std::fs::read(folder.path().join("santun.db")).unwrap();
    let store = santun_store::Store::open(settings(folder.path()), world.clone()).await.unwrap();
    store.forget(contact).await.unwrap();
    store.close().await;
    std::fs::write(folder.path().join("santun.db"), backup).unwrap();
    let store = santun_store::Store::open(settings(folder.path()), world.clone()).await.unwrap();
    let home = Home { store, world, folder };
    assert!(matches!(home.store.history(conversation, 9, None).await, Err(StoreError::NotFound { .. })));
    assert_eq!(home.store.contact(contact).await.unwrap(), None);
    assert_ne!(home.hears("628111", "halo").await.conversation, conversation);
}
