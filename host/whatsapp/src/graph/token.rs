//! The token that a number's business gave us.

use std::fmt;

use reqwest::header::HeaderValue;

/// An access token of the Graph. It is never printed.
#[derive(Clone)]
pub struct AccessToken(HeaderValue);

/// A token that cannot be one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the access token is empty or holds characters that no token has: copy it again, in one line")]
pub struct InvalidToken;

impl AccessToken {
    /// Takes a token; white space around it is dropped.
    ///
    /// # Errors
    /// [`InvalidToken`] if it is empty or not printable ASCII.
    pub fn new(token: &str) -> Result<Self, InvalidToken> {
        let token = token.trim();
        if token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(InvalidToken);
        }
        let mut header = HeaderValue::try_from(format!("Bearer {token}")).map_err(|_| InvalidToken)?;
        header.set_sensitive(true);
        Ok(Self(header))
    }

    /// The token itself, for where it is the subject of a call.
    pub(super) fn expose(&self) -> &str {
        // It was made from printable ASCII, with this in front.
        self.0.to_str().ok().and_then(|header| header.strip_prefix("Bearer ")).unwrap_or_default()
    }

    pub(super) fn header(&self) -> HeaderValue {
        self.0.clone()
    }
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AccessToken(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_never_printed() {
        assert_eq!(format!("{:?}", AccessToken::new("EAAJrahasia\n").unwrap()), "AccessToken(…)");
    }

    #[test]
    fn a_token_of_two_lines_is_refused() {
        assert_eq!(AccessToken::new("EAAJ\nrahasia").unwrap_err(), InvalidToken);
        assert_eq!(AccessToken::new(" ").unwrap_err(), InvalidToken);
    }
}
