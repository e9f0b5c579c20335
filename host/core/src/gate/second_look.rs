//! The second look: in the moment of sending.

use super::cleared::ClearedMessage;
use super::piece::{Why, binds_bot};
use super::sheet::Sheet;
use super::{Refusal, care, consent, disclosure, form, ownership, window};
use crate::conversation::{Conversation, Owner};
use crate::draft::StoredDraft;
use crate::facts::Facts;
use crate::identity::Identity;
use crate::trace::{Rule, Ruling};
use crate::world::World;

/// What the second look decided.
#[derive(Debug)]
pub enum SecondLook {
    /// It may be sent, now.
    Cleared(ClearedMessage),
    /// It may not be sent any more.
    Refused(Refusal, Vec<Ruling>),
    /// First the customer must be told that a bot is speaking (the message that said it was not
    /// accepted): this goes before it, and if it cannot be delivered, neither can the message.
    DiscloseFirst(StoredDraft),
}

/// The second look, in the moment of sending: asks again whatever can have changed since the step was
/// decided (the owner, consent, the window, quiet hours, whether the customer knows that a bot is
/// speaking, whether its template is stopped), and the form, since a store is no witness.
pub fn second_look(
    draft: StoredDraft,
    recipient: Identity,
    conversation: &Conversation,
    facts: &Facts<'_>,
    world: &dyn World,
) -> SecondLook {
    if let Err((rule, why)) = admit(&draft, &recipient, conversation, facts) {
        return refuse(&draft, &conversation.owner, rule, why);
    }
    if binds_bot(&draft.author, &conversation.owner) && !disclosure::is_disclosed(&draft, conversation) {
        if conversation.window_open(facts.now) {
            return SecondLook::DiscloseFirst(disclosure::belated(&draft, draft.step, conversation, facts, world));
        }
        let why = "nothing can tell the customer, outside the 24 hours, that a bot is speaking".to_owned();
        return refuse(&draft, &conversation.owner, Rule::Disclosure, why);
    }
    SecondLook::Cleared(ClearedMessage::new(draft.id, conversation.channel.clone(), recipient, draft.content))
}

fn admit(
    draft: &StoredDraft,
    recipient: &Identity,
    conversation: &Conversation,
    facts: &Facts<'_>,
) -> Result<(), (Rule, Why)> {
    let by = |rule: Rule| move |why: Why| (rule, why);
    ownership::rule(&draft.author, conversation).map_err(by(Rule::Ownership))?;
    consent::rule(&draft.initiative, conversation, facts.now).map_err(by(Rule::Consent))?;
    window::rule(&draft.content, conversation, facts.now).map_err(by(Rule::Window))?;
    if recipient.is_empty() {
        return Err((Rule::Form, "the contact has neither a number nor a user id".to_owned()));
    }
    form::rule(&draft.content).map_err(by(Rule::Form))?;
    form::refuse_stopped(&draft.content, conversation, facts).map_err(by(Rule::Form))?;
    if !form::is_one_message(&draft.content) {
        return Err((Rule::Form, "the text is longer than WhatsApp allows".to_owned()));
    }
    care::refuse_quiet_hours(&draft.initiative, facts).map_err(by(Rule::Care))
}

fn refuse(draft: &StoredDraft, owner: &Owner, rule: Rule, why: Why) -> SecondLook {
    let mut sheet = Sheet::new();
    if !binds_bot(&draft.author, owner) {
        for rule in [Rule::Disclosure, Rule::HumanPath, Rule::Promises] {
            sheet.not_bound(rule);
        }
    }
    sheet.refused(rule, why.as_str());
    let refusal = Refusal { turn: draft.id, rule, why };
    SecondLook::Refused(refusal, sheet.into_rulings(draft.id).collect())
}
