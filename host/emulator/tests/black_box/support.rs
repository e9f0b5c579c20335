//! A host that receives webhooks, and calls to the emulator.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::get;
use hmac::{Hmac, KeyInit, Mac};
use santun_emulator::{EmulatorSettings, Redelivery, Running, start};
use serde_json::{Value, json};
use sha2::Sha256;
use std::sync::Mutex;
use tokio::sync::Notify;

pub(crate) const SECRET: &str = "app-secret";
pub(crate) const VERIFY: &str = "verify-token";
pub(crate) const NUMBER: &str = "106540352242922";
pub(crate) const BUDI: &str = "6281234567890";
/// Longer than anything here takes: who waits this long has lost.
const PATIENCE: Duration = Duration::from_secs(15);

/// A webhook as it arrived.
#[derive(Clone, Debug)]
pub(crate) struct Webhook {
    pub(crate) body: Value,
    /// Its bytes.
    pub(crate) raw: String,
    pub(crate) signed_right: bool,
    pub(crate) answered: u16,
}

#[derive(Default)]
pub(crate) struct Host {
    webhooks: Mutex<Vec<Webhook>>,
    /// What the next webhooks are answered; 200 after that.
    answers: Mutex<VecDeque<u16>>,
    arrived: Notify,
    /// Handshakes that showed another verify token.
    pub(crate) refused_handshakes: AtomicUsize,
}

impl Host {
    pub(crate) fn answer_next(&self, answers: impl IntoIterator<Item = u16>) {
        self.answers.lock().unwrap().extend(answers);
    }

    /// Serves the webhook URL on this address.
    pub(crate) fn listen(self: &Arc<Self>, listener: tokio::net::TcpListener) {
        let routes = get(handshake).post(receive);
        let router = Router::new().route("/webhooks/whatsapp", routes).with_state(Arc::clone(self));
        tokio::spawn(async move { axum::serve(listener, router).await });
    }

    pub(crate) fn webhooks(&self) -> Vec<Webhook> {
        self.webhooks.lock().unwrap().clone()
    }

    /// Waits for as many updates of a kind (`messages`, `statuses`, …), whatever webhooks they came in, answered 200.
    pub(crate) async fn updates(&self, list: &str, count: usize) -> Vec<Value> {
        self.wait(|webhooks| {
            let values = webhooks.iter().filter(|w| w.answered == 200).flat_map(|w| values(&w.body));
            let updates: Vec<_> =
                values.flat_map(|value| value[list].as_array().cloned().unwrap_or_default()).collect();
            (updates.len() >= count).then_some(updates)
        })
        .await
    }

    /// Waits for as many changes of a field of the account; their values.
    pub(crate) async fn changes(&self, field: &str, count: usize) -> Vec<Value> {
        self.wait(|webhooks| {
            let entries = webhooks.iter().flat_map(|w| w.body["entry"].as_array().cloned().unwrap_or_default());
            let changes = entries.flat_map(|entry| entry["changes"].as_array().cloned().unwrap_or_default());
            let values: Vec<_> = changes.filter(|c| c["field"] == field).map(|c| c["value"].clone()).collect();
            (values.len() >= count).then_some(values)
        })
        .await
    }

    /// Waits until what arrived is enough.
    pub(crate) async fn wait<T>(&self, enough: impl Fn(&[Webhook]) -> Option<T>) -> T {
        let look = async {
            loop {
                let arrived = self.arrived.notified();
                tokio::pin!(arrived);
                arrived.as_mut().enable();
                if let Some(found) = enough(&self.webhooks()) {
                    return found;
                }
                arrived.await;
            }
        };
        match tokio::time::timeout(PATIENCE, look).await {
            Ok(found) => found,
            Err(_) => panic!("what was waited for never came; there were {:#?}", self.webhooks()),
        }
    }
}

/// The `value`s of a webhook.
pub(crate) fn values(body: &Value) -> Vec<Value> {
    let entries = body["entry"].as_array().cloned().unwrap_or_default();
    let changes = entries.iter().flat_map(|entry| entry["changes"].as_array().cloned().unwrap_or_default());
    changes.map(|change| change["value"].clone()).collect()
}

/// An emulator with a host behind it.
pub(crate) struct Scene {
    pub(crate) host: Arc<Host>,
    pub(crate) http: reqwest::Client,
    running: Running,
}

impl Scene {
    pub(crate) async fn start() -> Self {
        Self::with(|_| {}).await
    }

    pub(crate) async fn with(change: impl FnOnce(&mut EmulatorSettings)) -> Self {
        let host = Arc::new(Host::default());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/webhooks/whatsapp", listener.local_addr().unwrap());
        host.listen(listener);
        let mut settings = EmulatorSettings::new("127.0.0.1:0".parse().unwrap(), SECRET, VERIFY);
        settings.webhook_url = Some(url);
        settings.redelivery = Redelivery { first: Duration::from_millis(5), ..Redelivery::default() };
        change(&mut settings);
        let running = start(settings).await.unwrap();
        let http = reqwest::Client::new();
        Self { host, http, running }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.running.addr)
    }

    pub(crate) async fn control(&self, path: &str, body: Value) -> Value {
        let answer = self.http.post(self.url(&format!("/emulator/v1{path}"))).json(&body).send().await.unwrap();
        let status = answer.status();
        let body: Value = answer.json().await.unwrap();
        assert!(status.is_success(), "{path}: {status} {body}");
        body
    }

    /// A call to the control API that must be refused; the status and the complaint.
    pub(crate) async fn control_refuses(&self, path: &str, body: Value) -> (u16, String) {
        let answer = self.http.post(self.url(&format!("/emulator/v1{path}"))).json(&body).send().await.unwrap();
        let status = answer.status();
        assert!(status.is_client_error(), "{path}: {status}");
        let body: Value = answer.json().await.unwrap();
        (status.as_u16(), body["error"].as_str().unwrap().to_owned())
    }

    /// Any call to the control API; the status and the answer.
    pub(crate) async fn call(&self, method: reqwest::Method, path: &str, body: Value) -> (u16, Value) {
        let request = self.http.request(method, self.url(&format!("/emulator/v1{path}"))).json(&body);
        let answer = request.send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap_or_default())
    }

    /// Any call to the Graph side.
    pub(crate) async fn graph_call(&self, method: reqwest::Method, path: &str, body: Option<Value>) -> (u16, Value) {
        let mut request = self.http.request(method, self.url(path)).bearer_auth("any");
        if let Some(body) = body {
            request = request.json(&body);
        }
        let answer = request.send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap_or_default())
    }

    pub(crate) async fn look(&self, path: &str) -> Value {
        self.http.get(self.url(&format!("/emulator/v1{path}"))).send().await.unwrap().json().await.unwrap()
    }

    /// A customer with a number, who has said "halo".
    pub(crate) async fn budi(&self) -> String {
        self.control("/customers", json!({ "id": "budi", "name": "Budi", "phone": BUDI })).await;
        let sent = self.control("/customers/budi/send", json!({ "type": "text", "text": "halo" })).await;
        sent["wamid"].as_str().unwrap().to_owned()
    }

    /// A call to the send endpoint: HTTP status and body.
    pub(crate) async fn graph(&self, body: Value) -> (u16, Value) {
        let request = self.http.post(self.url(&format!("/v26.0/{NUMBER}/messages"))).bearer_auth("any").json(&body);
        let answer = request.send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap())
    }

    /// A message to Budi that must be accepted; its id.
    pub(crate) async fn send(&self, mut message: Value) -> String {
        message["messaging_product"] = "whatsapp".into();
        message["to"] = format!("+{BUDI}").into();
        let (status, body) = self.graph(message).await;
        assert_eq!(status, 200, "{body}");
        body["messages"][0]["id"].as_str().unwrap().to_owned()
    }

    /// A message to Budi that must be refused; the HTTP status and the code.
    pub(crate) async fn refused(&self, mut message: Value) -> (u16, u64) {
        message["messaging_product"] = "whatsapp".into();
        message["to"] = BUDI.into();
        let (status, body) = self.graph(message).await;
        (status, body["error"]["code"].as_u64().unwrap_or_default())
    }
}

async fn handshake(State(host): State<Arc<Host>>, Query(query): Query<Vec<(String, String)>>) -> (StatusCode, String) {
    let of = |name: &str| query.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone()).unwrap_or_default();
    if of("hub.mode") == "subscribe" && of("hub.verify_token") == VERIFY {
        return (StatusCode::OK, of("hub.challenge"));
    }
    host.refused_handshakes.fetch_add(1, Ordering::Relaxed);
    host.arrived.notify_waiters();
    (StatusCode::FORBIDDEN, String::new())
}

async fn receive(State(host): State<Arc<Host>>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(&body);
    let expected = format!("sha256={}", hex::encode(mac.finalize().into_bytes()));
    let signed_right = headers.get("x-hub-signature-256").is_some_and(|value| value.as_bytes() == expected.as_bytes());
    let answered = if signed_right { host.answers.lock().unwrap().pop_front().unwrap_or(200) } else { 401 };
    let raw = String::from_utf8_lossy(&body).into_owned();
    let body = serde_json::from_slice(&body).unwrap_or(Value::Null);
    host.webhooks.lock().unwrap().push(Webhook { body, raw, signed_right, answered });
    host.arrived.notify_waiters();
    StatusCode::from_u16(answered).unwrap()
}
