//! The first look: when a step is decided.

use super::piece::{Piece, Why};
use super::{Refusal, care, consent, disclosure, form, human_path, ownership, promises, window};
use crate::conversation::Conversation;
use crate::draft::{Author, Draft, Initiative, StoredDraft, Voice};
use crate::facts::Facts;
use crate::ids::{StepId, TurnId};
use crate::outgoing::Outgoing;
use crate::trace::{Rule, Ruling};
use crate::verdict::Outcome;
use crate::world::World;

/// What the first look made of a step's drafts.
#[derive(Debug, Default)]
pub struct FirstLook {
    /// What may wait in the outbox, in order.
    pub stored: Vec<StoredDraft>,
    /// What may not, and why.
    pub refused: Vec<Refusal>,
    /// How every rule ruled on every draft.
    pub rulings: Vec<Ruling>,
}

impl FirstLook {
    /// Whether something was drafted and nothing of it is left: the customer would wait in silence, and
    /// must get a human.
    pub fn nothing_left(&self) -> bool {
        self.stored.is_empty() && !self.refused.is_empty()
    }

    fn refuse(&mut self, mut piece: Piece, rule: Rule, why: Why) {
        piece.sheet.refused(rule, why.as_str());
        self.rulings.extend(piece.sheet.into_rulings(piece.id));
        self.refused.push(Refusal { turn: piece.id, rule, why });
    }
}

/// The first look, when a step is decided: rules on all drafts of a step together, fills placeholders,
/// adds what must be said, splits what is too long, and notes in the conversation what has been said, and
/// what the business has started.
///
/// What is refused by one rule is not shown to those that change messages, so that nothing is introduced
/// which will not be said.
pub fn first_look(
    drafts: Vec<Draft>,
    step: StepId,
    conversation: &mut Conversation,
    facts: &Facts<'_>,
    world: &dyn World,
) -> FirstLook {
    let mut look = FirstLook::default();
    let mut pieces = Vec::with_capacity(drafts.len() + 1);
    let mut begun = Vec::new();
    for draft in drafts {
        let mut piece = Piece::of(draft, &conversation.owner);
        match admit(&mut piece, conversation, facts, begun.len()) {
            Ok(()) => {
                if piece.initiative != Initiative::Answer {
                    begun.push(piece.id);
                }
                pieces.push(piece);
            }
            Err((rule, why)) => look.refuse(piece, rule, why),
        }
    }
    let outcome = pieces.iter().find_map(Piece::outcome);
    for (piece, why) in care::refuse_repetition(&mut pieces, conversation, facts) {
        look.refuse(piece, Rule::Care, why);
    }
    for (piece, why) in disclosure::introduce(&mut pieces, conversation, facts, world) {
        look.refuse(piece, Rule::Disclosure, why);
    }
    human_path::offer(&mut pieces, conversation, facts, world);
    care::offer_human(&mut pieces, conversation, facts);
    count(&pieces, outcome, conversation);
    begun.retain(|id| pieces.iter().any(|piece| piece.id == *id));
    care::note_begun(begun.len(), conversation, facts);

    let session = conversation.session.ordinal;
    look.rulings.reserve(pieces.len() * Rule::ALL.len());
    for mut piece in pieces {
        let rest = shorten(&mut piece);
        let (id, author, initiative) = (piece.id, piece.author.clone(), piece.initiative.clone());
        look.rulings.extend(std::mem::replace(&mut piece.sheet, super::sheet::Sheet::new()).into_rulings(id));
        look.stored.push(piece.into_stored(step, session));
        look.stored.extend(rest.into_iter().map(|text| StoredDraft {
            id: TurnId::new(world),
            step,
            author: author.clone(),
            initiative: initiative.clone(),
            content: Outgoing::Text { text },
            discloses: false,
            session,
        }));
    }
    look
}

/// Asks every rule that looks at one message alone.
fn admit(piece: &mut Piece, conversation: &Conversation, facts: &Facts<'_>, begun: usize) -> Result<(), (Rule, Why)> {
    let by = |rule: Rule| move |why: Why| (rule, why);
    ownership::rule(&piece.author, conversation).map_err(by(Rule::Ownership))?;
    consent::rule(&piece.initiative, conversation, facts.now).map_err(by(Rule::Consent))?;
    consent::refuse_forged_buttons(piece).map_err(by(Rule::Consent))?;
    window::rule(&piece.content, conversation, facts.now).map_err(by(Rule::Window))?;
    disclosure::refuse_human_claims(piece).map_err(by(Rule::Disclosure))?;
    promises::rule(piece, conversation, facts).map_err(by(Rule::Promises))?;
    consent::phrase(piece, conversation, facts).map_err(by(Rule::Consent))?;
    form::rule(&piece.content).map_err(by(Rule::Form))?;
    form::refuse_stopped(&piece.content, conversation, facts).map_err(by(Rule::Form))?;
    care::refuse_secrets(&piece.content).map_err(by(Rule::Care))?;
    care::refuse_quiet_hours(&piece.initiative, facts).map_err(by(Rule::Care))?;
    care::refuse_frequency(&piece.initiative, conversation, facts, begun).map_err(by(Rule::Care))
}

/// Splits a text that is too long: what is left of it for further messages.
fn shorten(piece: &mut Piece) -> Vec<String> {
    if form::is_one_message(&piece.content) {
        return Vec::new();
    }
    let Outgoing::Text { text } = &mut piece.content else { return Vec::new() };
    let mut parts = form::split(text, form::TEXT).into_iter();
    if let Some(first) = parts.next() {
        *text = first;
    }
    let rest: Vec<String> = parts.collect();
    piece.sheet.changed(Rule::Form, format!("split into {} messages", rest.len() + 1));
    rest
}

/// Counts what the bot has said. The host counts its own fallbacks where it makes them; a reply that was
/// only repeated brings nobody further, and leaves the count as it was.
fn count(pieces: &[Piece], outcome: Option<Outcome>, conversation: &mut Conversation) {
    let session = &mut conversation.session;
    let replies = pieces
        .iter()
        .any(|piece| matches!(piece.author, Author::Plugin { .. } | Author::Host { voice: Voice::Bot, .. }));
    session.bot_replies = session.bot_replies.saturating_add(u32::from(replies));
    if pieces.iter().all(|piece| piece.outcome().is_none()) {
        return;
    }
    match outcome {
        Some(Outcome::Fallback) => session.fallbacks_in_a_row = session.fallbacks_in_a_row.saturating_add(1),
        Some(Outcome::Answer) => session.fallbacks_in_a_row = 0,
        Some(Outcome::Question | Outcome::Greeting) | None => {}
    }
}
