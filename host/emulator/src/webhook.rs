//! Webhooks to the host: what they carry, how they are signed and delivered, and delivered again.

pub(crate) mod body;
pub(crate) mod delivery;
pub(crate) mod handshake;

use std::collections::VecDeque;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use parking_lot::Mutex;
use tokio::sync::Notify;

pub(crate) use body::{Place, Update};

/// What one connection has to deliver, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Lane {
    queue: Mutex<VecDeque<Update>>,
    wake: Notify,
}

/// All updates that wait for delivery.
#[derive(Debug)]
pub(crate) struct Outbound {
    lanes: Vec<Arc<Lane>>,
    waiting: Arc<AtomicUsize>,
    most_waiting: usize,
}

impl Outbound {
    /// Room for updates on as many connections. None, and every update is dropped.
    pub(crate) fn new(connections: usize, most_waiting: usize) -> Self {
        Self { lanes: (0..connections).map(|_| Arc::default()).collect(), waiting: Arc::default(), most_waiting }
    }

    /// Whether there is somewhere to deliver to.
    pub(crate) fn leads_somewhere(&self) -> bool {
        !self.lanes.is_empty()
    }

    /// Whether so much waits that customers should hold back.
    pub(crate) fn is_full(&self) -> bool {
        self.waiting() >= self.most_waiting
    }

    /// Updates that wait, those of failed webhooks included.
    pub(crate) fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }

    /// Queues updates of one customer, in this order.
    pub(crate) fn push(&self, customer: &str, updates: impl IntoIterator<Item = Update>) {
        if self.lanes.is_empty() {
            return;
        }
        let mut hasher = DefaultHasher::new();
        customer.hash(&mut hasher);
        #[expect(clippy::cast_possible_truncation, reason = "any part of a hash is a hash")]
        let lane = &self.lanes[hasher.finish() as usize % self.lanes.len()];
        let mut queue = lane.queue.lock();
        let before = queue.len();
        queue.extend(updates);
        let added = queue.len() - before;
        drop(queue);
        self.waiting.fetch_add(added, Ordering::Relaxed);
        lane.wake.notify_one();
    }
}
