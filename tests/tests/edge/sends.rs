//! What becomes of what the host sends.

use reqwest::Method;
use santun_tests::lab::{Lab, PATIENCE, Plan, eventually, within};
use serde_json::json;

use super::{delivered, kinds};

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
