//! What customers send, and how it comes.

use reqwest::Method;
use santun_tests::lab::{Lab, NUMBER, Plan, eventually};
use serde_json::{Value, json};

use super::{delivered, turns};

/// A webhook of a customer's message.
fn webhook(number: &str, id: &str, message: Value) -> Value {
    let mut whole = json!({ "from": number, "id": id, "timestamp": "1760000000" });
    whole.as_object_mut().expect("an object").extend(message.as_object().expect("an object").clone());
    let contacts = json!([{ "profile": { "name": "Rina" }, "wa_id": number }]);
    let metadata = json!({ "display_phone_number": "628111000300", "phone_number_id": NUMBER });
    let value =
        json!({ "messaging_product": "whatsapp", "metadata": metadata, "contacts": contacts, "messages": [whole] });
    let changes = json!([{ "field": "messages", "value": value }]);
    json!({ "body": { "object": "whatsapp_business_account", "entry": [{ "id": "102290129340398", "changes": changes }] } })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_webhook_that_comes_five_times_is_answered_once() {
    let lab = Lab::serving(Plan::default()).await;
    let rina = lab.phone.customer("Rina", "628115000001").await;
    lab.phone.sends(&rina, json!({ "type": "text", "text": "lima kali.", "duplicate": 5 })).await;
    lab.phone.hears(&rina, "lima kali.").await;
    eventually("all copies came", async || {
        lab.metrics().await.contains("santun_inbound_messages_total{kind=\"duplicate\"} 5").then_some(())
    })
    .await;
    lab.phone.writes(&rina, "sudah.").await;
    lab.phone.hears(&rina, "sudah.").await;
    assert_eq!(lab.phone.answers(&rina).await.len(), 2);
    assert_eq!(turns(&lab, "Rina").await.len(), 4);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_customer_without_a_number_is_answered_by_their_user_id() {
    let lab = Lab::serving(Plan::default()).await;
    let hidden = lab.phone.customer_as(json!({ "name": "Tanpa Nomor", "user_id": "auto" })).await;
    lab.phone.writes(&hidden, "aku tanpa nomor.").await;
    lab.phone.hears(&hidden, "aku tanpa nomor.").await;
    delivered(&lab, "Tanpa Nomor", "aku tanpa nomor.", "accepted").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_is_fetched_and_shown_and_a_customer_who_sent_only_that_is_not_left_in_silence() {
    let lab = Lab::serving(Plan::default()).await;
    let rina = lab.phone.customer("Rina", "628115500001").await;
    lab.phone.sends(&rina, json!({ "type": "image" })).await;
    let turn = eventually("the file is there", async || {
        let turn = turns(&lab, "Rina").await.into_iter().find(|turn| turn["by"] == "customer")?;
        let path = format!("/turns/{}/media", turn["id"].as_str()?);
        let (status, _) = lab.api(Method::GET, &path, None).await;
        (status == 200).then_some(path)
    })
    .await;
    let answer = lab.request(Method::GET, &format!("/api/v1{turn}")).bearer_auth(lab.token()).send().await;
    let answer = answer.expect("the host answers");
    assert_eq!(answer.headers()["content-type"], "image/png");
    assert_eq!(answer.headers()["x-content-type-options"], "nosniff");
    let bytes = answer.bytes().await.expect("bytes");
    assert!(bytes.starts_with(b"\x89PNG"), "the very file");
    let stored = std::fs::read(lab.folder.join("santun.db")).expect("the database");
    let log = std::fs::read(lab.folder.join("santun.db-wal")).unwrap_or_default();
    let head = &bytes[..24];
    let plain = |bytes: &[u8]| bytes.windows(head.len()).any(|window| window == head);
    assert!(!plain(&stored) && !plain(&log), "it lies sealed in the database");
    let whole = eventually("a human is called", async || {
        lab.conversation("Rina").await.filter(|whole| !whole["line"]["request"].is_null())
    })
    .await;
    assert_eq!(whole["line"]["owner"], "queue");
    eventually("an honest word", async || (!lab.phone.answers(&rina).await.is_empty()).then_some(())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_said_in_a_group_is_kept_and_not_answered() {
    let lab = Lab::serving(Plan::default()).await;
    let rina = lab.phone.customer("Rina", "628115600001").await;
    let in_group = json!({ "type": "text", "text": "halo semua.", "group_id": "120363012345678901" });
    lab.phone.sends(&rina, in_group).await;
    let kept = eventually("it is kept", async || {
        let (_, kept) = lab.api(Method::GET, "/kept", None).await;
        kept.as_array().and_then(|kept| kept.first().cloned())
    })
    .await;
    assert_eq!(kept["field"], "messages/group", "{kept}");
    lab.phone.writes(&rina, "halo sendiri.").await;
    lab.phone.hears(&rina, "halo sendiri.").await;
    assert_eq!(lab.phone.answers(&rina).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_correction_that_overtakes_its_message_counts_and_plugins_read_it_once() {
    let lab = Lab::serving(Plan::default()).await;
    let number = "628115800001";
    let rina = lab.phone.customer("Rina", number).await;
    lab.phone.writes(&rina, "halo dulu.").await;
    lab.phone.hears(&rina, "halo dulu.").await;
    let now = lab.phone.call(Method::GET, "", None).await["now_ms"].as_i64().expect("the time") / 1_000;
    let now = now.to_string();
    let edit = json!({ "type": "text", "text": { "body": "ke solo." } });
    let edit = json!({ "type": "edit", "timestamp": now, "edit": { "original_message_id": "wamid.PERTAMA", "message": edit } });
    assert_eq!(lab.phone.raw(webhook(number, "wamid.KOREKSI", edit)).await.0, 200);
    eventually("the correction is decided by itself", async || {
        let decided = |turn: &&Value| turn["by"] == "customer" && !turn["step"].is_null();
        (turns(&lab, "Rina").await.iter().filter(decided).count() == 2).then_some(())
    })
    .await;
    let first = json!({ "type": "text", "timestamp": now, "text": { "body": "ke jogja." } });
    assert_eq!(lab.phone.raw(webhook(number, "wamid.PERTAMA", first)).await.0, 200);
    lab.phone.hears(&rina, "ke solo.").await;
    lab.phone.writes(&rina, "#ulang").await;
    let told = lab.phone.hears(&rina, "Sebelumnya").await;
    assert!(told.text().ends_with("Sebelumnya: halo dulu. | ke solo."), "{}", told.text());
    assert_eq!(lab.phone.answers(&rina).await.len(), 3, "nobody answers the first words");
    let kinds: Vec<String> = turns(&lab, "Rina").await.iter().map(|turn| turn["kind"].to_string()).collect();
    assert_eq!(kinds.len(), 7, "people still see both: {kinds:?}");
}
