//! WhatsApp's limits, each on both of its sides.

use serde_json::{Value, json};

use crate::support::Scene;

fn button(title: &str, id: &str) -> Value {
    json!({ "type": "reply", "reply": { "id": id, "title": title } })
}

fn buttons(body: &str, buttons: Vec<Value>) -> Value {
    let interactive = json!({ "type": "button", "body": { "text": body }, "action": { "buttons": buttons } });
    json!({ "type": "interactive", "interactive": interactive })
}

fn list(rows: Vec<Value>) -> Value {
    let action = json!({ "button": "Pilih", "sections": [{ "title": "Menu", "rows": rows }] });
    json!({ "type": "interactive", "interactive": { "type": "list", "body": { "text": "?" }, "action": action } })
}

fn row(n: usize) -> Value {
    json!({ "id": format!("r{n}"), "title": format!("Baris {n}") })
}

fn link(text: &str, url: &str) -> Value {
    let action = json!({ "name": "cta_url", "parameters": { "display_text": text, "url": url } });
    json!({ "type": "interactive", "interactive": { "type": "cta_url", "body": { "text": "?" }, "action": action } })
}

fn text(body: &str) -> Value {
    json!({ "type": "text", "text": { "body": body } })
}

#[tokio::test]
async fn what_keeps_every_limit_is_accepted() {
    let scene = Scene::start().await;
    let wamid = scene.budi().await;
    let mut quoting = text("jawab");
    quoting["context"] = json!({ "message_id": wamid });
    let mut echoed = text("x");
    echoed["biz_opaque_callback_data"] = "x".repeat(512).into();
    let name = json!({ "formatted_name": "Budi", "first_name": "Budi" });
    let flow = json!({ "flow_message_version": "3", "flow_id": "1", "flow_cta": "Isi" });
    let messages = [
        text(&"é".repeat(4_096)),
        quoting,
        echoed,
        buttons(
            &"b".repeat(1_024),
            vec![button(&"t".repeat(20), &"i".repeat(256)), button("B", "2"), button("C", "3")],
        ),
        list((0..10).map(row).collect()),
        link(&"t".repeat(20), "https://toko.example/p?q=1"),
        json!({ "type": "image", "image": { "link": "https://toko.example/a.png", "caption": "c".repeat(1_024) } }),
        json!({ "type": "location", "location": { "latitude": -6.2, "longitude": "106.8", "name": "Toko" } }),
        json!({ "type": "contacts", "contacts": [{ "name": name, "phones": [{ "phone": "+62 812" }] }] }),
        json!({ "type": "reaction", "reaction": { "message_id": wamid, "emoji": "👍🏽" } }),
        json!({ "type": "reaction", "reaction": { "message_id": wamid, "emoji": "" } }),
        json!({ "type": "interactive", "interactive": { "type": "flow", "body": { "text": "?" },
            "action": { "name": "flow", "parameters": flow } } }),
        json!({ "type": "interactive", "interactive": { "type": "product",
            "action": { "catalog_id": "1", "product_retailer_id": "2" } } }),
    ];
    for message in messages {
        scene.send(message).await;
    }
}

#[tokio::test]
async fn what_breaks_a_limit_is_refused_with_whatsapps_code() {
    let scene = Scene::start().await;
    let wamid = scene.budi().await;
    let two = |a: Value, b: Value| buttons("?", vec![a, b]);
    let mut echoed = text("x");
    echoed["biz_opaque_callback_data"] = "x".repeat(513).into();
    let mut quoting = text("x");
    quoting["context"] = json!({ "message_id": "wamid.unknown" });
    let mut footer = buttons("?", vec![button("A", "1")]);
    footer["interactive"]["footer"] = json!({ "text": "f".repeat(61) });
    let mut header = list(vec![row(1)]);
    header["interactive"]["header"] = json!({ "type": "image", "image": { "link": "https://a.example/x.png" } });
    let refusals: [(Value, u64); 31] = [
        (text(&"é".repeat(4_097)), 100),
        (text(""), 100),
        (json!({ "type": "text" }), 100),
        (json!({ "type": "text", "text": { "body": 7 } }), 100),
        (json!({ "type": "hologram" }), 131_051),
        (echoed, 100),
        (quoting, 131_009),
        (buttons(&"b".repeat(1_025), vec![button("A", "1")]), 131_009),
        (buttons("?", vec![]), 131_009),
        (buttons("?", (0..4).map(|n| button(&n.to_string(), &n.to_string())).collect()), 131_009),
        (buttons("?", vec![button(&"t".repeat(21), "1")]), 131_009),
        (buttons("?", vec![button("A", &"i".repeat(257))]), 131_009),
        (buttons("?", vec![json!({ "type": "reply", "reply": { "id": "1" } })]), 131_008),
        (two(button("A", "1"), button("A", "2")), 131_009),
        (two(button("A", "1"), button("B", "1")), 131_009),
        (footer, 131_009),
        (header, 131_009),
        (list((0..11).map(row).collect()), 131_009),
        (list(vec![row(1), row(1)]), 131_009),
        (list(vec![json!({ "id": "1", "title": "t".repeat(25) })]), 131_009),
        (list(vec![json!({ "id": "i".repeat(201), "title": "t" })]), 131_009),
        (list(vec![json!({ "id": "1", "title": "t", "description": "d".repeat(73) })]), 131_009),
        (link(&"t".repeat(21), "https://a.example"), 131_009),
        (link("Buka", "javascript:alert(1)"), 131_009),
        (json!({ "type": "image", "image": {} }), 131_008),
        (json!({ "type": "image", "image": { "id": "1", "link": "https://a.example/x" } }), 131_009),
        (json!({ "type": "audio", "audio": { "link": "https://a.example/x", "caption": "c" } }), 131_009),
        (json!({ "type": "location", "location": { "latitude": 91, "longitude": 0 } }), 131_009),
        (json!({ "type": "reaction", "reaction": { "message_id": wamid, "emoji": "ok" } }), 131_009),
        (json!({ "type": "contacts", "contacts": [{ "name": { "formatted_name": "B" } }] }), 131_008),
        (json!({ "type": "template", "template": { "name": "halo" } }), 131_008),
    ];
    for (message, code) in refusals {
        let shown = message.to_string();
        assert_eq!(scene.refused(message).await, (400, code), "{}", shown.chars().take(200).collect::<String>());
    }
    assert_eq!(scene.look("/stats").await["sends"], 0);
}

#[tokio::test]
async fn a_body_that_is_no_message_is_refused() {
    let scene = Scene::start().await;
    for body in [json!([]), json!("x"), json!({}), json!({ "messaging_product": "sms", "to": "6281234567890" })] {
        let (status, answer) = scene.graph(body).await;
        assert_eq!((status, &answer["error"]["code"]), (400, &json!(100)));
        assert!(answer["error"]["fbtrace_id"].is_string());
    }
    let path = scene.url("/v26.0/106540352242922/messages");
    let broken = scene.http.post(path).bearer_auth("any").body("{\"messaging").send().await.unwrap();
    assert_eq!(broken.status(), 400);
}

#[tokio::test]
async fn a_missing_or_misplaced_recipient_is_refused() {
    let scene = Scene::start().await;
    let to = |member: Value| {
        let mut message = text("x");
        message["messaging_product"] = "whatsapp".into();
        message.as_object_mut().unwrap().extend(member.as_object().unwrap().clone());
        message
    };
    for (member, code) in [
        (json!({}), 100),
        (json!({ "to": "" }), 100),
        (json!({ "to": "abc" }), 131_009),
        (json!({ "to": "ID.13491208655302741918" }), 131_009),
        (json!({ "recipient": "6281234567890" }), 131_009),
        (json!({ "to": "6281234567890", "recipient_type": "crowd" }), 100),
    ] {
        assert_eq!(scene.graph(to(member.clone())).await.1["error"]["code"], code, "{member}");
    }
}
