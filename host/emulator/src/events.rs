//! What happens, told to whoever listens (the phone in the browser, a test).

use std::sync::Arc;

use serde_json::Value;
use tokio::sync::broadcast;

/// How many events a slow listener may fall behind before it misses some. Listeners read chats anew after that.
const BACKLOG: usize = 1_024;

/// The events' source.
#[derive(Debug)]
pub(crate) struct Events {
    sender: broadcast::Sender<Arc<str>>,
}

impl Default for Events {
    fn default() -> Self {
        Self { sender: broadcast::Sender::new(BACKLOG) }
    }
}

impl Events {
    /// Tells an event; without listeners it is not even put together.
    pub(crate) fn tell(&self, event: impl FnOnce() -> Value) {
        if self.sender.receiver_count() > 0 {
            // The last listener may have left meanwhile; nobody misses the event then.
            let _ = self.sender.send(event().to_string().into());
        }
    }

    /// Listens from now on.
    pub(crate) fn listen(&self) -> broadcast::Receiver<Arc<str>> {
        self.sender.subscribe()
    }
}
