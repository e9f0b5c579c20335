//! What one plugin, one call or one contact leaves behind, and that no other finds it.

use std::sync::Arc;

use santun_core::bot::Instance;
use santun_core::ids::ContactId;
use santun_engine::*;

use crate::support::*;

/// An engine with a single place for instances, so that every call takes the memory of the one before.
fn narrow() -> Engine {
    let bounds = Bounds { instances: 1, ..settings().bounds };
    Engine::new(EngineSettings { bounds, ..settings() }).unwrap()
}

/// Time enough to read all of its memory, byte by byte.
fn patient(name: &str) -> Setup {
    let mut setup = setup(name);
    setup.limits.cpu_ms = 10_000;
    setup
}

fn backwards(word: &str) -> String {
    word.chars().rev().collect()
}

#[tokio::test]
async fn a_plugin_finds_nothing_of_the_state_of_another_one() {
    let engine = engine();
    let (a, b) = (hostile(&engine, setup("a")).await, hostile(&engine, setup("b")).await);
    let asked = Asked::default();
    for deed in ["set secret mine", "add secret"] {
        asked.memory.commit(&ask_as(&a, deed, &asked).await.writes);
    }
    assert_eq!(text(&ask_as(&a, "get secret", &asked).await), "Some(\"mine\")");
    for key in ["secret", "a/secret", "a:secret", "../a/secret"] {
        assert_eq!(text(&ask_as(&b, &format!("get {key}"), &asked).await), "None", "{key}");
    }
    assert_eq!(text(&ask_as(&b, "add secret", &asked).await), "1", "shared state is each plugin's own as well");
}

#[tokio::test]
async fn no_call_finds_in_its_memory_what_another_contacts_message_left_there() {
    let engine = narrow();
    let (a, b) = (hostile(&engine, patient("a")).await, hostile(&engine, patient("b")).await);
    let word = "rahasia-pelanggan-pertama";
    let other = Asked { contact: ContactId::new(&Still::default()), ..Asked::default() };
    for next in [&a, &b] {
        assert_eq!(text(&ask(&a, &format!("keep {word}")).await), "kept");
        let found = ask_as(next, &format!("search {}", backwards(word)), &other).await;
        let reply = text(&found);
        assert!(reply.starts_with("0 times in "), "{reply}");
        println!("searched: {reply}");
    }
}

#[tokio::test]
async fn the_search_for_what_is_left_behind_would_find_it() {
    let mut warm = patient("warm");
    warm.instance = Instance::Warm;
    let plugin = hostile(&engine(), warm).await;
    assert_eq!(text(&ask(&plugin, "keep rahasia").await), "kept");
    let found = ask(&plugin, &format!("search {}", backwards("rahasia"))).await;
    assert!(!text(&found).starts_with("0 times"), "{}", text(&found));
}

#[tokio::test]
async fn instances_that_are_kept_warm_keep_no_other_plugin_waiting_for_a_place() {
    let engine = narrow();
    let mut warm = setup("warm");
    warm.instance = Instance::Warm;
    let (warm, other) = (hostile(&engine, warm).await, hostile(&engine, setup("other")).await);
    for _ in 0..3 {
        assert_eq!(text(&ask(&warm, "echo warm").await), "warm");
        assert_eq!(text(&ask(&other, "echo other").await), "other");
    }
}

#[tokio::test]
async fn a_replay_an_hour_later_shows_a_plugin_the_very_same_times_and_randomness() {
    let world = Arc::new(Still::default());
    let engine = Engine::new(EngineSettings { world: world.clone(), ..settings() }).unwrap();
    let two = Two::of(&engine, setup("curious")).await;
    let asked = Asked::default();
    for deed in ["clock", "random", "echo same"] {
        let recorded = ask_as(&two.bad, deed, &asked).await;
        world.pass(3_600);
        assert_eq!(text(&ask_as(&two.bad, deed, &asked).await), text(&recorded), "{deed}");
    }
    two.other_answers().await;
}
