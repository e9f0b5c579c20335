//! A file to send.

use super::Outgoing;
use super::checks::https;
use crate::bindings::santun::plugin::types as wit;
use crate::limited::Forbidden;

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
