//! What became of a message, where the conversation has to know.

use super::composer::{Composer, Scene};
use super::handover::{hand_over_silently, tell_humans};
use super::summary::summary_of;
use crate::conversation::{Conversation, Owner};
use crate::draft::{Author, StoredDraft};
use crate::effects::Effects;
use crate::gate::Refusal;
use crate::trace::Rule;
use crate::turn::Happening;
use crate::verdict::{HandoverCall, Priority};

/// The gate's second look refused a message: it is in the history as not sent. A bot's message whose
/// window has closed becomes a request, since the customer still waits.
pub fn refused_on_the_way(
    scene: Scene<'_>,
    conversation: Conversation,
    draft: &StoredDraft,
    refusal: &Refusal,
) -> Effects {
    let mut step = Composer::new(scene, conversation, "delivery");
    step.happened(Happening::NotSent { turn: draft.id, code: 0, reason: refusal.why.clone() });
    let by_the_bot = !matches!(draft.author, Author::Agent { .. });
    if by_the_bot && refusal.rule == Rule::Window && step.conversation.owner == Owner::Bot {
        call_a_human(&mut step, "window-closed");
    }
    step.finish()
}

/// WhatsApp will not deliver a message: it is in the history as not sent. If the bot was answering, humans are told,
/// who may know another way to the customer; the bot goes on with whatever comes next.
pub fn undeliverable(scene: Scene<'_>, conversation: Conversation, draft: &StoredDraft, reason: &str) -> Effects {
    let mut step = Composer::new(scene, conversation, "delivery");
    step.happened(Happening::NotSent { turn: draft.id, code: 0, reason: reason.to_owned() });
    if !matches!(draft.author, Author::Agent { .. }) {
        did_not_arrive(&mut step);
    }
    step.finish()
}

/// Humans are told that something of the bot did not arrive, if nobody has the conversation or is called already.
/// Whether they are told now.
pub(super) fn did_not_arrive(step: &mut Composer<'_>) -> bool {
    if step.conversation.owner != Owner::Bot || step.conversation.request.is_some() {
        return false;
    }
    let call = without_words(step, "undeliverable");
    tell_humans(step, call);
    true
}

/// A request, without a word to the customer: words are what could not be delivered.
pub(super) fn call_a_human(step: &mut Composer<'_>, reason: &str) {
    let call = without_words(step, reason);
    hand_over_silently(step, call);
}

fn without_words(step: &Composer<'_>, reason: &str) -> HandoverCall {
    HandoverCall {
        reason: reason.to_owned(),
        priority: Priority::High,
        division: None,
        summary: summary_of(step, &[]),
        facts: Vec::new(),
    }
}
