//! Customers: with and without numbers, and what changes about them.

use serde_json::json;

use crate::support::{BUDI, Scene, values};

#[tokio::test]
async fn a_customer_without_a_number_writes_and_is_answered_by_user_id() {
    let scene = Scene::start().await;
    let made = scene
        .control("/customers", json!({ "id": "sri", "name": "Sri", "user_id": "auto", "username": "@sri.w" }))
        .await;
    let user_id = made["user_id"].as_str().unwrap();
    scene.control("/customers/sri/send", json!({ "type": "text", "text": "halo" })).await;
    let messages = scene.host.updates("messages", 1).await;
    assert_eq!(messages[0]["from_user_id"], user_id);
    assert!(messages[0].get("from").is_none());
    let value = &values(&scene.host.webhooks()[0].body)[0];
    let contact = json!({ "profile": { "name": "Sri", "username": "sri.w" }, "user_id": user_id });
    assert_eq!(value["contacts"], json!([contact]));

    let message = json!({ "messaging_product": "whatsapp", "recipient": user_id, "text": { "body": "hai" } });
    let (status, body) = scene.graph(message).await;
    assert_eq!((status, &body["contacts"]), (200, &json!([{ "input": user_id, "user_id": user_id }])));
    let statuses = scene.host.updates("statuses", 2).await;
    assert_eq!(statuses[0]["recipient_user_id"], user_id);
    assert!(statuses[0].get("recipient_id").is_none());
    let presented: Vec<_> = scene.host.webhooks().iter().flat_map(|webhook| values(&webhook.body)).collect();
    let of = |status: &str| presented.iter().find(|value| value["statuses"][0]["status"] == status).unwrap();
    assert_eq!(of("sent")["contacts"][0]["profile"], json!({ "name": "Sri" }), "`sent` tells no username");
    assert_eq!(of("delivered")["contacts"][0]["profile"]["username"], "sri.w");
}

#[tokio::test]
async fn a_customer_with_both_is_reached_by_either_and_to_wins() {
    let scene = Scene::start().await;
    let made = scene.control("/customers", json!({ "id": "b", "phone": BUDI, "user_id": "auto" })).await;
    scene.control("/customers/b/send", json!({ "type": "text", "text": "halo" })).await;
    let both = json!({
        "messaging_product": "whatsapp", "to": BUDI, "recipient": made["user_id"], "text": { "body": "hai" },
    });
    assert_eq!(scene.graph(both).await.1["contacts"][0]["wa_id"], BUDI);
    let messages = scene.host.updates("messages", 1).await;
    assert_eq!(messages[0]["from"], BUDI);
    assert_eq!(messages[0]["from_user_id"], made["user_id"]);
}

#[tokio::test]
async fn a_new_number_is_announced_without_contacts_and_the_old_one_stops_working() {
    let scene = Scene::start().await;
    let made =
        scene.control("/customers", json!({ "id": "b", "name": "Budi", "phone": BUDI, "user_id": "auto" })).await;
    scene.control("/customers/b/send", json!({ "type": "text", "text": "halo" })).await;
    scene.control("/customers/b/send", json!({ "type": "number_change", "phone": "6289999999999" })).await;
    let messages = scene.host.updates("messages", 2).await;
    assert_eq!(messages[1]["type"], "system");
    assert_eq!(messages[1]["from"], BUDI);
    assert_eq!(messages[1]["system"]["type"], "user_changed_number");
    assert_eq!(messages[1]["system"]["wa_id"], "6289999999999");
    assert_eq!(messages[1]["system"]["previous_user_id"], made["user_id"]);
    assert_ne!(messages[1]["system"]["user_id"], made["user_id"]);
    let last = scene.host.webhooks().pop().unwrap();
    assert!(values(&last.body)[0].get("contacts").is_none());
    assert_eq!(scene.refused(json!({ "text": { "body": "x" } })).await, (400, 131_026));
}

#[tokio::test]
async fn a_marketing_preference_comes_in_a_field_of_its_own() {
    let scene = Scene::start().await;
    scene.budi().await;
    scene.control("/customers/budi/send", json!({ "type": "marketing_preference", "value": "stop" })).await;
    let preferences = scene.host.updates("user_preferences", 1).await;
    assert_eq!(preferences[0]["value"], "stop");
    assert_eq!(preferences[0]["wa_id"], BUDI);
    let last = scene.host.webhooks().pop().unwrap();
    assert_eq!(last.body["entry"][0]["changes"][0]["field"], "user_preferences");
}

#[tokio::test]
async fn the_business_phone_is_echoed() {
    let scene = Scene::start().await;
    scene.budi().await;
    let echo = json!({ "customer": "budi", "type": "text", "text": "Saya Shinta, ada yang bisa dibantu?" });
    scene.control("/echo", echo).await;
    let echoes = scene.host.updates("message_echoes", 1).await;
    assert_eq!(echoes[0]["to"], BUDI);
    assert_eq!(echoes[0]["from"], "6281110002000");
    assert_eq!(echoes[0]["text"]["body"], "Saya Shinta, ada yang bisa dibantu?");
    let chat = scene.look("/customers/budi/chat").await;
    assert_eq!(chat["entries"][1]["from"], "business_phone");
}

#[tokio::test]
async fn every_kind_of_message_has_whatsapps_form() {
    let scene = Scene::start().await;
    let wamid = scene.budi().await;
    let kinds = [
        (json!({ "type": "image", "caption": "ini" }), "image", "/image/caption"),
        (json!({ "type": "voice" }), "audio", "/audio/voice"),
        (json!({ "type": "document" }), "document", "/document/filename"),
        (json!({ "type": "video" }), "video", "/video/sha256"),
        (json!({ "type": "sticker" }), "sticker", "/sticker/mime_type"),
        (json!({ "type": "location", "latitude": -6.2, "longitude": 106.8 }), "location", "/location/latitude"),
        (json!({ "type": "contacts" }), "contacts", "/contacts/0/name/formatted_name"),
        (json!({ "type": "reaction", "message_id": wamid, "emoji": "👍" }), "reaction", "/reaction/emoji"),
        (json!({ "type": "template_button", "text": "Ya" }), "button", "/button/payload"),
        (json!({ "type": "form_reply", "response": "{broken" }), "interactive", "/interactive/nfm_reply/response_json"),
        (json!({ "type": "order" }), "order", "/order/product_items/1/item_price"),
        (json!({ "type": "unsupported" }), "unsupported", "/errors/0/code"),
        (json!({ "type": "edit", "message_id": wamid, "text": "halo!" }), "edit", "/edit/original_message_id"),
        (json!({ "type": "revoke", "message_id": wamid }), "revoke", "/revoke/original_message_id"),
        (json!({ "type": "other", "kind": "poll", "content": { "q": 1 } }), "poll", "/poll/q"),
        (json!({ "type": "text", "text": "x", "forwarded": true }), "text", "/context/forwarded"),
        (json!({ "type": "text", "text": "x", "reply_to": wamid }), "text", "/context/id"),
        (json!({ "type": "text", "text": "x", "referral": { "ctwa_clid": "A" } }), "text", "/referral/ctwa_clid"),
    ];
    for (kind, ..) in &kinds {
        scene.control("/customers/budi/send", kind.clone()).await;
    }
    let messages = scene.host.updates("messages", kinds.len() + 1).await;
    for ((sent, kind, member), message) in kinds.iter().zip(&messages[1..]) {
        assert_eq!(message["type"], *kind, "{sent}");
        assert!(message.pointer(member).is_some(), "{member} in {message}");
    }
}

#[tokio::test]
async fn a_second_customer_with_the_same_number_is_refused() {
    let scene = Scene::start().await;
    scene.budi().await;
    let twin = scene.http.post(scene.url("/emulator/v1/customers")).json(&json!({ "phone": BUDI }));
    let answer = twin.send().await.unwrap();
    assert_eq!(answer.status(), 400);
}

#[tokio::test]
async fn a_new_user_id_is_announced_with_the_one_before() {
    let scene = Scene::start().await;
    let made = scene.control("/customers", json!({ "id": "sri", "user_id": "auto", "parent_user_id": "auto" })).await;
    scene.control("/customers/sri/send", json!({ "type": "text", "text": "halo" })).await;
    scene.control("/customers/sri/send", json!({ "type": "user_id_change" })).await;
    let messages = scene.host.updates("messages", 2).await;
    assert_eq!(messages[0]["from_parent_user_id"], made["parent_user_id"]);
    assert!(made["parent_user_id"].as_str().unwrap().starts_with("ID.ENT."));
    let system = &messages[1]["system"];
    assert_eq!(system["type"], "user_changed_user_id");
    assert_eq!(system["previous_user_id"], made["user_id"]);
    let now = scene.look("/customers/sri").await;
    assert_eq!(system["user_id"], now["user_id"]);
    let send = |user_id: &serde_json::Value| json!({ "messaging_product": "whatsapp", "recipient": user_id, "text": { "body": "hai" } });
    assert_eq!(scene.graph(send(&made["user_id"])).await.1["error"]["code"], 131_026, "the old one is nobody's");
    assert_eq!(scene.graph(send(&now["user_id"])).await.0, 200, "the window stays open");
    let statuses = scene.host.updates("statuses", 1).await;
    assert_eq!(statuses[0]["recipient_parent_user_id"], now["parent_user_id"]);
}

#[tokio::test]
async fn a_voice_note_of_the_business_is_played() {
    let scene = Scene::start().await;
    scene.budi().await;
    let wamid = scene.send(json!({ "type": "audio", "audio": { "link": "https://toko.example/a.ogg" } })).await;
    scene.control("/customers/budi/play", json!({ "wamid": wamid })).await;
    let statuses = scene.host.updates("statuses", 3).await;
    assert_eq!((&statuses[2]["status"], &statuses[2]["id"]), (&json!("played"), &json!(wamid)));
    assert_eq!(scene.control_refuses("/customers/budi/play", json!({ "wamid": "wamid.x" })).await.0, 404);
}

#[tokio::test]
async fn a_name_travels_as_whatsapp_writes_it() {
    let scene = Scene::start().await;
    scene.control("/customers", json!({ "id": "z", "name": "Zoë 🌸", "phone": BUDI })).await;
    scene.control("/customers/z/send", json!({ "type": "text", "text": "a/b é" })).await;
    scene.host.updates("messages", 1).await;
    let webhook = scene.host.webhooks().remove(0);
    assert!(webhook.signed_right, "the signature is over the bytes as they travel");
    assert!(webhook.raw.contains(r"Zo\u00eb \ud83c\udf38") && webhook.raw.contains(r"a\/b \u00e9"), "{}", webhook.raw);
}
