//! Every shape that WhatsApp sends goes through the real program: it is acknowledged, nothing is lost,
//! nothing panics, and an ordinary question is still answered afterwards.

use std::time::Duration;

use reqwest::Method;
use santun_tests::Rig;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

/// Shapes that are a customer's message: each must be a turn of this kind.
fn messages() -> Vec<(&'static str, Value)> {
    let product = json!({ "catalog_id": "194836987003835", "product_retailer_id": "kemeja-01" });
    let referral = json!({
        "source_url": "https://fb.me/iklan", "source_type": "ad", "source_id": "120330000123",
        "headline": "Kemeja batik", "body": "Gratis ongkir", "media_type": "image",
        "image_url": "https://example.com/iklan.jpg", "ctwa_clid": "AbC123",
    });
    vec![
        ("text", json!({ "type": "text", "text": "halo kak" })),
        ("text", json!({ "type": "text", "text": "balasan", "reply_to": "{business}" })),
        ("text", json!({ "type": "text", "text": "terusan", "forwarded": true })),
        ("text", json!({ "type": "text", "text": "berantai", "frequently_forwarded": true })),
        ("text", json!({ "type": "text", "text": "dari iklan", "referral": referral })),
        ("text", json!({ "type": "text", "text": "produk ini", "referred_product": product })),
        ("image", json!({ "type": "image", "caption": "ini fotonya" })),
        ("video", json!({ "type": "video" })),
        ("audio", json!({ "type": "audio" })),
        ("voice", json!({ "type": "voice" })),
        ("document", json!({ "type": "document", "filename": "bukti.pdf", "caption": "bukti" })),
        ("sticker", json!({ "type": "sticker" })),
        (
            "location",
            json!({ "type": "location", "latitude": -6.9, "longitude": 107.6, "name": "Toko", "address": "Bandung" }),
        ),
        ("location", json!({ "type": "location", "latitude": -6.9, "longitude": 107.6 })),
        ("contacts", json!({ "type": "contacts" })),
        ("order", json!({ "type": "order", "text": "pesan ini" })),
        ("reaction", json!({ "type": "reaction", "message_id": "{business}", "emoji": "👍" })),
        ("reaction", json!({ "type": "reaction", "message_id": "{business}" })),
        ("choice", json!({ "type": "button_reply", "id": "menu:ongkir", "title": "Ongkir" })),
        ("choice", json!({ "type": "list_reply", "id": "menu:produk", "title": "Produk", "description": "Semua" })),
        ("choice", json!({ "type": "template_button", "text": "Ya", "payload": "ya" })),
        ("form", json!({ "type": "form_reply", "response": { "nama": "Budi", "kota": "Bandung" } })),
        ("form", json!({ "type": "form_reply", "response": "bukan json {" })),
        ("unsupported", json!({ "type": "unsupported" })),
        ("edit", json!({ "type": "edit", "message_id": "{mine}", "text": "maksudku begini" })),
        ("revoke", json!({ "type": "revoke", "message_id": "{mine}" })),
        ("poll", json!({ "type": "other", "kind": "poll", "content": { "name": "Warna?", "options": ["merah"] } })),
        ("hologram", json!({ "type": "other", "kind": "hologram", "content": null })),
        ("hologram", json!({ "type": "other", "kind": "hologram", "content": [1, "dua", { "tiga": 3.5 }] })),
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_shape_of_a_message_is_kept_in_the_history_and_acknowledged_once() {
    let rig = Rig::start(&toml::Table::new()).await.unwrap();
    for (number, (kind, body)) in messages().into_iter().enumerate() {
        // A customer each, so that nothing is hidden by what came before.
        let customer = Customer::new(&rig, number).await;
        customer.send(&json!({ "type": "text", "text": "halo" })).await;
        customer.rest().await;
        customer.send(&body).await;
        customer.rest().await;
        let turns = customer.turns().await;
        let from_customer: Vec<&Value> = turns.iter().filter(|turn| turn["by"] == "customer").collect();
        assert_eq!(from_customer.len(), 2, "{body} is in the history once: {turns:#?}");
        assert_eq!(from_customer[1]["kind"], kind, "{body}");
    }
    in_good_health(&rig).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_message_changes_what_it_should_or_is_kept() {
    let rig = Rig::start(&toml::Table::new()).await.unwrap();
    let customer = Customer::new(&rig, 1).await;
    customer.send(&json!({ "type": "text", "text": "halo" })).await;
    customer.rest().await;
    for value in ["stop", "resume"] {
        customer.send(&json!({ "type": "marketing_preference", "value": value })).await;
    }
    customer.send(&json!({ "type": "text", "text": "halo grup", "group_id": "120363041234567890" })).await;
    customer.echo(&json!({ "type": "text", "text": "dari toko" })).await;
    customer.echo(&json!({ "type": "image" })).await;
    customer.send(&json!({ "type": "number_change", "phone": "+6281300000077" })).await;
    customer.send(&json!({ "type": "user_id_change" })).await;
    customer.send(&json!({ "type": "text", "text": "ini nomor baruku" })).await;
    customer.rest().await;
    let turns = customer.turns().await;
    let words = |text: &str| turns.iter().any(|turn| turn["text"].as_str().unwrap_or_default().contains(text));
    assert!(words("dari toko") && words("ini nomor baruku"), "{turns:#?}");
    assert!(!words("halo grup"), "a group is no conversation of the customer's");
    let kept = rig.api(Method::GET, "/kept", &Value::Null).await.unwrap();
    assert!(kept.to_string().contains("halo grup"), "{kept}");
    in_good_health(&rig).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn webhooks_that_nobody_foresaw_are_acknowledged_and_kept() {
    let rig = Rig::start(&toml::Table::new()).await.unwrap();
    let change = |field: &str, value: Value| {
        json!({ "object": "whatsapp_business_account",
                "entry": [{ "id": "102290129340398", "changes": [{ "field": field, "value": value }] }] })
    };
    let metadata = json!({ "display_phone_number": "6281110002000", "phone_number_id": "106540352242922" });
    let elsewhere = json!({ "display_phone_number": "6281110009999", "phone_number_id": "999999999999" });
    let status = |status: &str, more: Value| {
        let mut status = json!({ "id": "wamid.dW5rbm93bg==", "status": status, "timestamp": "1760000000",
                                 "recipient_id": "6281355550000" });
        status.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        change("messages", json!({ "messaging_product": "whatsapp", "metadata": metadata, "statuses": [status] }))
    };
    let error = json!([{ "code": 131_026, "title": "Message undeliverable", "message": "…",
                         "error_data": { "details": "…" } }]);
    let pricing = json!({ "pricing": { "billable": true, "pricing_model": "PMP", "category": "service" } });
    let bodies = [
        change("account_update", json!({ "event": "VERIFIED_ACCOUNT" })),
        change("phone_number_quality_update", json!({ "event": "FLAGGED", "current_limit": "TIER_1K" })),
        change("message_template_status_update", json!({ "event": "APPROVED", "message_template_id": 1 })),
        change("something_new", json!({ "unheard_of": [1, 2, 3] })),
        change("messages", json!({ "messaging_product": "whatsapp", "metadata": metadata, "errors": error })),
        change(
            "messages",
            json!({ "messaging_product": "whatsapp", "metadata": elsewhere,
            "contacts": [{ "profile": { "name": "X" }, "wa_id": "6281355550001" }],
            "messages": [{ "from": "6281355550001", "id": "wamid.eA==", "timestamp": "1760000000", "type": "text",
                           "text": { "body": "ke nomor lain" } }] }),
        ),
        status("sent", pricing),
        status("delivered", json!({})),
        status("read", json!({})),
        status("played", json!({})),
        status("failed", json!({ "errors": error })),
        status("levitated", json!({})),
        json!({ "object": "whatsapp_business_account", "entry": [] }),
    ];
    for body in bodies {
        let answer = rig.emulator(Method::POST, "/raw", &json!({ "body": body, "signature": "right" })).await.unwrap();
        assert_eq!(answer["status"], 200, "{body}: {answer}");
    }
    let kept = rig.api(Method::GET, "/kept", &Value::Null).await.unwrap().to_string();
    for word in
        ["VERIFIED_ACCOUNT", "FLAGGED", "message_template_status_update", "unheard_of", "ke nomor lain", "levitated"]
    {
        assert!(kept.contains(word), "{word} is kept: {kept}");
    }
    in_good_health(&rig).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_signed_or_no_webhook_is_refused() {
    let rig = Rig::start(&toml::Table::new()).await.unwrap();
    for (signature, body, expected) in [
        ("wrong", json!({ "object": "whatsapp_business_account", "entry": [] }), 401),
        ("none", json!({ "object": "whatsapp_business_account", "entry": [] }), 401),
        ("malformed", json!({ "object": "whatsapp_business_account", "entry": [] }), 401),
    ] {
        let answer =
            rig.emulator(Method::POST, "/raw", &json!({ "body": body, "signature": signature })).await.unwrap();
        assert_eq!(answer["status"], expected, "{signature}: {answer}");
    }
    let answer =
        rig.emulator(Method::POST, "/raw", &json!({ "text": "{ no json", "signature": "right" })).await.unwrap();
    assert_eq!(answer["status"], 400, "{answer}");
    in_good_health(&rig).await;
}

struct Customer<'a> {
    rig: &'a Rig,
    id: String,
    name: String,
}

impl<'a> Customer<'a> {
    async fn new(rig: &'a Rig, number: usize) -> Self {
        let name = format!("Pelanggan {number}");
        let new = json!({ "name": name, "phone": format!("+62813{number:08}"), "user_id": "auto" });
        let made = rig.emulator(Method::POST, "/customers", &new).await.unwrap();
        Self { rig, id: made["id"].as_str().unwrap().to_owned(), name }
    }

    async fn send(&self, body: &Value) {
        let chat = self.rig.emulator(Method::GET, &format!("/customers/{}/chat?after=0", self.id), &Value::Null).await;
        let chat = chat.unwrap();
        let mut body = body.clone();
        for value in body.as_object_mut().unwrap().values_mut() {
            let from = match value.as_str() {
                Some("{business}") => "business",
                Some("{mine}") => "customer",
                _ => continue,
            };
            let entry = chat["entries"].as_array().unwrap().iter().rev().find(|entry| entry["from"] == from);
            *value = entry.expect("there is such a message")["wamid"].clone();
        }
        self.rig.emulator(Method::POST, &format!("/customers/{}/send", self.id), &body).await.unwrap();
    }

    async fn echo(&self, body: &Value) {
        let mut body = body.clone();
        body["customer"] = self.id.as_str().into();
        self.rig.emulator(Method::POST, "/echo", &body).await.unwrap();
    }

    /// Waits until everything is acknowledged, decided and sent.
    async fn rest(&self) {
        let deadline = Instant::now() + Duration::from_secs(30);
        loop {
            let stats = self.rig.emulator(Method::GET, "/stats", &Value::Null).await.unwrap();
            let turns = self.turns().await;
            let decided = turns.iter().all(|turn| turn["by"] != "customer" || !turn["step"].is_null());
            let on_its_way = |turn: &Value| matches!(turn["delivery"]["state"].as_str(), Some("queued" | "sending"));
            if stats["updates_waiting"] == 0 && !turns.is_empty() && decided && !turns.iter().any(on_its_way) {
                return;
            }
            assert!(
                Instant::now() < deadline,
                "the host does not come to rest: {stats} {turns:#?}\n{}",
                self.rig.log()
            );
            sleep(Duration::from_millis(20)).await;
        }
    }

    async fn turns(&self) -> Vec<Value> {
        let page = self.rig.api(Method::GET, "/conversations?limit=200", &Value::Null).await.unwrap();
        let lines = page["conversations"].as_array().unwrap();
        let Some(line) = lines.iter().find(|line| line["name"] == self.name.as_str()) else { return Vec::new() };
        let id = line["id"].as_str().unwrap();
        let whole = self.rig.api(Method::GET, &format!("/conversations/{id}?turns=1000"), &Value::Null).await.unwrap();
        whole["turns"].as_array().unwrap().clone()
    }
}

/// No panic, nothing refused, and an ordinary question is answered.
async fn in_good_health(rig: &Rig) {
    let log = rig.log();
    assert!(!log.contains("panicked"), "{log}");
    let customer = Customer::new(rig, 99_999).await;
    customer.send(&json!({ "type": "text", "text": "berapa lama proses refund?" })).await;
    customer.rest().await;
    let turns = customer.turns().await;
    let answered = turns.iter().any(|turn| turn["text"].as_str().unwrap_or_default().contains("3-5 hari kerja"));
    assert!(answered, "{turns:#?}");
}
