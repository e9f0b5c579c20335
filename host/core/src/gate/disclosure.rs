//! Rule 1, disclosure: the bot says that it is one, by name, in the customer's language, at the session's
//! first bot message, after a hand-back, and whenever asked; and never claims to be human.
//!
//! Sources: EU AI Act, article 50(1) (clear notice by the first interaction); California B&P 17941; the
//! house's first rule, that no customer is led to believe that the bot is human. It binds the bot. A
//! session counts as disclosed once WhatsApp has accepted a message that says it.

use super::piece::{Piece, Why, voice_beside};
use super::{form, parts};
use crate::conversation::{Conversation, Disclosure};
use crate::draft::{Author, StoredDraft, Voice};
use crate::facts::Facts;
use crate::ids::{StepId, TurnId};
use crate::outgoing::Outgoing;
use crate::texts::{TextKey, WordingRef};
use crate::trace::Rule;
use crate::world::World;

mod human_claim;

pub(super) use human_claim::claims_human;

/// Refuses a plugin's message that claims to come from a human.
pub(super) fn refuse_human_claims(piece: &Piece) -> Result<(), Why> {
    if !matches!(piece.author, Author::Plugin { .. }) {
        return Ok(());
    }
    if parts::texts(&piece.content).into_iter().any(|(_, text)| claims_human(text)) {
        return Err("it claims that a human is speaking, and a bot is".to_owned());
    }
    Ok(())
}

/// Makes the first message of the bot in a session say that a bot is speaking: in front of it if it is a
/// text with room, else in a message of its own before it. Hands back what could not be introduced.
pub(super) fn introduce(
    pieces: &mut Vec<Piece>,
    conversation: &mut Conversation,
    facts: &Facts<'_>,
    world: &dyn World,
) -> Vec<(Piece, Why)> {
    let mut refused = Vec::new();
    for piece in pieces.iter_mut() {
        piece.discloses = discloses_itself(&piece.author);
    }
    while conversation.session.disclosure == Disclosure::Due
        && let Some(first) = pieces.iter().position(Piece::is_bots)
    {
        match before(&mut pieces[first], conversation, facts, world) {
            Before::Said => set_on_its_way(conversation, pieces[first].id),
            Before::Message(opening) => {
                set_on_its_way(conversation, opening.id);
                pieces.insert(first, *opening);
            }
            Before::Impossible => {
                let why = "nothing can tell the customer, outside the 24 hours, that a bot is speaking".to_owned();
                refused.push((pieces.remove(first), why));
            }
        }
    }
    refused
}

fn set_on_its_way(conversation: &mut Conversation, turn: TurnId) {
    conversation.session.disclosure = Disclosure::OnItsWay { turn };
}

/// What was done so that a session begins honestly.
enum Before {
    /// The message itself says it now.
    Said,
    /// This goes before the message.
    Message(Box<Piece>),
    /// Neither can be.
    Impossible,
}

fn before(piece: &mut Piece, conversation: &Conversation, facts: &Facts<'_>, world: &dyn World) -> Before {
    if piece.discloses {
        piece.sheet.passed(Rule::Disclosure, "says itself that a bot is speaking");
        return Before::Said;
    }
    if let Author::Host { wording, .. } = &piece.author
        && wording.key.calls_a_human()
        && let Outgoing::Text { text: words } | Outgoing::Buttons { body: words, .. } = &mut piece.content
    {
        let (inline, wording) = say(TextKey::DisclosureHandover, conversation, facts);
        if form::length(&inline) + form::length(words) + 2 <= form::BODY {
            *words = format!("{inline}\n\n{words}");
            piece.discloses = true;
            piece.sheet.changed(Rule::Disclosure, format!("in front of it: {wording}"));
            piece.sheet.passed(Rule::HumanPath, "it says that a human was called");
            return Before::Said;
        }
    }
    if let Outgoing::Text { text } = &mut piece.content {
        let (inline, wording) = say(inline_key(conversation), conversation, facts);
        if form::length(&inline) + form::length(text) + 2 <= form::BODY {
            *text = format!("{inline}\n\n{text}");
            piece.discloses = true;
            piece.sheet.changed(Rule::Disclosure, format!("in front of it: {wording}"));
            piece.sheet.passed(Rule::HumanPath, "the introduction names the way to a human");
            return Before::Said;
        }
    }
    if !conversation.window_open(facts.now) {
        return Before::Impossible;
    }
    let (text, wording) = say(opening_key(conversation), conversation, facts);
    let why = format!("this one goes before the message, since that has no room for it: {wording}");
    let mut opening = piece.beside(text, wording, &conversation.owner, world);
    opening.discloses = true;
    opening.sheet.changed(Rule::Disclosure, why);
    opening.sheet.passed(Rule::HumanPath, "the introduction names the way to a human");
    Before::Message(Box::new(opening))
}

/// What the second look says about it.
pub(super) fn is_disclosed(draft: &StoredDraft, conversation: &Conversation) -> bool {
    draft.discloses || matches!(conversation.session.disclosure, Disclosure::Made { .. })
}

/// The introduction that goes before a message whose session was not introduced after all.
pub(super) fn belated(
    draft: &StoredDraft,
    step: StepId,
    conversation: &Conversation,
    facts: &Facts<'_>,
    world: &dyn World,
) -> StoredDraft {
    let (text, wording) = say(opening_key(conversation), conversation, facts);
    StoredDraft {
        id: TurnId::new(world),
        step,
        author: Author::Host { wording, voice: voice_beside(&draft.author) },
        initiative: draft.initiative.clone(),
        content: Outgoing::Text { text },
        discloses: true,
        session: conversation.session.ordinal,
    }
}

const fn inline_key(conversation: &Conversation) -> TextKey {
    if conversation.session.after_hand_back { TextKey::DisclosureAfterHandBack } else { TextKey::DisclosureInline }
}

const fn opening_key(conversation: &Conversation) -> TextKey {
    if conversation.session.after_hand_back { TextKey::DisclosureAfterHandBack } else { TextKey::DisclosureOpening }
}

fn say(key: TextKey, conversation: &Conversation, facts: &Facts<'_>) -> (String, WordingRef) {
    let (human_word, _) = facts.texts.say(TextKey::HumanWord, conversation.language, &[]);
    let bot = facts.bot;
    let all = [
        ("bot", bot.name.as_str()),
        ("business", bot.business.as_str()),
        ("about", bot.about(conversation.language)),
        ("human_word", human_word.as_str()),
    ];
    let values = all.map(|pair| key.placeholders().contains(&pair.0).then_some(pair));
    let values: Vec<(&str, &str)> = values.into_iter().flatten().collect();
    facts.texts.say(key, conversation.language, &values)
}

/// Whether a wording of the host says by itself that a bot is speaking.
fn discloses_itself(author: &Author) -> bool {
    let Author::Host { wording, voice: Voice::Bot | Voice::Waiting | Voice::Queued | Voice::Answer } = author else {
        return false;
    };
    matches!(
        wording.key,
        TextKey::DisclosureOpening
            | TextKey::DisclosureInline
            | TextKey::DisclosureAfterHandBack
            | TextKey::DisclosureAsked
            | TextKey::DisclosureAskedWaiting
    )
}
