//! Rule 4, consent: what the business starts was agreed to, for that purpose, and not taken back.
//!
//! Sources: UU PDP 27/2022, articles 20 to 24 (consent is explicit, for a stated purpose, recorded and
//! provable) and 40 (processing stops after withdrawal); Meta's messaging policy (permission before the
//! business starts, every opt-out is honoured). It binds everybody. Questions are answered whatever was
//! stopped.
//!
//! The words that ask for consent are the host's: a plugin names a purpose, and cannot make a button that
//! would count as a yes.

use super::parts;
use super::piece::{Piece, Why};
use crate::conversation::Conversation;
use crate::draft::{Author, Initiative};
use crate::ears::reserved::{self, ConsentAnswer};
use crate::facts::Facts;
use crate::outgoing::{Button, Outgoing};
use crate::texts::TextKey;
use crate::time::Timestamp;
use crate::trace::Rule;

/// Whether the business may write of its own accord, now.
pub(super) fn rule(initiative: &Initiative, conversation: &Conversation, now: Timestamp) -> Result<(), Why> {
    let Initiative::Business { purpose } = initiative else { return Ok(()) };
    if conversation.consents.allows(purpose) {
        if conversation.consents.shielded_until.is_some_and(|until| now < until) {
            return Err("WhatsApp shields the contact from what businesses start, for a day".to_owned());
        }
        return Ok(());
    }
    if !conversation.consents.granted.contains_key(purpose) {
        return Err(format!("the contact has not agreed to `{purpose}`"));
    }
    Err("the contact has stopped what the business starts".to_owned())
}

/// Refuses what pretends to be a button of the host.
pub(super) fn refuse_forged_buttons(piece: &Piece) -> Result<(), Why> {
    if matches!(piece.author, Author::Host { .. }) {
        return Ok(());
    }
    let forged = parts::ids(&piece.content)
        .into_iter()
        .any(|id| id.trim_start().starts_with(reserved::PREFIX) && id != reserved::HUMAN);
    if forged {
        return Err(format!("ids that begin with `{}` are the host's own", reserved::PREFIX));
    }
    Ok(())
}

/// Puts the host's words in place of a question for consent.
pub(super) fn phrase(piece: &mut Piece, conversation: &Conversation, facts: &Facts<'_>) -> Result<(), Why> {
    let Outgoing::AskConsent { purpose } = &piece.content else { return Ok(()) };
    let language = conversation.language;
    let Some(meaning) = facts.bot.purposes.get(purpose).and_then(|words| words.get(&language)) else {
        return Err(format!("there is no `[purpose.{purpose}]` in bot.toml, so nobody knows what it would be for"));
    };
    let (stop_word, _) = facts.texts.say(TextKey::StopWord, language, &[]);
    let (body, wording) = facts.texts.say(
        TextKey::ConsentAsk,
        language,
        &[("business", &facts.bot.business), ("purpose", meaning), ("stop_word", &stop_word)],
    );
    let wording = wording.to_string();
    let button = |answer, key| Button {
        id: reserved::consent(purpose, answer, &wording),
        title: facts.texts.say(key, language, &[]).0,
    };
    let buttons = vec![button(ConsentAnswer::Yes, TextKey::ConsentYes), button(ConsentAnswer::No, TextKey::ConsentNo)];
    piece.content = Outgoing::Buttons { body, footer: None, buttons };
    piece.sheet.changed(Rule::Consent, format!("asked in the host's words: {wording}"));
    Ok(())
}
