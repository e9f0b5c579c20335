//! A message that waits for its turn.

use std::time::Duration;

use santun_core::delivery::OutboxState;
use santun_core::draft::StoredDraft;
use santun_core::ids::TurnId;
use santun_core::time::Timestamp;
use santun_store::OutboxRow;
use tokio::time::Instant;

use super::UNKNOWN_BLOCKS;
use crate::spans::Origin;

/// The longest that a message is held back between two attempts, by [`Paces::back_off`].
const LONGEST_BACK_OFF: Duration = Duration::from_secs(4_096);

/// A message that waits to be sent.
pub(in crate::lane) struct Queued {
    pub(super) draft: StoredDraft,
    pub(super) state: OutboxState,
    pub(super) attempts: u32,
    pub(super) hold_until: Option<Instant>,
    /// Whether it is noted as being sent already, and has its place in the pace.
    pub(super) noted: bool,
    /// The message that may not come without this one, which tells that a bot is speaking.
    pub(super) opens: Option<TurnId>,
    /// The trace that it belongs to, if anybody wants spans.
    pub(super) origin: Option<Origin>,
}

impl Queued {
    /// A message that a step has just committed.
    pub(in crate::lane) fn new(draft: StoredDraft, origin: Option<Origin>) -> Self {
        Self { draft, state: OutboxState::Queued, attempts: 0, hold_until: None, noted: false, opens: None, origin }
    }

    /// One that its step has committed as being sent.
    pub(in crate::lane) fn noted(draft: StoredDraft, origin: Option<Origin>) -> Self {
        Self { noted: true, ..Self::new(draft, origin) }
    }

    /// A message that tells the customer that a bot is speaking, before one that may not come without it.
    pub(super) fn opening(draft: StoredDraft, opens: TurnId, origin: Option<Origin>) -> Self {
        Self { opens: Some(opens), ..Self::new(draft, origin) }
    }

    pub(super) fn stored(row: OutboxRow, now: Timestamp, origin: Option<Origin>) -> Self {
        // No longer than either ever is: the clock may have been set back since.
        let hold = match row.state {
            OutboxState::Unknown => row.settle_by.unwrap_or(now).since(now).min(UNKNOWN_BLOCKS),
            _ if row.attempts == 0 => Duration::ZERO,
            _ => row.not_before.since(now).min(LONGEST_BACK_OFF),
        };
        let hold_until = (!hold.is_zero()).then(|| Instant::now() + hold);
        let (state, attempts) = (row.state, row.attempts);
        Self { draft: row.draft, state, attempts, hold_until, noted: false, opens: None, origin }
    }

    /// Its turn, if it is noted as being sent and certainly was not.
    pub(in crate::lane) fn noted_only(&self) -> Option<TurnId> {
        self.noted.then_some(self.draft.id)
    }

    /// When it is to be looked at, if not now.
    pub(in crate::lane) fn due(&self) -> Option<Instant> {
        self.hold_until
    }

    /// What held it may be gone: look at it now.
    pub(in crate::lane) fn hold_no_longer(&mut self) {
        if self.state == OutboxState::Queued {
            self.hold_until = None;
        }
    }

    pub(super) fn held(&self) -> bool {
        self.hold_until.is_some_and(|until| until > Instant::now())
    }
}
