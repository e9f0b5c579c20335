//! What plugins look up in the middle of a step. Read once a step, however many plugins ask.

use std::sync::Arc;

use async_trait::async_trait;
use santun_core::ids::{ConversationId, PluginName, TurnId};
use santun_core::message::Message;
use santun_core::turn::Turn;
use santun_core::verdict::StateScope;
use santun_engine::{Recall, RecallError};
use santun_store::Store;
use tokio::sync::Mutex;

pub(super) struct StepRecall {
    store: Store,
    conversation: ConversationId,
    /// The step's own messages, which are no history yet.
    own: Vec<TurnId>,
    history: Mutex<Option<(u32, Arc<Vec<Turn>>)>>,
}

impl StepRecall {
    pub(super) fn new(store: Store, conversation: ConversationId, messages: &[Message]) -> Self {
        let own = messages.iter().map(|message| message.id).collect();
        Self { store, conversation, own, history: Mutex::new(None) }
    }

    async fn last(&self, n: u32) -> Result<Arc<Vec<Turn>>, RecallError> {
        let mut known = self.history.lock().await;
        if let Some((depth, turns)) = &*known
            && *depth >= n
        {
            return Ok(turns.clone());
        }
        // Messages that came while the step is decided are newer than its own: look past them as well.
        let beyond = n.saturating_add(u32::try_from(self.own.len()).unwrap_or(0)).saturating_add(8);
        let turns = self.store.history(self.conversation, beyond, None).await;
        let mut turns: Vec<Turn> =
            turns.map_err(|error| RecallError(error.to_string()))?.into_iter().map(|view| view.turn).collect();
        if let Some(first_own) = turns.iter().position(|turn| self.own.contains(&turn.id)) {
            let later = turns.split_off(first_own);
            turns.extend(later.into_iter().filter(|turn| turn.step.is_some() && !self.own.contains(&turn.id)));
        }
        let excess = turns.len().saturating_sub(n as usize);
        turns.drain(..excess);
        let turns = Arc::new(turns);
        *known = Some((n, turns.clone()));
        Ok(turns)
    }
}

#[async_trait]
impl Recall for StepRecall {
    async fn history(&self, n: u32) -> Result<Vec<Turn>, RecallError> {
        let turns = self.last(n).await?;
        let skip = turns.len().saturating_sub(n as usize);
        Ok(turns[skip..].to_vec())
    }

    async fn state(
        &self,
        plugin: &PluginName,
        scope: StateScope,
        key: &str,
    ) -> Result<Option<(Vec<u8>, u64)>, RecallError> {
        let value = self.store.state_get(plugin, scope, self.conversation, key).await;
        value.map_err(|error| RecallError(error.to_string()))
    }
}
