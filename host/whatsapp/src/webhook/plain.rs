//! The quick way for what nearly all webhooks are: messages of kinds that we know, and statuses, in the
//! documented frame. One pass over the bytes, nothing copied but what is kept.
//!
//! It reads all of a body or none of it; it never decides what becomes of anything unusual.

use santun_core::ids::ChannelId;
use santun_core::webhook::Update;
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::people::People;
use super::scalar::Scalar;
use super::wire::{WireContact, WireMessage, WireMetadata, WireStatus};
use super::{Place, read_message, status};

#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow, default)]
    object: Scalar<'a>,
    #[serde(borrow)]
    entry: Vec<Entry<'a>>,
}

#[derive(Deserialize)]
struct Entry<'a> {
    #[serde(borrow)]
    changes: Vec<Change<'a>>,
}

#[derive(Deserialize)]
struct Change<'a> {
    #[serde(borrow)]
    field: Scalar<'a>,
    #[serde(borrow)]
    value: Value<'a>,
}

#[derive(Deserialize)]
struct Value<'a> {
    #[serde(borrow)]
    metadata: WireMetadata<'a>,
    #[serde(borrow, default)]
    contacts: Vec<WireContact<'a>>,
    #[serde(borrow, default)]
    messages: Vec<WireMessage<'a>>,
    #[serde(borrow, default)]
    statuses: Vec<WireStatus<'a>>,
    errors: Option<IgnoredAny>,
}

/// Reads a body that holds nothing but plain messages and statuses. None if it holds anything else.
pub(super) fn read(body: &str) -> Option<Vec<Update>> {
    // Serde would take the elements of a list for an object's fields.
    if !body.trim_ascii_start().starts_with('{') {
        return None;
    }
    let envelope: Envelope<'_> = serde_json::from_str(body).ok()?;
    if envelope.object.get() != Some("whatsapp_business_account") {
        return None;
    }
    let mut updates = Vec::new();
    for change in envelope.entry.into_iter().flat_map(|entry| entry.changes) {
        let value = (change.field.get() == Some("messages")).then_some(change.value)?;
        let is_empty = value.messages.is_empty() && value.statuses.is_empty();
        if is_empty || value.errors.is_some() {
            return None;
        }
        let channel = ChannelId::from(value.metadata.phone_number_id.get()?);
        let place = Place { channel, people: People::of(value.contacts) };
        updates.reserve(value.messages.len() + value.statuses.len());
        for message in value.messages {
            updates.push(read_message(message, None, &place)?);
        }
        for status in value.statuses {
            updates.push(Update::Status(status::read(status, &place.channel)?));
        }
    }
    Some(updates)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::super::parse_carefully;

    #[test]
    fn the_quick_way_reads_what_the_careful_way_reads() {
        let mut quick = Vec::new();
        for file in fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/payloads")).unwrap() {
            let path = file.unwrap().path();
            let body = fs::read_to_string(&path).unwrap();
            let Some(updates) = super::read(&body) else { continue };
            assert_eq!(Ok(updates), parse_carefully(&body), "{}", path.display());
            quick.push(path.file_stem().unwrap().to_str().unwrap().to_owned());
        }
        for usual in ["text", "image", "voice_note", "button_reply", "list_reply", "location", "reaction", "order"] {
            assert!(quick.iter().any(|name| name == usual), "{usual} is read slowly");
        }
    }
}
