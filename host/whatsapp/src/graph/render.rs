//! Messages in the Cloud API's words.

use santun_core::identity::{Identity, Wamid};
use santun_core::ids::TurnId;
use santun_core::message::{Location, MediaKind};
use santun_core::outgoing::{Button, MediaSource, Outgoing, Section, Template};
use serde::Serialize;

use super::media::UploadedMediaId;

mod catalogue;
mod contacts;
mod form;

use catalogue::{CatalogueAction, Header, ProductAction, ProductListAction, Products};
use contacts::{Card, Reaction};
use form::FormAction;

/// A message with everything that the Graph wants to know of it.
pub(super) struct Letter<'a> {
    pub(super) id: TurnId,
    pub(super) recipient: &'a Identity,
    pub(super) content: &'a Outgoing,
    pub(super) quote: Option<&'a Wamid>,
    pub(super) media: Option<&'a UploadedMediaId>,
}

/// Why a message cannot be put into the Cloud API's words. Each is a mistake of ours, not of Meta's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Unsendable {
    #[error("the message has no recipient: neither a phone number nor a business-scoped id is known")]
    NobodyKnown,
    #[error("a question for consent was not turned into buttons by the gate")]
    ConsentNotWorded,
    #[error("the file of an earlier turn was not uploaded before sending it on")]
    NotUploaded,
    #[error("the message that is reacted to has no id at Meta: it was never sent, or is gone")]
    NothingToReactTo,
    #[error("WhatsApp shows no caption under this kind of file")]
    NoCaption,
    #[error("the message cannot be written as JSON")]
    NoJson,
}

/// The body of the request that sends `letter`.
pub(super) fn body(letter: &Letter<'_>) -> Result<Vec<u8>, Unsendable> {
    let phone = letter.recipient.phone.as_ref();
    let bsuid = letter.recipient.bsuid.as_ref();
    if phone.is_none() && bsuid.is_none() {
        return Err(Unsendable::NobodyKnown);
    }
    let request = Request {
        messaging_product: "whatsapp",
        recipient_type: "individual",
        to: phone.map(|phone| format!("+{}", phone.expose())),
        // If both stand there, `to` wins: then `recipient` would only be noise.
        recipient: bsuid.filter(|_| phone.is_none()).map(|bsuid| bsuid.expose()),
        // What a reaction is about stands in it.
        context: letter
            .quote
            .filter(|_| !matches!(letter.content, Outgoing::Reaction { .. }))
            .map(|quote| Context { message_id: quote.expose() }),
        biz_opaque_callback_data: letter.id,
        payload: payload_of(letter)?,
    };
    serde_json::to_vec(&request).map_err(|_| Unsendable::NoJson)
}

fn payload_of<'a>(letter: &Letter<'a>) -> Result<Payload<'a>, Unsendable> {
    Ok(match letter.content {
        Outgoing::Text { text } => Payload::Text { text: TextBody { body: text, preview_url: false } },
        Outgoing::Buttons { body, footer, buttons } => Payload::Interactive {
            interactive: Interactive::Button {
                body: Words { text: body },
                footer: footer.as_deref().map(|text| Words { text }),
                action: ButtonAction {
                    buttons: buttons.iter().map(|reply| ReplyButton { kind: "reply", reply }).collect(),
                },
            },
        },
        Outgoing::List { body, footer, button, sections } => Payload::Interactive {
            interactive: Interactive::List {
                body: Words { text: body },
                footer: footer.as_deref().map(|text| Words { text }),
                action: ListAction { button, sections },
            },
        },
        Outgoing::Link { body, label, url } => Payload::Interactive {
            interactive: Interactive::CtaUrl {
                body: Words { text: body },
                action: LinkAction { name: "cta_url", parameters: LinkParameters { display_text: label, url } },
            },
        },
        Outgoing::Media { media, source, caption, filename } => {
            let file = file_of(*media, source, caption.as_deref(), filename.as_deref(), letter.media)?;
            match media {
                MediaKind::Image => Payload::Image { image: file },
                MediaKind::Audio | MediaKind::Voice => Payload::Audio { audio: file },
                MediaKind::Video => Payload::Video { video: file },
                MediaKind::Document => Payload::Document { document: file },
                MediaKind::Sticker => Payload::Sticker { sticker: file },
            }
        }
        Outgoing::Location(location) => Payload::Location { location },
        Outgoing::Template(Template { name, language, components, .. }) => {
            Payload::Template { template: TemplateBody { name, language: Language { code: language }, components } }
        }
        Outgoing::Contacts { cards } => Payload::Contacts { contacts: cards.iter().map(Card::of).collect() },
        Outgoing::Reaction { emoji, .. } => Payload::Reaction {
            reaction: Reaction {
                message_id: letter.quote.ok_or(Unsendable::NothingToReactTo)?.expose(),
                emoji: emoji.as_deref().unwrap_or_default(),
            },
        },
        Outgoing::Product { body, footer, catalog_id, product_id } => Payload::Interactive {
            interactive: Interactive::Product {
                body: body.as_deref().map(|text| Words { text }),
                footer: footer.as_deref().map(|text| Words { text }),
                action: ProductAction { catalog_id, product_retailer_id: product_id },
            },
        },
        Outgoing::ProductList { header, body, footer, catalog_id, sections } => Payload::Interactive {
            interactive: Interactive::ProductList {
                header: Header { kind: "text", text: header },
                body: Words { text: body },
                footer: footer.as_deref().map(|text| Words { text }),
                action: ProductListAction { catalog_id, sections: sections.iter().map(Products::of).collect() },
            },
        },
        Outgoing::Catalogue { body, footer, thumbnail } => Payload::Interactive {
            interactive: Interactive::CatalogMessage {
                body: Words { text: body },
                footer: footer.as_deref().map(|text| Words { text }),
                action: CatalogueAction::showing(thumbnail.as_deref()),
            },
        },
        Outgoing::Form { body, footer, label, form_id, screen, data } => Payload::Interactive {
            interactive: Interactive::Flow {
                body: Words { text: body },
                footer: footer.as_deref().map(|text| Words { text }),
                action: FormAction::opening(letter.id, form_id, label, screen.as_deref(), data),
            },
        },
        Outgoing::AskLocation { body } => Payload::Interactive {
            interactive: Interactive::LocationRequestMessage {
                body: Words { text: body },
                action: Named { name: "send_location" },
            },
        },
        Outgoing::AskConsent { .. } => return Err(Unsendable::ConsentNotWorded),
    })
}

fn file_of<'a>(
    kind: MediaKind,
    source: &'a MediaSource,
    caption: Option<&'a str>,
    filename: Option<&'a str>,
    uploaded: Option<&'a UploadedMediaId>,
) -> Result<File<'a>, Unsendable> {
    let takes_caption = matches!(kind, MediaKind::Image | MediaKind::Video | MediaKind::Document);
    if caption.is_some() && !takes_caption {
        return Err(Unsendable::NoCaption);
    }
    let (id, link) = match (uploaded, source) {
        (Some(uploaded), _) => (Some(uploaded.as_str()), None),
        (None, MediaSource::Url(url)) => (None, Some(url.as_str())),
        (None, MediaSource::Turn(_)) => return Err(Unsendable::NotUploaded),
    };
    Ok(File {
        id,
        link,
        caption,
        filename: filename.filter(|_| kind == MediaKind::Document),
        voice: kind == MediaKind::Voice,
    })
}

#[derive(Serialize)]
struct Request<'a> {
    messaging_product: &'static str,
    recipient_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    recipient: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    context: Option<Context<'a>>,
    biz_opaque_callback_data: TurnId,
    #[serde(flatten)]
    payload: Payload<'a>,
}

#[derive(Serialize)]
struct Context<'a> {
    message_id: &'a str,
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Payload<'a> {
    Text { text: TextBody<'a> },
    Interactive { interactive: Interactive<'a> },
    Image { image: File<'a> },
    Audio { audio: File<'a> },
    Video { video: File<'a> },
    Document { document: File<'a> },
    Sticker { sticker: File<'a> },
    Location { location: &'a Location },
    Template { template: TemplateBody<'a> },
    Contacts { contacts: Vec<Card<'a>> },
    Reaction { reaction: Reaction<'a> },
}

#[derive(Serialize)]
struct TextBody<'a> {
    body: &'a str,
    preview_url: bool,
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Interactive<'a> {
    Button {
        body: Words<'a>,
        #[serde(skip_serializing_if = "Option::is_none")]
        footer: Option<Words<'a>>,
        action: ButtonAction<'a>,
    },
    List {
        body: Words<'a>,
        #[serde(skip_serializing_if = "Option::is_none")]
        footer: Option<Words<'a>>,
        action: ListAction<'a>,
    },
    CtaUrl {
        body: Words<'a>,
        action: LinkAction<'a>,
    },
    Product {
        #[serde(skip_serializing_if = "Option::is_none")]
        body: Option<Words<'a>>,
        #[serde(skip_serializing_if = "Option::is_none")]
        footer: Option<Words<'a>>,
        action: ProductAction<'a>,
    },
    ProductList {
        header: Header<'a>,
        body: Words<'a>,
        #[serde(skip_serializing_if = "Option::is_none")]
        footer: Option<Words<'a>>,
        action: ProductListAction<'a>,
    },
    CatalogMessage {
        body: Words<'a>,
        #[serde(skip_serializing_if = "Option::is_none")]
        footer: Option<Words<'a>>,
        action: CatalogueAction<'a>,
    },
    Flow {
        body: Words<'a>,
        #[serde(skip_serializing_if = "Option::is_none")]
        footer: Option<Words<'a>>,
        action: FormAction<'a>,
    },
    LocationRequestMessage {
        body: Words<'a>,
        action: Named,
    },
}

/// What is done, where nothing more is to be said of it.
#[derive(Serialize)]
struct Named {
    name: &'static str,
}

#[derive(Serialize)]
struct Words<'a> {
    text: &'a str,
}

#[derive(Serialize)]
struct ButtonAction<'a> {
    buttons: Vec<ReplyButton<'a>>,
}

#[derive(Serialize)]
struct ReplyButton<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    /// `id` and `title`, as in our own words.
    reply: &'a Button,
}

#[derive(Serialize)]
struct ListAction<'a> {
    button: &'a str,
    /// `title` and `rows` of `id`, `title`, `description`, as in our own words.
    sections: &'a [Section],
}

#[derive(Serialize)]
struct LinkAction<'a> {
    name: &'static str,
    parameters: LinkParameters<'a>,
}

#[derive(Serialize)]
struct LinkParameters<'a> {
    display_text: &'a str,
    url: &'a str,
}

#[derive(Serialize)]
struct File<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    link: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    caption: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    filename: Option<&'a str>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    voice: bool,
}

#[derive(Serialize)]
struct TemplateBody<'a> {
    name: &'a str,
    language: Language<'a>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    components: &'a [serde_json::Value],
}

#[derive(Serialize)]
struct Language<'a> {
    code: &'a str,
}

#[cfg(test)]
mod tests;
