//! What connections are doing.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

use parking_lot::Mutex;
use tokio::sync::Notify;
use tokio::time::Instant;

use super::{FIRST, IDLE};

/// The connections that are open.
pub(super) struct Open {
    listener: &'static str,
    next: AtomicU64,
    all: Mutex<HashMap<u64, Weak<Activity>>>,
}

/// What one connection is doing.
pub(super) struct Activity {
    id: u64,
    open: Arc<Open>,
    began: Instant,
    /// Whole requests in hand.
    in_hand: AtomicUsize,
    /// Milliseconds after `began` at which it last brought something.
    last: AtomicU64,
    /// Whether it has brought a request yet.
    asked: AtomicBool,
    close: Notify,
}

/// A request; in hand from the moment at which it is whole until this is dropped.
pub(super) struct InHand {
    activity: Arc<Activity>,
    whole: AtomicBool,
}

impl Open {
    pub(super) fn at(listener: &'static str) -> Arc<Self> {
        Arc::new(Self { listener, next: AtomicU64::new(0), all: Mutex::default() })
    }

    fn count(&self, open: usize) {
        metrics::gauge!("santun_connections", "listener" => self.listener).set(open as f64);
    }

    pub(super) fn begin(self: &Arc<Self>) -> Arc<Activity> {
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        let activity = Arc::new(Activity {
            id,
            open: self.clone(),
            began: Instant::now(),
            in_hand: AtomicUsize::new(0),
            last: AtomicU64::new(0),
            asked: AtomicBool::new(false),
            close: Notify::new(),
        });
        let mut all = self.all.lock();
        all.insert(id, Arc::downgrade(&activity));
        self.count(all.len());
        activity
    }

    pub(super) fn len(&self) -> usize {
        self.all.lock().len()
    }

    /// Asks the connection that has brought nothing for the longest time to close, if any is idle.
    pub(super) fn close_longest_idle(&self) {
        let idle: Vec<_> = {
            let all = self.all.lock();
            all.values().filter_map(Weak::upgrade).filter_map(|one| Some((one.idle_since()?, one))).collect()
        };
        if let Some((_, longest)) = idle.iter().min_by_key(|(since, _)| *since) {
            longest.close.notify_one();
        }
    }
}

impl Activity {
    pub(super) async fn asked_to_close(&self) {
        self.close.notified().await;
    }

    pub(super) fn is_idle(&self) -> bool {
        self.in_hand.load(Ordering::Relaxed) == 0
    }

    /// Since when it has brought nothing; `None` while a request is in hand.
    pub(super) fn idle_since(&self) -> Option<Instant> {
        let last = Duration::from_millis(self.last.load(Ordering::Relaxed));
        self.is_idle().then(|| self.began + last)
    }

    /// How long it may bring nothing.
    pub(super) fn patience(&self) -> Duration {
        if self.asked.load(Ordering::Relaxed) { IDLE } else { FIRST }
    }

    /// It has brought a request's head.
    pub(super) fn request(self: &Arc<Self>) -> Arc<InHand> {
        self.asked.store(true, Ordering::Relaxed);
        self.brought();
        Arc::new(InHand { activity: self.clone(), whole: AtomicBool::new(false) })
    }

    fn brought(&self) {
        let since = u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.last.store(since, Ordering::Relaxed);
    }
}

impl Drop for Activity {
    fn drop(&mut self) {
        let mut all = self.open.all.lock();
        all.remove(&self.id);
        self.open.count(all.len());
    }
}

impl InHand {
    /// Some of its body has come.
    pub(super) fn goes_on(&self) {
        self.activity.brought();
    }

    /// All of it has come.
    pub(super) fn is_whole(&self) {
        if !self.whole.swap(true, Ordering::Relaxed) {
            self.activity.in_hand.fetch_add(1, Ordering::Relaxed);
        }
    }
}

impl Drop for InHand {
    fn drop(&mut self) {
        if self.whole.load(Ordering::Relaxed) {
            self.activity.brought();
            self.activity.in_hand.fetch_sub(1, Ordering::Relaxed);
        }
    }
}
