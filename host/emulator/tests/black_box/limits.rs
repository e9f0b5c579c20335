//! How fast the business may send.

use reqwest::Method;
use santun_emulator::Limits;
use serde_json::{Value, json};

use crate::support::{BUDI, Scene};

fn text(to: &str) -> Value {
    json!({ "messaging_product": "whatsapp", "to": to, "text": { "body": "hai" } })
}

#[tokio::test]
async fn a_customer_gets_a_burst_of_45_and_then_one_in_six_seconds() {
    let scene = Scene::start().await;
    scene.budi().await;
    let other = scene.control("/customers", json!({ "phone": "6281234500000" })).await;
    scene
        .control(&format!("/customers/{}/send", other["id"].as_str().unwrap()), json!({ "type": "text", "text": "p" }))
        .await;
    for n in 0..45 {
        let (status, body) = scene.graph(text(BUDI)).await;
        assert_eq!(status, 200, "{n}: {body}");
    }
    let (status, body) = scene.graph(text(BUDI)).await;
    assert_eq!((status, &body["error"]["code"]), (400, &json!(131_056)));
    assert_eq!(scene.graph(text("6281234500000")).await.0, 200, "others are not held back");
    scene.control("/clock", json!({ "seconds": 6 })).await;
    assert_eq!(scene.graph(text(BUDI)).await.0, 200);
    assert_eq!(scene.graph(text(BUDI)).await.1["error"]["code"], 131_056);
    assert_eq!(scene.look("/stats").await["sends"], 47, "what was refused was not sent");
}

#[tokio::test]
async fn in_the_harder_reading_a_burst_is_paid_back_before_anything_else() {
    let scene = Scene::start().await;
    scene.budi().await;
    let limits = json!({ "pair": { "borrowing": "repaid" } });
    assert_eq!(scene.call(Method::PUT, "/limits", limits).await.0, 200);
    for _ in 0..3 {
        assert_eq!(scene.graph(text(BUDI)).await.0, 200);
    }
    scene.control("/clock", json!({ "seconds": 7 })).await;
    assert_eq!(scene.graph(text(BUDI)).await.1["error"]["code"], 131_056);
    scene.control("/clock", json!({ "seconds": 11 })).await;
    assert_eq!(scene.graph(text(BUDI)).await.0, 200);
}

#[tokio::test]
async fn a_number_that_sends_too_fast_is_told_so() {
    let scene = Scene::start().await;
    scene.budi().await;
    let unlimited = scene.look("/limits").await;
    assert_eq!(unlimited["number_per_second"], 80);
    let (status, set) = scene.call(Method::PUT, "/limits", json!({ "number_per_second": 2 })).await;
    assert_eq!((status, &set["pair"]), (200, &Value::Null));
    let mut codes = Vec::new();
    for _ in 0..20 {
        codes.push(scene.graph(text(BUDI)).await.1["error"]["code"].as_u64().unwrap_or_default());
    }
    assert_eq!(codes[..2], [0, 0]);
    assert!(codes.contains(&130_429), "{codes:?}");
}

#[tokio::test]
async fn without_limits_everything_goes_through() {
    let scene = Scene::with(|settings| settings.limits = Limits::NONE).await;
    scene.budi().await;
    for _ in 0..100 {
        assert_eq!(scene.graph(text(BUDI)).await.0, 200);
    }
}
