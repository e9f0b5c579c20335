//! The customers, through the emulator's control API.

use reqwest::{Client, Method};
use serde_json::{Value, json};

use super::eventually;

/// The customers.
#[derive(Clone)]
pub struct Phone {
    client: Client,
    base: String,
}

/// A message in a chat.
#[derive(Clone, Debug)]
pub struct Entry(pub Value);

impl Entry {
    /// Its words.
    pub fn text(&self) -> &str {
        self.0["text"].as_str().unwrap_or_default()
    }

    /// Whether the business sent it through the API.
    pub fn is_answer(&self) -> bool {
        self.0["from"] == "business"
    }
}

impl Phone {
    pub(super) fn new(client: Client, base: String) -> Self {
        Self { client, base }
    }

    /// Calls the control API; fails if it refuses.
    pub async fn call(&self, method: Method, path: &str, body: Option<Value>) -> Value {
        let mut request = self.client.request(method, format!("{}{path}", self.base));
        if let Some(body) = &body {
            request = request.json(body);
        }
        let answer = request.send().await.expect("the emulator answers");
        let status = answer.status();
        let text = answer.text().await.expect("an answer");
        assert!(status.is_success(), "{path} {body:?}: {status} {text}");
        serde_json::from_str(&text).unwrap_or_default()
    }

    /// A new customer with this name and number; gives their id.
    pub async fn customer(&self, name: &str, number: &str) -> String {
        self.customer_as(json!({ "name": name, "phone": number })).await
    }

    /// So many new customers, whose numbers begin with these digits; gives their ids.
    pub async fn customers(&self, how_many: u64, digits: &str) -> Vec<String> {
        let mut ids = Vec::new();
        for nth in 0..how_many {
            ids.push(self.customer(&format!("Pelanggan {nth}"), &format!("{digits}{nth:07}")).await);
        }
        ids
    }

    /// A new customer; gives their id.
    pub async fn customer_as(&self, profile: Value) -> String {
        let made = self.call(Method::POST, "/customers", Some(profile)).await;
        made["id"].as_str().expect("an id").to_owned()
    }

    /// A customer writes; gives Meta's id of the message.
    pub async fn writes(&self, customer: &str, text: &str) -> String {
        self.sends(customer, json!({ "type": "text", "text": text })).await
    }

    /// A customer sends a message of any kind; gives Meta's id of it.
    pub async fn sends(&self, customer: &str, message: Value) -> String {
        let sent = self.call(Method::POST, &format!("/customers/{customer}/send"), Some(message)).await;
        sent["wamid"].as_str().unwrap_or_default().to_owned()
    }

    /// A chat as the emulator shows it.
    pub async fn chat(&self, customer: &str) -> Value {
        self.call(Method::GET, &format!("/customers/{customer}/chat"), None).await
    }

    /// What the business has sent a customer, in order.
    pub async fn answers(&self, customer: &str) -> Vec<Entry> {
        let chat = self.chat(customer).await;
        let entries = chat["entries"].as_array().expect("entries").iter().cloned().map(Entry);
        entries.filter(Entry::is_answer).collect()
    }

    /// Waits for an answer whose words hold this.
    pub async fn hears(&self, customer: &str, words: &str) -> Entry {
        eventually(&format!("{customer} hears {words:?}"), async || {
            self.answers(customer).await.into_iter().find(|entry| entry.text().contains(words))
        })
        .await
    }

    /// The next sends to a customer go wrong like this.
    pub async fn fault(&self, customer: &str, times: u32, fault: Value) {
        self.call(Method::POST, "/faults", Some(json!({ "customer": customer, "times": times, "fault": fault }))).await;
    }

    /// The emulator's counters.
    pub async fn stats(&self) -> Value {
        self.call(Method::GET, "/stats", None).await
    }

    /// Webhooks that wait, and why.
    pub async fn webhooks(&self) -> Value {
        self.call(Method::GET, "/webhooks", None).await
    }

    /// Posts a webhook's body as it is; gives the host's status and words.
    pub async fn raw(&self, body: Value) -> (u16, String) {
        let answer = self.call(Method::POST, "/raw", Some(body)).await;
        (answer["status"].as_u64().unwrap_or_default() as u16, answer["answer"].to_string())
    }
}
