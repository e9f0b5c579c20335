//! A WhatsApp Cloud API to develop and test against, with a phone in the browser.
//!
//! Three surfaces on one address:
//! - the **Graph side**, which any client of the Cloud API can call: messages, media, numbers;
//! - the **control API** under `/emulator/v1/`, with which a test or a person is the customers (see the crate's
//!   README);
//! - the **phone** at `/`, a page that shows and uses the same.
//!
//! Webhooks go to one URL: signed, delivered again until answered 200. Nothing is stored; everything ends with the
//! process. It shares no code with the host's own WhatsApp client, so that one mistake cannot hide in both.
//!
//! There is no protection of the control API: listen on a loopback address.

mod chat;
mod clock;
mod coexistence;
mod control;
mod customers;
mod emulator;
mod events;
mod faults;
mod graph;
mod ids;
mod limits;
mod media;
mod page;
mod server;
mod settings;
mod signature;
mod standing;
mod stats;
mod statuses;
mod templates;
mod webhook;

use std::net::SocketAddr;
use std::sync::Arc;

use thiserror::Error;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

pub use limits::{Borrowing, Limits, PairLimit};
pub use settings::{BusinessNumber, EmulatorSettings, Handshake, Redelivery, Refusal, Statuses};

use emulator::Emulator;
use webhook::body::Letterhead;
use webhook::delivery::{self, Courier};
use webhook::handshake;

/// Why an emulator did not start.
#[derive(Debug, Error)]
pub enum StartError {
    /// Nothing to serve.
    #[error("the emulator needs at least one business number")]
    NoNumber,
    /// Two numbers with one id.
    #[error("the business number {0} is named twice; each phone_number_id must be unique")]
    NumberTwice(String),
    /// A setting that cannot be.
    #[error("{setting} must be {must}")]
    Setting {
        /// Its name.
        setting: &'static str,
        /// What it must be.
        must: &'static str,
    },
    /// The webhook's address is none.
    #[error("webhook_url {0:?} is not an http:// or https:// URL")]
    WebhookUrl(String),
    /// The address is taken or not ours.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system said.
        source: std::io::Error,
    },
    /// The HTTP client cannot be made.
    #[error("cannot set up the client for webhooks: {0}")]
    Client(#[from] reqwest::Error),
}

/// An emulator that runs.
#[derive(Debug)]
pub struct Running {
    /// Where it listens.
    pub addr: SocketAddr,
    stop: watch::Sender<bool>,
    server: JoinHandle<()>,
    webhooks: Vec<JoinHandle<()>>,
}

impl Running {
    /// Stops: requests that run may finish, webhooks that wait are forgotten.
    pub async fn shutdown(mut self) {
        self.stop.send_replace(true);
        for task in &self.webhooks {
            task.abort();
        }
        // Had it panicked, there would be nothing left to stop.
        let _ = (&mut self.server).await;
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop.send_replace(true);
        for task in &self.webhooks {
            task.abort();
        }
    }
}

/// Starts an emulator. It listens when this returns; the handshake and the webhooks go on beside it.
///
/// # Errors
/// When the settings contradict themselves or the address cannot be listened on.
pub async fn start(settings: EmulatorSettings) -> Result<Running, StartError> {
    check(&settings)?;
    // Another part of the process may have chosen a provider already; any will do.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder()
        .timeout(settings.webhook_timeout)
        .pool_max_idle_per_host(settings.connections)
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()?;
    let listener = TcpListener::bind(settings.listen).await;
    let listener = listener.map_err(|source| StartError::Listen { address: settings.listen, source })?;
    let addr = listener.local_addr().map_err(|source| StartError::Listen { address: settings.listen, source })?;

    let (subscribe, subscribed) = watch::channel(settings.handshake == Handshake::Skipped);
    let emulator = Arc::new(Emulator::new(settings, client.clone(), subscribed.clone()));
    let mut webhooks = Vec::new();
    if let Some(url) = emulator.settings.webhook_url.clone() {
        let courier = Courier {
            clock: Arc::clone(&emulator.clock),
            client: client.clone(),
            url: url.clone(),
            signer: emulator.signer.clone(),
            letterheads: emulator.settings.numbers.iter().map(Letterhead::of).collect(),
            batch: emulator.settings.batch,
            redelivery: emulator.settings.redelivery,
            stats: Arc::clone(&emulator.stats),
            subscribed,
        };
        webhooks = delivery::start(courier, &emulator.outbound);
        if emulator.settings.handshake == Handshake::Required {
            let verify_token = emulator.settings.verify_token.clone();
            webhooks.push(tokio::spawn(handshake::run(client, url, verify_token, subscribe)));
        }
    }
    let router = graph::routes(&emulator).merge(control::routes()).merge(page::routes()).with_state(emulator);
    let (stop, stopped) = watch::channel(false);
    let server = tokio::spawn(server::serve(listener, router, stopped));
    Ok(Running { addr, stop, server, webhooks })
}

fn check(settings: &EmulatorSettings) -> Result<(), StartError> {
    if settings.numbers.is_empty() {
        return Err(StartError::NoNumber);
    }
    for (at, number) in settings.numbers.iter().enumerate() {
        if settings.numbers[..at].iter().any(|other| other.phone_number_id == number.phone_number_id) {
            return Err(StartError::NumberTwice(number.phone_number_id.clone()));
        }
    }
    if !(1..=1_000).contains(&settings.batch) {
        return Err(StartError::Setting { setting: "batch", must: "1 to 1000" });
    }
    if settings.connections == 0 {
        return Err(StartError::Setting { setting: "connections", must: "at least 1" });
    }
    if let Some(url) = &settings.webhook_url {
        let parsed = reqwest::Url::parse(url).ok();
        if parsed.is_none_or(|url| !matches!(url.scheme(), "http" | "https")) {
            return Err(StartError::WebhookUrl(url.clone()));
        }
    }
    Ok(())
}
