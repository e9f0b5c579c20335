//! The app secret is changed while customers write.

use std::time::Duration;

use reqwest::Method;
use santun_tests::lab::{APP_SECRET, Crowd, Lab, Order, Plan, eventually, seeded};
use serde_json::json;
use tokio::time::sleep;

const NEW: &str = "lab-app-secret-new";

/// Another line in `santun.toml`, and a start anew.
async fn restarted_with(lab: &mut Lab, app_secret: &str) {
    let file = lab.folder.join("santun.toml");
    let text = std::fs::read_to_string(&file).expect("santun.toml");
    let line = |line: &str| match line.starts_with("app_secret") {
        true => format!("app_secret = {app_secret}\n"),
        false => format!("{line}\n"),
    };
    lab.write("santun.toml", text.lines().map(line).collect::<String>());
    lab.stop().await;
    lab.serve().await;
    lab.ready().await;
}

async fn meta_signs_with(lab: &Lab, secret: &str) {
    lab.phone.call(Method::PUT, "/app-secret", Some(json!({ "app_secret": secret }))).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_app_secret_is_rotated_under_traffic_without_a_message_lost() {
    let mut rng = seeded();
    let mut lab = Lab::serving(Plan::default()).await;
    lab.write("app-secret-new", NEW);
    let crowd = Crowd::of(&lab, 8, "Putar", 4200).await;
    let writing = crowd.keep_writing(&mut rng);
    sleep(Duration::from_millis(300)).await;

    // Meta signs with the new one from the moment that somebody resets it, before the host can know it.
    meta_signs_with(&lab, NEW).await;
    eventually("what the host cannot verify is refused, and will come again", async || {
        let metrics = lab.metrics().await;
        metrics.lines().any(|line| line.starts_with("santun_webhooks_total") && line.contains("401")).then_some(())
    })
    .await;
    restarted_with(&mut lab, "[\"file:app-secret-new\", \"env:LAB_APP_SECRET\"]").await;
    sleep(Duration::from_millis(300)).await;
    // What was signed with the old one and is still under way is taken, too.
    meta_signs_with(&lab, APP_SECRET).await;
    let customer = lab.phone.customer("Lama", "628114200099").await;
    lab.phone.writes(&customer, "dengan yang lama.").await;
    lab.phone.hears(&customer, "dengan yang lama.").await;
    meta_signs_with(&lab, NEW).await;
    sleep(Duration::from_millis(300)).await;
    restarted_with(&mut lab, "\"file:app-secret-new\"").await;
    sleep(Duration::from_millis(300)).await;

    let crowd = writing.stop().await;
    let outcome = crowd.check(&lab, Order::NotKept).await.unwrap_or_else(|wrong| panic!("{wrong}"));
    println!("{outcome:?}");
    meta_signs_with(&lab, APP_SECRET).await;
    let (status, _) = lab.phone.raw(json!({ "body": { "object": "whatsapp_business_account", "entry": [] } })).await;
    assert_eq!(status, 401, "the old one is refused");
    meta_signs_with(&lab, NEW).await;
    let (status, _) = lab.phone.raw(json!({ "body": { "object": "whatsapp_business_account", "entry": [] } })).await;
    assert_eq!(status, 200, "the new one is taken");
    lab.stop().await;
}
