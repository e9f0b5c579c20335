//! Webhooks that are held, shuffled, batched, copied, or late by days.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Scene, Webhook, values};

async fn say(scene: &Scene, texts: impl IntoIterator<Item = String>) {
    for text in texts {
        scene.control("/customers/budi/send", json!({ "type": "text", "text": text })).await;
    }
}

fn bodies(messages: &[Value]) -> Vec<String> {
    messages.iter().map(|message| message["text"]["body"].as_str().unwrap().to_owned()).collect()
}

fn messages_in(webhook: &Webhook) -> usize {
    values(&webhook.body).iter().map(|value| value["messages"].as_array().map_or(0, Vec::len)).sum()
}

#[tokio::test]
async fn a_thousand_updates_come_in_one_webhook() {
    let scene = Scene::start().await;
    scene.budi().await;
    scene.host.updates("messages", 1).await;
    scene.control("/webhooks/hold", json!({})).await;
    let many = json!({ "type": "text", "text": "x", "duplicate": 999 });
    scene.control("/customers/budi/send", many).await;
    let state = scene.look("/webhooks").await;
    assert_eq!((&state["holding"], &state["held"]), (&json!(true), &json!(1_000)));
    let released = scene.control("/webhooks/release", json!({ "batch": 1_000 })).await;
    assert_eq!(released, json!({ "updates": 1_000, "webhooks": 1 }));
    scene.host.updates("messages", 1_001).await;
    let webhook = scene.host.webhooks().pop().unwrap();
    assert!(webhook.signed_right);
    assert_eq!(messages_in(&webhook), 1_000);
    assert_eq!(scene.look("/webhooks").await["holding"], false);
}

#[tokio::test]
async fn what_was_held_comes_in_another_order() {
    let scene = Scene::start().await;
    scene.budi().await;
    scene.host.updates("messages", 1).await;
    for (release, expected) in [
        (json!({ "order": "reversed" }), vec!["c", "b", "a"]),
        (json!({}), vec!["a", "b", "c"]),
        (json!({ "duplicate": 1 }), vec!["a", "a", "b", "b", "c", "c"]),
    ] {
        let seen = scene.host.updates("messages", 1).await.len();
        scene.control("/webhooks/hold", json!({})).await;
        say(&scene, ["a", "b", "c"].map(str::to_owned)).await;
        scene.control("/webhooks/release", release.clone()).await;
        let messages = scene.host.updates("messages", seen + expected.len()).await;
        assert_eq!(bodies(&messages[seen..]), expected, "{release}");
    }
}

#[tokio::test]
async fn a_shuffle_can_be_replayed_by_its_seed() {
    let scene = Scene::start().await;
    scene.budi().await;
    let mut orders = Vec::new();
    for seed in [11, 11, 12] {
        let seen = scene.host.updates("messages", 1).await.len();
        scene.control("/webhooks/hold", json!({})).await;
        say(&scene, (0..30).map(|n| n.to_string())).await;
        scene.control("/webhooks/release", json!({ "order": "shuffled", "seed": seed, "batch": 7 })).await;
        orders.push(bodies(&scene.host.updates("messages", seen + 30).await[seen..]));
    }
    assert_eq!(orders[0], orders[1]);
    assert_ne!(orders[0], orders[2]);
}

#[tokio::test]
async fn a_webhook_may_come_almost_a_week_late() {
    let scene = Scene::start().await;
    scene.budi().await;
    let late = json!({ "type": "text", "text": "telat", "webhook_after_s": 6 * 24 * 3600 });
    scene.control("/customers/budi/send", late).await;
    say(&scene, ["tepat".to_owned()]).await;
    assert_eq!(bodies(&scene.host.updates("messages", 2).await), ["halo", "tepat"]);
    assert_eq!(scene.look("/customers/budi/chat").await["entries"][1]["text"], "telat", "it was sent in time");
    scene.control("/clock", json!({ "days": 6 })).await;
    let messages = scene.host.updates("messages", 3).await;
    assert_eq!(bodies(&messages), ["halo", "tepat", "telat"]);
    let sent = |at: usize| messages[at]["timestamp"].as_str().unwrap().parse::<i64>().unwrap();
    assert!(sent(2) <= sent(1), "its time is when it was sent, not when it came");
}

#[tokio::test]
async fn chance_copies_and_delays_as_its_seed_has_it() {
    let scene = Scene::start().await;
    scene.budi().await;
    scene.host.updates("messages", 1).await;
    let disorder = json!({ "duplicate": 1.0, "late": 0.5, "late_by_up_to_s": 3600, "seed": 3 });
    let (status, state) = scene.call(Method::PUT, "/webhooks/disorder", disorder).await;
    assert_eq!((status, &state["disorder"]["duplicate"]), (200, &json!(1.0)));
    say(&scene, (0..20).map(|n| n.to_string())).await;
    let state = scene.call(Method::DELETE, "/webhooks/disorder", Value::Null).await.1;
    assert_eq!(state["disorder"], Value::Null);
    assert!(state["waiting"].as_u64().unwrap() > 5, "some are late: {state}");
    scene.control("/clock", json!({ "hours": 1 })).await;
    let messages = scene.host.updates("messages", 41).await;
    for n in 0..20 {
        let copies = messages.iter().filter(|message| message["text"]["body"] == json!(n.to_string())).count();
        assert_eq!(copies, 2, "{n}");
    }
    let mut sorted = bodies(&messages[1..]);
    sorted.sort_by_key(|text| text.parse::<u32>().unwrap());
    assert_ne!(bodies(&messages[1..]), sorted, "the order is lost");
}

#[tokio::test]
async fn delivered_may_be_left_out_before_read() {
    let scene = Scene::start().await;
    scene.budi().await;
    scene.control("/customers/budi/read", json!({ "keep_open": true })).await;
    scene.call(Method::PUT, "/webhooks/disorder", json!({ "skip_delivered": 1.0 })).await;
    scene.send(json!({ "text": { "body": "hai" } })).await;
    let statuses = scene.host.updates("statuses", 2).await;
    let names: Vec<_> = statuses.iter().map(|status| status["status"].as_str().unwrap()).collect();
    assert_eq!(names, ["sent", "read"]);
}

#[tokio::test]
async fn disorder_that_cannot_be_is_refused() {
    let scene = Scene::start().await;
    for wrong in [json!({ "late": 1.5 }), json!({ "late_by_up_to_s": 604_801 }), json!({ "chaos": 1 })] {
        assert!(scene.call(Method::PUT, "/webhooks/disorder", wrong.clone()).await.0 >= 400, "{wrong}");
    }
    assert_eq!(scene.control_refuses("/webhooks/release", json!({ "batch": 1_001 })).await.0, 400);
}
