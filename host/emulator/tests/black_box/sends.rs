//! Sends: the answer, statuses, the window, undeliverable customers.

use santun_emulator::{Refusal, Statuses};
use serde_json::{Value, json};

use crate::support::{BUDI, NUMBER, Scene};

fn text(body: &str) -> Value {
    json!({ "type": "text", "text": { "body": body } })
}

#[tokio::test]
async fn an_accepted_send_answers_with_input_number_and_id() {
    let scene = Scene::start().await;
    scene.budi().await;
    let (status, body) = scene
        .graph(json!({ "messaging_product": "whatsapp", "to": "+62 812-3456-7890", "text": { "body": "hai" } }))
        .await;
    assert_eq!(status, 200);
    assert_eq!(body["messaging_product"], "whatsapp");
    assert_eq!(body["contacts"], json!([{ "input": "+62 812-3456-7890", "wa_id": BUDI }]));
    assert!(body["messages"][0]["id"].as_str().unwrap().starts_with("wamid."));
}

#[tokio::test]
async fn statuses_follow_in_order_and_carry_the_callback_data() {
    let scene = Scene::start().await;
    scene.budi().await;
    let mut message = text("hai");
    message["biz_opaque_callback_data"] = "row-7".into();
    let wamid = scene.send(message).await;
    scene.host.updates("statuses", 2).await;
    scene.control("/customers/budi/read", json!({})).await;
    let statuses = scene.host.updates("statuses", 3).await;
    let names: Vec<_> = statuses.iter().map(|status| status["status"].as_str().unwrap()).collect();
    assert_eq!(names, ["sent", "delivered", "read"]);
    for status in &statuses {
        assert_eq!(status["id"], wamid.as_str());
        assert_eq!(status["recipient_id"], BUDI);
        assert_eq!(status["biz_opaque_callback_data"], "row-7");
    }
    assert_eq!(statuses[0]["pricing"]["category"], "service");
}

#[tokio::test]
async fn an_open_chat_reads_at_once() {
    let scene = Scene::start().await;
    scene.budi().await;
    scene.control("/customers/budi/read", json!({ "keep_open": true })).await;
    scene.send(text("hai")).await;
    let statuses = scene.host.updates("statuses", 3).await;
    assert_eq!(statuses[2]["status"], "read");
}

#[tokio::test]
async fn statuses_can_be_switched_off() {
    let scene = Scene::with(|settings| settings.statuses = Statuses::Off).await;
    scene.budi().await;
    scene.send(text("hai")).await;
    scene.control("/customers/budi/send", text("lagi")).await;
    scene.host.updates("messages", 2).await;
    assert!(!scene.host.webhooks().iter().any(|webhook| webhook.body.to_string().contains("statuses")));
}

#[tokio::test]
async fn the_window_closes_a_day_after_the_customers_last_message() {
    let scene = Scene::start().await;
    scene.budi().await;
    scene.control("/clock", json!({ "hours": 23, "minutes": 59 })).await;
    scene.send(text("masih boleh")).await;
    scene.control("/clock", json!({ "minutes": 2 })).await;
    assert_eq!(scene.refused(text("terlambat")).await, (400, 131_047));
    scene
        .send(json!({ "type": "template", "template": { "name": "hello_world", "language": { "code": "en_US" } } }))
        .await;
    scene.control("/customers/budi/send", text("saya lagi")).await;
    scene.send(text("boleh lagi")).await;
}

#[tokio::test]
async fn a_customer_who_never_wrote_gets_templates_only() {
    let scene = Scene::start().await;
    scene.control("/customers", json!({ "phone": BUDI })).await;
    assert_eq!(scene.refused(text("kenalan")).await, (400, 131_047));
    scene
        .send(json!({ "type": "template", "template": { "name": "hello_world", "language": { "code": "en_US" } } }))
        .await;
}

#[tokio::test]
async fn a_stranger_is_undeliverable() {
    let scene = Scene::start().await;
    assert_eq!(scene.refused(text("halo?")).await, (400, 131_026));
}

#[tokio::test]
async fn a_closed_window_can_be_told_by_status_instead() {
    let scene = Scene::with(|settings| settings.refusal = Refusal::ByStatus).await;
    scene.control("/customers", json!({ "id": "budi", "phone": BUDI })).await;
    let wamid = scene.send(text("kenalan")).await;
    let statuses = scene.host.updates("statuses", 1).await;
    assert_eq!(statuses[0]["id"], wamid.as_str());
    assert_eq!(statuses[0]["status"], "failed");
    assert_eq!(statuses[0]["errors"][0]["code"], 131_047);
}

#[tokio::test]
async fn a_read_receipt_marks_the_message_and_typing_shows() {
    let scene = Scene::start().await;
    let wamid = scene.budi().await;
    let receipt = json!({
        "messaging_product": "whatsapp", "status": "read", "message_id": wamid, "typing_indicator": { "type": "text" },
    });
    assert_eq!(scene.graph(receipt).await, (200, json!({ "success": true })));
    let chat = scene.look("/customers/budi/chat").await;
    assert_eq!(chat["typing"], true);
    assert_eq!(chat["entries"][0]["status"], "read");
    scene.send(text("hai")).await;
    assert_eq!(scene.look("/customers/budi/chat").await["typing"], false);
    let unknown = json!({ "messaging_product": "whatsapp", "status": "read", "message_id": "wamid.nope" });
    assert_eq!(scene.graph(unknown).await.1["error"]["code"], 131_009);
}

#[tokio::test]
async fn calls_without_a_token_or_to_an_unknown_number_are_refused() {
    let scene = Scene::with(|settings| settings.access_token = Some("right".into())).await;
    let path = scene.url(&format!("/v26.0/{NUMBER}/messages"));
    let post = |token: &str| scene.http.post(&path).bearer_auth(token).json(&json!({})).send();
    let wrong = post("wrong").await.unwrap();
    assert_eq!(wrong.status(), 401);
    let error: Value = wrong.json().await.unwrap();
    assert_eq!(error["error"]["code"], 190);
    assert_eq!(error["error"]["type"], "OAuthException");
    assert_eq!(post("right").await.unwrap().status(), 400);
    let unknown = scene.http.post(scene.url("/v26.0/999/messages")).bearer_auth("right").json(&json!({}));
    let error: Value = unknown.send().await.unwrap().json().await.unwrap();
    assert_eq!((&error["error"]["code"], &error["error"]["error_subcode"]), (&json!(100), &json!(33)));
}

#[tokio::test]
async fn a_number_tells_about_itself() {
    let scene = Scene::start().await;
    let get = |path: String| scene.http.get(scene.url(&path)).bearer_auth("any").send();
    let number: Value = get(format!("/v26.0/{NUMBER}")).await.unwrap().json().await.unwrap();
    assert_eq!(number["verified_name"], "Toko Contoh");
    assert_eq!(number["quality_rating"], "GREEN");
    let numbers: Value = get("/v26.0/102290129340398/phone_numbers".into()).await.unwrap().json().await.unwrap();
    assert_eq!(numbers["data"][0]["id"], NUMBER);
    assert_eq!(get(format!("/latest/{NUMBER}")).await.unwrap().status(), 400);
}
