//! Who may call: a bearer token and a version of the API.

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;

use crate::emulator::Emulator;
use crate::graph::error::GraphError;

impl Emulator {
    /// Refuses calls without the right token (190) or to something that is no version of the API (2500).
    pub(crate) fn admit(&self, headers: &HeaderMap, version: &str) -> Result<(), GraphError> {
        self.check_token(headers)?;
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        let known = version.strip_prefix('v').and_then(|rest| rest.split_once('.'));
        if known.is_none_or(|(major, minor)| !digits(major) || !digits(minor)) {
            return Err(GraphError::explained(2500, format!("/{version} is not a version such as v26.0")));
        }
        Ok(())
    }

    /// Refuses calls without the right token.
    pub(crate) fn check_token(&self, headers: &HeaderMap) -> Result<(), GraphError> {
        let given = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        let token =
            given.and_then(|value| value.split_once(' ')).filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
        let right = match (token, &self.settings.access_token) {
            (Some((_, token)), Some(expected)) => token.trim() == expected,
            (Some((_, token)), None) => !token.trim().is_empty(),
            (None, _) => false,
        };
        if right { Ok(()) } else { Err(GraphError::of(190)) }
    }
}
