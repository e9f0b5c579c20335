//! Rule 6, promises: waiting times, opening hours and "an agent is coming" come from the office's real
//! state, and only placeholders and the host's own words carry them.
//!
//! Source: a house rule, from the promises of other systems that nobody keeps. It binds the bot; the
//! host's own words are made from what is true, so that plugins are whom it reads.
//!
//! A sentence that promises by itself is taken out; one that states opening hours gives way to the true
//! ones. Where nothing would be left, or a label rather than a sentence promises, the message is refused.

use super::parts::{Part, texts_mut};
use super::piece::{Piece, Why};
use super::words::sentences;
use crate::conversation::Conversation;
use crate::draft::Author;
use crate::facts::Facts;
use crate::language::Language;
use crate::texts::TextKey;
use crate::trace::Rule;

mod detect;

pub(crate) use detect::Promise;

const HOURS: &str = "office.hours";
const NEXT_OPENING: &str = "office.next-opening";
const WAIT: &str = "queue.wait";

/// Takes out what was promised, and fills placeholders with what is true.
pub(super) fn rule(piece: &mut Piece, conversation: &Conversation, facts: &Facts<'_>) -> Result<(), Why> {
    if !matches!(piece.author, Author::Plugin { .. }) {
        return Ok(());
    }
    let mut taken_out = None;
    let mut filled = false;
    for (part, text) in texts_mut(&mut piece.content) {
        if let Some(promise) = take_out(part, text, conversation.language, facts)? {
            taken_out = Some(promise);
        }
        filled |= fill(text, conversation, facts)?;
    }
    if let Some(promise) = taken_out {
        piece.sheet.changed(Rule::Promises, format!("a sentence that {} was taken out", promise.in_words()));
    }
    if filled {
        piece.sheet.changed(Rule::Promises, "placeholders filled");
    }
    Ok(())
}

/// The sentences of a text that promise what only the host can know, with what each promises.
pub(crate) fn promised(text: &str) -> impl Iterator<Item = (&str, Promise)> {
    sentences(text).into_iter().filter_map(|sentence| Some((sentence.trim(), detect::promise(sentence)?)))
}

/// Takes out the sentences that promise; what the last of them promised.
fn take_out(part: Part, text: &mut String, language: Language, facts: &Facts<'_>) -> Result<Option<Promise>, Why> {
    let mut found = None;
    let mut kept = String::new();
    let mut hours_said = false;
    for sentence in sentences(text) {
        let Some(promise) = detect::promise(sentence) else {
            kept.push_str(sentence);
            continue;
        };
        if part == Part::Label {
            return Err(format!("a label {}", promise.in_words()));
        }
        if promise == Promise::Hours && !std::mem::replace(&mut hours_said, true) {
            kept.push_str(&true_hours(language, facts));
            kept.push_str(&sentence[sentence.trim_end().len()..]);
        }
        found = Some(promise);
    }
    let Some(promise) = found else { return Ok(None) };
    let kept = kept.trim();
    if kept.is_empty() {
        return Err(format!("it {}; a handover lets the host say what is true", promise.in_words()));
    }
    *text = kept.to_owned();
    Ok(Some(promise))
}

fn true_hours(language: Language, facts: &Facts<'_>) -> String {
    let hours = facts.bot.office.describe_hours(language);
    match language {
        Language::Id => format!("Jam buka kami: {hours}."),
        Language::En => format!("Our opening hours: {hours}."),
    }
}

/// Fills the placeholders of a text; whether there were any.
fn fill(text: &mut String, conversation: &Conversation, facts: &Facts<'_>) -> Result<bool, Why> {
    if !text.contains('{') {
        return Ok(false);
    }
    let mut filled = String::with_capacity(text.len() + 32);
    let mut rest = text.as_str();
    let mut any = false;
    while let Some(open) = rest.find('{') {
        filled.push_str(&rest[..open]);
        rest = &rest[open..];
        let Some(name) = placeholder(rest) else {
            filled.push('{');
            rest = &rest[1..];
            continue;
        };
        let Some(value) = value(name, conversation, facts) else {
            return Err(format!("there is no placeholder `{{{name}}}`; {}", known()));
        };
        filled.push_str(&value);
        rest = &rest[name.len() + 2..];
        any = true;
    }
    filled.push_str(rest);
    *text = filled;
    Ok(any)
}

/// Which placeholders there are, as the end of a sentence.
pub(super) fn known() -> String {
    format!("there are {{{HOURS}}}, {{{NEXT_OPENING}}} and {{{WAIT}}}")
}

/// Whether it is a placeholder that the host fills.
pub(super) fn is_placeholder_of_ours(name: &str) -> bool {
    [HOURS, NEXT_OPENING, WAIT].contains(&name)
}

/// The names of the placeholders in a text, whoever fills them.
pub(super) fn placeholders(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices('{').filter_map(|(at, _)| placeholder(&text[at..]))
}

/// The name of the placeholder that the text begins with. Braces around anything else are just braces.
fn placeholder(text: &str) -> Option<&str> {
    let (name, _) = text.strip_prefix('{')?.split_once('}')?;
    let first = name.bytes().next()?;
    let is_name = name.len() <= 40
        && first.is_ascii_alphabetic()
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte));
    is_name.then_some(name)
}

fn value(name: &str, conversation: &Conversation, facts: &Facts<'_>) -> Option<String> {
    let language = conversation.language;
    let office = &facts.bot.office;
    let view = facts.office_of(conversation);
    match name {
        HOURS => Some(office.describe_hours(language)),
        NEXT_OPENING => Some(match (view.open, view.next_opening) {
            (true, _) => if language == Language::Id { "sekarang" } else { "now" }.to_owned(),
            (false, Some(at)) => office.describe_time(at, facts.now, language),
            (false, None) => {
                if language == Language::Id { "waktu yang belum pasti" } else { "a time not yet known" }.to_owned()
            }
        }),
        WAIT => {
            // A wait that was measured says nothing while nobody is there.
            let measured = view.wait_minutes.filter(|_| view.open && view.agents_present > 0);
            Some(match measured {
                Some(minutes) => facts.texts.wait(minutes, language),
                None => facts.texts.say(TextKey::WaitUnknown, language, &[]).0,
            })
        }
        _ => None,
    }
}
