//! A host that is told to stop.

use std::time::Duration;

use santun_tests::lab::{Lab, Plan, eventually};
use serde_json::json;
use tokio::time::{Instant, sleep};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_signal_drains_and_loses_nothing() {
    let mut lab = Lab::serving(Plan::default()).await;
    let mut customers = Vec::new();
    for at in 0..5 {
        let customer = lab.phone.customer(&format!("Pelanggan {at}"), &format!("62811420{at:05}")).await;
        lab.phone.fault(&customer, 1, json!({ "kind": "stall", "ms": 700 })).await;
        lab.phone.writes(&customer, &format!("nomor {at}.")).await;
        customers.push(customer);
    }
    eventually("all are taken", async || (lab.conversations().await.len() == customers.len()).then_some(())).await;
    lab.stop().await;
    assert!(!lab.folder.join("var/santun.token").exists(), "the local token goes with the host");
    lab.serve().await;
    lab.ready().await;
    for (at, customer) in customers.iter().enumerate() {
        lab.phone.hears(customer, &format!("nomor {at}.")).await;
        assert_eq!(lab.phone.answers(customer).await.len(), 1);
    }
    let metrics = lab.metrics().await;
    let unknown = metrics.lines().find(|line| line.starts_with("santun_outbox_unknown_total "));
    assert!(unknown.is_none_or(|line| line.ends_with(" 0")), "what was under way was finished: {metrics}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_second_signal_stops_at_once() {
    let mut lab = Lab::serving(Plan::default()).await;
    let customer = lab.phone.customer("Rina", "628114300001").await;
    lab.phone.fault(&customer, 1, json!({ "kind": "stall", "ms": 8_000 })).await;
    lab.phone.writes(&customer, "lewat jalan lambat.").await;
    eventually("it is being sent", async || {
        let all = lab.conversations().await;
        let turns = all.first()?["turns"].as_array()?;
        turns.iter().any(|turn| turn["delivery"]["state"] == "sending").then_some(())
    })
    .await;
    lab.signal("TERM").await;
    eventually("it drains", async || lab.log().contains("a second signal stops at once").then_some(())).await;
    sleep(Duration::from_millis(200)).await;
    let began = Instant::now();
    lab.signal("INT").await;
    let status = lab.ended().await;
    assert_eq!(status.code(), Some(130), "{status}");
    assert!(began.elapsed() < Duration::from_secs(4), "it did not wait for what was under way");
    lab.serve().await;
    lab.ready().await;
    // Nobody can know whether it was sent: it is not sent again, and a human is told.
    let whole = eventually("a human is told", async || {
        lab.conversation("Rina").await.filter(|whole| !whole["line"]["request"].is_null())
    })
    .await;
    let turns = whole["turns"].as_array().expect("turns");
    assert!(turns.iter().any(|turn| turn["delivery"]["state"] == "unknown"), "{whole}");
    assert!(lab.phone.answers(&customer).await.is_empty());
    eventually("it stays counted", async || {
        lab.metrics().await.contains("santun_outbox{state=\"unknown\"} 1").then_some(())
    })
    .await;
}
