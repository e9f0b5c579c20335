//! Whether a webhook is Meta's: the signature over its raw bytes, and the handshake.
//!
//! The signature carries no time, so a recorded webhook verifies for ever: only the store's refusal of
//! message ids that it knows defends against replay.

use std::fmt;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use subtle::ConstantTimeEq as _;

/// The longest challenge that is echoed. Meta's are about ten digits.
const CHALLENGE_BYTES: usize = 512;

/// The app's secrets that a signature may have been made with: one, or two while it is being changed.
#[derive(Clone)]
pub struct AppSecrets {
    /// Ready for use, so that no webhook pays for the key again.
    keys: Vec<Hmac<Sha256>>,
}

/// What is wrong with the app's secrets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SecretsError {
    /// There must be one, or two while changing.
    #[error("{0} app secrets were given: give one, or the old and the new one while changing it")]
    Count(usize),
    /// An empty secret would let everybody in.
    #[error("an app secret is empty: copy it from the app's basic settings at Meta")]
    Empty,
}

impl AppSecrets {
    /// One secret, or two while it is being changed.
    ///
    /// # Errors
    /// [`SecretsError`] if there are none, more than two, or an empty one.
    pub fn new<S: AsRef<str>>(secrets: impl IntoIterator<Item = S>) -> Result<Self, SecretsError> {
        let mut keys = Vec::with_capacity(2);
        for secret in secrets {
            let secret = secret.as_ref().trim();
            if secret.is_empty() {
                return Err(SecretsError::Empty);
            }
            // HMAC takes keys of every length: the error of its signature cannot happen.
            keys.push(Hmac::<Sha256>::new_from_slice(secret.as_bytes()).map_err(|_| SecretsError::Empty)?);
        }
        if !(1..=2).contains(&keys.len()) {
            return Err(SecretsError::Count(keys.len()));
        }
        Ok(Self { keys })
    }
}

impl AppSecrets {
    /// The header that Meta would send with this body, by the first secret: for a host that tries its own door.
    pub fn sign(&self, body: &[u8]) -> String {
        format!("sha256={}", self.hex(0, body))
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.keys.len()
    }

    /// What proves to the Graph that whoever holds this token also knows the secret of that place.
    pub(crate) fn proof(&self, nth: usize, token: &str) -> String {
        self.hex(nth, token.as_bytes())
    }

    fn hex(&self, nth: usize, bytes: &[u8]) -> String {
        let Some(key) = self.keys.get(nth) else { return String::new() };
        hex::encode(key.clone().chain_update(bytes).finalize().into_bytes())
    }
}

impl fmt::Debug for AppSecrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AppSecrets({} …)", self.keys.len())
    }
}

/// Why a webhook is not let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// The header is missing.
    #[error("the webhook carries no X-Hub-Signature-256")]
    Missing,
    /// The header is not `sha256=` and 64 hexadecimal digits.
    #[error("X-Hub-Signature-256 is not `sha256=` and 64 hexadecimal digits")]
    Malformed,
    /// Neither secret gives this signature.
    #[error("the signature fits no app secret: is `whatsapp.app_secret` that of the app which sends the webhooks?")]
    Mismatch,
}

/// Checks `X-Hub-Signature-256` (`header`) against the bytes of the body as they came, in constant time.
///
/// # Errors
/// [`SignatureError`] if the webhook must be answered with 401, unread.
pub fn verify(secrets: &AppSecrets, raw_body: &[u8], header: Option<&str>) -> Result<(), SignatureError> {
    let header = header.ok_or(SignatureError::Missing)?;
    let digits = header.trim().strip_prefix("sha256=").ok_or(SignatureError::Malformed)?;
    let mut signature = [0; 32];
    hex::decode_to_slice(digits, &mut signature).map_err(|_| SignatureError::Malformed)?;

    for key in &secrets.keys {
        let mut mac = key.clone();
        mac.update(raw_body);
        if mac.verify_slice(&signature).is_ok() {
            return Ok(());
        }
    }
    Err(SignatureError::Mismatch)
}

/// Why a handshake is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HandshakeError {
    /// `hub.mode` is not `subscribe`.
    #[error("the request is no handshake: `hub.mode` is not `subscribe`")]
    NotSubscribe,
    /// `hub.verify_token` is missing or another.
    #[error("`hub.verify_token` is not the one in `whatsapp.verify_token`")]
    WrongToken,
    /// `hub.challenge` is missing, or nothing that Meta would send.
    #[error("`hub.challenge` is missing, too long or not plain ASCII")]
    NoChallenge,
}

/// Answers Meta's handshake: the challenge to send back with 200, as plain text.
///
/// `query` is the query string of the request, without `?`.
///
/// # Errors
/// [`HandshakeError`] if the request must be answered with 403.
pub fn handshake(query: &str, verify_token: &str) -> Result<String, HandshakeError> {
    let mut mode = None;
    let mut token = None;
    let mut challenge = None;
    for (key, value) in form_urlencoded::parse(query.as_bytes()) {
        match key.as_ref() {
            "hub.mode" => mode = Some(value),
            "hub.verify_token" => token = Some(value),
            "hub.challenge" => challenge = Some(value),
            _ => {}
        }
    }

    if mode.as_deref() != Some("subscribe") {
        return Err(HandshakeError::NotSubscribe);
    }
    let token = token.ok_or(HandshakeError::WrongToken)?;
    if verify_token.is_empty() || !bool::from(token.as_bytes().ct_eq(verify_token.as_bytes())) {
        return Err(HandshakeError::WrongToken);
    }
    let challenge = challenge.ok_or(HandshakeError::NoChallenge)?;
    let plain = challenge.bytes().all(|byte| byte.is_ascii_graphic());
    if challenge.is_empty() || challenge.len() > CHALLENGE_BYTES || !plain {
        return Err(HandshakeError::NoChallenge);
    }
    Ok(challenge.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &[u8] = br#"{"object":"whatsapp_business_account","entry":[]}"#;

    /// Made with `openssl dgst -sha256 -hmac rahasia-lama`, so that the test does not prove our code by itself.
    const BY_OLD_SECRET: &str = "sha256=332fd471184a64acad6b524c6cb212fca444490a0fdd1d230c6f2c0e9845ba95";

    fn secrets() -> AppSecrets {
        AppSecrets::new(["rahasia-lama", "rahasia-baru"]).unwrap()
    }

    #[test]
    fn a_signature_of_the_old_secret_is_let_in_while_changing() {
        assert_eq!(verify(&secrets(), BODY, Some(BY_OLD_SECRET)), Ok(()));
    }

    #[test]
    fn a_signature_of_the_new_secret_is_let_in_while_changing() {
        let turned_round = AppSecrets::new(["rahasia-baru", "rahasia-lama"]).unwrap();
        assert_eq!(verify(&turned_round, BODY, Some(BY_OLD_SECRET)), Ok(()));
    }

    #[test]
    fn a_signature_of_a_retired_secret_is_refused() {
        let secrets = AppSecrets::new(["rahasia-baru"]).unwrap();
        assert_eq!(verify(&secrets, BODY, Some(BY_OLD_SECRET)), Err(SignatureError::Mismatch));
    }

    #[test]
    fn one_changed_byte_is_refused() {
        let mut body = BODY.to_vec();
        body[3] ^= 1;
        assert_eq!(verify(&secrets(), &body, Some(BY_OLD_SECRET)), Err(SignatureError::Mismatch));
    }

    #[test]
    fn a_missing_or_malformed_header_is_refused() {
        assert_eq!(verify(&secrets(), BODY, None), Err(SignatureError::Missing));
        for header in ["", "sha256=", "sha1=00", "sha256=zz", &BY_OLD_SECRET[..70], "abcdef"] {
            assert_eq!(verify(&secrets(), BODY, Some(header)), Err(SignatureError::Malformed), "{header}");
        }
    }

    #[test]
    fn secrets_are_one_or_two_and_never_empty() {
        assert_eq!(AppSecrets::new::<&str>([]).unwrap_err(), SecretsError::Count(0));
        assert_eq!(AppSecrets::new(["a", "b", "c"]).unwrap_err(), SecretsError::Count(3));
        assert_eq!(AppSecrets::new(["a", " "]).unwrap_err(), SecretsError::Empty);
    }

    #[test]
    fn secrets_are_never_printed() {
        assert_eq!(format!("{:?}", secrets()), "AppSecrets(2 …)");
    }

    #[test]
    fn the_challenge_comes_back_with_the_right_token() {
        let query = "hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=kata%20sandi";
        assert_eq!(handshake(query, "kata sandi"), Ok("1158201444".to_owned()));
    }

    #[test]
    fn a_handshake_with_another_token_is_refused() {
        let query = "hub.mode=subscribe&hub.challenge=1&hub.verify_token=";
        assert_eq!(handshake(query, "kata"), Err(HandshakeError::WrongToken));
        assert_eq!(handshake(query, ""), Err(HandshakeError::WrongToken));
        assert_eq!(handshake("hub.mode=subscribe&hub.challenge=1", "kata"), Err(HandshakeError::WrongToken));
        assert_eq!(handshake("hub.mode=unsubscribe&hub.verify_token=kata", "kata"), Err(HandshakeError::NotSubscribe));
    }

    #[test]
    fn a_challenge_that_a_browser_could_run_is_refused() {
        for challenge in ["", "%3Cscript%3E%20", "%C3%A9"] {
            let query = format!("hub.mode=subscribe&hub.verify_token=k&hub.challenge={challenge}");
            assert_eq!(handshake(&query, "k"), Err(HandshakeError::NoChallenge), "{challenge}");
        }
    }
}
