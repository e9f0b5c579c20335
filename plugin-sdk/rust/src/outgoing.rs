//! What a plugin can propose to say.

use crate::bindings::santun::plugin::types as wit;
pub use crate::bindings::santun::plugin::types::Location;
pub use crate::limited::{Body, Footer, Forbidden, ListBody, RowDescription, RowTitle, Title};
pub use crate::{row_title, title};

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

/// A tappable option under a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Button {
    id: String,
    title: Title,
}

impl Button {
    /// A button; `id` comes back in the customer's [`Choice`](crate::Choice).
    ///
    /// # Errors
    ///
    /// If the id is empty or longer than 200 bytes.
    pub fn new(id: impl Into<String>, title: Title) -> Result<Self, Forbidden> {
        Ok(Self { id: checked_id(id.into())?, title })
    }

    /// The button that calls a human: the host itself hears it.
    pub fn human(title: Title) -> Self {
        Self { id: HUMAN.to_owned(), title }
    }
}

/// Text with one to three buttons.
#[derive(Clone, Debug, PartialEq)]
pub struct Buttons(wit::Buttons);

impl Buttons {
    /// Text with buttons; none, or more than three, do not compile.
    ///
    /// # Errors
    ///
    /// If the body is empty or longer than 1,024 characters, or two buttons have one id or title.
    ///
    /// ```
    /// # use santun_plugin::prelude::*;
    /// let message = Buttons::new("Lanjut kak?", [
    ///     Button::new("yes", title!("Ya"))?,
    ///     Button::human(title!("Bicara dengan Agen")),
    /// ])?;
    /// # Ok::<(), Forbidden>(())
    /// ```
    ///
    /// ```compile_fail
    /// # use santun_plugin::prelude::*;
    /// let b = || Button::human(title!("Agen"));
    /// let message = Buttons::new("Empat?", [b(), b(), b(), b()]);
    /// ```
    pub fn new<const N: usize>(body: impl Into<String>, buttons: [Button; N]) -> Result<Self, Forbidden> {
        const { assert!(N >= 1 && N <= 3, "a message has one to three buttons") };
        Self::from_vec(body, buttons.into())
    }

    /// Text with as many buttons as there happen to be.
    ///
    /// # Errors
    ///
    /// As [`Buttons::new`], and if there are not one to three buttons.
    pub fn from_vec(body: impl Into<String>, buttons: Vec<Button>) -> Result<Self, Forbidden> {
        if buttons.is_empty() || buttons.len() > 3 {
            return Err(Forbidden::ButtonCount(buttons.len()));
        }
        distinct(buttons.iter().map(|button| (&*button.id, &*button.title)))?;
        let body = Body::new(body.into())?.into();
        let buttons = buttons.into_iter().map(|button| wit::Button { id: button.id, title: button.title.into() });
        Ok(Self(wit::Buttons { body, footer: None, buttons: buttons.collect() }))
    }

    /// With small print.
    #[must_use]
    pub fn footer(mut self, footer: Footer) -> Self {
        self.0.footer = Some(footer.into());
        self
    }
}

impl From<Buttons> for Outgoing {
    fn from(buttons: Buttons) -> Self {
        Self(wit::Outgoing::Buttons(buttons.0))
    }
}

/// One row of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    id: String,
    title: RowTitle,
    description: Option<RowDescription>,
}

impl Row {
    /// A row; `id` comes back in the customer's [`Choice`](crate::Choice).
    ///
    /// # Errors
    ///
    /// If the id is empty or longer than 200 bytes.
    pub fn new(id: impl Into<String>, title: RowTitle) -> Result<Self, Forbidden> {
        Ok(Self { id: checked_id(id.into())?, title, description: None })
    }

    /// The row that calls a human: the host itself hears it.
    pub fn human(title: RowTitle) -> Self {
        Self { id: HUMAN.to_owned(), title, description: None }
    }

    /// With words under its title.
    #[must_use]
    pub fn description(mut self, description: RowDescription) -> Self {
        self.description = Some(description);
        self
    }
}

/// Text with a list of one to ten rows to choose from.
#[derive(Clone, Debug, PartialEq)]
pub struct List(wit::Choices);

impl List {
    /// Text with a button, `opener`, that opens a list of rows.
    ///
    /// # Errors
    ///
    /// If the body is empty or longer than 4,096 characters, if there are not one to ten rows, or if two
    /// rows have one id or title.
    pub fn new(body: impl Into<String>, opener: Title, rows: Vec<Row>) -> Result<Self, Forbidden> {
        Self::build(body.into(), opener, vec![(None, rows)])
    }

    /// The same with rows under headings.
    ///
    /// # Errors
    ///
    /// As [`List::new`], counted over all sections; and if a section has no rows.
    pub fn with_sections(
        body: impl Into<String>,
        opener: Title,
        sections: Vec<(RowTitle, Vec<Row>)>,
    ) -> Result<Self, Forbidden> {
        Self::build(body.into(), opener, sections.into_iter().map(|(title, rows)| (Some(title), rows)).collect())
    }

    fn build(body: String, opener: Title, sections: Vec<(Option<RowTitle>, Vec<Row>)>) -> Result<Self, Forbidden> {
        let rows = || sections.iter().flat_map(|(_, rows)| rows);
        if !(1..=10).contains(&rows().count()) {
            return Err(Forbidden::RowCount(rows().count()));
        }
        if sections.iter().any(|(_, rows)| rows.is_empty()) {
            return Err(Forbidden::Section);
        }
        distinct(rows().map(|row| (&*row.id, &*row.title)))?;
        let sections = sections.into_iter().map(|(title, rows)| wit::Section {
            title: title.map(Into::into),
            rows: rows.into_iter().map(Row::into_wit).collect(),
        });
        Ok(Self(wit::Choices {
            body: ListBody::new(body)?.into(),
            footer: None,
            button: opener.into(),
            sections: sections.collect(),
        }))
    }

    /// With small print.
    #[must_use]
    pub fn footer(mut self, footer: Footer) -> Self {
        self.0.footer = Some(footer.into());
        self
    }
}

impl Row {
    fn into_wit(self) -> wit::Row {
        wit::Row { id: self.id, title: self.title.into(), description: self.description.map(Into::into) }
    }
}

impl From<List> for Outgoing {
    fn from(list: List) -> Self {
        Self(wit::Outgoing::Choices(list.0))
    }
}

/// Text with one button that opens an address.
#[derive(Clone, Debug, PartialEq)]
pub struct Link(wit::Link);

impl Link {
    /// Text with a button that opens `url`.
    ///
    /// # Errors
    ///
    /// If the body is empty or longer than 1,024 characters, or the address is not https.
    pub fn new(body: impl Into<String>, label: Title, url: impl Into<String>) -> Result<Self, Forbidden> {
        Ok(Self(wit::Link { body: Body::new(body.into())?.into(), label: label.into(), url: https(url.into())? }))
    }
}

impl From<Link> for Outgoing {
    fn from(link: Link) -> Self {
        Self(wit::Outgoing::Link(link.0))
    }
}

/// A file to send.
#[derive(Clone, Debug, PartialEq)]
pub struct File(wit::OutgoingMedia);

/// Where a file comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// An https address that WhatsApp can fetch.
    Url(String),
    /// A customer's file, by the [`reference`](crate::Media) that it came with.
    Reference(String),
}

impl File {
    /// A picture, with words under it if wanted.
    ///
    /// # Errors
    ///
    /// If the source is an address that is not https.
    pub fn image(source: Source, caption: Option<String>) -> Result<Self, Forbidden> {
        Self::build("image", source, caption, None)
    }

    /// A video, with words under it if wanted.
    ///
    /// # Errors
    ///
    /// If the source is an address that is not https.
    pub fn video(source: Source, caption: Option<String>) -> Result<Self, Forbidden> {
        Self::build("video", source, caption, None)
    }

    /// A document under a file name.
    ///
    /// # Errors
    ///
    /// If the source is an address that is not https.
    pub fn document(source: Source, filename: impl Into<String>, caption: Option<String>) -> Result<Self, Forbidden> {
        Self::build("document", source, caption, Some(filename.into()))
    }

    /// A sound. WhatsApp shows no words with it.
    ///
    /// # Errors
    ///
    /// If the source is an address that is not https.
    pub fn audio(source: Source) -> Result<Self, Forbidden> {
        Self::build("audio", source, None, None)
    }

    fn build(kind: &str, source: Source, caption: Option<String>, filename: Option<String>) -> Result<Self, Forbidden> {
        let source = match source {
            Source::Url(url) => wit::MediaSource::Url(https(url)?),
            Source::Reference(reference) => wit::MediaSource::Reference(reference),
        };
        Ok(Self(wit::OutgoingMedia { kind: kind.to_owned(), source, caption, filename }))
    }
}

impl From<File> for Outgoing {
    fn from(file: File) -> Self {
        Self(wit::Outgoing::Media(file.0))
    }
}

fn checked_id(id: String) -> Result<String, Forbidden> {
    if id.is_empty() || id.len() > 200 { Err(Forbidden::Id) } else { Ok(id) }
}

fn https(url: String) -> Result<String, Forbidden> {
    if url.len() > "https://".len() && url.starts_with("https://") { Ok(url) } else { Err(Forbidden::Url) }
}

fn distinct<'a>(options: impl Iterator<Item = (&'a str, &'a str)> + Clone) -> Result<(), Forbidden> {
    for (n, (id, title)) in options.clone().enumerate() {
        for (other_id, other_title) in options.clone().skip(n + 1) {
            if id == other_id {
                return Err(Forbidden::SameId(id.to_owned()));
            }
            if title == other_title {
                return Err(Forbidden::SameTitle(title.to_owned()));
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(n: usize) -> Row {
        Row::new(format!("row:{n}"), RowTitle::new(format!("Pilihan {n}")).unwrap()).unwrap()
    }

    #[test]
    fn two_buttons_with_one_id_or_one_title_are_forbidden() {
        let twice = [Button::new("a", title!("Ya")).unwrap(), Button::new("a", title!("Tidak")).unwrap()];
        assert_eq!(Buttons::new("Mau?", twice), Err(Forbidden::SameId("a".into())));
        let twice = [Button::new("a", title!("Ya")).unwrap(), Button::new("b", title!("Ya")).unwrap()];
        assert_eq!(Buttons::new("Mau?", twice), Err(Forbidden::SameTitle("Ya".into())));
    }

    #[test]
    fn four_buttons_that_come_from_elsewhere_are_forbidden() {
        let four = (0..4).map(|n| Button::new(n.to_string(), Title::new(n.to_string()).unwrap()).unwrap()).collect();
        assert_eq!(Buttons::from_vec("Mau?", four), Err(Forbidden::ButtonCount(4)));
    }

    #[test]
    fn a_list_has_ten_rows_at_most_over_all_sections() {
        assert!(List::new("Pilih", title!("Menu"), (0..10).map(row).collect()).is_ok());
        let sections =
            vec![(row_title!("Satu"), (0..6).map(row).collect()), (row_title!("Dua"), (6..11).map(row).collect())];
        assert_eq!(List::with_sections("Pilih", title!("Menu"), sections), Err(Forbidden::RowCount(11)));
    }

    #[test]
    fn a_link_needs_an_https_address() {
        assert_eq!(Link::new("Buka", title!("Buka"), "http://toko.example"), Err(Forbidden::Url));
        assert!(Link::new("Buka", title!("Buka"), "https://toko.example").is_ok());
    }

    #[test]
    fn a_body_over_the_limit_is_forbidden() {
        let button = || [Button::human(title!("Agen"))];
        assert!(Buttons::new("x".repeat(1024), button()).is_ok());
        assert!(matches!(Buttons::new("x".repeat(1025), button()), Err(Forbidden::TooLong { max: 1024, .. })));
    }
}
