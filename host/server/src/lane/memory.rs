//! What an open lane knows of the past, so that the store is asked for it once, not once a step.
//!
//! Everything that happens to a conversation passes through its lane: what is remembered here and what
//! the store would tell are the same. Whatever would be tedious to repeat is simply forgotten, and read
//! again when somebody asks.

use std::collections::VecDeque;

use parking_lot::Mutex;
use santun_core::draft::{Author, StoredDraft};
use santun_core::effects::Effects;
use santun_core::ids::{ConversationId, PluginName, StepId, TurnId};
use santun_core::message::Message;
use santun_core::time::Timestamp;
use santun_core::turn::{Speaker, Turn, TurnBody};
use santun_core::verdict::StateScope;
use santun_store::{ConversationState, Store, StoreError};

/// Turns that are read at once: more than most plugins ask for, so that the second does not read again.
const READ_AT_ONCE: u32 = 32;

/// Turns that are remembered at most; beyond, the store is asked each time.
const REMEMBERED: usize = 128;

/// What a lane knows of the past.
#[derive(Default)]
pub(super) struct Memory {
    past: Mutex<Past>,
}

#[derive(Default)]
struct Past {
    turns: Option<Turns>,
    state: Option<ConversationState>,
    /// Counts what happens, so that what was read meanwhile is not taken for the present.
    changes: u64,
}

struct Turns {
    /// The latest, the oldest first.
    latest: VecDeque<Turn>,
    /// Whether there are none before them.
    whole: bool,
}

impl Turns {
    fn reach(&self, n: usize) -> bool {
        self.whole || self.latest.len() >= n
    }

    fn push(&mut self, turn: Turn) {
        // What the store told may be told by the mailbox as well.
        if self.latest.iter().rev().any(|known| known.id == turn.id) {
            return;
        }
        self.latest.push_back(turn);
        if self.latest.len() > REMEMBERED {
            self.latest.pop_front();
            self.whole = false;
        }
    }
}

impl Memory {
    /// The last turns, the oldest first: at least `n`, if there are so many.
    pub(super) async fn last(
        &self,
        store: &Store,
        conversation: ConversationId,
        n: u32,
    ) -> Result<Vec<Turn>, StoreError> {
        let changes = {
            let past = self.past.lock();
            match &past.turns {
                Some(turns) if turns.reach(n as usize) => return Ok(turns.latest.iter().cloned().collect()),
                _ => past.changes,
            }
        };
        let most = n.max(READ_AT_ONCE);
        let read = store.history(conversation, most, None).await?;
        let turns: Vec<Turn> = read.into_iter().map(|view| view.turn).collect();
        let mut past = self.past.lock();
        if past.changes == changes && turns.len() <= REMEMBERED {
            let whole = turns.len() < most as usize;
            past.turns = Some(Turns { latest: turns.iter().cloned().collect(), whole });
        }
        Ok(turns)
    }

    /// What a plugin remembers of the conversation under a key.
    pub(super) async fn state(
        &self,
        store: &Store,
        conversation: ConversationId,
        plugin: &PluginName,
        key: &str,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let changes = {
            let past = self.past.lock();
            match &past.state {
                Some(state) => return Ok(store.state_in(state, plugin, key)),
                None => past.changes,
            }
        };
        let state = store.conversation_state(conversation).await?;
        let value = store.state_in(&state, plugin, key);
        let mut past = self.past.lock();
        if past.changes == changes {
            past.state = Some(state);
        }
        Ok(value)
    }

    /// The customer has written. The message is in the store.
    pub(super) fn arrived(&self, message: &Message) {
        let mut past = self.past.lock();
        past.changes += 1;
        if let Some(turns) = &mut past.turns {
            turns.push(Turn {
                id: message.id,
                at: message.sent_at,
                by: Speaker::Customer,
                step: None,
                reply_to: message.reply_to,
                body: TurnBody::Received(message.body.clone()),
            });
        }
    }

    /// A step is committed.
    pub(super) fn committed(&self, store: &Store, committed: Committed) {
        let mut past = self.past.lock();
        past.changes += 1;
        if let Some(state) = &mut past.state {
            let own = committed.state.iter().filter(|write| write.scope == StateScope::Conversation);
            own.for_each(|write| store.state_written(state, write));
        }
        let Some(turns) = &mut past.turns else { return };
        for turn in turns.latest.iter_mut().filter(|turn| committed.decided.contains(&turn.id)) {
            turn.step = Some(committed.step);
        }
        committed.turns.into_iter().for_each(|turn| turns.push(turn));
    }

    /// Something happened that is not worth repeating here.
    pub(super) fn forget_turns(&self) {
        let mut past = self.past.lock();
        past.changes += 1;
        past.turns = None;
    }
}

/// What a step leaves in the past.
pub(super) struct Committed {
    step: StepId,
    decided: Vec<TurnId>,
    turns: Vec<Turn>,
    state: Vec<santun_core::verdict::StateWrite>,
}

impl Committed {
    pub(super) fn of(effects: &Effects) -> Self {
        let at = effects.trace.at;
        let said = effects.outbox.iter().map(|draft| said(draft, at));
        Self {
            step: effects.step,
            decided: effects.decided.clone(),
            turns: effects.turns.iter().cloned().chain(said).collect(),
            state: effects.state.clone(),
        }
    }
}

/// The turn that a message to the customer is.
fn said(draft: &StoredDraft, at: Timestamp) -> Turn {
    let by = match draft.author {
        Author::Agent { .. } => Speaker::Agent,
        Author::Plugin { .. } | Author::Host { .. } => Speaker::Bot,
    };
    let body = TurnBody::Said { author: draft.author.clone(), content: draft.content.clone() };
    Turn { id: draft.id, at, by, step: Some(draft.step), reply_to: None, body }
}
