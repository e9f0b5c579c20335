//! What became of a message, and what follows from it.

use santun_core::conversation::Disclosure;
use santun_core::delivery::{Attempt, GraphError, OutboxState, Wait};
use santun_core::draft::StoredDraft;
use santun_core::flow;
use santun_core::ids::TurnId;
use santun_store::Settlement;
use tokio::time::Instant;

use super::queued::Queued;
use super::send::Sent;
use super::{LOOK_AGAIN, UNKNOWN_BLOCKS};
use crate::lane::{Ended, Lane};
use crate::live::Live;
use crate::paces::Paces;
use crate::refusals;
use crate::spans::timeline;

/// Attempts after which a message is given up. With the back-off's growth that is about an hour.
const ATTEMPTS_AT_MOST: u32 = 12;

impl Lane {
    /// Records what an attempt came to, and what follows from it.
    pub(in crate::lane) async fn sent(&mut self, sent: Sent) -> Result<(), Ended> {
        let Sent { draft, attempts, attempt, began } = sent;
        if let Some(front) = self.outbox.front() {
            timeline::attempted(&self.host.spans, front.origin, draft.id, attempts, &attempt, began);
        }
        let now = self.host.world.now();
        self.host.paces.after(&self.conversation.channel, self.conversation.contact, &attempt, now, &*self.host.world);
        match attempt {
            Attempt::Accepted { wamid } => {
                self.host.store.outbox_settle(draft.id, Settlement::Accepted { wamid }).await?;
                self.finish_front(OutboxState::Accepted);
            }
            Attempt::Again { error, .. } if attempts >= ATTEMPTS_AT_MOST => {
                self.failed(&draft, error, false).await?;
            }
            Attempt::Again { wait, error } => {
                let not_before = now + Paces::back_off(wait, attempts, &*self.host.world);
                self.host.store.outbox_settle(draft.id, Settlement::Again { not_before, error }).await?;
                if let Some(front) = self.outbox.front_mut() {
                    front.attempts = attempts;
                    front.hold_until = Some(Instant::now() + not_before.since(now));
                }
                if wait == Wait::Unreachable {
                    metrics::counter!("santun_graph_unreachable_total").increment(1);
                }
            }
            Attempt::Halted { error } => {
                let not_before = now + LOOK_AGAIN;
                refusals::halted(&self.conversation.channel, &error);
                self.host.store.outbox_settle(draft.id, Settlement::Again { not_before, error }).await?;
                if let Some(front) = self.outbox.front_mut() {
                    // A halt is no fault of the message.
                    front.hold_until = Some(Instant::now() + LOOK_AGAIN);
                }
            }
            Attempt::Unknown { error } => {
                let until = now + UNKNOWN_BLOCKS;
                let settled = self.host.store.outbox_settle(draft.id, Settlement::Unknown { until, error }).await?;
                if settled.state == OutboxState::Unknown {
                    metrics::counter!("santun_outbox_unknown_total").increment(1);
                    if let Some(front) = self.outbox.front_mut() {
                        front.state = OutboxState::Unknown;
                        front.attempts = attempts;
                        front.hold_until = Some(Instant::now() + until.since(now));
                    }
                } else {
                    self.finish_front(settled.state);
                }
            }
            Attempt::Never { error, ours } => self.failed(&draft, error, ours).await?,
        }
        Ok(())
    }

    async fn failed(&mut self, draft: &StoredDraft, error: GraphError, ours: bool) -> Result<(), Ended> {
        if ours {
            refusals::malformed(self.conversation.id, draft.id, &error);
        }
        let settled = self.host.store.outbox_settle(draft.id, Settlement::Failed { error }).await?;
        let opened = self.finish_front(settled.state);
        if let Some(news) = &settled.news {
            self.note_news(news).await?;
        }
        let Some(live) = self.host.live() else { return Ok(()) };
        if settled.state == OutboxState::Failed { self.lose(opened, &live).await } else { Ok(()) }
    }

    /// What should have told the customer that a bot is speaking will not reach them, and so the message
    /// behind it must not either.
    pub(super) async fn lose(&mut self, opened: Option<TurnId>, live: &std::sync::Arc<Live>) -> Result<(), Ended> {
        let front = self.outbox.front().filter(|front| Some(front.draft.id) == opened);
        let Some(draft) = front.map(|front| front.draft.clone()) else { return Ok(()) };
        let why = "the message that tells the customer that a bot is speaking could not be sent before it".to_owned();
        self.tell_undeliverable(&draft, &why, live).await?;
        self.host.store.outbox_settle(draft.id, Settlement::Refused { why }).await?;
        self.finish_front(OutboxState::Refused);
        Ok(())
    }

    /// A message will not reach the customer: humans get to know.
    async fn tell_undeliverable(&mut self, draft: &StoredDraft, why: &str, live: &Live) -> Result<(), Ended> {
        let scene = self.scene_with_past(live).await?;
        let effects = flow::undeliverable(scene.borrow(), self.conversation.clone(), draft, why);
        self.commit(effects).await
    }

    /// A status webhook has told what became of a message that was not known to have been sent.
    pub(in crate::lane) async fn settled_by_status(&mut self, turn: TurnId, state: OutboxState) -> Result<(), Ended> {
        if self.sending.is_some() || self.outbox.front().is_none_or(|front| front.draft.id != turn) {
            return Ok(());
        }
        let opened = self.finish_front(state);
        match self.host.live() {
            Some(live) if state == OutboxState::Failed => self.lose(opened, &live).await,
            _ => Ok(()),
        }
    }

    /// The first message of the outbox is settled for good. Gives the message that it was to introduce.
    pub(super) fn finish_front(&mut self, state: OutboxState) -> Option<TurnId> {
        let front = self.outbox.pop_front()?;
        timeline::sent(&self.host.spans, front.origin, front.draft.id, state, front.attempts);
        metrics::counter!("santun_outbox_settled_total", "state" => state.as_str()).increment(1);
        if state == OutboxState::Accepted {
            if front.draft.discloses && self.conversation.session.ordinal == front.draft.session {
                self.conversation.session.disclosure = Disclosure::Made { at: self.host.world.now() };
            }
        } else {
            self.undisclose(&front.draft);
        }
        front.opens
    }

    /// A message that should have told the customer that a bot is speaking did not reach WhatsApp: the
    /// next one must.
    fn undisclose(&mut self, draft: &StoredDraft) {
        if self.conversation.session.disclosure == (Disclosure::OnItsWay { turn: draft.id }) {
            self.conversation.session.disclosure = Disclosure::Due;
        }
    }

    /// A crash came between the note that a request is made and its outcome: it may have been sent.
    pub(super) async fn now_unknown(&mut self) -> Result<(), Ended> {
        let Some(front) = self.outbox.front_mut() else { return Ok(()) };
        let until = self.host.world.now() + UNKNOWN_BLOCKS;
        let error = GraphError { code: 0, title: "the host stopped while sending".to_owned(), details: None };
        let settled = self.host.store.outbox_settle(front.draft.id, Settlement::Unknown { until, error }).await?;
        if settled.state == OutboxState::Unknown {
            front.state = OutboxState::Unknown;
            front.hold_until = Some(Instant::now() + until.since(self.host.world.now()));
            metrics::counter!("santun_outbox_unknown_total").increment(1);
        } else {
            self.finish_front(settled.state);
        }
        Ok(())
    }

    /// No status came in time. It is not sent again, since the customer may have it already; it stays
    /// counted as unknown, a human is told, and what is behind it goes on.
    pub(super) async fn give_up_waiting(&mut self, live: &Live) -> Result<(), Ended> {
        let Some(Queued { draft, attempts, origin, .. }) = self.outbox.pop_front() else { return Ok(()) };
        timeline::sent(&self.host.spans, origin, draft.id, OutboxState::Unknown, attempts);
        tracing::warn!(conversation = %self.conversation.id, turn = %draft.id, "never learnt whether this message was sent; going on without it");
        self.undisclose(&draft);
        let reason = "WhatsApp never told whether it was sent";
        self.tell_undeliverable(&draft, reason, live).await?;
        // Only now: a host that stops before gives it up again after its next start.
        self.host.store.outbox_settle(draft.id, Settlement::GivenUp).await?;
        Ok(())
    }
}
