//! What a customer (or a human of the business, from the phone app) can send, and its form in webhooks.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::error::ControlError;
use super::samples;
use crate::chat::Chat;
use crate::customers::Preference;
use crate::emulator::Emulator;
use crate::media::{Media, Origin};

/// A text, as a string or as the Cloud API has it.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Text {
    Plain(String),
    Object { body: String },
}

impl Text {
    fn body(&self) -> &str {
        match self {
            Self::Plain(body) | Self::Object { body } => body,
        }
    }
}

/// A file: uploaded before, or a sample if no id is given.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct File {
    id: Option<String>,
    caption: Option<String>,
    filename: Option<String>,
}

/// The content of a message.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Content {
    Text {
        text: Text,
    },
    Image(File),
    Video(File),
    Audio(File),
    /// A voice note: audio that was recorded in the chat.
    Voice(File),
    Document(File),
    Sticker(File),
    Location {
        latitude: f64,
        longitude: f64,
        name: Option<String>,
        address: Option<String>,
    },
    Contacts {
        contacts: Option<Value>,
    },
    /// No or an empty emoji takes the reaction back.
    Reaction {
        message_id: String,
        emoji: Option<String>,
    },
    ButtonReply {
        id: String,
        title: String,
    },
    ListReply {
        id: String,
        title: String,
        description: Option<String>,
    },
    /// The answer button of a template.
    TemplateButton {
        text: String,
        payload: Option<String>,
    },
    /// A filled-in form (`nfm_reply`). A string is passed on as it is, so that a malformed answer can be tried.
    FormReply {
        response: Value,
    },
    Order {
        catalog_id: Option<String>,
        text: Option<String>,
        items: Option<Value>,
    },
    /// Something that WhatsApp does not pass on, such as a poll.
    Unsupported,
    Edit {
        message_id: String,
        text: Text,
    },
    Revoke {
        message_id: String,
    },
    /// The customer moved to another number. Their user id changes with it.
    NumberChange {
        phone: String,
    },
    /// Only the user id changed.
    UserIdChange,
    /// WhatsApp's own setting for marketing messages.
    MarketingPreference {
        value: Preference,
    },
    /// Any other type, with its content as given.
    Other {
        kind: String,
        content: Value,
    },
}

impl Content {
    /// The members that say what the message is: `type` and what belongs to it.
    pub(super) fn members(&self, emulator: &Emulator) -> Result<Map<String, Value>, ControlError> {
        let (kind, content) = match self {
            Self::Text { text } => ("text", json!({ "body": text.body() })),
            Self::Image(file) => ("image", self.file(file, emulator)?),
            Self::Video(file) => ("video", self.file(file, emulator)?),
            Self::Audio(file) | Self::Voice(file) => ("audio", self.file(file, emulator)?),
            Self::Document(file) => ("document", self.file(file, emulator)?),
            Self::Sticker(file) => ("sticker", self.file(file, emulator)?),
            Self::Location { latitude, longitude, name, address } => {
                let mut location = json!({ "latitude": latitude, "longitude": longitude });
                put(&mut location, "name", name.as_deref());
                put(&mut location, "address", address.as_deref());
                ("location", location)
            }
            Self::Contacts { contacts } => ("contacts", contacts.clone().unwrap_or_else(samples::contacts)),
            Self::Reaction { message_id, emoji } => {
                let mut reaction = json!({ "message_id": message_id });
                put(&mut reaction, "emoji", emoji.as_deref().filter(|emoji| !emoji.is_empty()));
                ("reaction", reaction)
            }
            Self::ButtonReply { id, title } => {
                ("interactive", json!({ "type": "button_reply", "button_reply": { "id": id, "title": title } }))
            }
            Self::ListReply { id, title, description } => {
                let mut reply = json!({ "id": id, "title": title });
                put(&mut reply, "description", description.as_deref());
                ("interactive", json!({ "type": "list_reply", "list_reply": reply }))
            }
            Self::TemplateButton { text, payload } => {
                ("button", json!({ "text": text, "payload": payload.as_deref().unwrap_or(text) }))
            }
            Self::FormReply { response } => {
                let response = match response {
                    Value::String(text) => text.clone(),
                    other => other.to_string(),
                };
                let reply = json!({ "name": "flow", "body": "Sent", "response_json": response });
                ("interactive", json!({ "type": "nfm_reply", "nfm_reply": reply }))
            }
            Self::Order { catalog_id, text, items } => {
                let order = json!({
                    "catalog_id": catalog_id.as_deref().unwrap_or("194836987003835"),
                    "text": text.as_deref().unwrap_or_default(),
                    "product_items": items.clone().unwrap_or_else(samples::order_items),
                });
                ("order", order)
            }
            Self::Unsupported => return Ok(unsupported()),
            Self::Edit { message_id, text } => {
                let message = json!({ "type": "text", "text": { "body": text.body() } });
                ("edit", json!({ "original_message_id": message_id, "message": message }))
            }
            Self::Revoke { message_id } => ("revoke", json!({ "original_message_id": message_id })),
            Self::Other { kind, content } => (kind.as_str(), content.clone()),
            Self::NumberChange { .. } | Self::UserIdChange | Self::MarketingPreference { .. } => {
                return Err(ControlError::Invalid("only a customer can do this, with `send`".into()));
            }
        };
        let mut members = Map::with_capacity(6);
        members.insert("type".into(), kind.into());
        members.insert(kind.into(), content);
        Ok(members)
    }

    /// Does to the chat what a reaction, an edit or a revocation does. Whether the message stands in the chat itself.
    pub(super) fn amend(&self, chat: &mut Chat) -> Amended {
        match self {
            Self::Reaction { message_id, emoji } => {
                let emoji = emoji.as_deref().filter(|emoji| !emoji.is_empty());
                chat.change(message_id, |entry| entry.reaction = emoji.map(Into::into));
                Amended::AndStands
            }
            Self::Edit { message_id, text } => {
                chat.change(message_id, |entry| entry.edited = Some(text.body().into()));
                Amended::Only
            }
            Self::Revoke { message_id } => {
                chat.change(message_id, |entry| entry.revoked = true);
                Amended::Only
            }
            _ => Amended::AndStands,
        }
    }

    fn file(&self, file: &File, emulator: &Emulator) -> Result<Value, ControlError> {
        let media = match &file.id {
            Some(id) => emulator.media.get(id, emulator.clock.now_ms()).ok_or(ControlError::Unknown("file"))?,
            None => self.sample(emulator),
        };
        let mut content = described(&media);
        put(&mut content, "caption", file.caption.as_deref());
        match self {
            Self::Document(_) => {
                let name = file.filename.as_deref().or(media.filename.as_deref()).unwrap_or("dokumen");
                content["filename"] = name.into();
            }
            Self::Voice(_) => content["voice"] = true.into(),
            Self::Audio(_) => content["voice"] = false.into(),
            Self::Sticker(_) => content["animated"] = false.into(),
            _ => {}
        }
        Ok(content)
    }

    fn sample(&self, emulator: &Emulator) -> Media {
        let (bytes, mime_type, name) = match self {
            Self::Voice(_) | Self::Audio(_) => (samples::voice(), "audio/ogg; codecs=opus", None),
            Self::Document(_) => (samples::document(), "application/pdf", Some("bukti-transfer.pdf".to_owned())),
            Self::Sticker(_) => (samples::sticker(), "image/webp", None),
            Self::Video(_) => (samples::video(), "video/mp4", None),
            _ => (samples::image(), "image/png", None),
        };
        emulator.media.put(bytes, mime_type, name, Origin::Customer, emulator.clock.now_ms())
    }
}

/// What a message did to a chat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Amended {
    /// It changed another entry and is none of its own.
    Only,
    /// It is an entry.
    AndStands,
}

fn described(media: &Media) -> Value {
    use base64::Engine as _;
    json!({
        "id": media.id,
        "mime_type": media.mime_type,
        "sha256": base64::engine::general_purpose::STANDARD.encode(media.sha256),
    })
}

fn unsupported() -> Map<String, Value> {
    let error = json!({
        "code": 131_051,
        "title": "Message type unknown",
        "message": "Message type unknown",
        "error_data": { "details": "Message type is currently not supported." },
    });
    let mut members = Map::new();
    members.insert("type".into(), "unsupported".into());
    members.insert("errors".into(), json!([error]));
    members
}

fn put(object: &mut Value, name: &str, text: Option<&str>) {
    if let Some(text) = text {
        object[name] = text.into();
    }
}
