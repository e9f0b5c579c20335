//! WhatsApp's rules for what a business may send, written from Meta's documentation and nothing else, so that no
//! mistake is shared with a client under test.

mod contacts;
mod fields;
mod interactive;
mod media;
mod template;

use serde_json::Value;

use crate::customers;
use crate::graph::error::GraphError;
use crate::media::MediaKind;
pub(crate) use fields::Fields;

/// The most characters of a text message.
const TEXT: usize = 4_096;
/// The most characters of `biz_opaque_callback_data`.
const CALLBACK: usize = 512;

/// Whom a send is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Recipient {
    /// Digits, and the number as written.
    Phone { digits: String, input: String },
    /// A business-scoped user id.
    UserId(String),
}

impl Recipient {
    /// The key that finds the customer.
    pub(crate) fn key(&self) -> &str {
        match self {
            Self::Phone { digits, .. } => digits,
            Self::UserId(user_id) => user_id,
        }
    }
}

/// A request to `/messages` that keeps every rule that can be checked without knowing the customer.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Request<'a> {
    /// A message.
    Send(Send<'a>),
    /// "I have read this", perhaps with "and I am typing".
    Read { message_id: &'a str, typing: bool },
}

/// A valid message.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Send<'a> {
    pub(crate) recipient: Recipient,
    /// The name of the member that holds the content.
    pub(crate) kind: &'a str,
    /// The content.
    pub(crate) content: &'a Value,
    /// The message that it answers.
    pub(crate) quotes: Option<&'a str>,
    /// To be echoed in statuses.
    pub(crate) callback: Option<&'a str>,
    /// Uploaded files that it uses, with what they are used as.
    pub(crate) media: Vec<(MediaKind, &'a str)>,
}

/// Reads and checks the body of a request to `/messages`.
pub(crate) fn request(body: &Value) -> Result<Request<'_>, GraphError> {
    let fields = Fields::root(body)?;
    match fields.text("messaging_product")? {
        Some("whatsapp") => {}
        Some(_) => return Err(GraphError::explained(100, "messaging_product must be \"whatsapp\"")),
        None => return Err(GraphError::required("messaging_product")),
    }
    if let Some(status) = fields.text("status")? {
        return read_receipt(&fields, status);
    }
    let recipient = recipient(&fields)?;
    let kind = fields.text("type")?.unwrap_or("text");
    let mut media = Vec::new();
    let content = content(&fields, kind, &mut media)?;
    Ok(Request::Send(Send {
        recipient,
        kind,
        content,
        quotes: quotes(&fields)?,
        callback: fields.text_up_to("biz_opaque_callback_data", CALLBACK)?,
        media,
    }))
}

fn read_receipt<'a>(fields: &Fields<'a>, status: &str) -> Result<Request<'a>, GraphError> {
    if status != "read" {
        return Err(GraphError::explained(100, "status must be \"read\""));
    }
    let message_id = fields.required_text("message_id", usize::MAX)?;
    let typing = match fields.object("typing_indicator")? {
        Some(indicator) => match indicator.text("type")? {
            Some("text") => true,
            _ => return Err(GraphError::explained(100, "typing_indicator.type must be \"text\"")),
        },
        None => false,
    };
    Ok(Request::Read { message_id, typing })
}

fn recipient(fields: &Fields<'_>) -> Result<Recipient, GraphError> {
    match fields.text("recipient_type")? {
        None | Some("individual") => {}
        Some("group") => return Err(GraphError::explained(131_051, "Groups are not emulated")),
        Some(_) => return Err(GraphError::explained(100, "recipient_type must be one of individual, group")),
    }
    let to = match fields.value("to") {
        // A number may come as a JSON number.
        Some(Value::Number(number)) => Some(number.to_string()),
        _ => fields.text("to")?.filter(|to| !to.is_empty()).map(str::to_owned),
    };
    if let Some(input) = to {
        let Some(digits) = customers::digits(&input) else {
            return Err(GraphError::explained(
                131_009,
                "to must be a phone number with its country code; a business-scoped user id goes in recipient",
            ));
        };
        return Ok(Recipient::Phone { digits, input });
    }
    match fields.text("recipient")?.filter(|recipient| !recipient.is_empty()) {
        Some(user_id) if customers::is_user_id(user_id) => Ok(Recipient::UserId(user_id.to_owned())),
        Some(_) => Err(GraphError::explained(131_009, "recipient must be a business-scoped user id")),
        None => Err(GraphError::required("to")),
    }
}

fn quotes<'a>(fields: &Fields<'a>) -> Result<Option<&'a str>, GraphError> {
    match fields.object("context")? {
        Some(context) => context.required_text("message_id", usize::MAX).map(Some),
        None => Ok(None),
    }
}

fn content<'a>(
    fields: &Fields<'a>,
    kind: &str,
    media: &mut Vec<(MediaKind, &'a str)>,
) -> Result<&'a Value, GraphError> {
    if let Some(kind) = MediaKind::named(kind) {
        media::message(fields, kind, media)?;
        return fields.required_value(kind.name());
    }
    match kind {
        "text" => text(&fields.required_object("text")?)?,
        "location" => location(&fields.required_object("location")?)?,
        "reaction" => reaction(&fields.required_object("reaction")?)?,
        "contacts" => contacts::message(fields)?,
        "interactive" => interactive::message(&fields.required_object("interactive")?, media)?,
        "template" => template::message(&fields.required_object("template")?, media)?,
        other => {
            return Err(GraphError::explained(
                131_051,
                format!(
                    "type must be one of text, image, audio, video, document, sticker, location, contacts, interactive, \
                     template, reaction; got {other:?}"
                ),
            ));
        }
    }
    fields.required_value(kind)
}

fn text(text: &Fields<'_>) -> Result<(), GraphError> {
    text.boolean("preview_url")?;
    let body = match text.text("body")? {
        None => return Err(GraphError::required("text['body']")),
        Some(body) => body,
    };
    if body.trim().is_empty() {
        return Err(GraphError::required("text['body']"));
    }
    if longer_than(body, TEXT) {
        return Err(GraphError::too_long("text['body']", TEXT));
    }
    Ok(())
}

fn location(location: &Fields<'_>) -> Result<(), GraphError> {
    for (name, most) in [("latitude", 90.0), ("longitude", 180.0)] {
        let degrees = location.number(name)?.ok_or_else(|| location.missing(name))?;
        if !(-most..=most).contains(&degrees) {
            return Err(location.invalid(name, &format!("must be between -{most} and {most}")));
        }
    }
    location.text_up_to("name", 1_000)?;
    location.text_up_to("address", 1_000)?;
    Ok(())
}

fn reaction(reaction: &Fields<'_>) -> Result<(), GraphError> {
    reaction.required_text("message_id", usize::MAX)?;
    // An empty emoji takes the reaction back.
    let emoji = reaction.text("emoji")?.ok_or_else(|| reaction.missing("emoji"))?;
    if emoji.chars().any(|c| c.is_ascii_alphanumeric()) && !emoji.contains('\u{20e3}') || longer_than(emoji, 16) {
        return Err(reaction.invalid("emoji", "must be one emoji"));
    }
    Ok(())
}

/// Whether a text has more characters than it may.
fn longer_than(text: &str, most: usize) -> bool {
    // Every character has at least one byte, so that short texts need no count.
    text.len() > most && text.chars().count() > most
}
