//! A text with a button that opens an address.

use super::Outgoing;
use super::checks::https;
use crate::bindings::santun::plugin::types as wit;
use crate::limited::{Body, Forbidden, Title};

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::title;

    #[test]
    fn a_link_needs_an_https_address() {
        assert_eq!(Link::new("Buka", title!("Buka"), "http://toko.example"), Err(Forbidden::Url));
        assert!(Link::new("Buka", title!("Buka"), "https://toko.example").is_ok());
    }
}
