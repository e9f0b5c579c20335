//! Who a person is to WhatsApp: the only types that hold a phone number or a message id of Meta's.
//!
//! They print nothing of what they hold. Only `host/whatsapp` and the store look inside, by `expose`.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! personal {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Wraps the text as it came.
            pub fn new(text: impl Into<String>) -> Self {
                Self(text.into())
            }

            /// The text itself. It must reach neither a log nor an error message.
            pub fn expose(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    )*};
}

personal! {
    /// A phone number: digits with the country code, without `+`.
    Phone;
    /// A business-scoped user id: opaque, one for each person and business portfolio.
    Bsuid;
    /// Meta's id of a message. It contains the customer's phone number in base64.
    Wamid;
    /// A name out of a WhatsApp profile.
    PersonName;
}

/// How WhatsApp knows a person: by phone number, by BSUID, or by both.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Identity {
    /// The phone number, if WhatsApp gave it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<Phone>,
    /// The business-scoped user id, if WhatsApp gave it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bsuid: Option<Bsuid>,
    /// The id in the parent portfolio, if WhatsApp gave it. Kept, and never used to find a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent_bsuid: Option<Bsuid>,
}

impl Identity {
    /// Whether it names nobody.
    pub fn is_empty(&self) -> bool {
        self.phone.is_none() && self.bsuid.is_none()
    }
}
