//! Signatures: of webhooks, and of the addresses of media.

use std::sync::Arc;

use hmac::{Hmac, KeyInit, Mac};
use parking_lot::RwLock;
use sha2::{Digest, Sha256};

/// Signs with the app secret. All clones take a new one together.
#[derive(Clone)]
pub(crate) struct Signer {
    keyed: Arc<RwLock<Hmac<Sha256>>>,
}

impl Signer {
    /// A signer with this secret. Any length is a key.
    pub(crate) fn new(secret: &str) -> Self {
        Self { keyed: Arc::new(RwLock::new(keyed(secret))) }
    }

    /// Signs with another secret from now on.
    pub(crate) fn rotate(&self, secret: &str) {
        *self.keyed.write() = keyed(secret);
    }

    /// Lower-case hexadecimal HMAC-SHA256 of these bytes.
    pub(crate) fn sign(&self, bytes: &[u8]) -> String {
        let mut mac = self.keyed.read().clone();
        mac.update(bytes);
        hex::encode(mac.finalize().into_bytes())
    }

    /// Whether this is the signature of these bytes.
    pub(crate) fn verifies(&self, bytes: &[u8], signature: &str) -> bool {
        let Ok(given) = hex::decode(signature) else { return false };
        let mut mac = self.keyed.read().clone();
        mac.update(bytes);
        mac.verify_slice(&given).is_ok()
    }
}

fn keyed(secret: &str) -> Hmac<Sha256> {
    #[expect(clippy::expect_used, reason = "HMAC takes keys of every length")]
    Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("HMAC takes keys of every length")
}

/// SHA-256 of a file.
pub(crate) fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_the_known_one_of_its_key_and_bytes() {
        // RFC 4231, test case 2.
        let signer = Signer::new("Jefe");
        let known = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        assert_eq!(signer.sign(b"what do ya want for nothing?"), known);
        assert!(signer.verifies(b"what do ya want for nothing?", known));
        assert!(!signer.verifies(b"what do ya want for nothing!", known));
    }
}
