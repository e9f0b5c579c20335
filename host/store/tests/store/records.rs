use std::collections::BTreeMap;

use santun_core::ids::{AppliedId, DivisionName, UserId};
use santun_core::time::Timestamp;
use santun_store::{NewApplied, NewEvent, NewToken, NewUser, Role, StoreError};

use crate::support::*;

#[tokio::test]
async fn an_applied_version_names_the_one_it_starts_from() {
    let home = Home::new().await;
    let csv = home.store.blob_put(b"q,a".to_vec()).await.unwrap();
    assert_eq!(home.store.blob_put(b"q,a".to_vec()).await.unwrap(), csv);
    let version = |base| NewApplied {
        id: AppliedId::new(&*home.world),
        base,
        at: home.world.now(),
        author: "rina".to_owned(),
        note: String::new(),
        document: "[bot]".to_owned(),
        files: BTreeMap::from([("faq.csv".to_owned(), csv)]),
        resolved: "{}".to_owned(),
    };
    let (first, second) = (version(None), version(None));
    assert_eq!(home.store.applied_append(first.clone()).await.unwrap(), 1);
    let refused = home.store.applied_append(second.clone()).await;
    assert!(matches!(refused, Err(StoreError::MovedOn { active }) if active == Some(first.id)), "{refused:?}");
    let second = NewApplied { base: Some(first.id), ..second };
    assert_eq!(home.store.applied_append(second.clone()).await.unwrap(), 2);
    let home = home.reopened().await;
    let latest = home.store.applied_latest().await.unwrap().unwrap();
    assert_eq!((latest.id, latest.version, latest.files["faq.csv"]), (second.id, 2, csv));
    assert_eq!(home.store.blob(csv).await.unwrap().unwrap(), b"q,a");
    assert_eq!(home.store.applied(first.id).await.unwrap().unwrap().version, 1);
    assert_eq!(home.store.applied_list(10).await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_token_is_known_by_its_hash_and_allows_no_more_than_its_user_may() {
    let home = Home::new().await;
    let division = DivisionName::from("cs");
    let new = NewUser {
        id: UserId::new(&*home.world),
        login: "rina".to_owned(),
        name: "Rina".to_owned(),
        role: Role::Agent,
        divisions: vec![division.clone()],
    };
    home.store.user_add(new.clone()).await.unwrap();
    let taken = home.store.user_add(NewUser { id: UserId::new(&*home.world), ..new.clone() }).await;
    assert!(matches!(taken, Err(StoreError::Exists { .. })), "{taken:?}");
    let expires_at = Some(home.world.now().plus_hours(1));
    let token = NewToken {
        token: "secret-token-canary",
        label: "cli".into(),
        user: Some(new.id),
        role: Role::Owner,
        expires_at,
    };
    home.store.token_add(token).await.unwrap();
    assert!(!contains(&home.bytes(), "secret-token-canary"));
    let owner = home.store.token_find("secret-token-canary", home.world.now()).await.unwrap().unwrap();
    assert_eq!((owner.role, owner.user.as_ref().map(|user| user.login.as_str())), (Role::Agent, Some("rina")));
    assert_eq!(home.store.token_find("another", home.world.now()).await.unwrap(), None);
    let later = home.world.now().plus_hours(2);
    assert_eq!(home.store.token_find("secret-token-canary", later).await.unwrap(), None, "its time is over");

    home.store.user_available(new.id).await.unwrap();
    let divisions = [division.clone(), DivisionName::from("sales")];
    let presence = home.store.presence(&divisions, |_, _| true).await.unwrap();
    assert_eq!(presence.available, BTreeMap::from([(division, 1)]));
    home.store.user_away(new.id).await.unwrap();
    assert!(home.store.presence(&divisions, |_, _| true).await.unwrap().available.is_empty());
    let mut user = home.store.user_by_login("rina").await.unwrap().unwrap();
    user.disabled_at = Some(home.world.now());
    home.store.user_change(user).await.unwrap();
    assert_eq!(home.store.token_find("secret-token-canary", home.world.now()).await.unwrap(), None, "shut out");
}

#[tokio::test]
async fn the_feed_tells_what_happened_in_order_and_can_be_resumed() {
    let home = Home::new().await;
    let mut watch = home.store.watch_events();
    let (conversation, said) = home.answers("628111", "Halo", &["Hai"]).await;
    home.store.outbox_sending(said[0]).await.unwrap();
    let event = NewEvent { kind: "applied", conversation: None, at: home.world.now(), body: "{}".to_owned() };
    home.store.append_event(event).await.unwrap();
    watch.changed().await.unwrap();
    let events = home.store.events_after(0, 100).await.unwrap();
    let kinds: Vec<_> = events.iter().map(|event| event.kind.as_str()).collect();
    assert_eq!(kinds, ["message", "step", "delivery", "applied"]);
    assert_eq!(events[0].conversation, Some(conversation));
    assert_eq!(*watch.borrow_and_update(), events[3].seq);
    assert_eq!(home.store.events_after(events[1].seq, 100).await.unwrap(), events[2..]);
    assert_eq!(home.store.prune_events(home.world.now()).await.unwrap(), 3);
    let home = home.reopened().await;
    assert_eq!(*home.store.watch_events().borrow(), events[3].seq);
}

#[tokio::test]
async fn a_file_expires() {
    let home = Home::new().await;
    let asked = home.hears("628111", "foto").await;
    let soon = home.world.now().plus_minutes(1);
    home.store.media_put(asked.id, "image/jpeg", b"jpeg", soon).await.unwrap();
    assert_eq!(home.store.media_expire(home.world.now()).await.unwrap(), 0);
    assert_eq!(home.store.media(asked.id).await.unwrap().unwrap().mime_type, "image/jpeg");
    assert_eq!(home.store.media_expire(soon).await.unwrap(), 1);
    assert_eq!(home.store.media(asked.id).await.unwrap(), None);
}

#[tokio::test]
async fn turns_expire_with_what_belongs_to_them_except_what_still_has_to_be_done() {
    let home = Home::new().await;
    let (conversation, said) = home.answers("628111", "Halo", &["satu", "dua"]).await;
    home.store.outbox_sending(said[0]).await.unwrap();
    let wamid = santun_core::identity::Wamid::new("wamid.1");
    home.store.outbox_settle(said[0], santun_store::Settlement::Accepted { wamid }).await.unwrap();
    let undecided = home.hears("628111", "Masih ada?").await;
    let kept = async || -> Vec<_> {
        let turns = home.store.history(conversation, 10, None).await.unwrap();
        turns.into_iter().map(|view| view.turn.id).collect()
    };
    let all = kept().await;
    assert_eq!(all.len(), 4);
    let step = home.store.history(conversation, 10, None).await.unwrap().into_iter().find_map(|view| view.turn.step);

    let nothing = home.store.turns_expire(Timestamp::from_millis(START)).await.unwrap();
    assert_eq!((nothing.turns, nothing.more), (0, false));
    assert_eq!(kept().await, all);
    assert!(home.store.trace(step.unwrap()).await.unwrap().is_some());

    let expired = home.store.turns_expire(home.world.now()).await.unwrap();
    assert_eq!((expired.turns, expired.more), (2, false));
    let mut left = kept().await;
    left.sort();
    let mut expected = vec![said[1], undecided.id];
    expected.sort();
    assert_eq!(left, expected);
    assert_eq!(home.store.outbox_due(conversation).await.unwrap().unwrap().draft.id, said[1]);
    assert!(home.store.trace(step.unwrap()).await.unwrap().is_none());
}
