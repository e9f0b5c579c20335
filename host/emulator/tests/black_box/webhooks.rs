//! Webhooks: signature, handshake, repetition, order, batches.

use std::sync::atomic::Ordering;
use std::time::Duration;

use santun_emulator::Handshake;
use serde_json::json;

use crate::support::{BUDI, NUMBER, Scene, VERIFY, values};

#[tokio::test]
async fn a_customers_text_arrives_signed_in_whatsapps_envelope() {
    let scene = Scene::start().await;
    let wamid = scene.budi().await;
    scene.host.updates("messages", 1).await;
    let webhook = scene.host.webhooks().remove(0);
    assert!(webhook.signed_right);
    assert_eq!(webhook.body["object"], "whatsapp_business_account");
    assert_eq!(webhook.body["entry"][0]["id"], "102290129340398");
    assert_eq!(webhook.body["entry"][0]["changes"][0]["field"], "messages");
    let value = &values(&webhook.body)[0];
    assert_eq!(value["messaging_product"], "whatsapp");
    assert_eq!(value["metadata"], json!({ "display_phone_number": "6281110002000", "phone_number_id": NUMBER }));
    assert_eq!(value["contacts"], json!([{ "profile": { "name": "Budi" }, "wa_id": BUDI }]));
    let message = &value["messages"][0];
    assert_eq!(message["from"], BUDI);
    assert_eq!(message["id"], wamid.as_str());
    assert_eq!(message["type"], "text");
    assert_eq!(message["text"]["body"], "halo");
    assert!(message["timestamp"].as_str().unwrap().parse::<i64>().unwrap() > 1_700_000_000);
}

#[tokio::test]
async fn a_webhook_is_repeated_until_it_is_answered_200() {
    let scene = Scene::start().await;
    scene.host.answer_next([500, 503, 404]);
    scene.budi().await;
    scene.host.updates("messages", 1).await;
    let answered: Vec<_> = scene.host.webhooks().iter().map(|webhook| webhook.answered).collect();
    assert_eq!(answered, [500, 503, 404, 200]);
    let bodies: Vec<_> = scene.host.webhooks().into_iter().map(|webhook| webhook.body).collect();
    assert!(bodies.windows(2).all(|pair| pair[0] == pair[1]), "a repetition is the same, byte for byte");
}

#[tokio::test]
async fn a_webhook_that_is_never_answered_200_is_given_up_in_the_end() {
    let scene = Scene::with(|settings| settings.redelivery.give_up_after = Duration::from_millis(30)).await;
    scene.host.answer_next([500; 200]);
    scene.budi().await;
    loop {
        let stats = scene.look("/stats").await;
        if stats["updates_dropped"] == 1 {
            assert_eq!(stats["updates_waiting"], 0);
            break;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn nothing_is_delivered_to_a_host_that_does_not_know_the_verify_token() {
    let scene = Scene::with(|settings| settings.verify_token = format!("{VERIFY}-not")).await;
    scene.budi().await;
    let refused = || scene.host.refused_handshakes.load(Ordering::Relaxed);
    scene.host.wait(|_| (refused() >= 2).then_some(())).await;
    let stats = scene.look("/stats").await;
    assert_eq!(stats["subscribed"], false);
    assert_eq!(stats["updates_waiting"], 1);
    assert!(scene.host.webhooks().is_empty());
}

#[tokio::test]
async fn without_a_handshake_webhooks_go_out_at_once() {
    let wrong = |settings: &mut santun_emulator::EmulatorSettings| {
        settings.verify_token = "not known".into();
        settings.handshake = Handshake::Skipped;
    };
    let scene = Scene::with(wrong).await;
    scene.budi().await;
    scene.host.updates("messages", 1).await;
}

#[tokio::test]
async fn one_customers_messages_keep_their_order() {
    let scene = Scene::start().await;
    scene.budi().await;
    for n in 0..40 {
        scene.control("/customers/budi/send", json!({ "type": "text", "text": n.to_string() })).await;
    }
    let texts: Vec<_> =
        scene.host.updates("messages", 41).await.into_iter().map(|m| m["text"]["body"].clone()).collect();
    let expected: Vec<_> = std::iter::once(json!("halo")).chain((0..40).map(|n| json!(n.to_string()))).collect();
    assert_eq!(texts, expected);
}

#[tokio::test]
async fn copies_carry_the_same_id() {
    let scene = Scene::start().await;
    scene.budi().await;
    scene.control("/customers/budi/send", json!({ "type": "text", "text": "dua", "duplicate": 2 })).await;
    let messages = scene.host.updates("messages", 4).await;
    assert!(messages[1..].iter().all(|message| message["id"] == messages[1]["id"]));
}

#[tokio::test]
async fn what_waits_travels_together_where_the_settings_allow_it() {
    let scene = Scene::with(|settings| {
        settings.batch = 50;
        settings.connections = 1;
        settings.redelivery.first = Duration::from_millis(1);
    })
    .await;
    scene.budi().await;
    scene.control("/customers/budi/send", json!({ "type": "text", "text": "x", "duplicate": 99 })).await;
    scene.host.updates("messages", 101).await;
    assert!(scene.host.webhooks().len() < 101, "some share a webhook");
    let most =
        |w: &crate::support::Webhook| values(&w.body).iter().map(|v| v["messages"].as_array().unwrap().len()).sum();
    assert!(scene.host.webhooks().iter().map(most).all(|count: usize| count <= 50));
}

#[tokio::test]
async fn a_raw_webhook_with_a_wrong_signature_reaches_the_host_and_its_answer_comes_back() {
    let scene = Scene::start().await;
    let body = json!({ "object": "whatsapp_business_account", "entry": [] });
    for (signature, status) in [("right", 200), ("wrong", 401), ("none", 401), ("malformed", 401)] {
        let answer = scene.control("/raw", json!({ "body": body, "signature": signature })).await;
        assert_eq!(answer["status"], status, "{signature}");
    }
}

#[tokio::test]
async fn a_host_that_comes_up_late_gets_everything_in_order() {
    let late = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = late.local_addr().unwrap();
    drop(late);
    let scene = Scene::with(|settings| {
        settings.webhook_url = Some(format!("http://{addr}/webhooks/whatsapp"));
        settings.handshake = Handshake::Skipped;
        settings.redelivery.longest = Duration::from_millis(20);
    })
    .await;
    scene.budi().await;
    scene.control("/customers/budi/send", json!({ "type": "text", "text": "satu" })).await;
    while scene.look("/stats").await["failed_attempts"] == 0 {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    scene.control("/customers/budi/send", json!({ "type": "text", "text": "dua" })).await;
    scene.host.listen(tokio::net::TcpListener::bind(addr).await.unwrap());
    let messages = scene.host.updates("messages", 3).await;
    let texts: Vec<_> = messages.iter().map(|message| message["text"]["body"].as_str().unwrap()).collect();
    assert_eq!(texts, ["halo", "satu", "dua"]);
}
