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
        if !right {
            return Err(GraphError::of(190));
        }
        let standing = self.standing.token.read();
        if standing.revoked {
            let why = "The session has been invalidated because the user changed their password or Facebook has \
                       changed the session for security reasons.";
            return Err(GraphError::token_over(460, why));
        }
        if standing.expires_at != 0 && standing.expires_at.saturating_mul(1_000) <= self.clock.now_ms() {
            return Err(GraphError::token_over(463, "Session has expired."));
        }
        Ok(())
    }

    /// Refuses a proof of knowing the app's secret that is none. Who shows none is not asked for it.
    pub(crate) fn check_proof(&self, headers: &HeaderMap, proof: Option<&str>) -> Result<(), GraphError> {
        let Some(proof) = proof else { return Ok(()) };
        let given = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        let token = given.and_then(|value| value.split_once(' ')).map_or("", |(_, token)| token.trim());
        if self.signer.verifies(token.as_bytes(), proof) { Ok(()) } else { Err(GraphError::bad_proof()) }
    }
}
