//! Keeping a lane open: what ends early is opened again from the store.

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use santun_core::ids::{ConversationId, TurnId};
use santun_store::StoreError;
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::{ActError, Ended, Lane};
use crate::host::Host;
use crate::lanes::{Rest, Work};

/// How long a lane waits before it tries again what the store would not take; twice as long each time.
const RETRY: Duration = Duration::from_millis(500);

/// How long it waits at most.
const RETRY_AT_MOST: Duration = Duration::from_secs(60);

/// How many of its latest messages a lane knows again: what can be in its mailbox a second time.
const KNOWN: usize = 1_024;

/// Works on one conversation until nothing is left to do.
///
/// What ends early is opened again from the store, in the same place and with the same mailbox: nothing
/// that was given to it is lost, and one conversation never has two lanes, however often it fails.
pub(crate) async fn run(
    host: Arc<Host>,
    id: ConversationId,
    mut mailbox: mpsc::UnboundedReceiver<Work>,
    rest: Arc<Rest>,
) {
    let mut known = Known::default();
    let mut again = None;
    let mut failures: u32 = 0;
    loop {
        let began = Instant::now();
        let ended = match Box::pin(Lane::open(host.clone(), id, &mut known)).await {
            Ok(mut lane) => match lane.work(&mut mailbox, &rest, &mut known, &mut again).await {
                Ok(()) => return,
                Err(ended) => {
                    Box::pin(lane.wind_up()).await;
                    ended
                }
            },
            Err(ended) => ended,
        };
        if let Ended::Store(error @ StoreError::NotFound { what: "contact" | "conversation", .. }) = &ended {
            tracing::info!(conversation = %id, "a lane ended: the person was forgotten");
            host.lanes.abandon(id);
            refuse(&mut mailbox, again.take(), error);
            return;
        }
        tracing::warn!(conversation = %id, error = %ended, "a lane ended early; it is opened again from the store");
        if host.draining() || matches!(ended, Ended::Store(StoreError::Closed)) {
            // What is durable is found again at the next start.
            host.lanes.abandon(id);
            return;
        }
        failures = if began.elapsed() > RETRY_AT_MOST { 0 } else { failures.saturating_add(1) };
        let wait = match ended {
            // Nothing is wrong: the other has committed, and its changes only have to be read.
            Ended::ContactChanged if failures < 8 => Duration::ZERO,
            _ => back_off(failures),
        };
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            () = host.drain_begins() => {}
        }
    }
}

/// Whoever waits for an action on a conversation that is no more gets to know.
fn refuse(mailbox: &mut mpsc::UnboundedReceiver<Work>, first: Option<Work>, error: &StoreError) {
    let mut next = first;
    while let Some(work) = next.or_else(|| mailbox.try_recv().ok()) {
        if let Work::Act { reply, .. } = work {
            // Whoever asked may have gone away.
            let _ = reply.send(Err(ActError::Store(error.clone())));
        }
        next = None;
    }
}

/// How long a lane rests after so many failures in a row.
fn back_off(failures: u32) -> Duration {
    RETRY.saturating_mul(1_u32.checked_shl(failures.saturating_sub(1)).unwrap_or(u32::MAX)).min(RETRY_AT_MOST)
}

/// The latest messages that were taken up, so that one which the store and the mailbox both hold is
/// taken up once.
#[derive(Default)]
pub(super) struct Known {
    messages: HashSet<TurnId>,
    order: VecDeque<TurnId>,
}

impl Known {
    /// Whether the message is new; it is known from now on.
    pub(super) fn meets(&mut self, message: TurnId) -> bool {
        if !self.messages.insert(message) {
            return false;
        }
        self.order.push_back(message);
        if self.order.len() > KNOWN
            && let Some(oldest) = self.order.pop_front()
        {
            self.messages.remove(&oldest);
        }
        true
    }
}
