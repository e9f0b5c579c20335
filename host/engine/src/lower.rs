//! From the host's words to the contract's.

use santun_core::message::{Content, Message};
use santun_core::time::Timestamp;
use santun_core::verdict::{Context, Event};

use crate::contract::santun::plugin::types as wit;

/// Milliseconds since 1970; times before it do not occur.
pub(crate) fn timestamp(at: Timestamp) -> u64 {
    u64::try_from(at.as_millis()).unwrap_or(0)
}

pub(crate) fn event(event: &Event) -> wit::Event {
    match event {
        Event::Messages(messages) => wit::Event::Messages(messages.iter().map(message).collect()),
        Event::HandedBack { note } => wit::Event::HandedBack(wit::HandBack { note: note.clone() }),
    }
}

fn message(message: &Message) -> wit::Message {
    wit::Message {
        id: message.id.to_string(),
        at: timestamp(message.sent_at),
        content: content(message),
        reply_to: message.reply_to.map(|id| id.to_string()),
        forwarded: message.body.forwarded,
        referral: message.body.referral.clone(),
    }
}

fn content(message: &Message) -> wit::Content {
    match &message.body.content {
        Content::Text { text } => wit::Content::Text(text.clone()),
        Content::Choice { id, title } => wit::Content::Choice(wit::Choice { id: id.clone(), title: title.clone() }),
        Content::Media(media) => wit::Content::Media(wit::Media {
            kind: media.media.as_str().to_owned(),
            // Our own id of the message; what Meta calls the file stays with the host.
            reference: message.id.to_string(),
            mime_type: media.mime_type.clone(),
            caption: media.caption.clone(),
            filename: media.filename.clone(),
        }),
        Content::Location(place) => wit::Content::Location(wit::Location {
            latitude: place.latitude,
            longitude: place.longitude,
            name: place.name.clone(),
            address: place.address.clone(),
        }),
        Content::Reaction { emoji } => wit::Content::Reaction(wit::Reaction {
            message_id: message.reply_to.map(|id| id.to_string()),
            emoji: emoji.clone(),
        }),
        Content::Order(order) => wit::Content::Order(wit::Order {
            catalog_id: order.catalog_id.clone(),
            text: order.text.clone(),
            items: order
                .items
                .iter()
                .map(|item| wit::OrderItem {
                    product_id: item.product_id.clone(),
                    quantity: item.quantity,
                    price: item.price.clone(),
                    currency: item.currency.clone(),
                })
                .collect(),
        }),
        Content::Form { name, response } => {
            wit::Content::Form(wit::Form { name: name.clone(), response: response.clone() })
        }
        Content::Contacts { cards } => wit::Content::Contacts(
            cards
                .iter()
                .map(|card| wit::ContactCard { name: card.name.clone(), phones: card.phones.clone() })
                .collect(),
        ),
        Content::Other { other, json } => wit::Content::Other(wit::Other { kind: other.clone(), json: json.clone() }),
    }
}

/// The context, with what this plugin may know of the contact.
pub(crate) fn context(context: &Context, contact: wit::Contact) -> wit::Context {
    let Context { counters, office, .. } = context;
    wit::Context {
        now: timestamp(context.now),
        channel: context.channel.clone(),
        language: context.language.code().to_owned(),
        bot: wit::Bot {
            name: context.bot_name.clone(),
            business: context.business.clone(),
            about: context.about.clone(),
        },
        contact,
        counters: wit::Counters {
            sessions: counters.sessions,
            customer_messages: counters.customer_messages,
            bot_replies: counters.bot_replies,
            fallbacks_in_a_row: counters.fallbacks_in_a_row,
        },
        office: wit::Office {
            open: office.open,
            next_opening: office.next_opening.map(timestamp),
            agents_present: office.agents_present,
            wait_minutes: office.wait_minutes,
        },
        attributes: context
            .attributes
            .iter()
            .map(|(name, value)| wit::Fact { name: name.clone(), value: value.clone() })
            .collect(),
    }
}
