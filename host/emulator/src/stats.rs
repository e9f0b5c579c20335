//! Counters, for benchmarks and for a look at what happened.

use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::{Value, json};

/// A number that only grows.
#[derive(Debug, Default)]
pub(crate) struct Counter(AtomicU64);

impl Counter {
    pub(crate) fn add(&self, n: u64) {
        self.0.fetch_add(n, Ordering::Relaxed);
    }

    pub(crate) fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// What happened since the start.
#[derive(Debug, Default)]
pub(crate) struct Stats {
    /// Sends that were accepted.
    pub(crate) sends: Counter,
    /// Sends that were refused, by validation, window, customer or fault.
    pub(crate) refused: Counter,
    /// Read receipts and typing indicators.
    pub(crate) read_receipts: Counter,
    /// Accepted sends whose `biz_opaque_callback_data` had been accepted before (among the last ones).
    pub(crate) duplicate_sends: Counter,
    /// Messages of customers.
    pub(crate) customer_messages: Counter,
    /// Webhooks answered 200.
    pub(crate) webhooks: Counter,
    /// Updates in them.
    pub(crate) updates: Counter,
    /// Attempts after the first.
    pub(crate) redelivered: Counter,
    /// Attempts that were not answered 200.
    pub(crate) failed_attempts: Counter,
    /// Updates dropped: repeated too long, or without a URL to go to.
    pub(crate) dropped: Counter,
    /// Copies that were asked for with `duplicate`.
    pub(crate) duplicate_webhooks: Counter,
}

impl Stats {
    pub(crate) fn view(&self) -> Value {
        json!({
            "sends": self.sends.get(),
            "refused": self.refused.get(),
            "read_receipts": self.read_receipts.get(),
            "duplicate_sends": self.duplicate_sends.get(),
            "customer_messages": self.customer_messages.get(),
            "webhooks_delivered": self.webhooks.get(),
            "updates_delivered": self.updates.get(),
            "webhooks_redelivered": self.redelivered.get(),
            "failed_attempts": self.failed_attempts.get(),
            "updates_dropped": self.dropped.get(),
            "duplicate_webhooks": self.duplicate_webhooks.get(),
        })
    }
}
