//! The way to a collector: OTLP over HTTP, in batches, beside everything else.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};
use opentelemetry_http::{HttpClient, HttpError};
use opentelemetry_otlp::{SpanExporter, WithExportConfig as _, WithHttpConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{BatchSpanProcessor, SpanProcessor as _};
use reqwest::Url;

/// How long one batch may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// Why spans cannot be sent.
#[derive(Debug, thiserror::Error)]
pub enum SpansError {
    /// The address is none.
    #[error("`tracing.otlp` is `{0}`: write the collector's address for OTLP over HTTP, such as http://127.0.0.1:4318")]
    Address(String),
    /// The client cannot be made.
    #[error("spans cannot be sent: {0}")]
    Client(String),
}

/// A processor that sends batches to that collector. Must be called within the runtime that the requests are to run on.
pub(super) fn processor(collector: &str) -> Result<BatchSpanProcessor, SpansError> {
    let invalid = || SpansError::Address(collector.to_owned());
    let url = Url::parse(collector).map_err(|_| invalid())?;
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return Err(invalid());
    }
    // As OpenTelemetry has it: the signal's path is added to the collector's address.
    let address = match url.path().trim_end_matches('/') {
        path if path.ends_with("/v1/traces") => url.to_string(),
        _ => format!("{}/v1/traces", collector.trim_end_matches('/')),
    };
    let exporter = SpanExporter::builder()
        .with_http()
        .with_http_client(Collector::new(&url)?)
        .with_endpoint(address)
        .with_timeout(PATIENCE)
        .build()
        .map_err(|error| SpansError::Client(error.to_string()))?;
    let mut processor = BatchSpanProcessor::builder(exporter).build();
    processor.set_resource(&Resource::builder().with_service_name("santun").build());
    Ok(processor)
}

/// The collector, reached through the host's own runtime: batches are put together on a thread that has none.
#[derive(Debug)]
struct Collector {
    client: reqwest::Client,
    runtime: tokio::runtime::Handle,
    fails: AtomicBool,
}

impl Collector {
    fn new(url: &Url) -> Result<Self, SpansError> {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let builder = reqwest::Client::builder().timeout(PATIENCE).redirect(reqwest::redirect::Policy::none());
        let builder = match url.scheme() {
            "http" => builder.tls_certs_only(Vec::<reqwest::Certificate>::new()),
            _ => builder,
        };
        let client = builder.build().map_err(|error| SpansError::Client(error.to_string()))?;
        let runtime = tokio::runtime::Handle::try_current().map_err(|error| SpansError::Client(error.to_string()))?;
        Ok(Self { client, runtime, fails: AtomicBool::new(false) })
    }

    /// Says once that the collector does not take spans, and once that it does again.
    fn note(&self, failure: Option<String>) {
        let before = self.fails.swap(failure.is_some(), Ordering::Relaxed);
        match failure {
            Some(why) => {
                metrics::counter!("santun_span_batches_lost_total").increment(1);
                if !before {
                    tracing::warn!(why, "the collector takes no spans; they are lost until it does");
                }
            }
            None if before => tracing::info!("the collector takes spans again"),
            None => {}
        }
    }
}

#[async_trait]
impl HttpClient for Collector {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let client = self.client.clone();
        let sent = self.runtime.spawn(async move {
            let request = reqwest::Request::try_from(request.map(reqwest::Body::from))?;
            let answer = client.execute(request).await?;
            let mut response = Response::builder().status(answer.status());
            if let Some(headers) = response.headers_mut() {
                headers.clone_from(answer.headers());
            }
            Ok::<_, HttpError>(response.body(answer.bytes().await?)?)
        });
        let answer = match sent.await {
            Ok(answer) => answer,
            Err(ended) => Err(ended.into()),
        };
        self.note(match &answer {
            Ok(answer) if answer.status().is_success() => None,
            Ok(answer) => Some(answer.status().to_string()),
            // Without the address: it may hold a key.
            Err(_) => Some("it cannot be reached".to_owned()),
        });
        answer
    }
}
