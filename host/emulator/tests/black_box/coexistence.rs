//! A number that people also answer from the WhatsApp app.

use reqwest::Method;
use serde_json::json;

use crate::support::{BUDI, NUMBER, Scene};

#[tokio::test]
async fn history_comes_in_chunks_with_both_sides() {
    let scene = Scene::start().await;
    scene.budi().await;
    scene.control("/echo", json!({ "customer": "budi", "type": "text", "text": "Siang Kak" })).await;
    scene.send(json!({ "text": { "body": "Halo" } })).await;
    let answer = scene.control("/history", json!({ "chunk": 2 })).await;
    assert_eq!(answer["chunks"], 2);
    let history = scene.host.updates("history", 2).await;
    assert_eq!(history[0]["metadata"], json!({ "phase": 0, "chunk_order": 1, "progress": 50 }));
    assert_eq!(history[1]["metadata"]["progress"], 100);
    let thread = &history[0]["threads"][0];
    assert_eq!(thread["id"], BUDI);
    assert_eq!(thread["messages"][0]["from"], BUDI);
    assert_eq!(thread["messages"][0]["text"]["body"], "halo");
    assert_eq!(thread["messages"][1]["from"], "6281110002000");
    assert_eq!(thread["messages"][1]["to"], BUDI);
    assert!(thread["messages"][1]["history_context"]["status"].is_string());
    let last = scene.host.webhooks().pop().unwrap();
    assert_eq!(last.body["entry"][0]["changes"][0]["field"], "history");
}

#[tokio::test]
async fn graph_is_asked_for_the_past_and_the_contacts() {
    let scene = Scene::start().await;
    scene.budi().await;
    let path = format!("/v26.0/{NUMBER}/smb_app_data");
    let ask = |kind: &str| json!({ "messaging_product": "whatsapp", "sync_type": kind });
    let (status, body) = scene.graph_call(Method::POST, &path, Some(ask("smb_app_state_sync"))).await;
    assert_eq!(status, 200);
    assert!(body["request_id"].is_string());
    let contacts = scene.host.updates("state_sync", 1).await;
    assert_eq!(contacts[0]["contact"]["phone_number"], BUDI);
    assert_eq!(contacts[0]["action"], "add");
    assert_eq!(scene.graph_call(Method::POST, &path, Some(ask("history"))).await.0, 200);
    scene.host.updates("history", 1).await;
    assert_eq!(scene.graph_call(Method::POST, &path, Some(ask("everything"))).await.0, 400);
}

#[tokio::test]
async fn a_business_may_keep_its_history_to_itself() {
    let scene = Scene::start().await;
    scene.budi().await;
    scene.control("/history", json!({ "declined": true })).await;
    let history = scene.host.updates("history", 1).await;
    assert_eq!(history[0]["errors"][0]["code"], 2_593_109);
}
