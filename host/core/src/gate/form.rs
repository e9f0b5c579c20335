//! Rule 7, form: WhatsApp's limits, kept before sending; nothing is cut off silently.
//!
//! Source: the Cloud API's reference of message types, November 2026. It binds everybody. A text that is
//! too long is split at the end of a paragraph, a sentence, or a word; whatever else is too long is
//! refused.

use std::collections::BTreeSet;

use super::piece::Why;
use crate::message::MediaKind;
use crate::outgoing::{Button, MediaSource, Outgoing, ProductSection, Section};

mod cards;
mod split;
mod stopped;

pub(super) use split::split;
pub(super) use stopped::refuse_stopped;

/// Characters of a text.
pub(super) const TEXT: usize = 4_096;
/// Characters above buttons and links, and under media.
pub(super) const BODY: usize = 1_024;
/// Characters of the title of a button, and on the button of a list or link.
pub(super) const BUTTON: usize = 20;
/// Buttons of a message.
pub(super) const BUTTONS: usize = 3;
const FOOTER: usize = 60;
const ROWS: usize = 10;
const ROW_TITLE: usize = 24;
const ROW_DESCRIPTION: usize = 72;
/// Bytes of an id: what a list allows, for buttons too.
const ID: usize = 200;
const FORM_BUTTON: usize = 30;
const HEADER: usize = 60;
const SECTIONS: usize = 10;
const PRODUCTS: usize = 30;
/// Characters of an id at Meta, or of a shop's own id that Meta keeps.
const META_ID: usize = 256;
/// Characters of an emoji: one that is put together of several has up to ten.
const EMOJI: usize = 16;
const FILENAME: usize = 240;
const URL: usize = 2_000;

/// Whether WhatsApp takes a message of this form. A text may be longer: it is split.
pub(super) fn rule(content: &Outgoing) -> Result<(), Why> {
    match content {
        Outgoing::Text { text } => text_fits(text),
        Outgoing::Buttons { body, footer, buttons } => {
            fits("the body", body, BODY)?;
            footer_fits(footer.as_deref())?;
            buttons_fit(buttons)
        }
        Outgoing::List { body, footer, button, sections } => {
            fits("the body", body, TEXT)?;
            footer_fits(footer.as_deref())?;
            fits("the words on the list's button", button, BUTTON)?;
            sections_fit(sections)
        }
        Outgoing::Media { media, source, caption, filename } => {
            media_fits(*media, source, caption.as_deref(), filename.as_deref())
        }
        Outgoing::Location(place) => {
            let on_earth = place.latitude.abs() <= 90.0 && place.longitude.abs() <= 180.0;
            if on_earth {
                Ok(())
            } else {
                Err("a place lies between 90 degrees south and north, 180 west and east".into())
            }
        }
        Outgoing::Link { body, label, url } => {
            fits("the body", body, BODY)?;
            fits("the words on the link", label, BUTTON)?;
            is_https(url)
        }
        Outgoing::AskConsent { .. } => Err("a question for consent has no form of its own".into()),
        Outgoing::Template(template) => {
            let named = !template.name.is_empty() && !template.language.is_empty();
            if named { Ok(()) } else { Err("a template needs its name and language".into()) }
        }
        Outgoing::Contacts { cards } => cards::fit(cards),
        Outgoing::Reaction { emoji, .. } => emoji.as_deref().map_or(Ok(()), is_emoji),
        Outgoing::Product { body, footer, catalog_id, product_id } => {
            body.as_deref().map_or(Ok(()), |body| fits("the body", body, BODY))?;
            footer_fits(footer.as_deref())?;
            fits("the id of the catalogue", catalog_id, META_ID)?;
            fits("the id of a product", product_id, META_ID)
        }
        Outgoing::ProductList { header, body, footer, catalog_id, sections } => {
            fits("the heading", header, HEADER)?;
            fits("the body", body, BODY)?;
            footer_fits(footer.as_deref())?;
            fits("the id of the catalogue", catalog_id, META_ID)?;
            products_fit(sections)
        }
        Outgoing::Catalogue { body, footer, thumbnail } => {
            fits("the body", body, BODY)?;
            footer_fits(footer.as_deref())?;
            thumbnail.as_deref().map_or(Ok(()), |product| fits("the id of a product", product, META_ID))
        }
        Outgoing::Form { body, footer, label, form_id, screen, data } => {
            fits("the body", body, BODY)?;
            footer_fits(footer.as_deref())?;
            fits("the words on the form's button", label, FORM_BUTTON)?;
            fits("the id of the form", form_id, META_ID)?;
            match screen {
                Some(screen) => fits("the form's screen", screen, META_ID),
                None if data.is_empty() => Ok(()),
                None => Err("what a form is given needs the screen that takes it".into()),
            }
        }
        Outgoing::AskLocation { body } => fits("the body", body, BODY),
    }
}

/// Whether a text is short enough to be one message, which it is once it was split.
pub(super) fn is_one_message(content: &Outgoing) -> bool {
    match content {
        Outgoing::Text { text } => length(text) <= TEXT,
        _ => true,
    }
}

/// Characters, as WhatsApp counts them.
pub(super) fn length(text: &str) -> usize {
    text.chars().count()
}

fn text_fits(text: &str) -> Result<(), Why> {
    if text.trim().is_empty() {
        return Err("an empty text is no message".into());
    }
    match text.split_whitespace().map(length).max() {
        Some(longest) if longest > TEXT => {
            Err(format!("a word of {longest} characters cannot be split into messages of {TEXT}"))
        }
        _ => Ok(()),
    }
}

fn fits(what: &str, text: &str, most: usize) -> Result<(), Why> {
    let length = length(text);
    if text.trim().is_empty() {
        return Err(format!("{what} must not be empty"));
    }
    if length > most {
        return Err(format!("{what} has {length} characters; WhatsApp allows {most}"));
    }
    Ok(())
}

fn footer_fits(footer: Option<&str>) -> Result<(), Why> {
    footer.map_or(Ok(()), |footer| fits("the footer", footer, FOOTER))
}

fn id_fits<'a>(id: &'a str, seen: &mut BTreeSet<&'a str>) -> Result<(), Why> {
    if id.trim().is_empty() || id.len() > ID {
        return Err(format!("an id must have 1 to {ID} bytes"));
    }
    if !seen.insert(id) {
        return Err("two choices have the same id".into());
    }
    Ok(())
}

fn buttons_fit(buttons: &[Button]) -> Result<(), Why> {
    if buttons.is_empty() || buttons.len() > BUTTONS {
        return Err(format!("a message has 1 to {BUTTONS} buttons, not {}", buttons.len()));
    }
    let (mut ids, mut titles) = (BTreeSet::new(), BTreeSet::new());
    for button in buttons {
        id_fits(&button.id, &mut ids)?;
        fits("the title of a button", &button.title, BUTTON)?;
        if !titles.insert(button.title.trim()) {
            return Err("two buttons have the same title".into());
        }
    }
    Ok(())
}

fn sections_fit(sections: &[Section]) -> Result<(), Why> {
    let rows: usize = sections.iter().map(|section| section.rows.len()).sum();
    if rows == 0 || rows > ROWS {
        return Err(format!("a list has 1 to {ROWS} rows in all, not {rows}"));
    }
    let mut ids = BTreeSet::new();
    for section in sections {
        match section.title.as_deref() {
            Some(title) => fits("the title of a section", title, ROW_TITLE)?,
            None if sections.len() > 1 => return Err("each of several sections needs a title".into()),
            None => {}
        }
        if section.rows.is_empty() {
            return Err("a section without rows is no section".into());
        }
        for row in &section.rows {
            id_fits(&row.id, &mut ids)?;
            fits("the title of a row", &row.title, ROW_TITLE)?;
            if let Some(description) = &row.description {
                fits("the description of a row", description, ROW_DESCRIPTION)?;
            }
        }
    }
    Ok(())
}

fn products_fit(sections: &[ProductSection]) -> Result<(), Why> {
    let products: usize = sections.iter().map(|section| section.products.len()).sum();
    if products == 0 || products > PRODUCTS || sections.len() > SECTIONS {
        return Err(format!(
            "a list has 1 to {PRODUCTS} products in at most {SECTIONS} sections, not {products} in {}",
            sections.len()
        ));
    }
    for section in sections {
        match section.title.as_deref() {
            Some(title) => fits("the title of a section", title, ROW_TITLE)?,
            None if sections.len() > 1 => return Err("each of several sections needs a title".into()),
            None => {}
        }
        if section.products.is_empty() {
            return Err("a section without products is no section".into());
        }
        section.products.iter().try_for_each(|product| fits("the id of a product", product, META_ID))?;
    }
    Ok(())
}

/// Whether it is one emoji, as far as a look without the whole table of them tells.
fn is_emoji(emoji: &str) -> Result<(), Why> {
    // Signs begin behind the alphabets; some of them are letters in a box.
    let plain = |char: char| (char < '\u{2000}' && !matches!(char, '©' | '®')) || char.is_whitespace();
    // A digit with U+20E3 is a key with that digit on it.
    let letters = emoji.chars().any(plain) && !emoji.contains('\u{20e3}');
    if emoji.is_empty() || letters || length(emoji) > EMOJI {
        return Err("a reaction is one emoji".into());
    }
    Ok(())
}

fn media_fits(
    media: MediaKind,
    source: &MediaSource,
    caption: Option<&str>,
    filename: Option<&str>,
) -> Result<(), Why> {
    if let MediaSource::Url(url) = source {
        is_https(url)?;
    }
    if let Some(caption) = caption {
        if !takes_caption(media) {
            return Err(format!("nothing can be written under {}", media.as_str()));
        }
        fits("the caption", caption, BODY)?;
    }
    if let Some(filename) = filename {
        if media != MediaKind::Document {
            return Err("only a document has a file name".into());
        }
        fits("the file name", filename, FILENAME)?;
    }
    Ok(())
}

/// Whether something can be written under such a file.
pub(super) fn takes_caption(media: MediaKind) -> bool {
    matches!(media, MediaKind::Image | MediaKind::Video | MediaKind::Document)
}

fn is_https(url: &str) -> Result<(), Why> {
    let host = url.strip_prefix("https://").and_then(|rest| rest.split(['/', '?', '#']).next());
    let well_formed = host.is_some_and(|host| !host.is_empty() && host != ":") && !url.contains(char::is_whitespace);
    if !well_formed || url.chars().any(char::is_control) {
        return Err("an address must begin with https:// and name a host".into());
    }
    if url.len() > URL {
        return Err(format!("an address has at most {URL} bytes"));
    }
    Ok(())
}
