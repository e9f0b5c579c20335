//! What may be said to customers.

use serde::{Deserialize, Serialize};

use crate::ids::{Purpose, TurnId};
use crate::message::{ContactCard, Location, MediaKind};

/// A message to a customer, as somebody proposes it. Whether it may be sent is the gate's to say.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Outgoing {
    /// Plain text.
    Text {
        /// The text; may carry placeholders until the gate has filled them.
        text: String,
    },
    /// Text with up to three buttons.
    Buttons {
        /// The text above them.
        body: String,
        /// Small print.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        footer: Option<String>,
        /// One to three.
        buttons: Vec<Button>,
    },
    /// Text with a list to choose from.
    List {
        /// The text above it.
        body: String,
        /// Small print.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        footer: Option<String>,
        /// The words on the button that opens the list.
        button: String,
        /// At most ten rows in all.
        sections: Vec<Section>,
    },
    /// A file.
    Media {
        /// What kind of file.
        media: MediaKind,
        /// Where it is.
        source: MediaSource,
        /// What is written under it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        caption: Option<String>,
        /// The name of a document.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        filename: Option<String>,
    },
    /// A place on the map.
    Location(Location),
    /// Text with one button that opens an address.
    Link {
        /// The text above it.
        body: String,
        /// The words on the button.
        label: String,
        /// An https address.
        url: String,
    },
    /// A question for consent. The gate turns it into buttons with the host's own words.
    AskConsent {
        /// What the consent is for.
        purpose: Purpose,
    },
    /// A message template that Meta has approved.
    Template(Template),
    /// Contact cards.
    Contacts {
        /// One or more.
        cards: Vec<ContactCard>,
    },
    /// An emoji on a message of the customer's.
    Reaction {
        /// The message.
        to: TurnId,
        /// The emoji; `None` takes an earlier one away.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        emoji: Option<String>,
    },
    /// A product of the business's catalogue.
    Product {
        /// The text above it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        body: Option<String>,
        /// Small print.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        footer: Option<String>,
        /// The catalogue's id at Meta.
        catalog_id: String,
        /// The shop's own id of the product.
        product_id: String,
    },
    /// Products of the business's catalogue to choose from.
    ProductList {
        /// The heading.
        header: String,
        /// The text under it.
        body: String,
        /// Small print.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        footer: Option<String>,
        /// The catalogue's id at Meta.
        catalog_id: String,
        /// At most thirty products in all.
        sections: Vec<ProductSection>,
    },
    /// The business's whole catalogue, to look through.
    Catalogue {
        /// The text above it.
        body: String,
        /// Small print.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        footer: Option<String>,
        /// The shop's own id of the product whose picture stands beside it; the catalogue's first if none is named.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        thumbnail: Option<String>,
    },
    /// A form to fill in, which Meta calls a flow.
    Form {
        /// The text above it.
        body: String,
        /// Small print.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        footer: Option<String>,
        /// The words on the button that opens it.
        label: String,
        /// Its id at Meta. It must be published.
        form_id: String,
        /// The screen that it opens with; its own first one if none is named.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        screen: Option<String>,
        /// What that screen is given, by name.
        #[serde(default, skip_serializing_if = "serde_json::Map::is_empty")]
        data: serde_json::Map<String, serde_json::Value>,
    },
    /// Text with a button by which the customer sends where they are.
    AskLocation {
        /// The text.
        body: String,
    },
}

/// Products under a heading.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductSection {
    /// The heading; may be left out if there is but one section.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The shop's own ids of the products: one or more.
    pub products: Vec<String>,
}

/// A tappable option.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Button {
    /// What comes back when it is tapped.
    pub id: String,
    /// The words on it.
    pub title: String,
}

/// Rows of a list under a heading.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    /// The heading.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// One or more.
    pub rows: Vec<Row>,
}

/// One row of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// What comes back when it is tapped.
    pub id: String,
    /// The words on it.
    pub title: String,
    /// More words under them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

/// Where a file to be sent is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MediaSource {
    /// At an https address.
    Url(String),
    /// In the turn in which a customer sent it.
    Turn(TurnId),
}

/// An approved template, filled in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Template {
    /// Its name at Meta.
    pub name: String,
    /// Its language at Meta, such as `id` or `en_US`.
    pub language: String,
    /// Its components as the Cloud API takes them.
    #[serde(default)]
    pub components: Vec<serde_json::Value>,
    /// Its body as the customer reads it, as far as it is known here.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
}

impl Template {
    /// Every text of it that is known here: its body, and what fills it.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        let parameters = self.components.iter().filter_map(|component| component["parameters"].as_array());
        let filled = parameters.flatten().filter_map(|parameter| parameter["text"].as_str());
        std::iter::once(self.text.as_str()).filter(|text| !text.is_empty()).chain(filled)
    }
}

impl Outgoing {
    /// What the customer may tap: buttons, or the rows of a list.
    pub fn options(&self) -> Vec<Button> {
        match self {
            Self::Buttons { buttons, .. } => buttons.clone(),
            Self::List { sections, .. } => {
                let rows = sections.iter().flat_map(|section| &section.rows);
                rows.map(|row| Button { id: row.id.clone(), title: row.title.clone() }).collect()
            }
            _ => Vec::new(),
        }
    }

    /// A plain text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text { text: text.into() }
    }

    /// Its kind in one word, as plugins and the API see it.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Text { .. } => "text",
            Self::Buttons { .. } => "buttons",
            Self::List { .. } => "list",
            Self::Media { media, .. } => media.as_str(),
            Self::Location(_) => "location",
            Self::Link { .. } => "link",
            Self::AskConsent { .. } => "ask_consent",
            Self::Template(_) => "template",
            Self::Contacts { .. } => "contacts",
            Self::Reaction { .. } => "reaction",
            Self::Product { .. } => "product",
            Self::ProductList { .. } => "product_list",
            Self::Catalogue { .. } => "catalogue",
            Self::Form { .. } => "form",
            Self::AskLocation { .. } => "ask_location",
        }
    }

    /// The words that the customer reads first: the text or the body.
    pub fn words(&self) -> &str {
        match self {
            Self::Text { text } => text,
            Self::Buttons { body, .. }
            | Self::List { body, .. }
            | Self::Link { body, .. }
            | Self::ProductList { body, .. }
            | Self::Catalogue { body, .. }
            | Self::Form { body, .. }
            | Self::AskLocation { body } => body,
            Self::Product { body, .. } => body.as_deref().unwrap_or_default(),
            Self::Reaction { emoji, .. } => emoji.as_deref().unwrap_or_default(),
            Self::Media { caption, .. } => caption.as_deref().unwrap_or_default(),
            Self::Location(place) => place.name.as_deref().unwrap_or_default(),
            Self::Template(template) => &template.text,
            Self::AskConsent { .. } | Self::Contacts { .. } => "",
        }
    }
}
