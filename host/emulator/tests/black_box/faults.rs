//! Faults that a test asks for.

use serde_json::{Value, json};

use crate::support::{BUDI, NUMBER, Scene};

fn text() -> Value {
    json!({ "messaging_product": "whatsapp", "to": BUDI, "text": { "body": "hai" } })
}

#[tokio::test]
async fn the_next_sends_meet_an_error_and_those_after_do_not() {
    let scene = Scene::start().await;
    scene.budi().await;
    let plan = json!({ "customer": "budi", "times": 2, "fault": { "kind": "error", "code": 131_056 } });
    scene.control("/faults", plan).await;
    for expected in [400, 400, 200] {
        assert_eq!(scene.graph(text()).await.0, expected);
    }
    assert_eq!(scene.look("/stats").await["sends"], 1);
}

#[tokio::test]
async fn an_error_may_come_with_any_http_status() {
    let scene = Scene::start().await;
    scene.budi().await;
    let fault = json!({ "kind": "error", "code": 131_000, "http_status": 503 });
    scene.control("/faults", json!({ "fault": fault })).await;
    let (status, body) = scene.graph(text()).await;
    assert_eq!((status, &body["error"]["code"]), (503, &json!(131_000)));
}

#[tokio::test]
async fn a_dropped_connection_may_have_delivered_all_the_same() {
    let scene = Scene::start().await;
    scene.budi().await;
    for (fault, sends) in [("drop_before_accept", 0), ("drop_after_accept", 1)] {
        scene.control("/faults", json!({ "fault": { "kind": fault } })).await;
        let path = scene.url(&format!("/v26.0/{NUMBER}/messages"));
        let answer = scene.http.post(path).bearer_auth("any").json(&text()).send().await;
        assert!(answer.is_err(), "{fault} answers nothing");
        assert_eq!(scene.look("/stats").await["sends"], sends);
    }
    let statuses = scene.host.updates("statuses", 2).await;
    assert_eq!(statuses[0]["status"], "sent");
}

#[tokio::test]
async fn a_message_may_fail_after_it_was_accepted() {
    let scene = Scene::start().await;
    scene.budi().await;
    scene.control("/faults", json!({ "fault": { "kind": "failed_status", "code": 131_026 } })).await;
    assert_eq!(scene.graph(text()).await.0, 200);
    let statuses = scene.host.updates("statuses", 1).await;
    assert_eq!((&statuses[0]["status"], &statuses[0]["errors"][0]["code"]), (&json!("failed"), &json!(131_026)));
}
