//! One conversation's lane: everything that happens to it happens here, one thing after the other.
//!
//! The lane holds the conversation's lease and its state. Ears answer at once, even while plugins are
//! being asked; other messages settle into a step; each step commits whole; the outbox is sent strictly
//! in order, and the gate is asked again before each message. Nothing here is kept that the store does
//! not have: a lane that dies is opened again from the store.

mod ask;
mod commit;
mod deliver;
mod keep_open;
mod memory;
mod recall;
mod steps;

use std::collections::VecDeque;
use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use santun_core::conversation::Conversation;
use santun_core::flow::ActionError;
use santun_core::identity::Wamid;
use santun_core::ids::ConversationId;
use santun_core::message::Message;
use santun_store::{Lease, StoreError};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};

use crate::host::Host;
use crate::lanes::{Rest, Work};
use crate::spans::timeline::Timeline;
use ask::{Asked, Person};
use deliver::{Queued, Sent};
use keep_open::Known;
pub(crate) use keep_open::run;
use memory::Memory;

/// How long a lane stays open without work: the next message of a customer who is typing finds it.
const IDLE: Duration = Duration::from_secs(20);

/// Why an action of an agent was not done.
#[derive(Debug, thiserror::Error)]
pub enum ActError {
    /// It is not allowed as things stand.
    #[error(transparent)]
    Action(#[from] ActionError),
    /// Nothing is applied.
    #[error("nothing is applied yet: run `santun apply bot.toml` first")]
    NothingApplied,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why a lane ends before its work is done.
#[derive(Debug, thiserror::Error)]
enum Ended {
    /// Another node, or a later lane, works on the conversation.
    #[error("another has leased the conversation")]
    Fenced,
    /// Another conversation of the same person has changed what both share.
    #[error("what is known of the contact has changed meanwhile")]
    ContactChanged,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

struct Lane {
    host: Arc<Host>,
    lease: Lease,
    conversation: Conversation,
    /// Messages that wait to be decided, in order.
    waiting: VecDeque<Message>,
    /// When what waits is decided.
    settle_at: Option<Instant>,
    /// When it is decided at the latest.
    settle_by: Option<Instant>,
    /// The latest message that was not yet marked as read.
    unread: Option<Wamid>,
    /// The chain, while it is being asked.
    asking: Option<BoxFuture<'static, Asked>>,
    /// The customer, as plugins with grants and the Graph know them; read when first needed.
    person: Option<Arc<Person>>,
    /// What is known of the past.
    memory: Arc<Memory>,
    /// What waits to be sent, in order.
    outbox: VecDeque<Queued>,
    /// Whether the store may have messages that wait before those.
    backlog: bool,
    /// The message that is being sent.
    sending: Option<BoxFuture<'static, Sent>>,
    /// When what was done of the step that is about to be asked about or committed, if anybody wants spans.
    timeline: Timeline,
}

enum Next {
    Work(Option<Work>),
    Asked(Box<Asked>),
    Sent(Box<Sent>),
    Settled,
    Due,
    Idle,
}

impl Lane {
    async fn open(host: Arc<Host>, id: ConversationId, known: &mut Known) -> Result<Self, Ended> {
        let lease = host.store.lease(id).await?;
        let loaded = host.store.load(&lease, host.first_language()).await?;
        let contact = loaded.conversation.contact;
        let person = Arc::new(Person { contact, identity: loaded.identity, name: loaded.name });
        let mut lane = Self {
            host,
            lease,
            conversation: loaded.conversation,
            waiting: VecDeque::new(),
            settle_at: None,
            settle_by: None,
            unread: loaded.read,
            asking: None,
            person: Some(person),
            memory: Arc::default(),
            outbox: VecDeque::new(),
            backlog: loaded.backlog,
            sending: None,
            timeline: Timeline::default(),
        };
        if !loaded.echoes.is_empty() {
            lane.note_echoes(loaded.echoes.iter().map(|echo| echo.id).collect()).await?;
        }
        for news in loaded.news {
            known.meets(news.id);
            lane.note_news(&news).await?;
        }
        for message in &loaded.undecided {
            known.meets(message.id);
        }
        lane.arrived_together(loaded.undecided).await?;
        if let Some(live) = lane.host.live() {
            lane.ask_meanwhile(&live).await?;
        }
        Ok(lane)
    }

    /// Works until nothing is left to do. What was given and could not be done is left in `again`, and
    /// done first after the next opening.
    ///
    /// What it does it does in a box, which is gone when that is done: a lane waits far longer than it works, and with
    /// room for all that it may do each open one took 16.5 kB rather than 3.1.
    async fn work(
        &mut self,
        mailbox: &mut mpsc::UnboundedReceiver<Work>,
        rest: &Rest,
        known: &mut Known,
        again: &mut Option<Work>,
    ) -> Result<(), Ended> {
        if let Some(work) = again.take() {
            Box::pin(self.take(work, known, again)).await?;
        }
        loop {
            if self.sending.is_none() && (self.backlog || !self.outbox.is_empty()) {
                Box::pin(self.begin_sending()).await?;
            }
            rest.set(self.rests());
            let next = self.next(mailbox).await;
            rest.set(false);
            match next {
                Next::Work(Some(work)) => Box::pin(self.take(work, known, again)).await?,
                Next::Work(None) => return Ok(()),
                Next::Asked(asked) => {
                    self.asking = None;
                    Box::pin(self.conclude(*asked)).await?;
                }
                Next::Sent(sent) => {
                    self.sending = None;
                    Box::pin(self.sent(*sent)).await?;
                }
                Next::Settled => Box::pin(self.decide()).await?,
                Next::Due => {}
                Next::Idle => {
                    if self.host.lanes.close(self.conversation.id, mailbox) {
                        return Ok(());
                    }
                }
            }
        }
    }

    /// Whether nothing is under way, and nothing waits that [`wake`](Self::wake) would move on.
    fn rests(&self) -> bool {
        let is_busy = self.asking.is_some() || self.sending.is_some();
        !is_busy && self.waiting.is_empty() && self.outbox.is_empty() && !self.backlog
    }

    async fn next(&mut self, mailbox: &mut mpsc::UnboundedReceiver<Work>) -> Next {
        let draining = self.host.draining();
        // What has not settled when the host stops is decided after the next start.
        let settle_at = self.settle_at.filter(|_| self.asking.is_none() && !draining);
        let due = if self.sending.is_none() { self.outbox.front().and_then(Queued::due) } else { None };
        let busy = self.asking.is_some() || self.sending.is_some();
        let idle = match (busy, draining) {
            (true, _) => None,
            (false, true) => Some(Instant::now()),
            (false, false) if self.waiting.is_empty() && self.outbox.is_empty() => Some(Instant::now() + IDLE),
            (false, false) => None,
        };
        tokio::select! {
            biased;
            // First, so that a request begins with nothing between it and the gate's second look: what is in the
            // mailbox may be a human who takes the conversation.
            sent = running(&mut self.sending) => Next::Sent(Box::new(sent)),
            work = mailbox.recv() => Next::Work(work),
            asked = running(&mut self.asking) => Next::Asked(Box::new(asked)),
            () = until(settle_at) => Next::Settled,
            () = until(due) => Next::Due,
            () = until(idle) => Next::Idle,
            () = self.host.drain_begins(), if !draining => Next::Due,
        }
    }

    async fn take(&mut self, work: Work, known: &mut Known, again: &mut Option<Work>) -> Result<(), Ended> {
        let (work, ended) = match work {
            Work::Arrived { message, amending, wamid } => {
                // After an opening, the store and the mailbox can hold the same message.
                if !known.meets(message.id) {
                    return Ok(());
                }
                self.unread = wamid.or(self.unread.take());
                // Undecided messages are in the store: the next opening finds it there.
                if amending.is_empty() {
                    return self.arrived(*message).await;
                }
                return self.arrived_behind(*message, amending).await;
            }
            Work::Echoed(turn) => return self.note_echoes(vec![turn]).await,
            Work::Act { actor, action, reply } => match self.act(&actor, (*action).clone()).await {
                // Whoever asked may have gone away.
                Ok(done) => {
                    drop(reply.send(done));
                    return Ok(());
                }
                Err(Ended::Store(error)) => {
                    drop(reply.send(Err(ActError::Store(error.clone()))));
                    return Err(Ended::Store(error));
                }
                // Nothing of it is stored, and nothing speaks against it: it is done once more.
                Err(ended) => (Work::Act { actor, action, reply }, ended),
            },
            Work::News(news) => {
                // It is in the store, like a message.
                if !known.meets(news.id) {
                    return Ok(());
                }
                return self.note_news(&news).await;
            }
            Work::Settled { turn, state } => return self.settled_by_status(turn, state).await,
            Work::Wake => return self.wake().await,
            Work::Tick(timer) => match self.tick(timer).await {
                Ok(()) => return Ok(()),
                Err(ended) => (Work::Tick(timer), ended),
            },
        };
        *again = Some(work);
        Err(ended)
    }

    /// Before a lane that has failed is let go: a request to the Graph that is under way is waited for,
    /// so that it is known what became of it.
    async fn wind_up(&mut self) {
        if let Some(turn) = self.outbox.front().and_then(Queued::noted_only)
            && let Err(error) = self.host.store.outbox_requeue(turn, self.host.world.now()).await
        {
            tracing::warn!(conversation = %self.conversation.id, %error, "a message that was not sent could not be queued again");
        }
        let Some(sending) = self.sending.take() else { return };
        let sent = sending.await;
        if let Err(error) = self.sent(sent).await {
            tracing::warn!(conversation = %self.conversation.id, %error, "what became of a message could not be recorded");
        }
    }
}

async fn running<T>(future: &mut Option<BoxFuture<'static, T>>) -> T {
    match future {
        Some(future) => future.await,
        None => pending().await,
    }
}

async fn until(at: Option<Instant>) {
    match at {
        Some(at) => sleep_until(at).await,
        None => pending().await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How large what a function returns is.
    const fn size_of_returned<A, B, C, D, R>(_: &impl Fn(A, B, C, D) -> R) -> usize {
        size_of::<R>()
    }

    #[test]
    fn a_lane_that_waits_takes_little_room() {
        let size = size_of_returned(&run);
        assert!(size <= 4 * 1_024, "{size} bytes");
    }
}
