//! Many wait at once, or the Graph does not answer.

use reqwest::Method;
use santun_tests::lab::{Lab, Plan, eventually};
use serde_json::json;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_who_wait_are_answered_inside_whatsapps_limits() {
    const WAITING: u64 = 1_000;
    let lab = Lab::serving(Plan::default()).await;
    let mut customers = Vec::new();
    for nth in 0..WAITING {
        customers.push(lab.phone.customer(&format!("Pelanggan {nth}"), &format!("62812{nth:07}")).await);
    }
    for customer in &customers {
        lab.phone.writes(customer, "aku nunggu.").await;
    }
    let stats = eventually("everybody is answered", async || {
        let stats = lab.phone.stats().await;
        (stats["sends"].as_u64()? >= WAITING).then_some(stats)
    })
    .await;
    assert_eq!(stats["refused"], 0, "WhatsApp never had to say that it is too fast: {stats}");
    for customer in &customers {
        assert_eq!(lab.phone.answers(customer).await.len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_graph_that_does_not_answer_costs_no_acknowledgement() {
    const WRITING: u64 = 200;
    let lab = Lab::serving(Plan::default()).await;
    let stall = json!({ "fault": { "kind": "stall", "ms": 5_000 }, "probability": 1.0 });
    lab.phone.call(Method::POST, "/faults", Some(stall)).await;
    let mut customers = Vec::new();
    for nth in 0..WRITING {
        customers.push(lab.phone.customer(&format!("Pelanggan {nth}"), &format!("62813{nth:07}")).await);
    }
    for customer in &customers {
        lab.phone.writes(customer, "halo kak.").await;
    }
    let stats = eventually("every message is acknowledged", async || {
        let stats = lab.phone.stats().await;
        (stats["updates_delivered"].as_u64()? >= WRITING).then_some(stats)
    })
    .await;
    assert_eq!(stats["failed_attempts"], 0, "each at its first attempt: {stats}");
    assert_eq!(stats["sends"], 0, "before the Graph had answered anything: {stats}");
    lab.phone.call(Method::DELETE, "/faults", None).await;
    for customer in &customers {
        lab.phone.hears(customer, "halo kak.").await;
    }
    assert_eq!(lab.phone.stats().await["duplicate_sends"], 0);
}
