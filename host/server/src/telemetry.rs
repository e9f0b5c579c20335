//! Logs and metrics. Neither ever holds message text, names or numbers.

use std::io::IsTerminal as _;
use std::time::Duration;

use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::EnvFilter;

/// Microseconds to seconds, finer where plugins and acknowledgements are.
const BUCKETS: &[f64] = &[
    0.000_005, 0.000_01, 0.000_02, 0.000_05, 0.000_1, 0.000_2, 0.000_5, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1,
    0.25, 0.5, 1.0, 2.5, 5.0, 10.0,
];

/// How often recorded times are folded into buckets.
const KEEP_UP: Duration = Duration::from_secs(5);

/// The metrics of this process.
#[derive(Clone)]
pub struct Metrics(PrometheusHandle);

impl Metrics {
    /// Installs the recorder. Once a process.
    pub fn install() -> Result<Self, metrics_exporter_prometheus::BuildError> {
        let handle = PrometheusBuilder::new()
            .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), BUCKETS)?
            .install_recorder()?;
        begin_at_nothing();
        Ok(Self(handle))
    }

    /// Folds what was recorded into its buckets now and then, so that memory does not grow where nobody
    /// scrapes. Runs until the process ends.
    pub async fn keep_up(self) {
        loop {
            tokio::time::sleep(KEEP_UP).await;
            self.0.run_upkeep();
        }
    }

    /// All of them, in the text format that Prometheus reads.
    pub fn render(&self) -> String {
        self.0.run_upkeep();
        self.0.render()
    }
}

/// Counters that somebody is to be woken by begin at nought: otherwise their first step up would be their first
/// value, and nobody would see it rise.
fn begin_at_nothing() {
    for (name, what) in [
        ("santun_accept_failures_total", "Connections that could not be taken, for lack of files"),
        ("santun_graph_unreachable_total", "Attempts to send for which the Graph could not be reached"),
        ("santun_messages_malformed_total", "Messages that WhatsApp refused for their form"),
        ("santun_outbox_unknown_total", "Messages of which nobody knew whether they were sent"),
        ("santun_store_failures_total", "Batches that could not be written"),
    ] {
        metrics::describe_counter!(name, what);
        metrics::counter!(name).increment(0);
    }
    metrics::describe_counter!("santun_webhooks_total", "Webhooks by the status of the answer");
    for status in ["200", "400", "401", "503"] {
        metrics::counter!("santun_webhooks_total", "status" => status).increment(0);
    }
    metrics::describe_counter!("santun_outbox_settled_total", "Messages whose fate is final, by their state");
    for state in ["accepted", "failed", "refused"] {
        metrics::counter!("santun_outbox_settled_total", "state" => state).increment(0);
    }
    metrics::describe_gauge!("santun_oldest_unprocessed_seconds", "How long the oldest undecided message has waited");
    metrics::describe_gauge!("santun_channel_halted", "1 while a channel cannot send");
    metrics::describe_gauge!("santun_templates_stopped", "Templates that are not sent any more");
    metrics::gauge!("santun_templates_stopped").set(0.0);
    metrics::describe_gauge!("santun_plugin_breaker_open", "1 while a plugin that failed repeatedly is left alone");
    metrics::describe_gauge!("santun_queue_oldest_seconds", "How long the oldest conversation has waited for a human");
    metrics::describe_gauge!("santun_disk_free_bytes", "Room for the databases");
    metrics::describe_histogram!("santun_webhook_ack_seconds", "From a webhook's arrival to its answer");
    metrics::describe_histogram!("santun_graph_seconds", "From a request to the Graph to its answer");
}

/// Begins to log: for people on a terminal, else as JSON lines. `SANTUN_LOG` filters, as `RUST_LOG` would;
/// without it, `usual` does.
pub fn begin_logging(usual: &str) {
    let filter = EnvFilter::try_from_env("SANTUN_LOG").unwrap_or_else(|_| EnvFilter::new(usual));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A second call in one process (tests) changes nothing.
    let _ = if std::io::stderr().is_terminal() { builder.try_init() } else { builder.json().try_init() };
}
