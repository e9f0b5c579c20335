//! A customer's new number or new business-scoped id.

use santun_core::identity::{Bsuid, Identity, Wamid};
use santun_core::ids::ChannelId;
use santun_core::webhook::Update;

use super::people::{identity_of, looks_like_bsuid, phone_of};
use super::wire::{WireMessage, WireSystem};

/// Whether `system` tells that somebody is now known by another number or id.
pub(super) fn tells_of_a_change(system: &WireSystem<'_>) -> bool {
    matches!(system.kind.get(), Some("user_changed_number" | "customer_changed_number" | "user_changed_user_id"))
}

/// Reads such a change. None if it does not say who they were or who they are.
pub(super) fn read(message: &WireMessage<'_>, system: &WireSystem<'_>, channel: &ChannelId) -> Option<Update> {
    let new_number = if system.wa_id.get().is_some() { &system.wa_id } else { &system.new_wa_id };
    let mut after = identity_of(new_number, &system.user_id, &system.parent_user_id);
    let mut before = identity_of(&message.from, &system.previous_user_id, &system.previous_parent_user_id);

    // Without `previous_user_id` the old id may stand in the frame, or only in the words.
    let in_frame = message.from_user_id.get().filter(|id| after.bsuid.as_ref().is_none_or(|new| new.expose() != *id));
    before.bsuid = before.bsuid.or_else(|| in_frame.map(Bsuid::new));
    let (old, new) = system.body.get().and_then(words_of_change).unwrap_or_default();
    complete(&mut before, old);
    complete(&mut after, new);

    if before.is_empty() || after.is_empty() || before == after {
        return None;
    }
    Some(Update::IdentityChanged {
        channel: channel.clone(),
        before,
        after,
        wamid: message.id.get().map(Wamid::new),
        at: message.timestamp.time()?,
    })
}

/// The two ids in “User … changed from A to B”.
fn words_of_change(body: &str) -> Option<(&str, &str)> {
    let (_, change) = body.rsplit_once(" from ")?;
    let (old, new) = change.split_once(" to ")?;
    Some((old.trim(), new.trim().trim_end_matches('.')))
}

/// Fills an identity that names nobody from the words.
fn complete(identity: &mut Identity, words: &str) {
    if !identity.is_empty() {
        return;
    }
    identity.phone = phone_of(words);
    identity.bsuid = looks_like_bsuid(words).then(|| Bsuid::new(words));
}
