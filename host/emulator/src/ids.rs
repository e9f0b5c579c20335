//! The ids that WhatsApp hands out, in its own shapes.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rand::RngExt as _;

/// Which way a message went; part of its id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    FromCustomer,
    FromBusiness,
}

/// A new message id. As WhatsApp's own, it is base64 and carries the customer's number (or user id) in the clear, so
/// that a host that leaks it leaks a number here too.
pub(crate) fn wamid(customer: &str, way: Way) -> String {
    let (mark, random) = match way {
        Way::FromCustomer => (0x12, upper_hex(20)),
        Way::FromBusiness => (0x11, upper_hex(18)),
    };
    let mut bytes = Vec::with_capacity(customer.len() + random.len() + 9);
    bytes.extend_from_slice(&[0x1c, 0x18, u8::try_from(customer.len()).unwrap_or(u8::MAX)]);
    bytes.extend_from_slice(customer.as_bytes());
    bytes.extend_from_slice(&[0x15, 0x02, 0x00, mark, 0x18, u8::try_from(random.len()).unwrap_or(u8::MAX)]);
    bytes.extend_from_slice(random.as_bytes());
    bytes.push(0);
    format!("wamid.{}", STANDARD.encode(bytes))
}

/// The customer's number or user id inside a message id, if it is one of ours.
pub(crate) fn customer_in(wamid: &str) -> Option<String> {
    let bytes = STANDARD.decode(wamid.strip_prefix("wamid.")?).ok()?;
    let length = usize::from(*bytes.get(2)?);
    let customer = bytes.get(3..3 + length)?;
    String::from_utf8(customer.to_vec()).ok()
}

/// A new media id: digits.
pub(crate) fn media_id() -> String {
    chance().random_range(1_000_000_000_000_000_u64..10_000_000_000_000_000).to_string()
}

/// A new business-scoped user id of a country.
pub(crate) fn user_id(country: &str) -> String {
    format!("{country}.{}", chance().random_range(1_000_000_000_000_000_000_u64..10_000_000_000_000_000_000))
}

/// The trace id that Graph puts in errors.
pub(crate) fn fbtrace_id() -> String {
    let bytes: [u8; 17] = chance().random();
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes)
}

/// A challenge of the subscription handshake.
pub(crate) fn challenge() -> String {
    chance().random_range(100_000_000_u32..2_000_000_000).to_string()
}

/// Chance: ids only have to differ, and no test may depend on them.
fn chance() -> rand::rngs::ThreadRng {
    rand::rng()
}

fn upper_hex(digits: usize) -> String {
    let bytes: [u8; 10] = chance().random();
    let mut text = hex::encode_upper(bytes);
    text.truncate(digits);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_id_gives_its_customer_back() {
        let id = wamid("628121112222", Way::FromBusiness);
        assert_eq!(customer_in(&id).as_deref(), Some("628121112222"));
        assert_eq!(customer_in("wamid.zzz"), None);
        assert_eq!(customer_in("628121112222"), None);
    }

    #[test]
    fn a_message_id_has_the_length_of_a_real_one() {
        assert_eq!(wamid("16503879439", Way::FromCustomer).len(), "wamid.".len() + 56);
    }
}
