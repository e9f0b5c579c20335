//! Chats: both sides in order, taps, waiting for news.

use serde_json::{Value, json};

use crate::support::Scene;

fn menu() -> Value {
    let button = |id: &str, title: &str| json!({ "type": "reply", "reply": { "id": id, "title": title } });
    json!({ "type": "interactive", "interactive": { "type": "button", "body": { "text": "Mau apa?" },
        "action": { "buttons": [button("pesan", "Cek Pesanan"), button("agen", "Bicara dengan Agen")] } } })
}

#[tokio::test]
async fn tapping_a_button_sends_its_id_and_quotes_the_message() {
    let scene = Scene::start().await;
    scene.budi().await;
    let wamid = scene.send(menu()).await;
    scene.control("/customers/budi/tap", json!({ "title": "bicara dengan agen" })).await;
    let messages = scene.host.updates("messages", 2).await;
    assert_eq!(messages[1]["interactive"]["button_reply"], json!({ "id": "agen", "title": "Bicara dengan Agen" }));
    assert_eq!(messages[1]["context"], json!({ "from": "6281110002000", "id": wamid }));
}

#[tokio::test]
async fn tapping_a_row_sends_a_list_reply() {
    let scene = Scene::start().await;
    scene.budi().await;
    let rows = json!([{ "id": "jne", "title": "JNE", "description": "2 hari" }]);
    let action = json!({ "button": "Pilih", "sections": [{ "rows": rows }] });
    scene.send(json!({ "type": "interactive", "interactive": { "type": "list", "body": { "text": "?" }, "action": action } })).await;
    scene.control("/customers/budi/tap", json!({ "id": "jne" })).await;
    let messages = scene.host.updates("messages", 2).await;
    let reply = json!({ "id": "jne", "title": "JNE", "description": "2 hari" });
    assert_eq!(messages[1]["interactive"], json!({ "type": "list_reply", "list_reply": reply }));
}

#[tokio::test]
async fn what_was_never_offered_cannot_be_tapped() {
    let scene = Scene::start().await;
    scene.budi().await;
    scene.send(menu()).await;
    let tap = scene.http.post(scene.url("/emulator/v1/customers/budi/tap")).json(&json!({ "title": "Pinjaman" }));
    assert_eq!(tap.send().await.unwrap().status(), 404);
}

#[tokio::test]
async fn a_chat_shows_both_sides_in_order_with_what_a_test_needs() {
    let scene = Scene::start().await;
    scene.budi().await;
    let mut message = menu();
    message["biz_opaque_callback_data"] = "turn-1".into();
    scene.send(message).await;
    let chat = scene.look("/customers/budi/chat").await;
    let entries = chat["entries"].as_array().unwrap();
    assert_eq!(entries.iter().map(|entry| &entry["seq"]).collect::<Vec<_>>(), [1, 2]);
    assert_eq!((&entries[0]["from"], &entries[0]["text"]), (&json!("customer"), &json!("halo")));
    let answer = &entries[1];
    assert_eq!((&answer["kind"], &answer["text"]), (&json!("buttons"), &json!("Mau apa?")));
    assert_eq!(answer["buttons"][1], json!({ "id": "agen", "title": "Bicara dengan Agen" }));
    assert_eq!(answer["biz_opaque_callback_data"], "turn-1");
    assert_eq!(answer["status"], "delivered");
    assert_eq!(chat["window_open"], true);
    let later = scene.look("/customers/budi/chat?after=1").await;
    assert_eq!(later["entries"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn waiting_for_news_ends_when_the_business_answers() {
    let scene = Scene::start().await;
    scene.budi().await;
    let waiting = scene.look("/customers/budi/chat?after=1&wait_ms=10000");
    let sending = async {
        // Whichever comes first, the answer must be seen.
        tokio::task::yield_now().await;
        scene.send(json!({ "text": { "body": "hai" } })).await
    };
    let (chat, wamid) = tokio::join!(waiting, sending);
    assert_eq!(chat["entries"][0]["wamid"], wamid.as_str());
}

#[tokio::test]
async fn reactions_edits_and_revocations_change_what_they_speak_of() {
    let scene = Scene::start().await;
    let wamid = scene.budi().await;
    scene.send(json!({ "type": "reaction", "reaction": { "message_id": wamid, "emoji": "🙏" } })).await;
    scene.control("/customers/budi/send", json!({ "type": "edit", "message_id": wamid, "text": "halo kak" })).await;
    let first = &scene.look("/customers/budi/chat").await["entries"][0];
    assert_eq!((&first["reacted"], &first["text"]), (&json!("🙏"), &json!("halo kak")));
    scene.control("/customers/budi/send", json!({ "type": "revoke", "message_id": wamid })).await;
    assert_eq!(scene.look("/customers/budi/chat").await["entries"][0]["revoked"], true);
}

#[tokio::test]
async fn a_chat_forgets_the_oldest_beyond_its_bound() {
    let scene = Scene::with(|settings| settings.chat_entries = 3).await;
    scene.budi().await;
    for n in 0..5 {
        scene.control("/customers/budi/send", json!({ "type": "text", "text": n.to_string() })).await;
    }
    let chat = scene.look("/customers/budi/chat").await;
    assert_eq!(chat["entries"].as_array().unwrap().len(), 3);
    assert_eq!(chat["last_seq"], 6);
}

#[tokio::test]
async fn the_phone_is_served_whole() {
    let scene = Scene::start().await;
    let page = scene.http.get(scene.url("/")).send().await.unwrap();
    assert_eq!(page.status(), 200);
    let html = page.text().await.unwrap();
    let mut named: Vec<_> = html.split('"').filter(|part| part.starts_with("/phone/")).map(str::to_owned).collect();
    let mut at = 0;
    // A module names the modules that it needs, from its own folder on.
    while let Some(name) = named.get(at).cloned() {
        at += 1;
        let answer = scene.http.get(scene.url(&name)).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{name}");
        let here = reqwest::Url::parse("http://phone").unwrap().join(&name).unwrap();
        for import in answer.text().await.unwrap().split("from \"").skip(1) {
            let path = here.join(import.split('"').next().unwrap()).unwrap().path().to_owned();
            if !named.contains(&path) {
                named.push(path);
            }
        }
    }
    assert!(named.contains(&"/phone/panel/faults.js".to_owned()), "{named:?}");
}

#[tokio::test]
async fn listeners_are_told_that_a_chat_changed() {
    let scene = Scene::start().await;
    let mut events = scene.http.get(scene.url("/emulator/v1/events")).send().await.unwrap();
    let mut heard = String::new();
    while !heard.contains("hello") {
        heard.push_str(std::str::from_utf8(&events.chunk().await.unwrap().unwrap()).unwrap());
    }
    scene.budi().await;
    while !heard.contains(r#"{"customer":"budi","event":"chat","phone_number_id":"106540352242922"}"#) {
        heard.push_str(std::str::from_utf8(&events.chunk().await.unwrap().unwrap()).unwrap());
    }
}
