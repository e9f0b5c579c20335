//! Origins: which are granted, and which secrets belong to them.

use std::fmt;

use http::{HeaderName, HeaderValue};
use reqwest::Url;

use crate::setup::Secret;

/// Scheme, host and port: the unit of a grant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Origin(String);

/// A text that is no origin.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an origin such as `https://orders.example` or `http://127.0.0.1:8090` (no path, no user)")]
pub(crate) struct InvalidOrigin(pub(crate) String);

impl Origin {
    /// The origin that an operator named.
    pub(crate) fn parse(text: &str) -> Result<Self, InvalidOrigin> {
        let invalid = || InvalidOrigin(text.to_owned());
        let url = Url::parse(text).map_err(|_| invalid())?;
        let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
        if !bare || !matches!(url.scheme(), "http" | "https") || has_user(&url) {
            return Err(invalid());
        }
        Ok(Self::of(&url))
    }

    /// The origin of an address.
    pub(crate) fn of(url: &Url) -> Self {
        Self(url.origin().ascii_serialization())
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a behaviour may reach.
#[derive(Clone, Default)]
pub(crate) struct Access {
    origins: Vec<Origin>,
    secrets: Vec<(Origin, HeaderName, HeaderValue)>,
}

impl fmt::Debug for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Access").field("origins", &self.origins).finish_non_exhaustive()
    }
}

impl Access {
    /// Access to these origins, with these secrets for them.
    pub(crate) fn new(origins: &[String], secrets: &[Secret]) -> Result<Self, String> {
        let origins = origins.iter().map(|text| Origin::parse(text)).collect::<Result<Vec<_>, _>>();
        let origins = origins.map_err(|error| format!("grants.http: {error}"))?;
        let mut kept = Vec::with_capacity(secrets.len());
        for secret in secrets {
            let origin = Origin::parse(&secret.origin).map_err(|error| format!("grants.secrets: {error}"))?;
            if !origins.contains(&origin) {
                return Err(format!("grants.secrets: {origin} gets a secret and is not in grants.http; add it there"));
            }
            let header = HeaderName::try_from(secret.header.as_str())
                .map_err(|_| format!("grants.secrets: `{}` is not the name of a header field", secret.header))?;
            let mut value = HeaderValue::try_from(secret.value.as_str())
                .map_err(|_| format!("grants.secrets: the value for `{header}` cannot be sent in a header field"))?;
            value.set_sensitive(true);
            kept.push((origin, header, value));
        }
        Ok(Self { origins, secrets: kept })
    }

    /// The granted origin of an address, if it may be asked.
    pub(crate) fn grant(&self, url: &Url) -> Option<&Origin> {
        if has_user(url) {
            return None;
        }
        let origin = Origin::of(url);
        self.origins.iter().find(|granted| **granted == origin)
    }

    /// The secrets of an origin.
    pub(crate) fn secrets<'a>(&'a self, origin: &Origin) -> impl Iterator<Item = (&'a HeaderName, &'a HeaderValue)> {
        self.secrets.iter().filter(move |(of, ..)| of == origin).map(|(_, name, value)| (name, value))
    }
}

fn has_user(url: &Url) -> bool {
    !url.username().is_empty() || url.password().is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn granted(origins: &[&str], url: &str) -> bool {
        let origins: Vec<_> = origins.iter().map(|text| (*text).to_owned()).collect();
        Access::new(&origins, &[]).unwrap().grant(&Url::parse(url).unwrap()).is_some()
    }

    #[test]
    fn a_grant_is_for_one_scheme_host_and_port() {
        let grants = ["https://orders.example", "http://127.0.0.1:8090"];
        assert!(granted(&grants, "https://orders.example/a?b"));
        assert!(granted(&grants, "https://ORDERS.example:443/"));
        assert!(granted(&grants, "http://127.0.0.1:8090/x"));
        for other in [
            "http://orders.example/",
            "https://orders.example:8443/",
            "https://orders.example.evil.example/",
            "https://orders.example@evil.example/",
            "https://me@orders.example/",
            "http://127.0.0.1:8091/",
            "http://127.0.0.2:8090/",
            "file:///etc/passwd",
        ] {
            assert!(!granted(&grants, other), "{other}");
        }
    }

    #[test]
    fn spellings_of_an_address_are_the_same_address() {
        assert!(granted(&["http://127.0.0.1:8090"], "http://2130706433:8090/"));
        assert!(!granted(&["https://orders.example"], "http://0x7f.1/"));
    }

    #[test]
    fn a_secret_goes_only_to_a_granted_origin() {
        let secret = Secret { origin: "https://a.example".into(), header: "Authorization".into(), value: "x".into() };
        assert!(Access::new(&[], std::slice::from_ref(&secret)).unwrap_err().contains("grants.http"));
        let access = Access::new(&["https://a.example".into(), "https://b.example".into()], &[secret]).unwrap();
        assert_eq!(access.secrets(&Origin::parse("https://a.example").unwrap()).count(), 1);
        assert_eq!(access.secrets(&Origin::parse("https://b.example").unwrap()).count(), 0);
        assert!(!format!("{access:?}").contains("Authorization"));
    }
}
