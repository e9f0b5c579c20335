//! Texts of limited length, so that what WhatsApp would refuse is refused where it is written.

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;

/// A text of 1 to `MAX` characters. An emoji counts as WhatsApp may count it: in UTF-16 units, the
/// stricter way.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Limited<const MAX: usize>(Cow<'static, str>);

/// The words on a button, on a link, or on what opens a list: at most 20 characters.
pub type Title = Limited<20>;
/// The words of a list's row or section: at most 24 characters.
pub type RowTitle = Limited<24>;
/// The words under a row's title: at most 72 characters.
pub type RowDescription = Limited<72>;
/// Small print under a message: at most 60 characters.
pub type Footer = Limited<60>;
/// The text above buttons or a link: at most 1,024 characters.
pub type Body = Limited<1024>;
/// The text above a list: at most 4,096 characters.
pub type ListBody = Limited<4096>;

impl<const MAX: usize> Limited<MAX> {
    /// The text, if it is neither empty nor too long.
    ///
    /// # Errors
    ///
    /// If it is.
    pub fn new(text: impl Into<Cow<'static, str>>) -> Result<Self, Forbidden> {
        let text = text.into();
        if text.trim().is_empty() {
            return Err(Forbidden::Empty);
        }
        let units = text.encode_utf16().count();
        if units > MAX {
            return Err(Forbidden::TooLong { text: text.into_owned(), units, max: MAX });
        }
        Ok(Self(text))
    }

    /// The text of a literal. In a `const` (see [`title!`](crate::title)), one that is too long does not
    /// compile.
    ///
    /// # Panics
    ///
    /// If the text is empty or too long.
    pub const fn literal(text: &'static str) -> Self {
        assert!(!text.is_empty(), "this text is empty");
        assert!(utf16_len(text) <= MAX, "this text is longer than WhatsApp allows here");
        Self(Cow::Borrowed(text))
    }

    /// The text, shortened at a word's end and closed with `…` if it is too long. For words that come from
    /// elsewhere, such as a product's name, where a part is better than nothing.
    ///
    /// # Errors
    ///
    /// If it is empty.
    pub fn shortened(text: impl Into<Cow<'static, str>>) -> Result<Self, Forbidden> {
        let text = text.into();
        if text.encode_utf16().count() <= MAX {
            return Self::new(text);
        }
        let mut units = 0;
        let end = text.char_indices().find_map(|(at, c)| {
            units += c.len_utf16();
            (units > MAX - 1).then_some(at)
        });
        let head = &text[..end.unwrap_or(text.len())];
        let word_end = head.rfind(char::is_whitespace).filter(|at| *at > head.len() / 2).unwrap_or(head.len());
        let mut short = head[..word_end].trim_end().to_owned();
        short.push('…');
        Self::new(short)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// UTF-16 units of a text, in a `const`.
const fn utf16_len(text: &str) -> usize {
    let bytes = text.as_bytes();
    let (mut at, mut units) = (0, 0);
    while at < bytes.len() {
        // Every byte but a continuation byte begins a character; those of four bytes take two units.
        if bytes[at] & 0xC0 != 0x80 {
            units += if bytes[at] >= 0xF0 { 2 } else { 1 };
        }
        at += 1;
    }
    units
}

impl<const MAX: usize> Deref for Limited<MAX> {
    type Target = str;
    fn deref(&self) -> &str {
        &self.0
    }
}

impl<const MAX: usize> From<Limited<MAX>> for String {
    fn from(text: Limited<MAX>) -> Self {
        text.0.into_owned()
    }
}

/// A literal [`Title`]: longer than 20 characters, it does not compile.
///
/// ```
/// let title = santun_plugin::title!("Lacak pesanan");
/// ```
///
/// ```compile_fail
/// let title = santun_plugin::title!("Lacak semua pesanan saya");
/// ```
#[macro_export]
macro_rules! title {
    ($text:literal) => {
        const { $crate::limited::Title::literal($text) }
    };
}

/// A literal [`RowTitle`]: longer than 24 characters, it does not compile.
#[macro_export]
macro_rules! row_title {
    ($text:literal) => {
        const { $crate::limited::RowTitle::literal($text) }
    };
}

/// Something that WhatsApp forbids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Forbidden {
    /// A text without words.
    Empty,
    /// A text with too many characters.
    TooLong {
        /// The text.
        text: String,
        /// How long it is.
        units: usize,
        /// How long it may be.
        max: usize,
    },
    /// An id that is empty or longer than 200 bytes.
    Id,
    /// Two options of one message with the same id.
    SameId(String),
    /// Two options of one message with the same words.
    SameTitle(String),
    /// No button, or more than three.
    ButtonCount(usize),
    /// No row, or more than ten.
    RowCount(usize),
    /// Several sections, one of them without a title; or a section without rows.
    Section,
    /// An address that is not https.
    Url,
    /// No message, or more than eight.
    MessageCount(usize),
}

impl fmt::Display for Forbidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("a text of this message is empty: write it, or leave the message out"),
            Self::TooLong { text, units, max } => {
                write!(f, "`{text}` has {units} characters, and WhatsApp allows {max} here: shorten it")
            }
            Self::Id => f.write_str("an option's id is empty or longer than 200 bytes"),
            Self::SameId(id) => write!(f, "two options of one message have the id `{id}`"),
            Self::SameTitle(title) => write!(f, "two options of one message are called `{title}`"),
            Self::ButtonCount(n) => write!(f, "{n} buttons in one message: WhatsApp allows one to three"),
            Self::RowCount(n) => write!(f, "{n} rows in one list: WhatsApp allows one to ten"),
            Self::Section => f.write_str("each section needs rows, and a title if there is more than one section"),
            Self::Url => f.write_str("the address does not begin with https://"),
            Self::MessageCount(n) => write!(f, "{n} messages in one reply: one to eight are allowed"),
        }
    }
}

impl std::error::Error for Forbidden {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_counts_as_whatsapp_may_count_it() {
        assert!(Title::new("12345678901234567890").is_ok());
        assert!(Title::new("123456789012345678901").is_err());
        assert!(Title::new("123456789012345678👍").is_ok());
        assert!(Title::new("1234567890123456789👍").is_err());
        assert_eq!(utf16_len("é👍a"), "é👍a".encode_utf16().count());
    }

    #[test]
    fn a_title_without_words_is_forbidden() {
        assert_eq!(Title::new("  "), Err(Forbidden::Empty));
    }

    #[test]
    fn a_long_name_is_shortened_at_a_words_end() {
        let short = RowTitle::shortened("Kemeja batik lengan panjang motif parang").unwrap();
        assert_eq!(short.as_str(), "Kemeja batik lengan…");
        assert!(RowTitle::shortened("👍".repeat(40)).unwrap().encode_utf16().count() <= 24);
        assert_eq!(RowTitle::shortened("Pendek").unwrap().as_str(), "Pendek");
    }

    #[test]
    fn what_is_too_long_says_by_how_much() {
        let error = Title::new("Bicara dengan semua agen").unwrap_err();
        assert_eq!(
            error.to_string(),
            "`Bicara dengan semua agen` has 24 characters, and WhatsApp allows 20 here: shorten it"
        );
    }
}
