//! What became of messages of ours.

use santun_core::delivery::{GraphError, Progress};
use santun_core::identity::Wamid;
use santun_core::ids::ChannelId;
use santun_core::webhook::{Pricing, StatusUpdate};
use serde_json::value::RawValue;

use super::frame::object;
use super::people::identity_of;
use super::scalar::Scalar;
use super::wire::{WirePricing, WireStatus};
use crate::errors;

/// Reads one status. None if it does not say of what, when or how far, in words that we know.
pub(super) fn read(status: WireStatus<'_>, channel: &ChannelId) -> Option<StatusUpdate> {
    // We send nothing to groups: a group's status is about somebody else's message.
    if status.recipient_type.get() == Some("group") {
        return None;
    }
    let parent = or(status.recipient_parent_user_id, status.parent_recipient_user_id);
    Some(StatusUpdate {
        channel: channel.clone(),
        wamid: Wamid::new(status.id.get()?),
        recipient: identity_of(&status.recipient_id, &status.recipient_user_id, &parent),
        progress: progress_of(status.status.get()?)?,
        at: status.timestamp.time()?,
        turn: status.biz_opaque_callback_data.get().and_then(|text| text.parse().ok()),
        errors: errors_of(status.errors),
        pricing: status.pricing.and_then(pricing_of),
    })
}

fn or<'a>(one: Scalar<'a>, other: Scalar<'a>) -> Scalar<'a> {
    if one.get().is_some() { one } else { other }
}

fn progress_of(status: &str) -> Option<Progress> {
    Some(match status {
        "sent" => Progress::Sent,
        "delivered" => Progress::Delivered,
        "read" => Progress::Read,
        "played" => Progress::Played,
        "failed" => Progress::Failed,
        _ => return None,
    })
}

fn errors_of(raw: Option<&RawValue>) -> Vec<GraphError> {
    let Some(raw) = raw else { return Vec::new() };
    let elements: Vec<&RawValue> = serde_json::from_str(raw.get()).unwrap_or_default();
    elements.into_iter().filter_map(|element| errors::read(element.get())).collect()
}

fn pricing_of(raw: &RawValue) -> Option<Pricing> {
    let pricing: WirePricing<'_> = object(raw)?;
    let billable = match (pricing.billable.get(), pricing.kind.get()) {
        (Some(billable), _) => billable == "true",
        // `billable` is deprecated; `type` says the same: `regular`, `free_customer_service`, `free_entry_point`.
        (None, Some(kind)) => !kind.starts_with("free"),
        (None, None) => return None,
    };
    Some(Pricing { billable, category: pricing.category.owned().unwrap_or_default() })
}
