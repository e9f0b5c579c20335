//! Everything that the emulator is, shared by all its endpoints.

use std::collections::{HashSet, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use parking_lot::{Mutex, RwLock};
use reqwest::Client;
use serde_json::json;
use tokio::sync::watch;

use crate::clock::Clock;
use crate::customers::{Customer, Directory};
use crate::events::Events;
use crate::faults::Faults;
use crate::limits::{Limits, Pace};
use crate::media::MediaStore;
use crate::settings::{BusinessNumber, EmulatorSettings};
use crate::signature::Signer;
use crate::standing::Standing;
use crate::stats::Stats;
use crate::templates::Templates;
use crate::webhook::Outbound;

/// How many `biz_opaque_callback_data` are remembered to count what was sent twice.
const REMEMBERED_CALLBACKS: usize = 200_000;

/// The emulator.
pub(crate) struct Emulator {
    pub(crate) settings: EmulatorSettings,
    pub(crate) clock: Arc<Clock>,
    pub(crate) customers: Directory,
    pub(crate) media: MediaStore,
    pub(crate) templates: Templates,
    pub(crate) outbound: Outbound,
    pub(crate) limits: RwLock<Limits>,
    /// How much of each number's limit is used up, in the order of the settings.
    pub(crate) paces: Vec<Mutex<Pace>>,
    pub(crate) events: Events,
    pub(crate) faults: Faults,
    pub(crate) stats: Arc<Stats>,
    /// Signs webhooks.
    pub(crate) signer: Signer,
    /// Signs the addresses of media, which outlast a change of the app secret.
    pub(crate) addresses: Signer,
    pub(crate) client: Client,
    pub(crate) subscribed: watch::Receiver<bool>,
    pub(crate) standing: Standing,
    callbacks: Callbacks,
}

impl Emulator {
    pub(crate) fn new(settings: EmulatorSettings, client: Client, subscribed: watch::Receiver<bool>) -> Self {
        let connections = if settings.webhook_url.is_some() { settings.connections } else { 0 };
        let clock = Arc::new(Clock::default());
        let standing = Standing::good(settings.numbers.len());
        let accounts = settings.numbers.iter().map(|number| number.waba_id.as_str());
        Self {
            templates: Templates::seeded(accounts, clock.now_ms()),
            outbound: Outbound::new(
                Arc::clone(&clock),
                connections,
                settings.waiting_updates,
                standing.unsubscribed.clone(),
            ),
            limits: RwLock::new(settings.limits),
            paces: settings.numbers.iter().map(|_| Mutex::default()).collect(),
            clock,
            customers: Directory::new(settings.numbers.len()),
            media: MediaStore::new(settings.media_bytes),
            events: Events::default(),
            faults: Faults::default(),
            stats: Arc::default(),
            signer: Signer::new(&settings.app_secret),
            addresses: Signer::new(&settings.app_secret),
            client,
            subscribed,
            standing,
            callbacks: Callbacks::default(),
            settings,
        }
    }

    /// The place of a business number in the settings.
    pub(crate) fn number_at(&self, phone_number_id: &str) -> Option<usize> {
        self.settings.numbers.iter().position(|number| number.phone_number_id == phone_number_id)
    }

    /// A business number by its place.
    pub(crate) fn number(&self, at: usize) -> &BusinessNumber {
        &self.settings.numbers[at]
    }

    /// Says that a chat has news.
    pub(crate) fn tell_chat(&self, customer: &Customer, number: usize) {
        customer.news.notify_waiters();
        self.events.tell(|| {
            json!({ "event": "chat", "customer": customer.id, "phone_number_id": self.number(number).phone_number_id })
        });
    }

    /// Says that faults, limits, templates, webhooks or the clock changed.
    pub(crate) fn tell_world(&self) {
        self.events.tell(|| json!({ "event": "world" }));
    }

    /// Says that the list of customers changed.
    pub(crate) fn tell_customers(&self) {
        self.events.tell(|| json!({ "event": "customers" }));
    }

    /// Counts a send whose callback data was accepted before.
    pub(crate) fn count_repeated(&self, callback: &str) {
        if self.callbacks.seen_before(callback) {
            self.stats.duplicate_sends.add(1);
        }
    }
}

/// The last callback data that were accepted.
#[derive(Debug, Default)]
struct Callbacks {
    last: Mutex<(HashSet<u64>, VecDeque<u64>)>,
}

impl Callbacks {
    fn seen_before(&self, callback: &str) -> bool {
        let mut hasher = DefaultHasher::new();
        callback.hash(&mut hasher);
        let key = hasher.finish();
        let mut last = self.last.lock();
        let (set, order) = &mut *last;
        if !set.insert(key) {
            return true;
        }
        order.push_back(key);
        if order.len() > REMEMBERED_CALLBACKS
            && let Some(oldest) = order.pop_front()
        {
            set.remove(&oldest);
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn callback_data_that_comes_again_is_noticed() {
        let callbacks = Callbacks::default();
        assert!(!callbacks.seen_before("a"));
        assert!(!callbacks.seen_before("b"));
        assert!(callbacks.seen_before("a"));
    }
}
