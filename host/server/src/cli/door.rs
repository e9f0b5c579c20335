//! How commands reach a host: through its API if one runs, else at the database itself.

use std::sync::Arc;

use reqwest::Method;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{CliError, Context};
use crate::host::Host;
use crate::http::api::Problem;
use crate::local_token::{self, Door};

/// A host that runs.
pub(super) struct Api {
    door: Door,
    client: reqwest::Client,
    acting_as: Option<String>,
}

/// Where a command does its work.
pub(super) enum Reach {
    /// A host runs.
    Running(Api),
    /// None runs: the database itself.
    AtRest(Arc<Host>),
}

/// What a request sends.
pub(super) enum Body<'a, T: Serialize> {
    Json(&'a T),
    Wasm(Vec<u8>),
}

impl Context {
    /// The host that runs with these settings; an error if none does.
    pub(super) async fn api(&self, acting_as: Option<&str>) -> Result<Api, CliError> {
        self.running(acting_as).await?.ok_or(CliError::NoHost)
    }

    /// The host that runs, or the database.
    pub(super) async fn reach(&self) -> Result<Reach, CliError> {
        match self.running(None).await? {
            Some(api) => Ok(Reach::Running(api)),
            None => Ok(Reach::AtRest(crate::serve::build(&self.settings()?).await.map_err(CliError::failed)?)),
        }
    }

    async fn running(&self, acting_as: Option<&str>) -> Result<Option<Api>, CliError> {
        let Some(door) = local_token::door(&self.settings()?) else { return Ok(None) };
        let client = client()?;
        // A host that was killed leaves its file behind.
        let alive = client.get(format!("{}/healthz", door.url)).send().await.is_ok();
        Ok(alive.then(|| Api { door, client, acting_as: acting_as.map(str::to_owned) }))
    }
}

/// A client for programs on this machine.
pub(super) fn client() -> Result<reqwest::Client, CliError> {
    // Another part of the process may have chosen ring before; both are the same.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().no_proxy().build().map_err(CliError::failed)
}

impl Api {
    pub(super) async fn get<R: DeserializeOwned>(&self, path: &str) -> Result<R, CliError> {
        self.send(Method::GET, path, None::<Body<'_, ()>>).await
    }

    pub(super) async fn post<R: DeserializeOwned>(&self, path: &str, body: &impl Serialize) -> Result<R, CliError> {
        self.send(Method::POST, path, Some(Body::Json(body))).await
    }

    pub(super) async fn send<R: DeserializeOwned, T: Serialize>(
        &self,
        method: Method,
        path: &str,
        body: Option<Body<'_, T>>,
    ) -> Result<R, CliError> {
        let mut request = self.client.request(method, format!("{}/api/v1{path}", self.door.url));
        request = request.bearer_auth(&self.door.token);
        if let Some(login) = &self.acting_as {
            request = request.header("santun-as", login);
        }
        request = match body {
            Some(Body::Json(json)) => request.json(json),
            Some(Body::Wasm(bytes)) => request.header("content-type", "application/wasm").body(bytes),
            None => request,
        };
        let answer = request.send().await.map_err(CliError::failed)?;
        let status = answer.status();
        let bytes = answer.bytes().await.map_err(CliError::failed)?;
        if status == reqwest::StatusCode::NO_CONTENT {
            return serde_json::from_str("null").map_err(CliError::failed);
        }
        if status.is_success() {
            return serde_json::from_slice(&bytes).map_err(CliError::failed);
        }
        match serde_json::from_slice::<Problem>(&bytes) {
            Ok(problem) => Err(CliError::Failed(problem.message)),
            Err(_) => Err(CliError::Failed(format!("the host answered {status}: {}", String::from_utf8_lossy(&bytes)))),
        }
    }
}
