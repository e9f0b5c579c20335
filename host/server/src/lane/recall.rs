//! What plugins look up in the middle of a step.

use std::sync::Arc;

use async_trait::async_trait;
use santun_core::flow;
use santun_core::ids::{ConversationId, PluginName, TurnId};
use santun_core::turn::Turn;
use santun_core::verdict::StateScope;
use santun_engine::{Recall, RecallError};
use santun_store::{Store, StoreError};
use tokio::sync::Mutex;

use super::memory::Memory;

pub(super) struct StepRecall {
    store: Store,
    memory: Arc<Memory>,
    conversation: ConversationId,
    /// The step's own turns, which are no history yet.
    own: Vec<TurnId>,
    /// The turns before the step, once somebody has asked: all plugins of the chain look at the same.
    before: Mutex<Option<Before>>,
}

struct Before {
    /// How many were asked for.
    reach: u32,
    turns: Arc<Vec<Turn>>,
}

impl StepRecall {
    pub(super) fn new(store: Store, memory: Arc<Memory>, conversation: ConversationId, own: Vec<TurnId>) -> Self {
        Self { store, memory, conversation, own, before: Mutex::default() }
    }
}

#[async_trait]
impl Recall for StepRecall {
    async fn history(&self, n: u32) -> Result<Arc<Vec<Turn>>, RecallError> {
        let mut before = self.before.lock().await;
        if let Some(before) = before.as_ref().filter(|before| before.reach >= n) {
            return Ok(before.turns.clone());
        }
        // Messages that came while the step is decided are newer than its own: look past them as well.
        let beyond = n.saturating_add(u32::try_from(self.own.len()).unwrap_or(0)).saturating_add(8);
        let mut turns = self.memory.last(&self.store, self.conversation, beyond).await.map_err(failed)?;
        if let Some(first_own) = turns.iter().position(|turn| self.own.contains(&turn.id)) {
            let later = turns.split_off(first_own);
            turns.extend(later.into_iter().filter(|turn| turn.step.is_some() && !self.own.contains(&turn.id)));
        }
        let turns = Arc::new(flow::as_they_read(turns));
        *before = Some(Before { reach: n, turns: turns.clone() });
        Ok(turns)
    }

    async fn state(
        &self,
        plugin: &PluginName,
        scope: StateScope,
        key: &str,
    ) -> Result<Option<(Vec<u8>, u64)>, RecallError> {
        match scope {
            // Nobody checks the version of what only one conversation writes.
            StateScope::Conversation => {
                let value = self.memory.state(&self.store, self.conversation, plugin, key).await.map_err(failed)?;
                Ok(value.map(|value| (value, 1)))
            }
            StateScope::Shared => self.store.state_get(plugin, scope, self.conversation, key).await.map_err(failed),
        }
    }
}

fn failed(error: StoreError) -> RecallError {
    RecallError(error.to_string())
}
