//! Many wait at once, or the Graph does not answer.

use reqwest::Method;
use santun_tests::lab::{Lab, Plan, eventually};
use serde_json::json;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_who_wait_are_answered_inside_whatsapps_limits() {
    const WAITING: u64 = 1_000;
    let lab = Lab::serving(Plan::default()).await;
    let customers = lab.phone.customers(WAITING, "62812").await;
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

const WRITING: u64 = 200;

/// Customers write, and each of their messages is acknowledged at once though nothing can be sent; gives the customers.
async fn are_acknowledged(lab: &Lab, digits: &str) -> Vec<String> {
    let customers = lab.phone.customers(WRITING, digits).await;
    for customer in &customers {
        lab.phone.writes(customer, "halo kak.").await;
    }
    let stats = eventually("every message is acknowledged", async || {
        let stats = lab.phone.stats().await;
        (stats["updates_delivered"].as_u64()? >= WRITING).then_some(stats)
    })
    .await;
    assert_eq!(stats["failed_attempts"], 0, "each at its first attempt: {stats}");
    assert_eq!(stats["sends"], 0, "before the Graph has answered anything: {stats}");
    customers
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_graph_that_does_not_answer_costs_no_acknowledgement() {
    let lab = Lab::serving(Plan::default()).await;
    let stall = json!({ "fault": { "kind": "stall", "ms": 5_000 }, "probability": 1.0 });
    lab.phone.call(Method::POST, "/faults", Some(stall)).await;
    let customers = are_acknowledged(&lab, "62813").await;
    lab.phone.call(Method::DELETE, "/faults", None).await;
    for customer in &customers {
        lab.phone.hears(customer, "halo kak.").await;
    }
    assert_eq!(lab.phone.stats().await["duplicate_sends"], 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_graph_that_cannot_be_reached_costs_no_acknowledgement() {
    let mut lab = Lab::at_rest(Plan::default()).await;
    let right = std::fs::read_to_string(lab.folder.join("santun.toml")).expect("the settings");
    lab.write("santun.toml", right.replace(&lab.graph_address(), "http://127.0.0.1:1"));
    lab.serve().await;
    assert_eq!(lab.santun(&["apply"]).await.code, 0);
    lab.ready().await;
    let customers = are_acknowledged(&lab, "62814").await;
    // It is there again: everybody is answered, once.
    lab.stop().await;
    lab.write("santun.toml", right);
    lab.serve().await;
    lab.ready().await;
    for customer in &customers {
        lab.phone.hears(customer, "Gema A: halo kak.").await;
    }
    let stats = lab.phone.stats().await;
    assert_eq!((&stats["sends"], &stats["duplicate_sends"]), (&json!(WRITING), &json!(0)), "{stats}");
}
