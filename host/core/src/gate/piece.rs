//! A draft on its way through the rules.

use super::sheet::Sheet;
use crate::conversation::Owner;
use crate::draft::{Author, Draft, Initiative, StoredDraft, Voice};
use crate::ids::{StepId, TurnId};
use crate::outgoing::Outgoing;
use crate::texts::WordingRef;
use crate::trace::Rule;
use crate::verdict::Outcome;
use crate::world::World;

/// Why a rule refuses, in a sentence that repeats nothing of the message.
pub(super) type Why = String;

/// A draft on its way through the rules.
#[derive(Debug)]
pub(super) struct Piece {
    pub(super) id: TurnId,
    pub(super) author: Author,
    pub(super) initiative: Initiative,
    pub(super) content: Outgoing,
    /// Whether it tells the customer that a bot is speaking.
    pub(super) discloses: bool,
    bots: bool,
    pub(super) sheet: Sheet,
}

impl Piece {
    pub(super) fn of(draft: Draft, owner: &Owner) -> Self {
        let bots = binds_bot(&draft.author, owner);
        let mut piece = Self {
            id: draft.id,
            author: draft.author,
            initiative: draft.initiative,
            content: draft.content,
            discloses: false,
            bots,
            sheet: Sheet::new(),
        };
        if !bots {
            for rule in [Rule::Disclosure, Rule::HumanPath, Rule::Promises] {
                piece.sheet.not_bound(rule);
            }
        }
        piece
    }

    /// A text of the host's that goes before it, or behind it.
    pub(super) fn beside(&self, text: String, wording: WordingRef, owner: &Owner, world: &dyn World) -> Self {
        let draft = Draft {
            id: TurnId::new(world),
            author: Author::Host { wording, voice: voice_beside(&self.author) },
            initiative: self.initiative.clone(),
            content: Outgoing::Text { text },
        };
        Self::of(draft, owner)
    }

    /// Whether the rules for the bot's own words bind it.
    pub(super) const fn is_bots(&self) -> bool {
        self.bots
    }

    /// What kind of answer a plugin called it.
    pub(super) fn outcome(&self) -> Option<Outcome> {
        match self.author {
            Author::Plugin { outcome, .. } => Some(outcome),
            Author::Host { .. } | Author::Agent { .. } => None,
        }
    }

    /// What waits in the outbox.
    pub(super) fn into_stored(self, step: StepId, session: u32) -> StoredDraft {
        StoredDraft {
            id: self.id,
            step,
            author: self.author,
            initiative: self.initiative,
            content: self.content,
            discloses: self.discloses,
            session,
        }
    }
}

/// Whether an author speaks as the bot while that owner owns the conversation.
pub(super) fn binds_bot(author: &Author, owner: &Owner) -> bool {
    match author {
        Author::Plugin { .. } => true,
        Author::Host { voice: Voice::Bot | Voice::Waiting | Voice::Queued, .. } => true,
        Author::Host { voice: Voice::Answer, .. } => matches!(owner, Owner::Bot | Owner::Queue { .. }),
        Author::Host { voice: Voice::Always, .. } => false,
        Author::Agent { .. } => false,
    }
}

/// How a host text that accompanies an author's message is voiced: it is the bot's, whatever it stands beside.
pub(super) fn voice_beside(author: &Author) -> Voice {
    match author {
        Author::Host { voice: Voice::Answer | Voice::Always, .. } => Voice::Waiting,
        Author::Host { voice, .. } => *voice,
        Author::Plugin { .. } | Author::Agent { .. } => Voice::Bot,
    }
}
