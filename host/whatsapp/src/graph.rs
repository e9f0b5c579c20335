//! The Graph: Meta's HTTP interface, through which messages leave.
//!
//! The Graph knows no idempotency key. What came of an attempt is therefore told apart carefully: only
//! what certainly was not sent may be sent again ([`Attempt::Again`]); what may have been sent is
//! [`Attempt::Unknown`], and is settled by the turn's id, which comes back in status webhooks.

mod call;
mod carrier;
mod check;
mod media;
mod number;
mod read;
mod render;
mod templates;
mod token;

use std::sync::Arc;
use std::time::Duration;

use reqwest::Url;
use santun_core::delivery::{Attempt, GraphError};
use santun_core::gate::ClearedMessage;
use santun_core::identity::Wamid;

pub use call::CallError;
pub use carrier::{Carried, Carrier};
pub use check::{AppData, NumberStanding, Subscriber, Throughput, TokenStanding, Told, WebhookAddresses};
pub use media::{MediaAddress, MediaError, UploadedMediaId};
pub use number::PhoneNumber;
pub use read::Typing;
pub use token::{AccessToken, InvalidToken};

use carrier::Request;

use crate::errors::{self, own};

/// Where the Graph is, and how long it may take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GraphSettings {
    /// Its address, such as `https://graph.facebook.com`. Without TLS only for an emulator.
    pub base_url: String,
    /// Its version, such as `v26.0`.
    pub version: String,
    /// How long reaching it may take.
    pub connect_timeout: Duration,
    /// How long a call may take in all. Must exceed `connect_timeout`.
    pub total_timeout: Duration,
    /// How long fetching or uploading a file may take in all.
    pub media_timeout: Duration,
}

impl GraphSettings {
    /// The Graph at this address in this version, with times that suit Meta's.
    pub fn new(base_url: impl Into<String>, version: impl Into<String>) -> Self {
        Self {
            base_url: base_url.into(),
            version: version.into(),
            connect_timeout: Duration::from_secs(5),
            // Meta answers within about a second; who gives up early makes unknowns.
            total_timeout: Duration::from_secs(30),
            media_timeout: Duration::from_secs(120),
        }
    }
}

/// Why the Graph cannot be called as it is set up.
#[derive(Debug, thiserror::Error)]
pub enum GraphSetupError {
    /// The address is none of a web server.
    #[error("`whatsapp.graph_url` is `{0}`: write an address such as https://graph.facebook.com")]
    Address(String),
    /// The version is none.
    #[error("`whatsapp.graph_version` is `{0}`: write a version such as v26.0")]
    Version(String),
    /// The HTTP client cannot be made, for example because the machine has no root certificates.
    #[error("the HTTP client for the Graph cannot be made (are root certificates, `ca-certificates`, installed?)")]
    Client(#[source] reqwest::Error),
}

/// Meta's Graph. Cheap to clone; all clones share their connections.
#[derive(Clone, Debug)]
pub struct Graph {
    http: reqwest::Client,
    /// Address and version.
    root: Url,
    media_timeout: Duration,
    /// What carries requests in place of the network.
    carrier: Option<Arc<dyn Carrier>>,
}

impl Graph {
    /// Gets ready to call the Graph; connects to nothing yet.
    ///
    /// # Errors
    /// [`GraphSetupError`] if the settings name no address or version.
    pub fn new(settings: &GraphSettings) -> Result<Self, GraphSetupError> {
        let root = root_of(settings)?;
        // Another part of the process may have chosen ring before; both are the same.
        let _ = rustls::crypto::ring::default_provider().install_default();

        let builder = reqwest::Client::builder()
            .connect_timeout(settings.connect_timeout)
            .timeout(settings.total_timeout)
            // Meta closes idle connections after about two minutes: leave before it does.
            .pool_idle_timeout(Duration::from_secs(75))
            .tcp_keepalive(Duration::from_secs(30))
            .tcp_nodelay(true)
            // A redirect could carry the token to another place.
            .redirect(reqwest::redirect::Policy::none())
            // A repeat that we do not see is a message that nobody counted.
            .retry(reqwest::retry::never())
            .user_agent(concat!("santun/", env!("CARGO_PKG_VERSION")));
        let builder = match root.scheme() {
            // An emulator without TLS must work on a machine without root certificates.
            "http" => builder.no_proxy().tls_certs_only(Vec::<reqwest::Certificate>::new()),
            _ => builder,
        };
        let http = builder.build().map_err(GraphSetupError::Client)?;
        Ok(Self { http, root, media_timeout: settings.media_timeout, carrier: None })
    }

    /// Sends a cleared message, once.
    ///
    /// `quote` is the message that it answers, shown above it; `media` is the uploaded file if the message
    /// is one that a customer had sent ([`MediaSource::Turn`](santun_core::outgoing::MediaSource::Turn)).
    pub async fn send(
        &self,
        token: &AccessToken,
        message: ClearedMessage,
        quote: Option<&Wamid>,
        media: Option<&UploadedMediaId>,
    ) -> Attempt {
        let letter = render::Letter {
            id: message.id(),
            recipient: message.recipient(),
            content: message.content(),
            quote,
            media,
        };
        match render::body(&letter) {
            Ok(body) => self.post_message(token, message.channel().as_str(), body).await,
            Err(unsendable) => Attempt::Never {
                error: GraphError { code: own::UNSENDABLE, title: unsendable.to_string(), details: None },
                ours: true,
            },
        }
    }

    async fn post_message(&self, token: &AccessToken, channel: &str, body: Vec<u8>) -> Attempt {
        let request = self.post_json(token, &[channel, "messages"], body);
        match call::answer_of(request).await {
            Ok(answer) => errors::classify(answer.status, &answer.body),
            Err(error) => error.into_attempt(),
        }
    }

    /// The address of something at the Graph.
    fn address(&self, path: &[&str]) -> Url {
        let mut url = self.root.clone();
        // `root_of` has let in only addresses that can have a path.
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.extend(path);
        }
        url
    }

    fn post_json(&self, token: &AccessToken, path: &[&str], body: Vec<u8>) -> Request {
        let request = self
            .http
            .post(self.address(path))
            .header(reqwest::header::AUTHORIZATION, token.header())
            .header(reqwest::header::CONTENT_TYPE, "application/json")
            .body(body);
        self.request(request)
    }

    fn get(&self, token: &AccessToken, url: Url) -> Request {
        self.request(self.http.get(url).header(reqwest::header::AUTHORIZATION, token.header()))
    }
}

fn root_of(settings: &GraphSettings) -> Result<Url, GraphSetupError> {
    let invalid = || GraphSetupError::Address(settings.base_url.clone());
    let mut root = Url::parse(settings.base_url.trim_end_matches('/')).map_err(|_| invalid())?;
    let has_place = matches!(root.scheme(), "http" | "https") && root.has_host();
    if !has_place || root.query().is_some() || root.fragment().is_some() {
        return Err(invalid());
    }
    let digits = settings.version.strip_prefix('v').unwrap_or_default();
    let is_version = digits.split('.').all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()));
    if !is_version {
        return Err(GraphSetupError::Version(settings.version.clone()));
    }
    root.path_segments_mut().map_err(|()| invalid())?.pop_if_empty().push(&settings.version);
    Ok(root)
}

#[cfg(test)]
mod tests;
