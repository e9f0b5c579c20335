//! A step's whole effect, at once.

use santun_core::effects::Effects;
use santun_core::ids::TurnId;
use santun_store::CommitError;
use santun_store::faults::{Point, pass};
use santun_whatsapp::pacing::Permit;

use super::deliver::Queued;
use super::{Ended, Lane, memory};

/// What became of a step that may run again.
pub(super) enum Committed {
    /// It is durable.
    Done,
    /// Shared state has moved on: nothing of it is stored.
    Conflict,
}

impl Lane {
    /// Commits a step that depends on no shared state.
    pub(super) async fn commit(&mut self, effects: Effects) -> Result<(), Ended> {
        self.try_commit(effects).await.map(|_| ())
    }

    /// Commits a step. Once it is durable, the conversation stands as it says, and its words wait to be
    /// sent.
    pub(super) async fn try_commit(&mut self, effects: Effects) -> Result<Committed, Ended> {
        let conversation = effects.conversation.clone();
        let past = memory::Committed::of(&effects);
        let outbox = effects.outbox.clone();
        let refused: Vec<&'static str> = effects
            .trace
            .rulings
            .iter()
            .filter(|ruling| ruling.effect == santun_core::trace::Effect::Refused)
            .map(|ruling| ruling.rule.as_str())
            .collect();
        let at_once = self.goes_at_once(&effects);
        let timeline = std::mem::take(&mut self.timeline).commits(&self.host.spans, &effects);
        match self.host.store.commit(&self.lease, effects, at_once).await {
            Ok(()) => {}
            Err(CommitError::StateConflict { .. }) => return Ok(Committed::Conflict),
            Err(CommitError::ContactChanged) => return Err(Ended::ContactChanged),
            Err(CommitError::StaleFence) => return Err(Ended::Fenced),
            Err(CommitError::Store(error)) => return Err(Ended::Store(error)),
        }
        pass(Point::StepKnown);
        let origin = timeline.committed(&self.host.spans);
        for rule in refused {
            metrics::counter!("santun_gate_refusals_total", "rule" => rule).increment(1);
        }
        self.memory.committed(&self.host.store, past);
        self.conversation = conversation;
        if !self.backlog {
            self.outbox.extend(outbox.into_iter().map(|draft| match at_once {
                Some(turn) if turn == draft.id => Queued::noted(draft, origin),
                _ => Queued::new(draft, origin),
            }));
        }
        Ok(Committed::Done)
    }

    /// The first message of a step, if nothing is before it and its pace lets it go: it is noted as being
    /// sent with the step itself, which saves a commit.
    fn goes_at_once(&self, effects: &Effects) -> Option<TurnId> {
        let first = effects.outbox.first()?;
        if self.backlog || !self.outbox.is_empty() || self.sending.is_some() || self.host.live().is_none() {
            return None;
        }
        let (channel, contact) = (&effects.conversation.channel, effects.conversation.contact);
        let permit = self.host.paces.permit(channel, contact, self.host.world.now());
        (permit == Permit::Go).then_some(first.id)
    }
}
