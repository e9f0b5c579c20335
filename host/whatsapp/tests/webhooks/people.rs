//! Who somebody is, and who they have become.

use santun_core::identity::{Bsuid, Identity, PersonName, Phone};
use santun_core::time::Timestamp;
use santun_core::webhook::Update;

use crate::support::{arrival, by_bsuid, dewi, updates};

#[test]
fn a_changed_number_names_before_and_after() {
    let [Update::IdentityChanged { before, after, wamid, .. }] = &updates("user_changed_number")[..] else { panic!() };
    assert_eq!(before, &dewi());
    assert_eq!(after.phone, Some(Phone::new("6285711112222")));
    assert!(wamid.is_some());
}

#[test]
fn a_changed_user_id_names_before_and_after() {
    let [Update::IdentityChanged { before, after, .. }] = &updates("user_changed_user_id")[..] else { panic!() };
    assert_eq!(before, &by_bsuid("ID.111aaa"));
    assert_eq!((&after.bsuid, &after.parent_bsuid), (&Some(Bsuid::new("ID.222bbb")), &Some(Bsuid::new("ID.ENT.9"))));

    let [Update::IdentityChanged { before, .. }] = &updates("user_changed_user_id_in_words")[..] else { panic!() };
    assert_eq!(before, &by_bsuid("ID.111aaa"));
}

#[test]
fn a_person_is_known_by_number_by_bsuid_or_by_both() {
    let sinta = Identity { parent_bsuid: Some(Bsuid::new("ID.ENT.88")), ..by_bsuid("ID.5567abcd") };
    assert_eq!(arrival("bsuid_only").sender, sinta);
    assert_eq!(arrival("bsuid_only").name, Some(PersonName::new("Sinta")));
    assert_eq!(arrival("bsuid_empty_phone").sender, by_bsuid("ID.5567abcd"));
    let both = Identity { bsuid: Some(Bsuid::new("ID.5567abcd")), ..dewi() };
    assert_eq!(arrival("bsuid_and_phone").sender, both);
}

#[test]
fn numbers_are_read_where_strings_are_documented() {
    let arrival = arrival("numbers_not_strings");
    assert_eq!(arrival.sender, dewi());
    assert_eq!(arrival.sent_at, Timestamp::from_seconds(1_763_790_999));
}
