//! From the contract's words to the host's: a verdict is taken over only if it keeps to the sizes that
//! the contract documents. What WhatsApp allows in a message is the gate's to rule on.

use std::collections::BTreeSet;

use santun_core::message::{Location, MediaKind};
use santun_core::outgoing::{Button, MediaSource, Outgoing, Row, Section};
use santun_core::verdict::{Decision, Fact, Failure, HandoverCall, Outcome, Priority, Verdict};

use crate::contract::santun::plugin::types as wit;
use crate::limits::{Exceeded, Limit};

/// Labels, attributes, facts.
const ENTRIES: usize = 16;
/// Bytes of a label or of a fact's name.
const NAME: usize = 64;
/// Bytes of a fact's value, of `why`, of a summary.
const SENTENCE: usize = 512;
/// Messages of a reply.
const MESSAGES: usize = 8;
/// Bytes that a button or a row may come back with.
const OPTION_ID: usize = 200;

type Lifted<T> = Result<T, Failure>;

fn invalid<T>(field: &str, what: &str) -> Lifted<T> {
    let message = format!("the plugin's verdict is not valid: {field} {what}");
    Err(Failure { code: "invalid-verdict".into(), message })
}

fn bounded(field: &str, text: &str, bytes: usize) -> Lifted<()> {
    match text.len() {
        length if length > bytes => invalid(field, &format!("has {length} bytes, at most {bytes} are allowed")),
        _ => Ok(()),
    }
}

fn not_empty(field: &str, text: &str) -> Lifted<()> {
    if text.trim().is_empty() { invalid(field, "is empty") } else { Ok(()) }
}

/// Takes a verdict over.
pub(crate) fn verdict(verdict: wit::Verdict, output_kb: u32) -> Lifted<Verdict> {
    if size(&verdict) > (output_kb as usize) << 10 {
        return Err(Exceeded::new(Limit::OutputKb, output_kb).failure());
    }
    if verdict.labels.len() > ENTRIES {
        return invalid("labels", "has more than 16 entries");
    }
    for label in &verdict.labels {
        not_empty("a label", label)?;
        bounded("a label", label, NAME)?;
    }
    bounded("why", &verdict.why, SENTENCE)?;
    if verdict.confidence.is_some_and(|confidence| !(0.0..=1.0).contains(&confidence)) {
        return invalid("confidence", "is not between 0 and 1");
    }
    Ok(Verdict {
        decision: decision(verdict.decision)?,
        labels: verdict.labels,
        attributes: facts("attributes", verdict.attributes)?,
        facts: facts("facts", verdict.facts)?,
        confidence: verdict.confidence,
        why: verdict.why,
    })
}

fn facts(field: &str, facts: Vec<wit::Fact>) -> Lifted<Vec<Fact>> {
    if facts.len() > ENTRIES {
        return invalid(field, "has more than 16 entries");
    }
    for fact in &facts {
        not_empty(&format!("{field}: a name"), &fact.name)?;
        bounded(&format!("{field}: a name"), &fact.name, NAME)?;
        bounded(&format!("{field}: `{}`", fact.name), &fact.value, SENTENCE)?;
    }
    Ok(facts.into_iter().map(|wit::Fact { name, value }| Fact { name, value }).collect())
}

fn decision(decision: wit::Decision) -> Lifted<Decision> {
    match decision {
        wit::Decision::Pass => Ok(Decision::Pass),
        wit::Decision::Reply(reply) => {
            if reply.messages.is_empty() || reply.messages.len() > MESSAGES {
                return invalid("reply.messages", "must have 1 to 8 messages");
            }
            let outcome = Outcome::from_word(&reply.outcome);
            let messages = reply.messages.into_iter().map(outgoing).collect::<Lifted<_>>()?;
            Ok(Decision::Reply { messages, outcome })
        }
        wit::Decision::Handover(call) => {
            not_empty("handover.reason", &call.reason)?;
            bounded("handover.reason", &call.reason, NAME)?;
            bounded("handover.summary", &call.summary, SENTENCE)?;
            if let Some(division) = &call.division {
                bounded("handover.division", division, NAME)?;
            }
            Ok(Decision::Handover(HandoverCall {
                priority: Priority::from_word(&call.priority),
                division: call.division.filter(|name| !name.is_empty()).map(Into::into),
                facts: facts("handover.facts", call.facts)?,
                reason: call.reason,
                summary: call.summary,
            }))
        }
    }
}

fn outgoing(message: wit::Outgoing) -> Lifted<Outgoing> {
    Ok(match message {
        wit::Outgoing::Text(text) => {
            not_empty("a text", &text)?;
            Outgoing::Text { text }
        }
        wit::Outgoing::Buttons(wit::Buttons { body, footer, buttons }) => {
            not_empty("buttons.body", &body)?;
            if buttons.is_empty() || buttons.len() > 3 {
                return invalid("buttons.buttons", "must have 1 to 3 buttons");
            }
            options("a button", buttons.iter().map(|button| (button.id.as_str(), button.title.as_str())))?;
            let buttons = buttons.into_iter().map(|wit::Button { id, title }| Button { id, title }).collect();
            Outgoing::Buttons { body, footer, buttons }
        }
        wit::Outgoing::Choices(wit::Choices { body, footer, button, sections }) => {
            not_empty("choices.body", &body)?;
            not_empty("choices.button", &button)?;
            let rows: usize = sections.iter().map(|section| section.rows.len()).sum();
            if rows > 10 || sections.is_empty() || sections.iter().any(|section| section.rows.is_empty()) {
                return invalid("choices.sections", "must have sections with 1 to 10 rows in all, none of them empty");
            }
            let all = sections.iter().flat_map(|section| &section.rows);
            options("a row", all.map(|row| (row.id.as_str(), row.title.as_str())))?;
            Outgoing::List { body, footer, button, sections: sections.into_iter().map(section).collect() }
        }
        wit::Outgoing::Media(wit::OutgoingMedia { kind, source, caption, filename }) => {
            Outgoing::Media { media: media_kind(&kind)?, source: media_source(source)?, caption, filename }
        }
        wit::Outgoing::Location(wit::Location { latitude, longitude, name, address }) => {
            if !(-90.0..=90.0).contains(&latitude) || !(-180.0..=180.0).contains(&longitude) {
                return invalid("location", "is nowhere on earth");
            }
            Outgoing::Location(Location { latitude, longitude, name, address })
        }
        wit::Outgoing::Link(wit::Link { body, label, url }) => {
            not_empty("link.body", &body)?;
            not_empty("link.label", &label)?;
            if !url.starts_with("https://") {
                return invalid("link.url", "is not an https address");
            }
            Outgoing::Link { body, label, url }
        }
        wit::Outgoing::AskConsent(purpose) => {
            not_empty("ask-consent", &purpose)?;
            bounded("ask-consent", &purpose, NAME)?;
            Outgoing::AskConsent { purpose: purpose.into() }
        }
    })
}

fn options<'a>(what: &str, options: impl Iterator<Item = (&'a str, &'a str)>) -> Lifted<()> {
    let (mut ids, mut titles) = (BTreeSet::new(), BTreeSet::new());
    for (id, title) in options {
        not_empty(&format!("{what}: the id"), id)?;
        bounded(&format!("{what}: the id"), id, OPTION_ID)?;
        not_empty(&format!("{what}: the title"), title)?;
        if !ids.insert(id) || !titles.insert(title) {
            return invalid(what, "has the id or the title of another one in its message");
        }
    }
    Ok(())
}

fn section(section: wit::Section) -> Section {
    let row = |wit::Row { id, title, description }| Row { id, title, description };
    Section { title: section.title, rows: section.rows.into_iter().map(row).collect() }
}

fn media_kind(kind: &str) -> Lifted<MediaKind> {
    match kind {
        "image" => Ok(MediaKind::Image),
        "audio" => Ok(MediaKind::Audio),
        "video" => Ok(MediaKind::Video),
        "document" => Ok(MediaKind::Document),
        "sticker" => Ok(MediaKind::Sticker),
        _ => invalid("media.kind", "is none of image, audio, video, document, sticker"),
    }
}

fn media_source(source: wit::MediaSource) -> Lifted<MediaSource> {
    match source {
        wit::MediaSource::Url(url) if url.starts_with("https://") => Ok(MediaSource::Url(url)),
        wit::MediaSource::Url(_) => invalid("media.source", "is not an https address"),
        wit::MediaSource::Reference(reference) => match reference.parse() {
            Ok(turn) => Ok(MediaSource::Turn(turn)),
            Err(_) => invalid("media.source", "is not a reference that the host gave out"),
        },
    }
}

/// Bytes of text in a verdict.
fn size(verdict: &wit::Verdict) -> usize {
    fn facts(facts: &[wit::Fact]) -> usize {
        facts.iter().map(|fact| fact.name.len() + fact.value.len()).sum()
    }
    fn optional(text: &Option<String>) -> usize {
        text.as_ref().map_or(0, String::len)
    }
    let outgoing = |message: &wit::Outgoing| match message {
        wit::Outgoing::Text(text) | wit::Outgoing::AskConsent(text) => text.len(),
        wit::Outgoing::Buttons(buttons) => {
            let options: usize = buttons.buttons.iter().map(|button| button.id.len() + button.title.len()).sum();
            buttons.body.len() + optional(&buttons.footer) + options
        }
        wit::Outgoing::Choices(choices) => {
            let row = |row: &wit::Row| row.id.len() + row.title.len() + optional(&row.description);
            let section =
                |section: &wit::Section| optional(&section.title) + section.rows.iter().map(row).sum::<usize>();
            let rows: usize = choices.sections.iter().map(section).sum();
            choices.body.len() + optional(&choices.footer) + choices.button.len() + rows
        }
        wit::Outgoing::Media(media) => {
            let (wit::MediaSource::Url(source) | wit::MediaSource::Reference(source)) = &media.source;
            source.len() + media.kind.len() + optional(&media.caption) + optional(&media.filename)
        }
        wit::Outgoing::Location(place) => optional(&place.name) + optional(&place.address),
        wit::Outgoing::Link(link) => link.body.len() + link.label.len() + link.url.len(),
    };
    let decision = match &verdict.decision {
        wit::Decision::Pass => 0,
        wit::Decision::Reply(reply) => reply.outcome.len() + reply.messages.iter().map(outgoing).sum::<usize>(),
        wit::Decision::Handover(call) => {
            call.reason.len() + call.priority.len() + optional(&call.division) + call.summary.len() + facts(&call.facts)
        }
    };
    let labels: usize = verdict.labels.iter().map(String::len).sum();
    decision + labels + facts(&verdict.attributes) + facts(&verdict.facts) + verdict.why.len()
}

#[cfg(test)]
mod tests;
