//! What the lab asks over HTTP: the host's API and metrics, and the Graph.

use reqwest::Method;
use serde_json::Value;

use super::{ACCESS_TOKEN, Lab};

impl Lab {
    /// The token of this machine's own commands.
    pub fn token(&self) -> String {
        let text = std::fs::read_to_string(self.folder.join("var/santun.token")).expect("the local token");
        let door: Value = serde_json::from_str(&text).expect("JSON");
        door["token"].as_str().expect("a token").to_owned()
    }

    /// Asks the API, with the local token.
    pub async fn api(&self, method: Method, path: &str, body: Option<Value>) -> (u16, Value) {
        self.api_as(Some(&self.token()), method, path, body).await
    }

    /// Asks the API with this token, or none.
    pub async fn api_as(&self, token: Option<&str>, method: Method, path: &str, body: Option<Value>) -> (u16, Value) {
        let mut request = self.client.request(method, format!("http://{}/api/v1{path}", self.listen));
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        let answer = request.send().await.expect("the host answers");
        let status = answer.status().as_u16();
        let text = answer.text().await.expect("an answer");
        let value = serde_json::from_str(&text).unwrap_or(Value::String(text));
        (status, value)
    }

    /// Sends the host a request as it is.
    pub fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        self.client.request(method, format!("http://{}{path}", self.listen))
    }

    pub(super) async fn get(&self, path: &str) -> Option<(u16, String)> {
        let answer = self.request(Method::GET, path).send().await.ok()?;
        Some((answer.status().as_u16(), answer.text().await.ok()?))
    }

    /// All conversations, whole.
    pub async fn conversations(&self) -> Vec<Value> {
        self.try_conversations().await.expect("the host tells of its conversations")
    }

    /// All conversations, whole, or what a host says that cannot read them.
    pub async fn try_conversations(&self) -> Result<Vec<Value>, String> {
        let mut after = String::new();
        let mut all = Vec::new();
        loop {
            let page = self.told(&format!("/conversations?limit=200{after}")).await?;
            for line in page["conversations"].as_array().expect("rows") {
                let id = line["id"].as_str().expect("an id");
                let mut whole = self.told(&format!("/conversations/{id}?turns=1000")).await?;
                whole["line"] = line.clone();
                all.push(whole);
            }
            match page["next"].as_str() {
                Some(next) => after = format!("&after={next}"),
                None => return Ok(all),
            }
        }
    }

    async fn told(&self, path: &str) -> Result<Value, String> {
        let (status, said) = self.api(Method::GET, path, None).await;
        if status == 200 { Ok(said) } else { Err(format!("{path}: {status} {said}")) }
    }

    /// The conversation with the customer of this name.
    pub async fn conversation(&self, name: &str) -> Option<Value> {
        self.conversations().await.into_iter().find(|whole| whole["name"] == name)
    }

    /// What the host's metrics say.
    pub async fn metrics(&self) -> String {
        let answer = self.client.get(format!("http://{}/metrics", self.metrics)).send().await.expect("metrics");
        answer.text().await.expect("text")
    }

    /// The address of the Graph that the host was set up with.
    pub fn graph_address(&self) -> String {
        format!("http://{}", self.emulator.addr)
    }

    /// Calls the Graph as the host would.
    pub async fn graph(&self, method: Method, path: &str) -> Value {
        let request = self.client.request(method, format!("{}/v26.0/{path}", self.graph_address()));
        let answer = request.bearer_auth(ACCESS_TOKEN).send().await.expect("the emulator answers");
        answer.json().await.expect("JSON")
    }
}
