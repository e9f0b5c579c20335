//! HMAC-SHA-256 under a key of the host's.

use hmac::{Hmac, KeyInit};
use sha2::Sha256;

/// An authentication code under `key`, nothing fed into it yet.
pub(crate) fn keyed(key: &[u8; 32]) -> Hmac<Sha256> {
    // A key of a whole block cannot have the wrong length; HMAC itself pads shorter ones with zeros.
    let mut block = [0; 64];
    block[..32].copy_from_slice(key);
    Hmac::new(&block.into())
}
