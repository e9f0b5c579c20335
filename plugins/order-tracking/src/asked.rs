//! What a message names: orders by their numbers, or by the waybills of their parcels.

use crate::couriers::{self, Waybill};
use crate::numbers::{BareDigits, Pattern, key};

/// What stands before a waybill in the id of an option.
const WAYBILL: &str = "resi:";

/// An order, as the customer names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    Number(String),
    Waybill(Waybill),
}

impl Asked {
    /// Everything that a text names: the order numbers, then the waybills.
    pub(crate) fn all(text: &str, pattern: &Pattern, bare_digits: BareDigits) -> Vec<Self> {
        let numbers = pattern.find(text, bare_digits);
        let keys: Vec<String> = numbers.iter().map(|number| key(number)).collect();
        let waybills = couriers::find(text).into_iter().filter(|waybill| !keys.contains(&waybill.number));
        let waybills: Vec<Self> = waybills.map(Self::Waybill).collect();
        numbers.into_iter().map(Self::Number).chain(waybills).collect()
    }

    /// Whether a text may name something, whatever the numbers of the shop look like: all of them have digits.
    pub(crate) fn may_be_in(text: &str) -> bool {
        text.bytes().any(|byte| byte.is_ascii_digit()) || !couriers::find(text).is_empty()
    }

    /// What an option's id names.
    pub(crate) fn of_id(id: &str) -> Self {
        match id.strip_prefix(WAYBILL) {
            Some(number) => Self::Waybill(Waybill { number: number.to_owned(), courier: "" }),
            None => Self::Number(id.to_owned()),
        }
    }

    /// Its name in an option's id.
    pub(crate) fn id(&self) -> String {
        match self {
            Self::Number(number) => number.clone(),
            Self::Waybill(waybill) => format!("{WAYBILL}{}", waybill.number),
        }
    }

    /// What the customer wrote.
    pub(crate) fn written(&self) -> &str {
        match self {
            Self::Number(number) => number,
            Self::Waybill(waybill) => &waybill.number,
        }
    }

    /// As the middle of a sentence names it. Only what the customer wrote is said: who asks by a waybill learns no
    /// order number from it.
    pub(crate) fn spoken(&self, english: bool) -> String {
        match (self, english) {
            (Self::Number(number), false) => format!("pesanan {number}"),
            (Self::Number(number), true) => format!("order {number}"),
            (Self::Waybill(waybill), false) => format!("paket dengan resi {}", waybill.number),
            (Self::Waybill(waybill), true) => format!("the parcel with waybill {}", waybill.number),
        }
    }

    /// As the beginning of a sentence names it.
    pub(crate) fn opening(&self, english: bool) -> String {
        let spoken = self.spoken(english);
        let (first, rest) = spoken.split_at(1);
        first.to_uppercase() + rest
    }
}
