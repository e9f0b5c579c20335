//! The shapes of a webhook as Meta sends them, borrowed from its bytes.
//!
//! Only what decides where something belongs is read at once; what may be malformed without harm to
//! its neighbours stays raw until it is its turn.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::scalar::Scalar;

/// The whole body, if nothing in its frame is unusual.
#[derive(Deserialize)]
pub(super) struct WireEnvelope<'a> {
    #[serde(borrow, default)]
    pub(super) object: Scalar<'a>,
    #[serde(borrow)]
    pub(super) entry: Vec<WireEntry<'a>>,
}

/// One business account's part of a webhook.
#[derive(Deserialize)]
pub(super) struct WireEntry<'a> {
    #[serde(borrow, default)]
    pub(super) id: Scalar<'a>,
    #[serde(borrow, default)]
    pub(super) time: Scalar<'a>,
    #[serde(borrow)]
    pub(super) changes: Vec<WireChange<'a>>,
}

/// One field's part of a webhook.
#[derive(Deserialize)]
pub(super) struct WireChange<'a> {
    #[serde(borrow, default)]
    pub(super) field: Scalar<'a>,
    #[serde(borrow)]
    pub(super) value: &'a RawValue,
}

/// The value of the fields that carry messages, statuses, echoes or preferences.
#[derive(Deserialize)]
pub(super) struct WireValue<'a> {
    #[serde(borrow)]
    pub(super) metadata: Option<WireMetadata<'a>>,
    #[serde(borrow)]
    pub(super) contacts: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) messages: Option<Vec<&'a RawValue>>,
    #[serde(borrow)]
    pub(super) statuses: Option<Vec<&'a RawValue>>,
    #[serde(borrow)]
    pub(super) errors: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) message_echoes: Option<Vec<&'a RawValue>>,
    #[serde(borrow)]
    pub(super) user_preferences: Option<Vec<&'a RawValue>>,
}

/// Which number a value is about.
#[derive(Deserialize)]
pub(super) struct WireMetadata<'a> {
    #[serde(borrow, default)]
    pub(super) phone_number_id: Scalar<'a>,
}

/// A person that a value speaks of.
#[derive(Deserialize)]
pub(super) struct WireContact<'a> {
    #[serde(borrow, default)]
    pub(super) wa_id: Scalar<'a>,
    #[serde(borrow, default)]
    pub(super) user_id: Scalar<'a>,
    #[serde(borrow, default)]
    pub(super) parent_user_id: Scalar<'a>,
    #[serde(borrow)]
    pub(super) profile: Option<WireProfile<'a>>,
}

#[derive(Deserialize)]
pub(super) struct WireProfile<'a> {
    #[serde(borrow, default)]
    pub(super) name: Scalar<'a>,
}

/// A message, a customer's or an echo.
#[derive(Deserialize)]
pub(super) struct WireMessage<'a> {
    #[serde(borrow, default)]
    pub(super) id: Scalar<'a>,
    #[serde(borrow, default)]
    pub(super) from: Scalar<'a>,
    #[serde(borrow, default)]
    pub(super) from_user_id: Scalar<'a>,
    #[serde(borrow, default)]
    pub(super) from_parent_user_id: Scalar<'a>,
    #[serde(borrow, default)]
    pub(super) to: Scalar<'a>,
    #[serde(borrow, default)]
    pub(super) to_user_id: Scalar<'a>,
    #[serde(borrow, default)]
    pub(super) to_parent_user_id: Scalar<'a>,
    #[serde(borrow, default)]
    pub(super) timestamp: Scalar<'a>,
    #[serde(borrow, default, rename = "type")]
    pub(super) kind: Scalar<'a>,
    #[serde(borrow, default)]
    pub(super) group_id: Scalar<'a>,
    #[serde(borrow)]
    pub(super) context: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) referral: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) errors: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) text: Option<WireText<'a>>,
    #[serde(borrow)]
    pub(super) image: Option<WireMedia<'a>>,
    #[serde(borrow)]
    pub(super) audio: Option<WireMedia<'a>>,
    #[serde(borrow)]
    pub(super) voice: Option<WireMedia<'a>>,
    #[serde(borrow)]
    pub(super) video: Option<WireMedia<'a>>,
    #[serde(borrow)]
    pub(super) document: Option<WireMedia<'a>>,
    #[serde(borrow)]
    pub(super) sticker: Option<WireMedia<'a>>,
    #[serde(borrow)]
    pub(super) location: Option<WireLocation<'a>>,
    #[serde(borrow)]
    pub(super) contacts: Option<Vec<WireCard<'a>>>,
    #[serde(borrow)]
    pub(super) reaction: Option<WireReaction<'a>>,
    #[serde(borrow)]
    pub(super) interactive: Option<WireInteractive<'a>>,
    #[serde(borrow)]
    pub(super) button: Option<WireButton<'a>>,
    #[serde(borrow)]
    pub(super) order: Option<WireOrder<'a>>,
    #[serde(borrow)]
    pub(super) system: Option<WireSystem<'a>>,
    #[serde(borrow)]
    pub(super) edit: Option<WireOriginal<'a>>,
    #[serde(borrow)]
    pub(super) revoke: Option<WireOriginal<'a>>,
}

/// What a message quotes, and how it came.
#[derive(Default, Deserialize)]
pub(super) struct WireContext<'a> {
    #[serde(borrow, default)]
    pub(super) id: Scalar<'a>,
    #[serde(borrow, default)]
    pub(super) forwarded: Scalar<'a>,
    #[serde(borrow, default)]
    pub(super) frequently_forwarded: Scalar<'a>,
    #[serde(borrow)]
    pub(super) referred_product: Option<&'a RawValue>,
}

#[derive(Deserialize)]
pub(super) struct WireText<'a> {
    #[serde(borrow, default)]
    pub(super) body: Scalar<'a>,
}

#[derive(Deserialize)]
pub(super) struct WireMedia<'a> {
    #[serde(borrow, default)]
    pub(super) id: Scalar<'a>,
    #[serde(borrow, default)]
    pub(super) mime_type: Scalar<'a>,
    #[serde(borrow, default)]
    pub(super) sha256: Scalar<'a>,
    #[serde(borrow, default)]
    pub(super) caption: Scalar<'a>,
    #[serde(borrow, default)]
    pub(super) filename: Scalar<'a>,
    #[serde(borrow, default)]
    pub(super) voice: Scalar<'a>,
}

#[derive(Deserialize)]
pub(super) struct WireLocation<'a> {
    #[serde(borrow, default)]
    pub(super) latitude: Scalar<'a>,
    #[serde(borrow, default)]
    pub(super) longitude: Scalar<'a>,
    #[serde(borrow, default)]
    pub(super) name: Scalar<'a>,
    #[serde(borrow, default)]
    pub(super) address: Scalar<'a>,
}

#[derive(Deserialize)]
pub(super) struct WireCard<'a> {
    #[serde(borrow)]
    pub(super) name: Option<WireCardName<'a>>,
    #[serde(borrow)]
    pub(super) phones: Option<Vec<WireCardPhone<'a>>>,
    #[serde(borrow, default)]
    pub(super) vcard: Scalar<'a>,
}

#[derive(Deserialize)]
pub(super) struct WireCardName<'a> {
    #[serde(borrow, default)]
    pub(super) formatted_name: Scalar<'a>,
    #[serde(borrow, default)]
    pub(super) first_name: Scalar<'a>,
    #[serde(borrow, default)]
    pub(super) last_name: Scalar<'a>,
}

#[derive(Deserialize)]
pub(super) struct WireCardPhone<'a> {
    #[serde(borrow, default)]
    pub(super) phone: Scalar<'a>,
    #[serde(borrow, default)]
    pub(super) wa_id: Scalar<'a>,
}

#[derive(Deserialize)]
pub(super) struct WireReaction<'a> {
    #[serde(borrow, default)]
    pub(super) message_id: Scalar<'a>,
    #[serde(borrow, default)]
    pub(super) emoji: Scalar<'a>,
}

#[derive(Deserialize)]
pub(super) struct WireInteractive<'a> {
    #[serde(borrow, default, rename = "type")]
    pub(super) kind: Scalar<'a>,
    #[serde(borrow)]
    pub(super) button_reply: Option<WireTapped<'a>>,
    #[serde(borrow)]
    pub(super) list_reply: Option<WireTapped<'a>>,
    #[serde(borrow)]
    pub(super) nfm_reply: Option<WireForm<'a>>,
}

#[derive(Deserialize)]
pub(super) struct WireTapped<'a> {
    #[serde(borrow, default)]
    pub(super) id: Scalar<'a>,
    #[serde(borrow, default)]
    pub(super) title: Scalar<'a>,
}

#[derive(Deserialize)]
pub(super) struct WireForm<'a> {
    #[serde(borrow, default)]
    pub(super) name: Scalar<'a>,
    /// Documented as a string that holds JSON; anything else is taken as it is.
    #[serde(borrow)]
    pub(super) response_json: Option<&'a RawValue>,
}

/// A tapped quick reply of a template.
#[derive(Deserialize)]
pub(super) struct WireButton<'a> {
    #[serde(borrow, default)]
    pub(super) payload: Scalar<'a>,
    #[serde(borrow, default)]
    pub(super) text: Scalar<'a>,
}

#[derive(Deserialize)]
pub(super) struct WireOrder<'a> {
    #[serde(borrow, default)]
    pub(super) catalog_id: Scalar<'a>,
    #[serde(borrow, default)]
    pub(super) text: Scalar<'a>,
    #[serde(borrow)]
    pub(super) product_items: Option<Vec<WireItem<'a>>>,
}

#[derive(Deserialize)]
pub(super) struct WireItem<'a> {
    #[serde(borrow, default)]
    pub(super) product_retailer_id: Scalar<'a>,
    #[serde(borrow, default)]
    pub(super) quantity: Scalar<'a>,
    #[serde(borrow, default)]
    pub(super) item_price: Scalar<'a>,
    #[serde(borrow, default)]
    pub(super) currency: Scalar<'a>,
}

/// WhatsApp's own word about a customer.
#[derive(Deserialize)]
pub(super) struct WireSystem<'a> {
    #[serde(borrow, default, rename = "type")]
    pub(super) kind: Scalar<'a>,
    #[serde(borrow, default)]
    pub(super) body: Scalar<'a>,
    #[serde(borrow, default)]
    pub(super) wa_id: Scalar<'a>,
    /// How `wa_id` was called before version 12.
    #[serde(borrow, default)]
    pub(super) new_wa_id: Scalar<'a>,
    #[serde(borrow, default)]
    pub(super) user_id: Scalar<'a>,
    #[serde(borrow, default)]
    pub(super) parent_user_id: Scalar<'a>,
    #[serde(borrow, default)]
    pub(super) previous_user_id: Scalar<'a>,
    #[serde(borrow, default)]
    pub(super) previous_parent_user_id: Scalar<'a>,
}

/// Which message was edited or revoked.
#[derive(Deserialize)]
pub(super) struct WireOriginal<'a> {
    #[serde(borrow, default)]
    pub(super) original_message_id: Scalar<'a>,
}

/// What became of a message of ours.
#[derive(Deserialize)]
pub(super) struct WireStatus<'a> {
    #[serde(borrow, default)]
    pub(super) id: Scalar<'a>,
    #[serde(borrow, default)]
    pub(super) status: Scalar<'a>,
    #[serde(borrow, default)]
    pub(super) timestamp: Scalar<'a>,
    #[serde(borrow, default)]
    pub(super) recipient_id: Scalar<'a>,
    #[serde(borrow, default)]
    pub(super) recipient_type: Scalar<'a>,
    #[serde(borrow, default)]
    pub(super) recipient_user_id: Scalar<'a>,
    #[serde(borrow, default)]
    pub(super) recipient_parent_user_id: Scalar<'a>,
    /// The other spelling of the same, on other pages of Meta's.
    #[serde(borrow, default)]
    pub(super) parent_recipient_user_id: Scalar<'a>,
    #[serde(borrow, default)]
    pub(super) biz_opaque_callback_data: Scalar<'a>,
    #[serde(borrow)]
    pub(super) errors: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) pricing: Option<&'a RawValue>,
}

#[derive(Deserialize)]
pub(super) struct WirePricing<'a> {
    #[serde(borrow, default)]
    pub(super) billable: Scalar<'a>,
    #[serde(borrow, default)]
    pub(super) category: Scalar<'a>,
    #[serde(borrow, default, rename = "type")]
    pub(super) kind: Scalar<'a>,
}

/// A customer's setting of WhatsApp's own.
#[derive(Deserialize)]
pub(super) struct WirePreference<'a> {
    #[serde(borrow, default)]
    pub(super) wa_id: Scalar<'a>,
    #[serde(borrow, default)]
    pub(super) user_id: Scalar<'a>,
    #[serde(borrow, default)]
    pub(super) parent_user_id: Scalar<'a>,
    #[serde(borrow, default)]
    pub(super) category: Scalar<'a>,
    #[serde(borrow, default)]
    pub(super) value: Scalar<'a>,
    #[serde(borrow, default)]
    pub(super) timestamp: Scalar<'a>,
}
