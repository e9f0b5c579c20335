//! The texts of a message that a customer reads.

use crate::outgoing::Outgoing;

/// What a text is in its message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// The text itself, a body, a caption: sentences.
    Words,
    /// A title, a footer, a description, a name: a few words.
    Label,
}

/// Every text of a message.
pub(super) fn texts(content: &Outgoing) -> Vec<(Part, &str)> {
    let mut found = Vec::new();
    match content {
        Outgoing::Text { text } => found.push((Part::Words, text.as_str())),
        Outgoing::Buttons { body, footer, buttons } => {
            found.push((Part::Words, body));
            found.extend(footer.iter().map(|footer| (Part::Label, footer.as_str())));
            found.extend(buttons.iter().map(|button| (Part::Label, button.title.as_str())));
        }
        Outgoing::List { body, footer, button, sections } => {
            found.push((Part::Words, body));
            found.extend(footer.iter().map(|footer| (Part::Label, footer.as_str())));
            found.push((Part::Label, button));
            for section in sections {
                found.extend(section.title.iter().map(|title| (Part::Label, title.as_str())));
                for row in &section.rows {
                    found.push((Part::Label, &row.title));
                    found.extend(row.description.iter().map(|description| (Part::Label, description.as_str())));
                }
            }
        }
        Outgoing::Media { caption, filename, .. } => {
            found.extend(caption.iter().map(|caption| (Part::Words, caption.as_str())));
            found.extend(filename.iter().map(|filename| (Part::Label, filename.as_str())));
        }
        Outgoing::Location(place) => {
            found.extend(place.name.iter().chain(&place.address).map(|text| (Part::Label, text.as_str())));
        }
        Outgoing::Link { body, label, .. } => {
            found.push((Part::Words, body));
            found.push((Part::Label, label));
        }
        Outgoing::Contacts { cards } => {
            found.extend(cards.iter().map(|card| (Part::Label, card.name.as_str())));
        }
        Outgoing::Product { body, footer, .. } => {
            found.extend(body.iter().map(|body| (Part::Words, body.as_str())));
            found.extend(footer.iter().map(|footer| (Part::Label, footer.as_str())));
        }
        Outgoing::ProductList { header, body, footer, sections, .. } => {
            found.push((Part::Label, header));
            found.push((Part::Words, body));
            found.extend(footer.iter().map(|footer| (Part::Label, footer.as_str())));
            let titles = sections.iter().filter_map(|section| section.title.as_ref());
            found.extend(titles.map(|title| (Part::Label, title.as_str())));
        }
        Outgoing::Catalogue { body, footer, .. } => {
            found.push((Part::Words, body));
            found.extend(footer.iter().map(|footer| (Part::Label, footer.as_str())));
        }
        Outgoing::Form { body, footer, label, .. } => {
            found.push((Part::Words, body));
            found.extend(footer.iter().map(|footer| (Part::Label, footer.as_str())));
            found.push((Part::Label, label));
        }
        Outgoing::AskLocation { body } => found.push((Part::Words, body)),
        Outgoing::Template(template) => found.extend(template.texts().map(|text| (Part::Words, text))),
        Outgoing::AskConsent { .. } | Outgoing::Reaction { .. } => {}
    }
    found
}

/// Every text of a message, to be changed. Those of a template are Meta's to keep.
pub(super) fn texts_mut(content: &mut Outgoing) -> Vec<(Part, &mut String)> {
    let mut found = Vec::new();
    match content {
        Outgoing::Text { text } => found.push((Part::Words, text)),
        Outgoing::Buttons { body, footer, buttons } => {
            found.push((Part::Words, body));
            found.extend(footer.iter_mut().map(|footer| (Part::Label, footer)));
            found.extend(buttons.iter_mut().map(|button| (Part::Label, &mut button.title)));
        }
        Outgoing::List { body, footer, button, sections } => {
            found.push((Part::Words, body));
            found.extend(footer.iter_mut().map(|footer| (Part::Label, footer)));
            found.push((Part::Label, button));
            for section in sections {
                found.extend(section.title.iter_mut().map(|title| (Part::Label, title)));
                for row in &mut section.rows {
                    found.push((Part::Label, &mut row.title));
                    found.extend(row.description.iter_mut().map(|description| (Part::Label, description)));
                }
            }
        }
        Outgoing::Media { caption, filename, .. } => {
            found.extend(caption.iter_mut().map(|caption| (Part::Words, caption)));
            found.extend(filename.iter_mut().map(|filename| (Part::Label, filename)));
        }
        Outgoing::Location(place) => {
            found.extend(place.name.iter_mut().chain(&mut place.address).map(|text| (Part::Label, text)));
        }
        Outgoing::Link { body, label, .. } => {
            found.push((Part::Words, body));
            found.push((Part::Label, label));
        }
        Outgoing::Contacts { cards } => {
            found.extend(cards.iter_mut().map(|card| (Part::Label, &mut card.name)));
        }
        Outgoing::Product { body, footer, .. } => {
            found.extend(body.iter_mut().map(|body| (Part::Words, body)));
            found.extend(footer.iter_mut().map(|footer| (Part::Label, footer)));
        }
        Outgoing::ProductList { header, body, footer, sections, .. } => {
            found.push((Part::Label, header));
            found.push((Part::Words, body));
            found.extend(footer.iter_mut().map(|footer| (Part::Label, footer)));
            let titles = sections.iter_mut().filter_map(|section| section.title.as_mut());
            found.extend(titles.map(|title| (Part::Label, title)));
        }
        Outgoing::Catalogue { body, footer, .. } => {
            found.push((Part::Words, body));
            found.extend(footer.iter_mut().map(|footer| (Part::Label, footer)));
        }
        Outgoing::Form { body, footer, label, .. } => {
            found.push((Part::Words, body));
            found.extend(footer.iter_mut().map(|footer| (Part::Label, footer)));
            found.push((Part::Label, label));
        }
        Outgoing::AskLocation { body } => found.push((Part::Words, body)),
        Outgoing::AskConsent { .. } | Outgoing::Template(_) | Outgoing::Reaction { .. } => {}
    }
    found
}

/// The ids that come back when something is tapped.
pub(super) fn ids(content: &Outgoing) -> Vec<&str> {
    match content {
        Outgoing::Buttons { buttons, .. } => buttons.iter().map(|button| button.id.as_str()).collect(),
        Outgoing::List { sections, .. } => {
            sections.iter().flat_map(|section| &section.rows).map(|row| row.id.as_str()).collect()
        }
        _ => Vec::new(),
    }
}
