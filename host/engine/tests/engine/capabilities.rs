//! What a plugin may do, and no more.

use std::sync::Arc;

use santun_core::bot::{CustomerGrant, Instance};
use santun_core::ids::TurnId;
use santun_core::message::{Content, MessageBody};
use santun_core::time::Timestamp;
use santun_core::turn::{Speaker, Turn, TurnBody};
use santun_core::verdict::StateScope;
use serde_json::json;

use crate::support::*;

#[tokio::test]
async fn each_plugin_knows_a_contact_by_a_key_of_its_own_and_name_and_number_only_if_granted() {
    let engine = engine();
    let mut granted = setup("a");
    granted.grants.customer = vec![CustomerGrant::Name, CustomerGrant::Phone];
    let (a, b) = (hostile(&engine, granted).await, hostile(&engine, setup("b")).await);
    let asked = Asked::default();
    let (first, second) = (ask_as(&a, "who", &asked).await, ask_as(&b, "who", &asked).await);
    let (first, second) = (text(&first), text(&second));
    assert!(first.ends_with("Some(\"Budi\") Some(\"+628123\")"), "{first}");
    assert!(second.ends_with("None None"), "{second}");
    assert_ne!(first.split(' ').next(), second.split(' ').next());
    assert_eq!(text(&ask_as(&b, "who", &asked).await), second);
}

#[tokio::test]
async fn what_prepare_made_comes_back_through_prepared() {
    let plugin = hostile(&engine(), config(json!({"note": "index"}))).await;
    assert_eq!(text(&ask(&plugin, "prepared").await), "16 {\"note\":\"index\"}");
}

#[tokio::test]
async fn history_is_as_deep_as_granted_and_shows_no_notes_of_agents() {
    let mut setup = setup("curious");
    setup.grants.history_turns = 2;
    let plugin = hostile(&engine(), setup).await;
    let world = Still::default();
    let turn = |body| Turn {
        id: TurnId::new(&world),
        at: Timestamp::default(),
        by: Speaker::Customer,
        step: None,
        reply_to: None,
        body,
    };
    let said = |text: &str| {
        let content = Content::Text { text: text.into() };
        turn(TurnBody::Received(MessageBody { content, forwarded: false, referral: None }))
    };
    let note = TurnBody::Note { user: "01890000-0000-7000-8000-000000000000".parse().unwrap(), text: "rude".into() };
    let memory = Memory { turns: vec![said("one"), said("two"), turn(note), said("three")], ..Memory::default() };
    let asked = Asked { memory: Arc::new(memory), ..Asked::default() };
    assert_eq!(text(&ask_as(&plugin, "history 50", &asked).await), "customer:three");
}

#[tokio::test]
async fn state_is_staged_seen_in_the_call_and_committed_with_the_verdict() {
    let plugin = hostile(&engine(), setup("memory")).await;
    let asked = Asked::default();
    let answer = ask_as(&plugin, "set size L", &asked).await;
    assert_eq!(text(&answer), "Some(\"L\")");
    assert_eq!(text(&ask_as(&plugin, "get size", &asked).await), "None");
    asked.memory.commit(&answer.writes);
    assert_eq!(text(&ask_as(&plugin, "get size", &asked).await), "Some(\"L\")");
    assert_eq!(answer.writes[0].read_version, None);
}

#[tokio::test]
async fn shared_state_carries_the_version_that_was_read() {
    let plugin = hostile(&engine(), setup("memory")).await;
    let asked = Asked::default();
    let first = ask_as(&plugin, "add n", &asked).await;
    assert_eq!((first.writes[0].scope, first.writes[0].read_version), (StateScope::Shared, Some(0)));
    asked.memory.commit(&first.writes);
    let second = ask_as(&plugin, "add n", &asked).await;
    assert_eq!((text(&second), second.writes[0].read_version), ("2", Some(1)));
}

#[tokio::test]
async fn instances_are_fresh_unless_warm_ones_are_granted() {
    let engine = engine();
    let fresh = hostile(&engine, setup("fresh")).await;
    assert_eq!(text(&ask(&fresh, "count").await), "1");
    assert_eq!(text(&ask(&fresh, "count").await), "1");
    let mut warm = setup("warm");
    warm.instance = Instance::Warm;
    warm.limits.warm_calls = 3;
    // The check before activation was the first of its three calls.
    let warm = hostile(&engine, warm).await;
    let mut counts = Vec::new();
    for _ in 0..3 {
        counts.push(text(&ask(&warm, "count").await).to_owned());
    }
    assert_eq!(counts, ["1", "2", "1"]);
    assert_eq!(failed(&ask(&warm, "trap").await).0, "trap");
    assert_eq!(warm.gauges().warm, 0, "a trap retires the instance");
}
