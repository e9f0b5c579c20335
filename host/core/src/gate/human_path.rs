//! Rule 2, human path: every session opens with the way to a human, and every fallback offers it.
//!
//! Sources: Meta's messaging policy (automation must have "prompt, clear, and direct escalation paths");
//! the house rule that there are no dead ends. It binds the bot. That a request for a human always works,
//! whatever plugins say, is the work of the host's ears, which hear it before any plugin does.

use super::form;
use super::piece::Piece;
use crate::conversation::Conversation;
use crate::ears::reserved;
use crate::facts::Facts;
use crate::outgoing::{Button, Outgoing};
use crate::texts::{TextKey, WordingRef};
use crate::trace::Rule;
use crate::verdict::Outcome;
use crate::world::World;

/// Adds the way to a human to the last message of a fallback, or behind it.
pub(super) fn offer(pieces: &mut Vec<Piece>, conversation: &Conversation, facts: &Facts<'_>, world: &dyn World) {
    let Some(last) = pieces.iter().rposition(|piece| piece.outcome() == Some(Outcome::Fallback)) else { return };
    if !add_to(&mut pieces[last], conversation, facts) {
        let offer = own_message(&pieces[last], conversation, facts, world);
        pieces.insert(last + 1, offer);
    }
}

/// Adds the button for a human to a message; whether there was room.
pub(super) fn add_button_to(piece: &mut Piece, conversation: &Conversation, facts: &Facts<'_>) -> bool {
    let (title, wording) = facts.texts.say(TextKey::HumanPathButton, conversation.language, &[]);
    let Some(why) = add_button(&mut piece.content, title, &wording) else { return false };
    piece.sheet.changed(Rule::HumanPath, why);
    true
}

/// Adds the way to a human to a message; whether there was room.
fn add_to(piece: &mut Piece, conversation: &Conversation, facts: &Facts<'_>) -> bool {
    if add_button_to(piece, conversation, facts) {
        return true;
    }
    let (offer, wording) = words(conversation, facts);
    let added = add_words(&mut piece.content, &offer);
    if added {
        piece.sheet.changed(Rule::HumanPath, format!("behind it: {wording}"));
    }
    added
}

/// Adds a button, or turns a text into one with a button.
fn add_button(content: &mut Outgoing, title: String, wording: &WordingRef) -> Option<String> {
    let button = Button { id: reserved::HUMAN.to_owned(), title };
    match content {
        Outgoing::Buttons { buttons, .. } => {
            if buttons.iter().any(|there| there.id == button.id) {
                return Some("its own button calls a human".to_owned());
            }
            let is_free = buttons.iter().all(|there| there.title.trim() != button.title);
            if buttons.len() == form::BUTTONS || !is_free {
                return None;
            }
            buttons.push(button);
        }
        Outgoing::Text { text } if form::length(text) <= form::BODY => {
            let body = std::mem::take(text);
            *content = Outgoing::Buttons { body, footer: None, buttons: vec![button] };
        }
        _ => return None,
    }
    Some(format!("a button: {wording}"))
}

fn add_words(content: &mut Outgoing, offer: &str) -> bool {
    let (text, most) = match content {
        // A text is split where it grows too long.
        Outgoing::Text { text } => (text, usize::MAX),
        Outgoing::List { body, .. } => (body, form::TEXT),
        Outgoing::Buttons { body, .. } | Outgoing::Link { body, .. } => (body, form::BODY),
        Outgoing::Media { media, caption, .. } if form::takes_caption(*media) => {
            let caption = caption.get_or_insert_default();
            (caption, form::BODY)
        }
        _ => return false,
    };
    if text.is_empty() {
        offer.clone_into(text);
        return true;
    }
    if form::length(text) + form::length(offer) + 2 > most {
        return false;
    }
    text.push_str("\n\n");
    text.push_str(offer);
    true
}

fn words(conversation: &Conversation, facts: &Facts<'_>) -> (String, WordingRef) {
    let (human_word, _) = facts.texts.say(TextKey::HumanWord, conversation.language, &[]);
    facts.texts.say(TextKey::HumanPathOffer, conversation.language, &[("human_word", &human_word)])
}

fn own_message(piece: &Piece, conversation: &Conversation, facts: &Facts<'_>, world: &dyn World) -> Piece {
    let (text, wording) = words(conversation, facts);
    let why = format!("behind message {}: {wording}", piece.id);
    let mut offer = piece.beside(text, wording, &conversation.owner, world);
    offer.sheet.changed(Rule::HumanPath, why);
    offer
}
