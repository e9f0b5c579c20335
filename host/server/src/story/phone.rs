//! The two sides of the stage: the customer's phone, through the emulator's control API, and the host.

use std::path::Path;
use std::time::Duration;

use reqwest::{Client, Method};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::format::Customer;
use super::player::Stage;

/// How long one request may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// Why a request has no answer.
#[derive(Clone, Debug, thiserror::Error)]
pub(super) enum CallError {
    /// It was refused.
    #[error("{what} was refused ({status} {code}): {message}")]
    Refused {
        /// The request.
        what: String,
        /// The HTTP status.
        status: u16,
        /// One word for programs.
        code: String,
        /// Why.
        message: String,
    },
    /// It did not reach anybody.
    #[error("{what}: {why}")]
    Unreachable {
        /// The request.
        what: String,
        /// Why.
        why: String,
    },
}

/// Both sides.
pub(super) struct Lines {
    client: Client,
    stage: Stage,
}

impl Lines {
    pub(super) fn new(stage: Stage) -> Result<Self, CallError> {
        // Another part of the process may have chosen ring before; both are the same.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder().no_proxy().timeout(PATIENCE).build();
        let client = client.map_err(|error| unreachable("an HTTP client", &error))?;
        Ok(Self { client, stage })
    }

    /// The file that sets the host's clock, if there is one.
    pub(super) fn clock(&self) -> Option<&Path> {
        self.stage.clock.as_deref()
    }

    /// A new customer; their id in the emulator.
    pub(super) async fn customer(&self, who: &Customer, name: &str) -> Result<String, CallError> {
        let mut new = json!({ "name": name });
        let given = [("phone", &who.phone), ("user_id", &who.user_id), ("username", &who.username)];
        for (key, value) in given {
            if let Some(value) = value {
                new[key] = value.as_str().into();
            }
        }
        let made: Value = self.emulator(Method::POST, "/customers", Some(&new)).await?;
        Ok(made["id"].as_str().unwrap_or_default().to_owned())
    }

    /// Asks the emulator's control API.
    pub(super) async fn emulator<R: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<R, CallError> {
        let url = format!("{}/emulator/v1{path}", self.stage.emulator);
        let mut request = self.client.request(method, &url);
        if let Some(body) = body {
            request = request.json(body);
        }
        answer(&format!("the emulator's {path}"), request).await
    }

    /// Asks the host's API, perhaps as a user.
    pub(super) async fn host<R: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        login: Option<&str>,
        body: Option<&Value>,
    ) -> Result<R, CallError> {
        let url = format!("{}/api/v1{path}", self.stage.host);
        let mut request = self.client.request(method, &url).bearer_auth(&self.stage.token);
        if let Some(login) = login {
            request = request.header("santun-as", login);
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        answer(&format!("the host's {path}"), request).await
    }

    /// Whether the emulator has nothing left to tell the host.
    pub(super) async fn all_delivered(&self) -> Result<bool, CallError> {
        let stats: Value = self.emulator(Method::GET, "/stats", None).await?;
        Ok(stats["updates_waiting"] == 0)
    }
}

async fn answer<R: DeserializeOwned>(what: &str, request: reqwest::RequestBuilder) -> Result<R, CallError> {
    let answer = request.send().await.map_err(|error| unreachable(what, &error))?;
    let status = answer.status();
    let bytes = answer.bytes().await.map_err(|error| unreachable(what, &error))?;
    if status.is_success() {
        // Whatever is done and tells nothing (204) reads as null.
        let told: &[u8] = if bytes.is_empty() { b"null" } else { &bytes };
        return serde_json::from_slice(told).map_err(|error| unreachable(what, &error));
    }
    let problem: Value = serde_json::from_slice(&bytes).unwrap_or_default();
    let message = problem["message"].as_str().or_else(|| problem["error"].as_str());
    Err(CallError::Refused {
        what: what.to_owned(),
        status: status.as_u16(),
        code: problem["code"].as_str().unwrap_or_default().to_owned(),
        message: message.map_or_else(|| String::from_utf8_lossy(&bytes).into_owned(), str::to_owned),
    })
}

fn unreachable(what: &str, error: &dyn std::error::Error) -> CallError {
    let mut why = error.to_string();
    let mut source = error.source();
    while let Some(deeper) = source {
        why = format!("{why}: {deeper}");
        source = deeper.source();
    }
    CallError::Unreachable { what: what.to_owned(), why }
}
