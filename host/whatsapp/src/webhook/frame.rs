//! The frame around a webhook's values: accounts, changes, fields.

use santun_core::ids::ChannelId;
use santun_core::time::Timestamp;
use santun_core::webhook::Update;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::scalar::Scalar;
use super::wire::{WireChange, WireEnvelope, WireMetadata};
use super::{WebhookError, kept, read_change, word};

/// What webhooks of WhatsApp name as their object.
const OBJECT: &str = "whatsapp_business_account";

/// Reads an object. A list is none, though serde would take its elements for the fields in their order.
pub(super) fn object<'a, T: Deserialize<'a>>(raw: &'a RawValue) -> Option<T> {
    if raw.get().starts_with('{') { serde_json::from_str(raw.get()).ok() } else { None }
}

/// Reads every change of `body` in its order.
pub(super) fn walk(body: &str, updates: &mut Vec<Update>) -> Result<(), WebhookError> {
    let is_object = body.trim_ascii_start().starts_with('{');
    match serde_json::from_str::<WireEnvelope<'_>>(body) {
        Ok(envelope) if is_object && envelope.object.get().is_none_or(|object| object == OBJECT) => {
            for entry in envelope.entry {
                let sender = Sender { account: entry.id.get(), at: entry.time.time() };
                entry.changes.into_iter().for_each(|change| read(change, &sender, updates));
            }
            Ok(())
        }
        Ok(_) | Err(_) => walk_unusual(body, updates),
    }
}

/// Whose webhook it is.
pub(super) struct Sender<'a> {
    /// Meta's id of the business account.
    pub(super) account: Option<&'a str>,
    /// When it was made, by Meta's clock.
    pub(super) at: Option<Timestamp>,
}

fn read(change: WireChange<'_>, sender: &Sender<'_>, updates: &mut Vec<Update>) {
    read_change(change.field.get().unwrap_or("unknown"), change.value, sender, updates);
}

/// Reads a body whose frame is not as documented, as far as it goes.
fn walk_unusual(body: &str, updates: &mut Vec<Update>) -> Result<(), WebhookError> {
    #[derive(Deserialize)]
    struct Body<'a> {
        #[serde(borrow)]
        object: Option<&'a RawValue>,
        #[serde(borrow)]
        entry: Option<&'a RawValue>,
    }
    #[derive(Deserialize)]
    struct Entry<'a> {
        #[serde(borrow)]
        id: Option<&'a RawValue>,
        #[serde(borrow)]
        time: Option<&'a RawValue>,
        #[serde(borrow)]
        changes: Vec<&'a RawValue>,
    }

    let raw: &RawValue = serde_json::from_str(body).map_err(|_| WebhookError::NotJson)?;
    if !raw.get().starts_with('{') {
        return Err(WebhookError::NotAnObject);
    }
    let Ok(frame) = serde_json::from_str::<Body<'_>>(raw.get()) else {
        updates.push(kept(None, "envelope".to_owned(), raw));
        return Ok(());
    };
    let named = scalar_of(frame.object);
    if let Some(object) = named.get().filter(|object| *object != OBJECT) {
        updates.push(kept(None, format!("envelope/{}", word(object)), raw));
        return Ok(());
    }
    let Some(entries) = frame.entry.and_then(|entry| serde_json::from_str::<Vec<&RawValue>>(entry.get()).ok()) else {
        updates.push(kept(None, "envelope".to_owned(), raw));
        return Ok(());
    };

    for raw in entries {
        let Some(entry) = object::<Entry<'_>>(raw) else {
            updates.push(kept(None, "envelope/entry".to_owned(), raw));
            continue;
        };
        let (id, time) = (scalar_of(entry.id), scalar_of(entry.time));
        let sender = Sender { account: id.get(), at: time.time() };
        for raw in entry.changes {
            match object::<WireChange<'_>>(raw) {
                Some(change) => read(change, &sender, updates),
                None => updates.push(kept(None, "envelope/change".to_owned(), raw)),
            }
        }
    }
    Ok(())
}

/// What a member says that may be of any shape; nothing if it is no single value.
fn scalar_of(member: Option<&RawValue>) -> Scalar<'_> {
    member.and_then(|member| serde_json::from_str(member.get()).ok()).unwrap_or_default()
}

/// The number that a value names, if it names one.
pub(super) fn channel_of(value: &RawValue) -> Option<ChannelId> {
    #[derive(Deserialize)]
    struct Value<'a> {
        #[serde(borrow)]
        metadata: Option<WireMetadata<'a>>,
    }
    object::<Value<'_>>(value)?.metadata?.phone_number_id.get().map(ChannelId::from)
}

/// What kind of message it says to be, if it says so.
pub(super) fn kind_of(message: &RawValue) -> Option<String> {
    #[derive(Deserialize)]
    struct Message<'a> {
        #[serde(borrow, default, rename = "type")]
        kind: Scalar<'a>,
    }
    object::<Message<'_>>(message)?.kind.owned()
}

/// `json` with every half of a surrogate pair that stands alone replaced by the replacement character.
/// None if there is none.
pub(super) fn mend_surrogates(json: &str) -> Option<String> {
    let mut mended = String::new();
    let mut copied = 0;
    let mut position = 0;
    let bytes = json.as_bytes();
    while let Some(&byte) = bytes.get(position) {
        if byte != b'\\' {
            position += 1;
            continue;
        }
        let Some(unit) = unit_at(bytes, position) else {
            // An escape of two characters.
            position += 2;
            continue;
        };
        let is_pair = (0xD800..0xDC00).contains(&unit)
            && unit_at(bytes, position + 6).is_some_and(|low| (0xDC00..0xE000).contains(&low));
        if is_pair {
            position += 12;
            continue;
        }
        if (0xD800..0xE000).contains(&unit) {
            mended.push_str(&json[copied..position]);
            mended.push_str("\\ufffd");
            copied = position + 6;
        }
        position += 6;
    }
    if copied == 0 {
        return None;
    }
    mended.push_str(&json[copied..]);
    Some(mended)
}

/// The code unit that `\uXXXX` at `position` stands for.
fn unit_at(bytes: &[u8], position: usize) -> Option<u16> {
    let escape = bytes.get(position..position + 6)?;
    let digits = escape.strip_prefix(b"\\u")?;
    // `from_str_radix` would take a sign.
    if !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::mend_surrogates;

    #[test]
    fn half_an_emoji_becomes_the_replacement_character() {
        assert_eq!(mend_surrogates(r#""Halo \ud83d""#).unwrap(), r#""Halo \ufffd""#);
        assert_eq!(mend_surrogates(r#""\udc4d\ud83d\ud83d\udc4d""#).unwrap(), r#""\ufffd\ufffd\ud83d\udc4d""#);
    }

    #[test]
    fn whole_emoji_and_escaped_backslashes_stay() {
        assert_eq!(mend_surrogates(r#""\ud83d\udc4d \\ud83d \n""#), None);
    }
}
