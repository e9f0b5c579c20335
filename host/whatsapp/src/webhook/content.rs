//! What a message says, in our own words.

use santun_core::identity::Wamid;
use santun_core::message::{ContactCard, Content, Location, Media, MediaKind, MessageBody, Order, OrderItem};
use serde_json::Value;
use serde_json::value::RawValue;

use super::rest::rest_of;
use super::scalar::Scalar;
use super::wire::{WireCard, WireContext, WireForm, WireInteractive, WireLocation, WireMedia, WireMessage, WireOrder};

/// A message's content, with what it quotes.
pub(super) struct Said {
    pub(super) body: MessageBody,
    pub(super) quotes: Option<Wamid>,
}

/// Reads what `message` says; `raw` is the same message as it came, if at hand: what we have no words
/// for cannot be read without it.
///
/// None if it is of a kind that we know and yet does not hold what that kind must hold.
pub(super) fn read(message: WireMessage<'_>, raw: Option<&RawValue>) -> Option<Said> {
    let context: WireContext<'_> =
        message.context.and_then(|raw| serde_json::from_str(raw.get()).ok()).unwrap_or_default();
    let original = original_of(&message);
    let referral = referral_of(message.referral, context.referred_product);
    let forwarded = context.forwarded.is_true() || context.frequently_forwarded.is_true();
    let content = content_of(message, raw)?;
    Some(Said {
        body: MessageBody { content, forwarded, referral },
        quotes: original.or_else(|| context.id.get().map(Wamid::new)),
    })
}

/// The message that this one reacts to, edits or revokes.
fn original_of(message: &WireMessage<'_>) -> Option<Wamid> {
    let original = match message.kind.get()? {
        "reaction" => message.reaction.as_ref()?.message_id.get(),
        "edit" => message.edit.as_ref()?.original_message_id.get(),
        "revoke" => message.revoke.as_ref()?.original_message_id.get(),
        _ => None,
    };
    original.map(Wamid::new)
}

/// The advertisement and the product that the customer came from, as one JSON object.
fn referral_of(referral: Option<&RawValue>, product: Option<&RawValue>) -> Option<String> {
    match (referral, product) {
        (None, None) => None,
        (Some(referral), None) => Some(referral.get().to_owned()),
        (None, Some(product)) => Some(format!(r#"{{"referred_product":{}}}"#, product.get())),
        (Some(referral), Some(product)) => {
            let mut merged: Value = serde_json::from_str(referral.get()).ok()?;
            merged.as_object_mut()?.insert("referred_product".to_owned(), serde_json::from_str(product.get()).ok()?);
            Some(merged.to_string())
        }
    }
}

fn content_of(message: WireMessage<'_>, raw: Option<&RawValue>) -> Option<Content> {
    let has_errors = message.errors.is_some();
    // A name of a kind becomes a word of ours: only one that looks like a word is taken over.
    let kind = message.kind.clone();
    let kind = kind.get()?;
    let known = match kind {
        "text" => message.text.and_then(|text| Some(Content::Text { text: text.body.owned()? })),
        "image" => message.image.and_then(|media| media_of(media, MediaKind::Image)),
        "audio" => message.audio.and_then(|media| {
            let kind = if media.voice.is_true() { MediaKind::Voice } else { MediaKind::Audio };
            media_of(media, kind)
        }),
        "voice" => message.voice.and_then(|media| media_of(media, MediaKind::Voice)),
        "video" => message.video.and_then(|media| media_of(media, MediaKind::Video)),
        "document" => message.document.and_then(|media| media_of(media, MediaKind::Document)),
        "sticker" => message.sticker.and_then(|media| media_of(media, MediaKind::Sticker)),
        "location" => message.location.and_then(location_of),
        "contacts" => {
            message.contacts.map(|cards| Content::Contacts { cards: cards.into_iter().map(card_of).collect() })
        }
        "reaction" => message.reaction.map(|reaction| Content::Reaction { emoji: reaction.emoji.owned() }),
        "button" => message.button.and_then(|button| {
            let title = button.text.owned();
            let id = button.payload.owned();
            Some(Content::Choice { id: id.or_else(|| title.clone())?, title: title.unwrap_or_default() })
        }),
        "order" => message.order.and_then(order_of),
        "interactive" => message.interactive.and_then(|interactive| interactive_of(interactive, raw)),
        other => return other_of(other, raw),
    };
    // Meta could not give us a file, or the like: that it came is told all the same.
    known.or_else(|| if has_errors { other_of(kind, raw) } else { None })
}

fn other_of(kind: &str, raw: Option<&RawValue>) -> Option<Content> {
    Some(Content::Other { other: super::word(kind).to_owned(), json: rest_of(raw?.get())? })
}

fn media_of(media: WireMedia<'_>, kind: MediaKind) -> Option<Content> {
    Some(Content::Media(Media {
        media: kind,
        meta_id: media.id.owned()?,
        mime_type: media.mime_type.owned().unwrap_or_else(|| "application/octet-stream".to_owned()),
        sha256: media.sha256.owned(),
        caption: media.caption.owned(),
        filename: media.filename.owned(),
    }))
}

fn location_of(location: WireLocation<'_>) -> Option<Content> {
    Some(Content::Location(Location {
        latitude: location.latitude.number().filter(|degrees| degrees.abs() <= 90.0)?,
        longitude: location.longitude.number().filter(|degrees| degrees.abs() <= 180.0)?,
        name: location.name.owned(),
        address: location.address.owned(),
    }))
}

fn card_of(card: WireCard<'_>) -> ContactCard {
    let vcard = card.vcard.get().unwrap_or_default();
    let name = card.name.and_then(|name| {
        name.formatted_name.owned().or_else(|| match (name.first_name.owned(), name.last_name.owned()) {
            (Some(first), Some(last)) => Some(format!("{first} {last}")),
            (first, last) => first.or(last),
        })
    });
    let mut phones: Vec<String> = card
        .phones
        .unwrap_or_default()
        .into_iter()
        .filter_map(|phone| phone.phone.owned().or_else(|| phone.wa_id.get().map(|id| format!("+{id}"))))
        .collect();
    if phones.is_empty() {
        phones.extend(vcard_values(vcard, "TEL").map(str::to_owned));
    }
    let name = name.or_else(|| vcard_values(vcard, "FN").next().map(str::to_owned));
    ContactCard { name: name.unwrap_or_default(), phones }
}

/// The values of the lines of a vCard (RFC 6350) that have this property.
fn vcard_values<'a>(vcard: &'a str, property: &'a str) -> impl Iterator<Item = &'a str> {
    vcard.lines().filter_map(move |line| {
        let (key, value) = line.split_once(':')?;
        // `item1.TEL;type=CELL` is a TEL as well.
        let key = key.split(';').next()?;
        let key = key.rsplit('.').next()?;
        let value = value.trim();
        (key.eq_ignore_ascii_case(property) && !value.is_empty()).then_some(value)
    })
}

fn order_of(order: WireOrder<'_>) -> Option<Content> {
    let items = order.product_items?.into_iter().map(|item| {
        let price = item.item_price.get().filter(|_| item.item_price.number().is_some())?.trim().to_owned();
        Some(OrderItem {
            product_id: item.product_retailer_id.owned()?,
            quantity: u32::try_from(item.quantity.whole()?).ok()?,
            price,
            currency: item.currency.owned()?,
        })
    });
    Some(Content::Order(Order {
        catalog_id: order.catalog_id.owned().unwrap_or_default(),
        text: order.text.owned(),
        items: items.collect::<Option<_>>()?,
    }))
}

fn interactive_of(interactive: WireInteractive<'_>, raw: Option<&RawValue>) -> Option<Content> {
    let tapped = match interactive.kind.get() {
        Some("button_reply") => interactive.button_reply,
        Some("list_reply") => interactive.list_reply,
        Some("nfm_reply") => return interactive.nfm_reply.map(form_of),
        kind => return other_of(kind.unwrap_or("interactive"), raw),
    }?;
    let title = tapped.title.owned();
    Some(Content::Choice { id: tapped.id.owned().or_else(|| title.clone())?, title: title.unwrap_or_default() })
}

/// The answers of a form: what the string holds, even if that is no JSON.
fn form_of(form: WireForm<'_>) -> Content {
    let response = match form.response_json {
        None => "null".to_owned(),
        Some(raw) => match serde_json::from_str::<Scalar<'_>>(raw.get()) {
            Ok(text) => text.owned().unwrap_or_else(|| "null".to_owned()),
            Err(_) => raw.get().to_owned(),
        },
    };
    Content::Form { name: form.name.owned().unwrap_or_else(|| "flow".to_owned()), response }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_name_are_read_from_a_vcard() {
        let vcard = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Rina Wulandari\r\nitem1.TEL;waid=62811:+62 811-000\r\nTEL;type=CELL:0812\r\nEND:VCARD";
        let json = serde_json::json!({ "vcard": vcard }).to_string();
        let card = card_of(serde_json::from_str(&json).unwrap());
        assert_eq!(
            card,
            ContactCard {
                name: "Rina Wulandari".to_owned(),
                phones: vec!["+62 811-000".to_owned(), "0812".to_owned()]
            }
        );
    }
}
