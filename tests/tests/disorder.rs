//! Webhooks in disorder, limits that are met, and a Graph that is not there: nothing is lost, nothing comes twice.

use rand::RngExt as _;
use reqwest::Method;
use santun_tests::lab::{Crowd, Lab, Order, Plan, bot, eventually, seeded};
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_shuffled_updates_in_one_webhook_that_comes_twice_are_each_taken_once() {
    const CUSTOMERS: usize = 100;
    const EACH: usize = 10;
    let mut rng = seeded();
    let lab = Lab::serving(Plan { bot: bot(300), ..Plan::default() }).await;
    let mut crowd = Crowd::of(&lab, CUSTOMERS, "Acak", 6100).await;
    lab.phone.call(Method::POST, "/webhooks/hold", None).await;
    for _ in 0..EACH {
        crowd.all_write().await;
    }
    let before = lab.phone.stats().await;
    let how = json!({ "order": "shuffled", "seed": rng.random::<u32>(), "batch": 1_000, "duplicate": 1 });
    let released = lab.phone.call(Method::POST, "/webhooks/release", Some(how)).await;
    assert_eq!(released, json!({ "updates": 2 * CUSTOMERS * EACH, "webhooks": 2 }), "the same one again");
    let outcome = crowd.check(&lab, Order::NotKept).await.unwrap_or_else(|wrong| panic!("{wrong}"));
    assert_eq!((outcome.unknown, outcome.called), (0, 0), "{outcome:?}");
    let after = lab.phone.stats().await;
    assert_eq!(after["failed_attempts"], 0, "two POSTs of a thousand, and two 200: {after}");
    let of = |stats: &Value, what: &str| stats[what].as_u64().expect("a count");
    assert!(of(&after, "updates_delivered") >= of(&before, "updates_delivered") + 2_000, "{after}");
    // What comes together is answered together.
    assert!((CUSTOMERS..=CUSTOMERS * EACH).contains(&usize::try_from(of(&after, "sends")).expect("few")), "{after}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_graph_that_cannot_be_reached_costs_no_acknowledgement() {
    const WRITING: u64 = 200;
    let mut lab = Lab::at_rest(Plan::default()).await;
    let right = std::fs::read_to_string(lab.folder.join("santun.toml")).expect("the settings");
    lab.write("santun.toml", right.replace(&lab.graph_address(), "http://127.0.0.1:1"));
    lab.serve().await;
    assert_eq!(lab.santun(&["apply"]).await.code, 0);
    lab.ready().await;
    let mut customers = Vec::new();
    for nth in 0..WRITING {
        customers.push(lab.phone.customer(&format!("Pelanggan {nth}"), &format!("62814{nth:07}")).await);
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
    assert_eq!(stats["sends"], 0, "{stats}");
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
