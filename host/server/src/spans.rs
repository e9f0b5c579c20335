//! One trace from a webhook over plugins and the Graph to the statuses, for OpenTelemetry.
//!
//! The work crosses the durable store, restarts and Meta, and no context travels along: the ids of a trace and of
//! its spans are *derived* from ids that are durable anyway. A trace's id is the id of the customer's message that
//! began it (a UUID has as many bits), so that `santun conversation show` names it; a span's is a hash of the trace
//! and of what the span is of. Whoever ends a piece of work can name its parent, though another process began it.
//!
//! ```text
//! webhook                     received, verified, durable
//! └─ step                     decided as one
//!    ├─ settle                waiting for the rest of what is being typed
//!    ├─ plugin …              one for each that was asked
//!    ├─ gate                  what the host makes of their verdicts; the gate's first look
//!    ├─ commit                until durable
//!    └─ send                  from the outbox until settled
//!       ├─ graph              one for each attempt
//!       └─ status …           one for each status webhook
//! ```
//!
//! What no customer's message began (a timer, an agent's action) begins with its step. Off unless `[tracing]` names
//! a collector; then nothing of this costs more than a look at an `Option`. Attributes hold ids of our own, names of
//! plugins and numbers; no text, no phone number, and no id of Meta's.

mod export;
mod part;
pub mod timeline;

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use opentelemetry::trace::{Link, SpanContext, Status, TraceFlags, TraceState};
use opentelemetry::{InstrumentationScope, KeyValue};
use opentelemetry_sdk::trace::{BatchSpanProcessor, SpanData, SpanEvents, SpanLinks, SpanProcessor as _};
use santun_core::ids::TurnId;
use santun_core::time::Timestamp;
use uuid::Uuid;

pub use export::SpansError;
pub use part::{Origin, Part};

use crate::settings::TracingSettings;

/// How long the last spans may take to leave when the host stops.
const LAST: Duration = Duration::from_secs(3);

/// Where spans go; nowhere, unless a collector is named. Clones are the same.
#[derive(Clone, Default)]
pub struct Spans(Option<Arc<Recorder>>);

struct Recorder {
    processor: BatchSpanProcessor,
    scope: InstrumentationScope,
    /// Of 2^56 traces, how many are kept.
    kept: u64,
}

/// A piece of work that has ended.
pub struct Ended<'a> {
    /// Which trace it belongs to.
    pub origin: Origin,
    /// What it was.
    pub part: Part<'a>,
    /// When it began.
    pub began: SystemTime,
    /// When it ended.
    pub ended: SystemTime,
    /// What else is worth knowing. No text, no number, no id of Meta's.
    pub attributes: Vec<KeyValue>,
    /// Other traces that led to it.
    pub links: Vec<Origin>,
    /// What went wrong, in a word or two, if anything.
    pub error: Option<String>,
}

impl<'a> Ended<'a> {
    /// Work that began then and ended now.
    pub fn now(origin: Origin, part: Part<'a>, began: SystemTime) -> Self {
        Self { origin, part, began, ended: now(), attributes: Vec::new(), links: Vec::new(), error: None }
    }

    /// The same, with an attribute more.
    pub fn with(mut self, key: &'static str, value: impl Into<opentelemetry::Value>) -> Self {
        self.attributes.push(KeyValue::new(key, value));
        self
    }
}

impl Spans {
    /// Spans as the settings say: off, unless they name a collector.
    ///
    /// # Errors
    /// [`SpansError`] if the collector's address is none.
    pub fn new(settings: &TracingSettings) -> Result<Self, SpansError> {
        let Some(collector) = &settings.otlp else { return Ok(Self::default()) };
        let recorder = Recorder {
            processor: export::processor(collector)?,
            scope: InstrumentationScope::builder("santun").with_version(env!("CARGO_PKG_VERSION")).build(),
            kept: (settings.ratio.clamp(0.0, 1.0) * (1_u64 << 56) as f64) as u64,
        };
        Ok(Self(Some(Arc::new(recorder))))
    }

    /// Whether anybody wants spans.
    pub fn on(&self) -> bool {
        self.0.is_some()
    }

    /// The time, if anybody wants spans: the beginning of one.
    pub fn begin(&self) -> Option<SystemTime> {
        self.0.as_ref().map(|_| now())
    }

    /// Whether this trace is kept: as chance had it when its id was made, and so the same in every process.
    pub fn keeps(&self, origin: Origin) -> bool {
        // The last seven bytes of a trace's id are random, as W3C's trace context has it.
        let chance =
            u64::from_be_bytes(origin.trace().to_bytes()[8..].try_into().unwrap_or_default()) & ((1 << 56) - 1);
        self.0.as_ref().is_some_and(|recorder| chance < recorder.kept)
    }

    /// Takes a span, if its trace is kept.
    pub fn end(&self, ended: Ended<'_>) {
        let Some(recorder) = self.0.as_ref().filter(|_| self.keeps(ended.origin)) else { return };
        let Ended { origin, part, began, ended, attributes, links: led, error } = ended;
        let mut links = SpanLinks::default();
        links.links.extend(led.into_iter().map(|other| {
            Link::with_context(SpanContext::new(
                other.trace(),
                Part::Webhook.id(other),
                TraceFlags::SAMPLED,
                true,
                TraceState::NONE,
            ))
        }));
        recorder.processor.on_end(SpanData {
            span_context: SpanContext::new(
                origin.trace(),
                part.id(origin),
                TraceFlags::SAMPLED,
                false,
                TraceState::NONE,
            ),
            parent_span_id: part.parent(origin),
            parent_span_is_remote: false,
            span_kind: part.kind(),
            name: part.name(),
            start_time: began,
            end_time: ended.max(began),
            attributes,
            dropped_attributes_count: 0,
            events: SpanEvents::default(),
            links,
            status: error.map_or(Status::Unset, Status::error),
            instrumentation_scope: recorder.scope.clone(),
        });
    }

    /// Sends what is left. Blocks for a few seconds at most.
    pub fn finish(&self) {
        if let Some(recorder) = &self.0
            && let Err(error) = recorder.processor.shutdown_with_timeout(LAST)
        {
            tracing::warn!(%error, "the last spans did not reach the collector");
        }
    }
}

/// The time of a span, finer than the host's own clock tells it.
#[expect(
    clippy::disallowed_methods,
    reason = "nothing is decided by it: it is only shown, and only where tracing is on"
)]
fn now() -> SystemTime {
    SystemTime::now()
}

/// A time of the host's as a time of a span.
pub fn at(time: Timestamp) -> SystemTime {
    UNIX_EPOCH + Duration::from_millis(u64::try_from(time.as_millis()).unwrap_or_default())
}

/// When an id was made, which a UUIDv7 tells.
pub fn made(turn: TurnId) -> SystemTime {
    let bytes: &Uuid = turn.as_uuid();
    UNIX_EPOCH + Duration::from_millis(bytes.as_u64_pair().0 >> 16)
}
