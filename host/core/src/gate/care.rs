//! Rule 8, care: nothing secret goes out, nobody is told the same thing twice without a way on, and
//! nobody is disturbed.
//!
//! Sources: UU PDP 27/2022, article 35 and following (protection of personal data), and the card
//! industry's rule that a full number is never shown; Meta's messaging policy (no spam); house rules for
//! repetition, quiet hours and frequency. Secrets, quiet hours and frequency bind everybody; repetition
//! binds plugins.

use std::time::Duration;

use super::piece::{Piece, Why};
use super::{fingerprint, human_path, parts};
use crate::conversation::Conversation;
use crate::draft::{Author, Initiative, Voice};
use crate::facts::Facts;
use crate::outgoing::Outgoing;
use crate::texts::TextKey;
use crate::trace::Rule;
use crate::verdict::Outcome;

mod secrets;

/// How many replies of a session are remembered.
const REMEMBERED: usize = 64;
const WEEK: Duration = Duration::from_secs(7 * 24 * 3_600);

/// Refuses a message with a secret in it.
pub(super) fn refuse_secrets(content: &Outgoing) -> Result<(), Why> {
    let url = match content {
        Outgoing::Link { url, .. } => Some(url.as_str()),
        _ => None,
    };
    let mut texts = parts::texts(content).into_iter().map(|(_, text)| text).chain(url);
    texts.find_map(secret_in).map_or(Ok(()), |secret| Err(format!("it contains {secret}")))
}

/// The kind of secret that a text holds.
pub(super) fn secret_in(text: &str) -> Option<&'static str> {
    if secrets::has_card_number(text) {
        return Some("a full card number");
    }
    secrets::has_credential(text).then_some("what looks like a key, a token or a password of a system")
}

/// Whether the business disturbs nobody by starting this now.
pub(super) fn refuse_quiet_hours(initiative: &Initiative, facts: &Facts<'_>) -> Result<(), Why> {
    if *initiative == Initiative::Answer {
        return Ok(());
    }
    if let Some((from, to)) = facts.bot.policy.quiet_hours {
        let minute = facts.bot.office.minute_of_day(facts.now);
        let quiet = if from <= to { from <= minute && minute < to } else { minute >= from || minute < to };
        if quiet {
            return Err(format!(
                "it is within quiet hours ({:02}:{:02} to {:02}:{:02})",
                from / 60,
                from % 60,
                to / 60,
                to % 60
            ));
        }
    }
    Ok(())
}

/// Whether the business may start one more within a week. `begun` counts what the same step starts before it. Asked when
/// a step is decided, where it is counted too: what waits to be sent was in its week.
pub(super) fn refuse_frequency(
    initiative: &Initiative,
    conversation: &Conversation,
    facts: &Facts<'_>,
    begun: usize,
) -> Result<(), Why> {
    if *initiative == Initiative::Answer {
        return Ok(());
    }
    let most = facts.bot.policy.business_messages_per_week;
    let week_ago = facts.now - WEEK;
    let sent = conversation.consents.business_messages.iter().filter(|at| **at > week_ago).count();
    if sent + begun >= usize::try_from(most).unwrap_or(usize::MAX) {
        return Err(format!(
            "the business has started {sent} conversations with this contact within a week; {most} are allowed"
        ));
    }
    Ok(())
}

/// Notes that the business starts so many messages now.
pub(super) fn note_begun(begun: usize, conversation: &mut Conversation, facts: &Facts<'_>) {
    if begun == 0 {
        return;
    }
    let week_ago = facts.now - WEEK;
    let sent = &mut conversation.consents.business_messages;
    sent.retain(|at| *at > week_ago);
    sent.extend(std::iter::repeat_n(facts.now, begun));
}

/// Puts an honest word with the way to a human in place of a reply that was given before in this session,
/// word for word. Hands back what is said no second time.
///
/// Questions and greetings are not counted: a menu that the customer asks for again is shown again.
pub(super) fn refuse_repetition(
    pieces: &mut Vec<Piece>,
    conversation: &mut Conversation,
    facts: &Facts<'_>,
) -> Vec<(Piece, Why)> {
    let is_counted = |piece: &Piece| matches!(piece.outcome(), Some(Outcome::Answer | Outcome::Fallback));
    let Some(first) = pieces.iter().position(is_counted) else { return Vec::new() };
    let reply = fingerprint::of(pieces.iter().filter(|piece| is_counted(piece)).map(|piece| &piece.content));
    let said = &mut conversation.session.said;
    if !said.contains(&reply) {
        if said.len() >= REMEMBERED {
            said.drain(..=said.len() - REMEMBERED);
        }
        said.push(reply);
        return Vec::new();
    }
    let mut again = Vec::new();
    let mut at = pieces.len();
    while at > first + 1 {
        at -= 1;
        if is_counted(&pieces[at]) {
            again.push((pieces.remove(at), "the same answer was given before".to_owned()));
        }
    }
    again.reverse();
    say_so_instead(&mut pieces[first], conversation, facts);
    again
}

/// In fewer words where it was said before in this session.
fn say_so_instead(piece: &mut Piece, conversation: &mut Conversation, facts: &Facts<'_>) {
    let (human_word, _) = facts.texts.say(TextKey::HumanWord, conversation.language, &[]);
    let said = |key| {
        let (text, wording) = facts.texts.say(key, conversation.language, &[("human_word", &human_word)]);
        (Outgoing::Text { text }, wording)
    };
    let (mut content, mut wording) = said(TextKey::CareRepeated);
    let fingerprint = fingerprint::of(std::iter::once(&content));
    if conversation.session.said.contains(&fingerprint) {
        (content, wording) = said(TextKey::CareRepeatedAgain);
    } else {
        conversation.session.said.push(fingerprint);
    }
    piece.sheet.changed(Rule::Care, format!("the same answer was given before; in its place: {wording}"));
    piece.content = content;
    piece.author = Author::Host { wording, voice: Voice::Bot };
}

fn is_notice(author: &Author) -> bool {
    let Author::Host { wording, .. } = author else { return false };
    matches!(wording.key, TextKey::CareRepeated | TextKey::CareRepeatedAgain)
}

/// Adds the button for a human to an honest word about repetition.
pub(super) fn offer_human(pieces: &mut [Piece], conversation: &Conversation, facts: &Facts<'_>) {
    for piece in pieces {
        if is_notice(&piece.author) {
            // Its words name the way already: where there is no room for a button, nothing is missing.
            human_path::add_button_to(piece, conversation, facts);
        }
    }
}
