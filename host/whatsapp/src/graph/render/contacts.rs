//! Contact cards, and reactions to messages.

use santun_core::message::ContactCard;
use serde::Serialize;

#[derive(Serialize)]
pub(super) struct Card<'a> {
    name: Name<'a>,
    phones: Vec<Phone<'a>>,
}

/// Meta wants one more part of a name beside the whole; ours are not taken apart.
#[derive(Serialize)]
struct Name<'a> {
    formatted_name: &'a str,
    first_name: &'a str,
}

#[derive(Serialize)]
struct Phone<'a> {
    phone: &'a str,
}

impl<'a> Card<'a> {
    pub(super) fn of(card: &'a ContactCard) -> Self {
        Self {
            name: Name { formatted_name: &card.name, first_name: &card.name },
            phones: card.phones.iter().map(|phone| Phone { phone }).collect(),
        }
    }
}

/// An empty emoji takes the reaction away.
#[derive(Serialize)]
pub(super) struct Reaction<'a> {
    pub(super) message_id: &'a str,
    pub(super) emoji: &'a str,
}
