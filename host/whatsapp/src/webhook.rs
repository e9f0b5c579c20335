//! A webhook's body, read into updates in our own words.
//!
//! One body may hold a thousand updates of many numbers. Each is read by itself: what is malformed or
//! unknown is kept as it came and never costs its neighbours. Only a body that is not a JSON object is
//! an error.

mod content;
mod frame;
mod people;
mod plain;
mod rest;
mod scalar;
mod status;
mod system;
mod template;
mod wire;

use santun_core::identity::Wamid;
use santun_core::ids::ChannelId;
use santun_core::message::Arrival;
use santun_core::webhook::{Echo, Update};
use serde_json::value::RawValue;

use frame::Sender;
use people::{People, identity_of};
pub(crate) use scalar::Scalar;
use wire::{WireMessage, WirePreference, WireValue};

/// Why a body cannot be read at all. It says nothing of what the body holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WebhookError {
    /// The bytes are no UTF-8 or no JSON.
    #[error("the webhook's body is not JSON")]
    NotJson,
    /// It is JSON, but not an object.
    #[error("the webhook's body is JSON, but not an object")]
    NotAnObject,
}

/// Reads a webhook's body, in the order in which it lists its updates.
///
/// # Errors
/// [`WebhookError`] if the body is no JSON object; everything else is an update.
pub fn parse(raw: &[u8]) -> Result<Vec<Update>, WebhookError> {
    let body = std::str::from_utf8(raw).map_err(|_| WebhookError::NotJson)?;
    match plain::read(body) {
        Some(updates) => Ok(updates),
        None => parse_carefully(body),
    }
}

/// Reads a body that holds anything but plain messages and statuses, update by update.
fn parse_carefully(body: &str) -> Result<Vec<Update>, WebhookError> {
    let mut updates = Vec::new();
    frame::walk(body, &mut updates)?;
    Ok(updates)
}

/// Reads the value of one field.
fn read_change(field: &str, value: &RawValue, sender: &Sender<'_>, updates: &mut Vec<Update>) {
    match field {
        "messages" => read_value(field, value, updates, read_messages),
        "smb_message_echoes" => read_value(field, value, updates, read_echoes),
        "user_preferences" => read_value(field, value, updates, read_preferences),
        "message_template_status_update" => {
            updates.push(template::read(value, sender).unwrap_or_else(|| kept(None, field.to_owned(), value)));
        }
        // `standby` too: while Meta's own agent has the thread, its messages are not ours to answer.
        _ => updates.push(kept(frame::channel_of(value), word(field).to_owned(), value)),
    }
}

/// What the updates of one value share.
struct Place<'a> {
    channel: ChannelId,
    people: People<'a>,
}

fn read_value<'a>(
    field: &str,
    raw: &'a RawValue,
    updates: &mut Vec<Update>,
    read: impl FnOnce(WireValue<'a>, &Place<'a>, &mut Vec<Update>),
) {
    let Some(value) = frame::object::<WireValue<'a>>(raw) else {
        updates.push(kept(frame::channel_of(raw), field.to_owned(), raw));
        return;
    };
    let Some(channel) = value.metadata.as_ref().and_then(|metadata| metadata.phone_number_id.get()) else {
        updates.push(kept(None, field.to_owned(), raw));
        return;
    };
    let place = Place { channel: ChannelId::from(channel), people: People::read(value.contacts) };

    let before = updates.len();
    read(value, &place, updates);
    if updates.len() == before {
        updates.push(kept(Some(place.channel), field.to_owned(), raw));
    }
}

fn read_messages<'a>(value: WireValue<'a>, place: &Place<'a>, updates: &mut Vec<Update>) {
    updates.reserve(value.messages.as_ref().map_or(0, Vec::len) + value.statuses.as_ref().map_or(0, Vec::len));
    for raw in value.messages.unwrap_or_default() {
        let message = whole(raw, |raw| read_message(frame::object(raw)?, Some(raw), place));
        updates.push(message.unwrap_or_else(|| kept(Some(place.channel.clone()), label("messages", raw), raw)));
    }
    for raw in value.statuses.unwrap_or_default() {
        let status = frame::object(raw).and_then(|status| status::read(status, &place.channel)).map(Update::Status);
        updates.push(status.unwrap_or_else(|| kept(Some(place.channel.clone()), "messages/statuses".to_owned(), raw)));
    }
    if let Some(raw) = value.errors {
        updates.push(kept(Some(place.channel.clone()), "messages/errors".to_owned(), raw));
    }
}

/// `raw` is the message as it came; without it, a kind that we have no words for is not read.
fn read_message(message: WireMessage<'_>, raw: Option<&RawValue>, place: &Place<'_>) -> Option<Update> {
    if let Some(system) = message.system.as_ref().filter(|system| system::tells_of_a_change(system)) {
        return system::read(&message, system, &place.channel);
    }
    let mut sender = identity_of(&message.from, &message.from_user_id, &message.from_parent_user_id);
    let name = place.people.complete(&mut sender);
    if sender.is_empty() {
        return None;
    }
    let wamid = Wamid::new(message.id.get()?);
    let sent_at = message.timestamp.time()?;
    let group = message.group_id.get().map(str::to_owned);
    let said = content::read(message, raw)?;
    Some(Update::Message(Arrival {
        channel: place.channel.clone(),
        sender,
        name,
        wamid,
        sent_at,
        quotes: said.quotes,
        body: said.body,
        group,
    }))
}

fn read_echoes<'a>(value: WireValue<'a>, place: &Place<'a>, updates: &mut Vec<Update>) {
    for raw in value.message_echoes.unwrap_or_default() {
        let echo = whole(raw, |raw| read_echo(frame::object(raw)?, raw, place));
        let field = || label("smb_message_echoes", raw);
        updates.push(echo.unwrap_or_else(|| kept(Some(place.channel.clone()), field(), raw)));
    }
}

fn read_echo(message: WireMessage<'_>, raw: &RawValue, place: &Place<'_>) -> Option<Update> {
    let mut to = identity_of(&message.to, &message.to_user_id, &message.to_parent_user_id);
    let name = place.people.complete(&mut to);
    // What the business writes into a group says nothing about any one conversation.
    if to.is_empty() || message.group_id.get().is_some() {
        return None;
    }
    let wamid = Wamid::new(message.id.get()?);
    let sent_at = message.timestamp.time()?;
    let body = content::read(message, Some(raw))?.body;
    Some(Update::Echo(Echo { channel: place.channel.clone(), to, name, wamid, sent_at, body }))
}

fn read_preferences<'a>(value: WireValue<'a>, place: &Place<'a>, updates: &mut Vec<Update>) {
    for raw in value.user_preferences.unwrap_or_default() {
        let preference = read_preference(raw, place);
        let field = || "user_preferences/unknown".to_owned();
        updates.push(preference.unwrap_or_else(|| kept(Some(place.channel.clone()), field(), raw)));
    }
}

fn read_preference(raw: &RawValue, place: &Place<'_>) -> Option<Update> {
    let preference: WirePreference<'_> = frame::object(raw)?;
    if preference.category.get() != Some("marketing_messages") {
        return None;
    }
    let wanted = match preference.value.get()? {
        "resume" => true,
        "stop" => false,
        _ => return None,
    };
    let mut who = identity_of(&preference.wa_id, &preference.user_id, &preference.parent_user_id);
    place.people.complete(&mut who);
    if who.is_empty() {
        return None;
    }
    Some(Update::Preference { channel: place.channel.clone(), who, wanted, at: preference.timestamp.time()? })
}

/// Reads one update, once more with broken surrogates mended if it cannot be read as it is: WhatsApp
/// sometimes cuts a text in the middle of an emoji.
fn whole(raw: &RawValue, read: impl Fn(&RawValue) -> Option<Update>) -> Option<Update> {
    read(raw).or_else(|| {
        let mended = RawValue::from_string(frame::mend_surrogates(raw.get())?).ok()?;
        read(&mended)
    })
}

/// The name under which a message that cannot be read is kept.
fn label(field: &str, raw: &RawValue) -> String {
    format!("{field}/{}", frame::kind_of(raw).as_deref().map_or("unknown", word))
}

/// `text` if it is a plain word, fit for a label; otherwise `unknown`.
fn word(text: &str) -> &str {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-');
    if is_plain && !text.is_empty() && text.len() <= 64 { text } else { "unknown" }
}

fn kept(channel: Option<ChannelId>, field: String, raw: &RawValue) -> Update {
    Update::Kept { channel, field, json: raw.get().to_owned() }
}
