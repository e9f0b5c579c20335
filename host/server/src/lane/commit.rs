//! A step's whole effect, at once.

use santun_core::effects::Effects;
use santun_store::CommitError;

use super::deliver::Queued;
use super::{Ended, Lane};

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
        let outbox = effects.outbox.clone();
        let refused: Vec<&'static str> = effects
            .trace
            .rulings
            .iter()
            .filter(|ruling| ruling.effect == santun_core::trace::Effect::Refused)
            .map(|ruling| ruling.rule.as_str())
            .collect();
        match self.host.store.commit(&self.lease, effects).await {
            Ok(()) => {}
            Err(CommitError::StateConflict { .. }) => return Ok(Committed::Conflict),
            Err(CommitError::ContactChanged) => return Err(Ended::ContactChanged),
            Err(CommitError::StaleFence) => return Err(Ended::Fenced),
            Err(CommitError::Store(error)) => return Err(Ended::Store(error)),
        }
        for rule in refused {
            metrics::counter!("santun_gate_refusals_total", "rule" => rule).increment(1);
        }
        self.conversation = conversation;
        if !self.backlog {
            self.outbox.extend(outbox.into_iter().map(Queued::new));
        }
        Ok(Committed::Done)
    }
}
