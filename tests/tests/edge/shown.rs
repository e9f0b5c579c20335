//! What customers, agents and dashboards see.

use reqwest::Method;
use santun_tests::lab::{Lab, Plan, bot, eventually};
use serde_json::{Value, json};

use super::turns;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn messages_are_marked_as_read_and_typing_shows_unless_the_channel_is_not_to() {
    let quiet = bot(0);
    let lab = Lab::serving(Plan { bot: quiet.replace("typing = false", "typing = true"), ..Plan::default() }).await;
    let rina = lab.phone.customer("Rina", "628115400001").await;
    lab.phone.fault(&rina, 1, json!({ "kind": "stall", "ms": 1_500 })).await;
    lab.phone.writes(&rina, "lihat centang.").await;
    eventually("the customer sees typing", async || {
        let chat = lab.phone.chat(&rina).await;
        (chat["typing"] == true && chat["entries"][0]["status"] == "read").then_some(())
    })
    .await;
    lab.phone.hears(&rina, "lihat centang.").await;
    lab.write("bot.toml", &quiet);
    assert_eq!(lab.santun(&["apply"]).await.code, 0);
    let before = lab.phone.stats().await["read_receipts"].clone();
    lab.phone.writes(&rina, "tanpa centang.").await;
    lab.phone.hears(&rina, "tanpa centang.").await;
    assert_eq!(lab.phone.stats().await["read_receipts"], before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn metrics_have_the_names_that_dashboards_hold_on_to() {
    let lab = Lab::serving(Plan::default()).await;
    let rina = lab.phone.customer("Rina", "628115700001").await;
    lab.phone.writes(&rina, "untuk angka.").await;
    lab.phone.hears(&rina, "untuk angka.").await;
    let revision = {
        let (_, plugins) = lab.api(Method::GET, "/plugins", None).await;
        plugins[0]["revision"].as_str().expect("a revision")[..12].to_owned()
    };
    let labels = format!("plugin=\"echo\",revision=\"{revision}\",outcome=\"reply\"");
    let lines = [
        "santun_inbound_messages_total{kind=\"message\"} 1".to_owned(),
        format!("santun_verdicts_total{{{labels}}} 1"),
        format!("santun_verdict_seconds_count{{{labels}}} 1"),
        "santun_outbox{state=\"queued\"} 0".to_owned(),
        "santun_outbox{state=\"sending\"} 0".to_owned(),
        "santun_outbox{state=\"unknown\"} 0".to_owned(),
        "santun_oldest_unprocessed_seconds 0".to_owned(),
        "santun_webhook_ack_seconds_count".to_owned(),
    ];
    for line in lines {
        eventually(&format!("{line} is shown"), async || lab.metrics().await.contains(&line).then_some(())).await;
    }
    lab.phone.writes(&rina, "coba berbohong.").await;
    eventually("a refusal is counted by its rule", async || {
        lab.metrics().await.contains("santun_gate_refusals_total{rule=\"disclosure\"} 1").then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_agent_sends_cards_reactions_places_products_and_forms() {
    let lab = Lab::serving(Plan::default()).await;
    assert_eq!(lab.santun(&["user", "add", "rina", "--name", "Rina"]).await.code, 0);
    let customer = lab.phone.customer("Budi", "628115500001").await;
    let wamid = lab.phone.writes(&customer, "halo kak.").await;
    lab.phone.hears(&customer, "halo kak.").await;
    let other = lab.phone.customer("Sinta", "628115500002").await;
    lab.phone.writes(&other, "halo juga.").await;
    lab.phone.hears(&other, "halo juga.").await;
    let turn_of = |whole: &Value| whole["turns"][0]["id"].as_str().expect("a turn").to_owned();
    let whole = lab.conversation("Budi").await.expect("a conversation");
    let theirs = turn_of(&lab.conversation("Sinta").await.expect("a conversation"));
    let (id, turn) = (whole["line"]["id"].as_str().expect("an id").to_owned(), turn_of(&whole));
    let post = async |what: &str, body: Value| {
        let request = lab.request(Method::POST, &format!("/api/v1/conversations/{id}/{what}"));
        let request = request.bearer_auth(lab.token()).header("santun-as", "rina").json(&body);
        let answer = request.send().await.expect("the host answers");
        (answer.status().as_u16(), answer.json::<Value>().await.expect("JSON"))
    };
    let (status, early) = post("send", json!({ "kind": "location", "latitude": -6.9, "longitude": 107.6 })).await;
    assert_eq!((status, &early["code"]), (409, &Value::from("not_taken")), "{early}");
    assert_eq!(post("take", json!(null)).await.0, 200);

    let products = json!({ "kind": "product_list", "header": "Kemeja", "body": "Pilih ya kak", "catalog_id": "1948",
        "sections": [{ "title": "Batik", "products": ["KB-01", "KB-02"] }] });
    for message in [
        json!({ "kind": "contacts", "cards": [{ "name": "Gudang Bandung", "phones": ["+62 22 1234567"] }] }),
        json!({ "kind": "reaction", "turn": turn, "emoji": "🙏" }),
        json!({ "kind": "location", "latitude": -6.9, "longitude": 107.6, "name": "Toko Contoh" }),
        json!({ "kind": "product", "catalog_id": "1948", "product_id": "KB-01" }),
        products,
        json!({ "kind": "catalogue", "body": "Lihat semuanya ya kak", "thumbnail": "KB-01" }),
        json!({ "kind": "form", "body": "Isi datanya ya kak", "label": "Isi formulir", "form_id": "8812",
            "screen": "ALAMAT", "data": { "kota": "Solo" } }),
        json!({ "kind": "ask_location", "body": "Kakak di mana?" }),
    ] {
        let (status, sent) = post("send", message.clone()).await;
        assert_eq!(status, 200, "{message}: {sent}");
    }
    eventually("the emulator takes each of them, as Meta would", async || {
        let turns = turns(&lab, "Budi").await;
        let accepted = turns.iter().rev().take(8).filter(|turn| turn["delivery"]["state"] == "accepted").count();
        (accepted == 8).then_some(())
    })
    .await;
    let seen = lab.phone.answers(&customer).await;
    let seen = &seen[seen.len() - 8..];
    let kinds: Vec<&str> = seen.iter().filter_map(|entry| entry.0["kind"].as_str()).collect();
    assert_eq!(kinds[..3], ["contacts", "reaction", "location"], "{kinds:?}");
    assert_eq!(seen[1].0["reaction"]["message_id"], wamid.as_str());

    for (wrong, word) in [
        (json!({ "kind": "reaction", "turn": theirs, "emoji": "🙏" }), "this customer's"),
        (json!({ "kind": "reaction", "turn": turn, "emoji": "ok" }), "one emoji"),
        (json!({ "kind": "contacts", "cards": [] }), "contact cards"),
        (json!({ "kind": "form", "body": "Isi", "label": "Isi", "form_id": "8812", "data": { "a": 1 } }), "screen"),
        (json!({ "kind": "carousel" }), "carousel"),
    ] {
        let (status, refused) = post("send", wrong.clone()).await;
        let message = refused["message"].as_str().unwrap_or_default();
        assert!(status == 422 && message.contains(word), "{wrong}: {status} {refused}");
    }
}
