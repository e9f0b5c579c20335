//! A text with a list to choose from.

use super::checks::{checked_id, distinct};
use super::{HUMAN, Outgoing};
use crate::bindings::santun::plugin::types as wit;
use crate::limited::{Footer, Forbidden, ListBody, RowDescription, RowTitle, Title};

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{row_title, title};

    fn row(n: usize) -> Row {
        Row::new(format!("row:{n}"), RowTitle::new(format!("Pilihan {n}")).unwrap()).unwrap()
    }

    #[test]
    fn a_list_has_ten_rows_at_most_over_all_sections() {
        assert!(List::new("Pilih", title!("Menu"), (0..10).map(row).collect()).is_ok());
        let sections =
            vec![(row_title!("Satu"), (0..6).map(row).collect()), (row_title!("Dua"), (6..11).map(row).collect())];
        assert_eq!(List::with_sections("Pilih", title!("Menu"), sections), Err(Forbidden::RowCount(11)));
    }
}
