//! Recognising an answer that was given before, without keeping its words.

use sha2::{Digest as _, Sha256};

use super::parts;
use crate::outgoing::{MediaSource, Outgoing};

/// A reply in 64 bits, from its letters and digits alone: case, spaces, punctuation and emoji do not make
/// an answer a new one.
pub(super) fn of<'a>(reply: impl Iterator<Item = &'a Outgoing>) -> u64 {
    let mut digest = Sha256::new();
    let mut buffer = [0; 4];
    for content in reply {
        digest.update(content.kind());
        for (_, text) in parts::texts(content) {
            digest.update([0]);
            for char in text.chars().filter(|char| char.is_alphanumeric()).flat_map(char::to_lowercase) {
                digest.update(char.encode_utf8(&mut buffer).as_bytes());
            }
        }
        match content {
            Outgoing::Link { url, .. } | Outgoing::Media { source: MediaSource::Url(url), .. } => digest.update(url),
            Outgoing::Media { source: MediaSource::Turn(turn), .. } => digest.update(turn.as_uuid()),
            Outgoing::Location(place) => {
                digest.update(place.latitude.to_le_bytes());
                digest.update(place.longitude.to_le_bytes());
            }
            Outgoing::Contacts { cards } => {
                cards.iter().flat_map(|card| &card.phones).for_each(|phone| digest.update(phone))
            }
            Outgoing::Reaction { to, emoji } => {
                digest.update(to.as_uuid());
                digest.update(emoji.as_deref().unwrap_or_default());
            }
            Outgoing::Product { catalog_id, product_id, .. } => {
                digest.update(catalog_id);
                digest.update(product_id);
            }
            Outgoing::ProductList { catalog_id, sections, .. } => {
                digest.update(catalog_id);
                sections.iter().flat_map(|section| &section.products).for_each(|product| digest.update(product));
            }
            Outgoing::Catalogue { thumbnail: Some(product), .. } => digest.update(product),
            Outgoing::Form { form_id, screen, data, .. } => {
                digest.update(form_id);
                digest.update(screen.as_deref().unwrap_or_default());
                data.iter().for_each(|(name, value)| digest.update(format!("{name}{value}")));
            }
            _ => {}
        }
        digest.update([1]);
    }
    let digest: [u8; 32] = digest.finalize().into();
    let mut first = [0; 8];
    first.copy_from_slice(&digest[..8]);
    u64::from_le_bytes(first)
}
