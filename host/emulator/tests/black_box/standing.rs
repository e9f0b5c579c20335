//! What a set-up check asks, and how it is answered when something is wrong.

use hmac::{Hmac, KeyInit, Mac};
use reqwest::Method;
use serde_json::{Value, json};
use sha2::Sha256;

use crate::support::{NUMBER, SECRET, Scene};

const ACCOUNT: &str = "102290129340398";
/// What calls to the Graph side carry.
const TOKEN: &str = "any";

impl Scene {
    async fn ask(&self, method: Method, path: &str) -> (u16, Value) {
        self.graph_call(method, &format!("/v26.0/{path}"), None).await
    }

    async fn stands(&self, what: &str, how: Value) {
        let (status, told) = self.call(Method::PUT, &format!("/standing/{what}"), how).await;
        assert_eq!(status, 200, "{told}");
    }
}

fn proof(secret: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(TOKEN.as_bytes());
    hex::encode(mac.finalize().into_bytes())
}

#[tokio::test]
async fn a_number_tells_the_fields_that_it_is_asked_for() {
    let scene = Scene::start().await;
    let (_, number) = scene.ask(Method::GET, &format!("{NUMBER}?fields=status,quality_rating")).await;
    assert_eq!(number, json!({ "id": NUMBER, "status": "CONNECTED", "quality_rating": "GREEN" }));
    scene.stands(&format!("numbers/{NUMBER}"), json!({ "quality_rating": "RED", "status": "FLAGGED" })).await;
    let (_, number) = scene.ask(Method::GET, NUMBER).await;
    assert_eq!((&number["status"], &number["name_status"]), (&json!("FLAGGED"), &json!("APPROVED")));
    let (status, refused) = scene.ask(Method::GET, &format!("{NUMBER}?fields=mood")).await;
    assert_eq!((status, &refused["error"]["code"]), (400, &json!(100)), "{refused}");
}

#[tokio::test]
async fn only_the_apps_own_secret_proves_anything() {
    let scene = Scene::start().await;
    let (status, _) = scene.ask(Method::GET, &format!("{NUMBER}?appsecret_proof={}", proof(SECRET))).await;
    assert_eq!(status, 200);
    let (status, refused) = scene.ask(Method::GET, &format!("{NUMBER}?appsecret_proof={}", proof("other"))).await;
    assert_eq!((status, &refused["error"]["code"]), (400, &json!(100)));
    assert!(refused["error"]["message"].as_str().unwrap().contains("appsecret_proof"), "{refused}");
}

#[tokio::test]
async fn a_token_tells_what_it_is_good_for_until_its_time_is_over() {
    let scene = Scene::start().await;
    let (_, told) = scene.ask(Method::GET, &format!("debug_token?input_token={TOKEN}")).await;
    assert_eq!((&told["data"]["is_valid"], &told["data"]["expires_at"]), (&json!(true), &json!(0)), "{told}");
    let now = scene.look("/clock").await["now_ms"].as_i64().unwrap() / 1_000;
    scene.stands("token", json!({ "expires_at": now + 3_600 })).await;
    let (status, told) = scene.ask(Method::GET, &format!("debug_token?input_token={TOKEN}")).await;
    assert_eq!((status, &told["data"]["expires_at"]), (200, &json!(now + 3_600)));
    scene.control("/clock", json!({ "hours": 2 })).await;
    let (status, refused) = scene.ask(Method::GET, NUMBER).await;
    assert_eq!(
        (status, &refused["error"]["code"], &refused["error"]["error_subcode"]),
        (401, &json!(190), &json!(463))
    );
    scene.stands("token", json!({ "revoked": true })).await;
    let (_, refused) = scene.ask(Method::GET, NUMBER).await;
    assert_eq!(refused["error"]["error_subcode"], 460);
}

#[tokio::test]
async fn who_unsubscribes_gets_nothing_until_they_subscribe_again() {
    let scene = Scene::start().await;
    scene.budi().await;
    let apps = format!("{ACCOUNT}/subscribed_apps");
    scene.host.updates("messages", 1).await;
    let (_, told) = scene.ask(Method::GET, &apps).await;
    assert_eq!(told["data"].as_array().unwrap().len(), 1, "{told}");
    scene.ask(Method::DELETE, &apps).await;
    let (_, told) = scene.ask(Method::GET, &apps).await;
    assert_eq!(told, json!({ "data": [] }));
    scene.control("/customers/budi/send", json!({ "type": "text", "text": "nobody hears" })).await;
    scene.ask(Method::POST, &apps).await;
    scene.control("/customers/budi/send", json!({ "type": "text", "text": "somebody hears" })).await;
    let heard = scene.host.updates("messages", 2).await;
    assert_eq!(heard[1]["text"]["body"], "somebody hears", "{heard:?}");
}

#[tokio::test]
async fn answers_carry_the_time_of_the_emulators_clock() {
    let scene = Scene::start().await;
    scene.control("/clock", json!({ "days": 30 })).await;
    let address = scene.url(&format!("/v26.0/{NUMBER}"));
    let answer = scene.http.get(address).bearer_auth(TOKEN).send().await.unwrap();
    let date = httpdate::parse_http_date(answer.headers()["date"].to_str().unwrap()).unwrap();
    let since = date.duration_since(std::time::UNIX_EPOCH).unwrap().as_millis();
    let now = scene.look("/clock").await["now_ms"].as_u64().unwrap();
    assert!(now.abs_diff(u64::try_from(since).unwrap()) < 5_000, "{date:?}");
}
