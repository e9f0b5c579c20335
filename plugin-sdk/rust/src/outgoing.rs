//! What a plugin can propose to say.

mod buttons;
mod checks;
mod file;
mod link;
mod list;

use crate::bindings::santun::plugin::types as wit;
pub use crate::bindings::santun::plugin::types::Location;
pub use crate::limited::{Body, Footer, Forbidden, ListBody, RowDescription, RowTitle, Title};
pub use crate::{row_title, title};

pub use buttons::{Button, Buttons};
pub use file::{File, Source};
pub use link::Link;
pub use list::{List, Row};

/// The id of a button or row that asks the host for a human, whatever plugins do.
pub const HUMAN: &str = "santun:human";

/// One message to the customer.
///
/// Texts may carry `{office.hours}`, `{office.next-opening}` and `{queue.wait}`: the host fills in what is
/// true. Never write opening hours or waiting times yourself.
#[derive(Clone, Debug, PartialEq)]
pub struct Outgoing(pub(crate) wit::Outgoing);

impl Outgoing {
    /// Plain text of any length: the host splits a long one at sentence ends.
    pub fn text(text: impl Into<String>) -> Self {
        Self(wit::Outgoing::Text(text.into()))
    }

    /// Asks the customer's consent for a purpose of the operator's configuration, in the host's words.
    pub fn ask_consent(purpose: impl Into<String>) -> Self {
        Self(wit::Outgoing::AskConsent(purpose.into()))
    }

    /// A place on the map.
    pub fn location(place: Location) -> Self {
        Self(wit::Outgoing::Location(place))
    }

    /// The words that the customer reads first: the text, the body or the caption.
    pub fn words(&self) -> &str {
        match &self.0 {
            wit::Outgoing::Text(text) => text,
            wit::Outgoing::Buttons(buttons) => &buttons.body,
            wit::Outgoing::Choices(choices) => &choices.body,
            wit::Outgoing::Media(media) => media.caption.as_deref().unwrap_or_default(),
            wit::Outgoing::Location(place) => place.name.as_deref().unwrap_or_default(),
            wit::Outgoing::Link(link) => &link.body,
            wit::Outgoing::AskConsent(_) => "",
        }
    }

    /// The ids and titles that can be tapped, in order.
    pub fn options(&self) -> Vec<(&str, &str)> {
        match &self.0 {
            wit::Outgoing::Buttons(buttons) => {
                buttons.buttons.iter().map(|button| (&*button.id, &*button.title)).collect()
            }
            wit::Outgoing::Choices(choices) => {
                let rows = choices.sections.iter().flat_map(|section| &section.rows);
                rows.map(|row| (&*row.id, &*row.title)).collect()
            }
            _ => Vec::new(),
        }
    }

    /// The shape of the contract.
    pub fn as_wit(&self) -> &wit::Outgoing {
        &self.0
    }
}

impl From<&str> for Outgoing {
    fn from(text: &str) -> Self {
        Self::text(text)
    }
}

impl From<String> for Outgoing {
    fn from(text: String) -> Self {
        Self::text(text)
    }
}
