//! Who a webhook speaks of.

use santun_core::identity::{Bsuid, Identity, PersonName, Phone};
use serde_json::value::RawValue;

use super::scalar::Scalar;
use super::wire::WireContact;

/// The people that a value lists beside its messages.
pub(super) struct People<'a> {
    contacts: Vec<WireContact<'a>>,
}

impl<'a> People<'a> {
    /// These people.
    pub(super) fn of(contacts: Vec<WireContact<'a>>) -> Self {
        Self { contacts }
    }

    /// Reads a value's `contacts`; a malformed one does not cost its neighbours.
    pub(super) fn read(raw: Option<&'a RawValue>) -> Self {
        let Some(raw) = raw else { return Self { contacts: Vec::new() } };
        let contacts = serde_json::from_str(raw.get()).unwrap_or_else(|_| {
            let elements: Vec<&RawValue> = serde_json::from_str(raw.get()).unwrap_or_default();
            elements.into_iter().filter_map(|element| serde_json::from_str(element.get()).ok()).collect()
        });
        Self { contacts }
    }

    /// Completes `identity` with what the value says of that person, and finds their name.
    ///
    /// A contact is the same person if one id fits and none contradicts. Nothing is ever merged over a
    /// contradiction.
    pub(super) fn complete(&self, identity: &mut Identity) -> Option<PersonName> {
        let (contact, stated) = self.contacts.iter().find_map(|contact| {
            let stated = identity_of(&contact.wa_id, &contact.user_id, &contact.parent_user_id);
            is_same(identity, &stated).then_some((contact, stated))
        })?;
        identity.phone = identity.phone.take().or(stated.phone);
        identity.bsuid = identity.bsuid.take().or(stated.bsuid);
        identity.parent_bsuid = identity.parent_bsuid.take().or(stated.parent_bsuid);
        let name = contact.profile.as_ref()?.name.get()?;
        Some(PersonName::new(name))
    }
}

fn is_same(one: &Identity, other: &Identity) -> bool {
    let phone = agree(one.phone.as_ref(), other.phone.as_ref());
    let bsuid = agree(one.bsuid.as_ref(), other.bsuid.as_ref());
    matches!((phone, bsuid), (Some(true), Some(true) | None) | (None, Some(true)))
}

/// Whether two ids are the same; `None` if one of them is missing.
fn agree<T: PartialEq>(one: Option<&T>, other: Option<&T>) -> Option<bool> {
    Some(one? == other?)
}

/// The identity that these fields give.
///
/// Some pages of Meta put a BSUID where a phone number used to be: what is no number is taken as one.
pub(super) fn identity_of(phone: &Scalar<'_>, bsuid: &Scalar<'_>, parent: &Scalar<'_>) -> Identity {
    let phone_field = phone.get();
    Identity {
        phone: phone_field.and_then(phone_of),
        bsuid: bsuid.get().or_else(|| phone_field.filter(|text| looks_like_bsuid(text))).map(Bsuid::new),
        parent_bsuid: parent.get().map(Bsuid::new),
    }
}

/// The phone number in `text`: digits, without a leading `+`.
pub(super) fn phone_of(text: &str) -> Option<Phone> {
    let digits = text.trim();
    let digits = digits.strip_prefix('+').unwrap_or(digits);
    let is_number = (1..=20).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| Phone::new(digits))
}

/// Whether `text` has the form of a business-scoped user id: a country, a dot, letters and digits.
pub(super) fn looks_like_bsuid(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() > 3
        && bytes.len() <= 160
        && bytes[..2].iter().all(u8::is_ascii_uppercase)
        && bytes[2] == b'.'
        && bytes[3..].iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_leading_plus_is_no_part_of_a_number() {
        assert_eq!(phone_of("+6281234567890"), Some(Phone::new("6281234567890")));
        assert_eq!(phone_of(" 6281234567890 "), Some(Phone::new("6281234567890")));
        assert_eq!(phone_of("ID.12345"), None);
        assert_eq!(phone_of(""), None);
    }

    #[test]
    fn a_contact_that_contradicts_is_another_person() {
        let raw = r#"[{"wa_id":"628111","user_id":"ID.a1","profile":{"name":"Dewi"}},
                      {"wa_id":"628222","user_id":"ID.b2","profile":{"name":"Budi"}}]"#;
        let raw: &RawValue = serde_json::from_str(raw).unwrap();
        let people = People::read(Some(raw));

        let mut contradiction =
            Identity { phone: phone_of("628111"), bsuid: Some(Bsuid::new("ID.b2")), ..Identity::default() };
        let before = contradiction.clone();
        assert_eq!(people.complete(&mut contradiction), None);
        assert_eq!(contradiction, before);

        let mut budi = Identity { bsuid: Some(Bsuid::new("ID.b2")), ..Identity::default() };
        assert_eq!(people.complete(&mut budi), Some(PersonName::new("Budi")));
        assert_eq!(budi.phone, Some(Phone::new("628222")));
    }

    #[test]
    fn a_malformed_contact_does_not_cost_its_neighbour() {
        let raw: &RawValue = serde_json::from_str(r#"[7,{"wa_id":"628222","profile":{"name":"Budi"}}]"#).unwrap();
        let mut budi = Identity { phone: phone_of("628222"), ..Identity::default() };
        assert_eq!(People::read(Some(raw)).complete(&mut budi), Some(PersonName::new("Budi")));
    }
}
