//! WhatsApp as it really is: webhooks twice, answers that get lost, errors of every kind, people without
//! numbers, files, groups.

use reqwest::Method;
use santun_tests::lab::{Lab, PATIENCE, Plan, bot, eventually, within};
use serde_json::{Value, json};

/// The turns of the conversation with the customer of this name.
async fn turns(lab: &Lab, name: &str) -> Vec<Value> {
    let whole = lab.conversation(name).await;
    whole.and_then(|whole| whole["turns"].as_array().cloned()).unwrap_or_default()
}

/// The bot's message that holds these words, once its delivery is in this state.
async fn delivered(lab: &Lab, name: &str, words: &str, state: &str) -> Value {
    eventually(&format!("{words:?} is {state}"), async || {
        let of_it =
            |turn: &Value| turn["by"] == "bot" && turn["text"].as_str().is_some_and(|text| text.contains(words));
        turns(lab, name).await.into_iter().find(|turn| of_it(turn) && turn["delivery"]["state"] == state)
    })
    .await
}

fn kinds(turns: &[Value]) -> Vec<&str> {
    turns.iter().filter_map(|turn| turn["kind"].as_str()).collect()
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
async fn an_answer_that_got_lost_is_settled_by_its_status_and_not_sent_again() {
    let lab = Lab::serving(Plan { delivery_delay: std::time::Duration::from_millis(300), ..Plan::default() }).await;
    let rina = lab.phone.customer("Rina", "628115100001").await;
    lab.phone.fault(&rina, 1, json!({ "kind": "drop_after_accept" })).await;
    lab.phone.writes(&rina, "hilang jawabnya.").await;
    lab.phone.writes(&rina, "yang berikut.").await;
    lab.phone.hears(&rina, "yang berikut.").await;
    delivered(&lab, "Rina", "hilang jawabnya.", "accepted").await;
    delivered(&lab, "Rina", "yang berikut.", "accepted").await;
    let answers = lab.phone.answers(&rina).await;
    let heard: Vec<bool> = answers.iter().map(|entry| entry.text().contains("hilang jawabnya.")).collect();
    assert_eq!(heard, [true, false], "each once, in order");
    assert_eq!(lab.phone.stats().await["duplicate_sends"], 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_that_never_arrived_is_made_again() {
    let lab = Lab::serving(Plan::default()).await;
    let rina = lab.phone.customer("Rina", "628115150001").await;
    lab.phone.writes(&rina, "perkenalan.").await;
    delivered(&lab, "Rina", "perkenalan.", "accepted").await;
    lab.phone.fault(&rina, 1, json!({ "kind": "error", "code": 130_429 })).await;
    lab.phone.writes(&rina, "terlalu cepat.").await;
    lab.phone.hears(&rina, "terlalu cepat.").await;
    let turn = delivered(&lab, "Rina", "terlalu cepat.", "accepted").await;
    assert_eq!(turn["delivery"]["attempts"], 2, "{turn}");
    assert_eq!(lab.phone.answers(&rina).await.len(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_whatsapp_will_not_deliver_is_shown_and_a_human_is_called() {
    let lab = Lab::serving(Plan::default()).await;
    let rina = lab.phone.customer("Rina", "628115200001").await;
    lab.phone.fault(&rina, 1, json!({ "kind": "error", "code": 131_047 })).await;
    lab.phone.writes(&rina, "sudah lewat sehari.").await;
    let turn = delivered(&lab, "Rina", "sudah lewat sehari.", "failed").await;
    assert!(turn["delivery"]["errors"][0].as_str().is_some_and(|error| error.contains("131047")), "{turn}");
    let whole = eventually("a human is called", async || {
        lab.conversation("Rina").await.filter(|whole| !whole["line"]["request"].is_null())
    })
    .await;
    assert_eq!(whole["line"]["owner"], "bot", "it answers whatever comes next: {whole}");
    assert!(kinds(whole["turns"].as_array().expect("turns")).contains(&"not_sent"), "{whole}");
    assert!(lab.phone.answers(&rina).await.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn error_131050_is_kept_like_the_customers_own_word() {
    let lab = Lab::serving(Plan::default()).await;
    let rina = lab.phone.customer("Rina", "628115250001").await;
    lab.phone.fault(&rina, 1, json!({ "kind": "error", "code": 131_050 })).await;
    lab.phone.writes(&rina, "halo kawan.").await;
    let contact = eventually("the opt-out is in the ledger", async || {
        let whole = lab.conversation("Rina").await?;
        let path = format!("/contacts/{}", whole["line"]["contact"].as_str()?);
        let (status, contact) = lab.api(Method::GET, &path, None).await;
        assert_eq!(status, 200, "{contact}");
        contact["ledger"].as_array().is_some_and(|ledger| !ledger.is_empty()).then_some(contact)
    })
    .await;
    assert_eq!(contact["ledger"][0]["evidence"], "error-131050", "{contact}");
    assert_eq!(contact["ledger"][0]["change"], "withdrawn", "{contact}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_channel_whose_token_is_refused_halts_and_goes_on_with_one_that_works() {
    let mut lab = Lab::at_rest(Plan::default()).await;
    lab.set_access_token("expired");
    lab.serve().await;
    assert_eq!(lab.santun(&["apply"]).await.code, 0);
    lab.ready().await;
    let rina = lab.phone.customer("Rina", "628115300001").await;
    lab.phone.writes(&rina, "kena token.").await;
    eventually("the channel is halted", async || {
        let metrics = lab.metrics().await;
        metrics.lines().any(|line| line.starts_with("santun_channel_halted{") && line.ends_with(" 1")).then_some(())
    })
    .await;
    let turn = delivered(&lab, "Rina", "kena token.", "queued").await;
    assert!(turn["delivery"]["errors"][0].as_str().is_some_and(|error| error.contains("190")), "{turn}");
    eventually("it is seen that one waits", async || {
        lab.metrics().await.contains("santun_outbox{state=\"queued\"} 1").then_some(())
    })
    .await;
    lab.restore_access_token();
    lab.stop().await;
    lab.serve().await;
    lab.ready().await;
    within(PATIENCE, "it is sent", async || {
        let heard = lab.phone.answers(&rina).await;
        heard.iter().any(|entry| entry.text().contains("kena token.")).then_some(())
    })
    .await;
    assert_eq!(lab.phone.answers(&rina).await.len(), 1);
}

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
async fn an_agent_sends_cards_reactions_places_and_products() {
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
    ] {
        let (status, sent) = post("send", message.clone()).await;
        assert_eq!(status, 200, "{message}: {sent}");
    }
    eventually("the emulator takes each of them, as Meta would", async || {
        let turns = turns(&lab, "Budi").await;
        let accepted = turns.iter().rev().take(5).filter(|turn| turn["delivery"]["state"] == "accepted").count();
        (accepted == 5).then_some(())
    })
    .await;
    let seen = lab.phone.answers(&customer).await;
    let seen = &seen[seen.len() - 5..];
    let kinds: Vec<&str> = seen.iter().filter_map(|entry| entry.0["kind"].as_str()).collect();
    assert_eq!(kinds[..3], ["contacts", "reaction", "location"], "{kinds:?}");
    assert_eq!(seen[1].0["reaction"]["message_id"], wamid.as_str());

    for (wrong, word) in [
        (json!({ "kind": "reaction", "turn": theirs, "emoji": "🙏" }), "this customer's"),
        (json!({ "kind": "reaction", "turn": turn, "emoji": "ok" }), "one emoji"),
        (json!({ "kind": "contacts", "cards": [] }), "contact cards"),
        (json!({ "kind": "carousel" }), "carousel"),
    ] {
        let (status, refused) = post("send", wrong.clone()).await;
        let message = refused["message"].as_str().unwrap_or_default();
        assert!(status == 422 && message.contains(word), "{wrong}: {status} {refused}");
    }
}
