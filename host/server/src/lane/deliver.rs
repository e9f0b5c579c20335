//! A conversation's outbox is sent, strictly in order; the gate is asked again before each message.

mod queued;
mod send;
mod settle;

use std::time::Duration;

use santun_core::conversation::Disclosure;
use santun_core::delivery::OutboxState;
use santun_core::flow;
use santun_core::gate::{self, SecondLook};
use santun_core::trace::Rule;
use santun_store::Settlement;
use santun_store::faults::{Point, pass};
use santun_whatsapp::pacing::Permit;
use tokio::time::Instant;

use super::{Ended, Lane};
use crate::live::Live;
use crate::spans::timeline;

pub(super) use queued::Queued;
pub(super) use send::Sent;

/// How long a message of which nobody knows whether it was sent holds back what is behind it. Status
/// webhooks usually settle it within seconds; a customer who has written again should not wait longer.
const UNKNOWN_BLOCKS: Duration = Duration::from_secs(30);

/// How long a row waits when something but its own back-off holds it: a wake usually comes before.
const LOOK_AGAIN: Duration = Duration::from_secs(30);

impl Lane {
    /// Begins to send the next message, if there is one and its time has come.
    pub(super) async fn begin_sending(&mut self) -> Result<(), Ended> {
        while self.sending.is_none() {
            self.fetch_backlog().await?;
            let Some(front) = self.outbox.front() else { return Ok(()) };
            if front.held() {
                return Ok(());
            }
            match front.state {
                OutboxState::Sending => self.now_unknown().await?,
                OutboxState::Unknown => {
                    let Some(live) = self.host.live() else { return Ok(()) };
                    self.give_up_waiting(&live).await?;
                }
                _ => {
                    let Some(live) = self.host.live() else { return Ok(()) };
                    if !self.look_and_send(&live).await? {
                        return Ok(());
                    }
                }
            }
        }
        Ok(())
    }

    /// After an opening, rows of an earlier time are in the store alone: they come first, one by one.
    async fn fetch_backlog(&mut self) -> Result<(), Ended> {
        if !self.backlog || !self.outbox.is_empty() {
            return Ok(());
        }
        match self.host.store.outbox_due(self.conversation.id).await? {
            Some(row) => {
                let origin = timeline::origin_of(&self.host, row.draft.id, row.draft.step).await;
                self.outbox.push_back(Queued::stored(row, self.host.world.now(), origin));
            }
            None => self.backlog = false,
        }
        Ok(())
    }

    /// Asks the gate and begins to send. `false`: not now.
    async fn look_and_send(&mut self, live: &std::sync::Arc<Live>) -> Result<bool, Ended> {
        let Some(front) = self.outbox.front_mut() else { return Ok(false) };
        if !front.noted {
            let now = self.host.world.now();
            let wait = match self.host.paces.permit(&self.conversation.channel, self.conversation.contact, now) {
                Permit::Go => None,
                Permit::WaitUntil(at) => Some(at.since(now).max(Duration::from_millis(1))),
                Permit::Halted => Some(LOOK_AGAIN),
            };
            if let Some(wait) = wait {
                front.hold_until = Some(Instant::now() + wait);
                return Ok(false);
            }
        }
        // It stays so until its request is made: a lane that ends before queues it again.
        let noted = front.noted;
        let draft = front.draft.clone();
        let attempts = front.attempts + 1;
        let person = self.person().await?;
        let look = {
            let scene = self.scene(live);
            let scene = scene.borrow();
            gate::second_look(draft.clone(), person.identity.clone(), &self.conversation, &scene.facts, scene.world)
        };
        match look {
            SecondLook::Cleared(cleared) => {
                if !noted {
                    self.host.store.outbox_sending(draft.id).await?;
                }
                if let Some(front) = self.outbox.front_mut() {
                    front.noted = false;
                }
                pass(Point::Noted);
                self.sending = Some(self.send(cleared, draft, attempts, live));
            }
            SecondLook::DiscloseFirst(disclosure) => {
                if noted {
                    self.host.store.outbox_requeue(draft.id, self.host.world.now()).await?;
                }
                if let Some(front) = self.outbox.front_mut() {
                    front.noted = false;
                }
                self.host.store.outbox_insert_before(draft.id, disclosure.clone()).await?;
                self.memory.forget_turns();
                self.conversation.session.disclosure = Disclosure::OnItsWay { turn: disclosure.id };
                let origin = self.outbox.front().and_then(|front| front.origin);
                self.outbox.push_front(Queued::opening(disclosure, draft.id, origin));
            }
            SecondLook::Refused(refusal, _rulings) => {
                metrics::counter!("santun_gate_refusals_total", "rule" => refusal.rule.as_str()).increment(1);
                let scene = self.scene_with_past(live).await?;
                let effects = flow::refused_on_the_way(scene.borrow(), self.conversation.clone(), &draft, &refusal);
                self.commit(effects).await?;
                // Only now: a host that stops before refuses it again after its next start, and tells of it.
                self.host.store.outbox_settle(draft.id, Settlement::Refused { why: refusal.why }).await?;
                let opened = self.finish_front(OutboxState::Refused);
                // Who has the conversation now decides by itself whether what is behind needs an introduction.
                if refusal.rule != Rule::Ownership {
                    self.lose(opened, live).await?;
                }
            }
        }
        Ok(true)
    }
}
