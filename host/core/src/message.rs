//! What customers write.

use serde::{Deserialize, Serialize};

use crate::identity::{Identity, PersonName, Wamid};
use crate::ids::{ChannelId, ConversationId, TurnId};
use crate::time::Timestamp;

/// A customer's message as it came out of a webhook.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Arrival {
    /// The number that it was sent to.
    pub channel: ChannelId,
    /// Who sent it.
    pub sender: Identity,
    /// The name in the sender's profile.
    pub name: Option<PersonName>,
    /// Meta's id of it.
    pub wamid: Wamid,
    /// When it was sent, by WhatsApp's clock.
    pub sent_at: Timestamp,
    /// The message that it quotes or reacts to.
    pub quotes: Option<Wamid>,
    /// What it says.
    pub body: MessageBody,
    /// Whether it belongs to a group: it is kept, and never answered.
    pub group: Option<String>,
}

/// A message's content with what belongs to it. This is what is sealed and stored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MessageBody {
    /// What it says.
    pub content: Content,
    /// Whether it was forwarded from another chat.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub forwarded: bool,
    /// The advertisement or product that the customer came from, as JSON in WhatsApp's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub referral: Option<String>,
}

/// A customer's message as it is read back to be decided.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    /// Our own id.
    pub id: TurnId,
    /// The conversation that it belongs to.
    pub conversation: ConversationId,
    /// When it was sent, by WhatsApp's clock.
    pub sent_at: Timestamp,
    /// When it reached us.
    pub arrived_at: Timestamp,
    /// The turn that it quotes or reacts to, if we know it.
    pub reply_to: Option<TurnId>,
    /// What it says.
    pub body: MessageBody,
}

/// What a message says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Content {
    /// Plain text.
    Text {
        /// Never empty.
        text: String,
    },
    /// A tapped button or list row.
    Choice {
        /// The id that it was sent with.
        id: String,
        /// The words that the customer saw.
        title: String,
    },
    /// A file, which stays at Meta until it is fetched.
    Media(Media),
    /// A place.
    Location(Location),
    /// An emoji set on an earlier message, or taken away (`None`).
    Reaction {
        /// The emoji.
        emoji: Option<String>,
    },
    /// A WhatsApp cart.
    Order(Order),
    /// Answers of a form (Flow).
    Form {
        /// The form's name.
        name: String,
        /// What was answered, as sent: usually a JSON object.
        response: String,
    },
    /// Contact cards.
    Contacts {
        /// The cards, in order.
        cards: Vec<ContactCard>,
    },
    /// Anything else, kept as it came.
    Other {
        /// Meta's name of the type, such as `unsupported`, `edit`, `revoke`, `system`.
        other: String,
        /// The rest as JSON.
        json: String,
    },
}

/// What kind of file it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MediaKind {
    /// A picture.
    Image,
    /// A sound file.
    Audio,
    /// A recording made in the chat.
    Voice,
    /// A film.
    Video,
    /// Any other file.
    Document,
    /// A sticker.
    Sticker,
}

impl MediaKind {
    /// Its name in the contract with plugins and in the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::Audio => "audio",
            Self::Voice => "voice",
            Self::Video => "video",
            Self::Document => "document",
            Self::Sticker => "sticker",
        }
    }
}

/// A file that a customer sent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Media {
    /// What kind of file it is.
    pub media: MediaKind,
    /// Meta's id of it; lives seven days.
    pub meta_id: String,
    /// For example `image/jpeg`.
    pub mime_type: String,
    /// The SHA-256 that Meta states, in base64.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// What is written under it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caption: Option<String>,
    /// The name of a document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filename: Option<String>,
}

/// A place on the map.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Location {
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
    /// What it is called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its postal address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
}

/// A WhatsApp cart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Order {
    /// The catalogue's id at Meta.
    pub catalog_id: String,
    /// What was written beside it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The items, in order.
    pub items: Vec<OrderItem>,
}

/// One line of a cart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OrderItem {
    /// The shop's own id of the product.
    pub product_id: String,
    /// How many.
    pub quantity: u32,
    /// The price of one, as decimal digits.
    pub price: String,
    /// ISO 4217.
    pub currency: String,
}

/// A contact card.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ContactCard {
    /// The name on it.
    pub name: String,
    /// The numbers on it, as written.
    pub phones: Vec<String>,
}

impl Content {
    /// Its kind in one word, as plugins and the API see it.
    pub fn kind(&self) -> &str {
        match self {
            Self::Text { .. } => "text",
            Self::Choice { .. } => "choice",
            Self::Media(media) => media.media.as_str(),
            Self::Location(_) => "location",
            Self::Reaction { .. } => "reaction",
            Self::Order(_) => "order",
            Self::Form { .. } => "form",
            Self::Contacts { .. } => "contacts",
            Self::Other { other, .. } => other,
        }
    }

    /// The customer's own words in it: text, a choice's title, a caption. Empty if there are none.
    pub fn words(&self) -> &str {
        match self {
            Self::Text { text } => text,
            Self::Choice { title, .. } => title,
            Self::Media(media) => media.caption.as_deref().unwrap_or_default(),
            Self::Order(order) => order.text.as_deref().unwrap_or_default(),
            Self::Reaction { .. }
            | Self::Location(_)
            | Self::Form { .. }
            | Self::Contacts { .. }
            | Self::Other { .. } => "",
        }
    }

    /// Whether a customer who sent this waits for an answer. A thumb up or a correction of an earlier
    /// message does not ask for one.
    pub fn wants_answer(&self) -> bool {
        match self {
            Self::Reaction { .. } => false,
            Self::Other { other, .. } => !matches!(other.as_str(), "edit" | "revoke" | "system"),
            _ => true,
        }
    }

    /// What it does to the earlier message that it refers to, if it corrects or takes back one.
    ///
    /// `None` too where the correction cannot be read: then the earlier message stands as it was written.
    pub fn amendment(&self) -> Option<Amendment> {
        let Self::Other { other, json } = self else { return None };
        match other.as_str() {
            "revoke" => Some(Amendment::TakenBack),
            "edit" => {
                let json: serde_json::Value = serde_json::from_str(json).ok()?;
                let message = json.get("edit")?.get("message")?;
                let kind = message.get("type")?.as_str()?;
                let field = if kind == "text" { "body" } else { "caption" };
                let words = message.get(kind)?.get(field)?.as_str()?;
                Some(Amendment::Says(words.to_owned()))
            }
            _ => None,
        }
    }

    /// Puts other words in the place of its own, where it has any.
    pub fn say_instead(&mut self, words: &str) {
        match self {
            Self::Text { text } => words.clone_into(text),
            Self::Media(media) => media.caption = Some(words.to_owned()).filter(|words| !words.is_empty()),
            _ => {}
        }
    }
}

/// What a message does to an earlier one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Amendment {
    /// It says this now.
    Says(String),
    /// It was never meant to be sent.
    TakenBack,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn other(kind: &str, json: &str) -> Content {
        Content::Other { other: kind.to_owned(), json: json.to_owned() }
    }

    #[test]
    fn corrections_are_read_in_whatsapps_words() {
        let text = r#"{"edit":{"message":{"type":"text","text":{"body":"ke solo"}}}}"#;
        assert_eq!(other("edit", text).amendment(), Some(Amendment::Says("ke solo".to_owned())));
        let caption = r#"{"edit":{"message":{"type":"image","image":{"caption":"yang biru"}}}}"#;
        assert_eq!(other("edit", caption).amendment(), Some(Amendment::Says("yang biru".to_owned())));
        assert_eq!(other("revoke", r#"{"revoke":{}}"#).amendment(), Some(Amendment::TakenBack));
        for unreadable in ["", "{}", r#"{"edit":{"message":{"type":"text"}}}"#, r#"{"edit":{"message":{"type":7}}}"#] {
            assert_eq!(other("edit", unreadable).amendment(), None, "{unreadable}");
        }
        assert_eq!(other("unsupported", text).amendment(), None);
    }

    #[test]
    fn only_what_has_words_can_say_others() {
        let mut text = Content::Text { text: "ke jogja".to_owned() };
        text.say_instead("ke solo");
        assert_eq!(text.words(), "ke solo");
        let mut reaction = Content::Reaction { emoji: None };
        reaction.say_instead("ke solo");
        assert_eq!(reaction, Content::Reaction { emoji: None });
    }
}
