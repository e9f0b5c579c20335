//! Where a message template stands, as Meta tells it of its own accord.
//!
//! Source: Meta's reference of the webhook `message_template_status_update`.

use santun_core::templates::TemplateName;
use santun_core::webhook::{TemplateUpdate, Update};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::frame::{Sender, object};
use super::scalar::Scalar;

/// What is told of why, at most: it is kept and shown.
const WHY_CHARACTERS: usize = 500;

#[derive(Deserialize)]
struct WireTemplate<'a> {
    #[serde(borrow, default)]
    event: Scalar<'a>,
    #[serde(borrow, default)]
    message_template_name: Scalar<'a>,
    #[serde(borrow, default)]
    message_template_language: Scalar<'a>,
    #[serde(borrow, default)]
    reason: Scalar<'a>,
    #[serde(borrow)]
    other_info: Option<WireWords<'a>>,
    #[serde(borrow)]
    rejection_info: Option<WireWords<'a>>,
}

/// More words on why: of a pause its `description`, of a rejection its `reason`.
#[derive(Deserialize)]
struct WireWords<'a> {
    #[serde(borrow, default)]
    description: Scalar<'a>,
    #[serde(borrow, default)]
    reason: Scalar<'a>,
}

/// Reads what an account is told of one of its templates. None if it does not say of which, or nothing follows from it.
pub(super) fn read(raw: &RawValue, sender: &Sender<'_>) -> Option<Update> {
    let wire: WireTemplate<'_> = object(raw)?;
    let stopped = match wire.event.get()? {
        "APPROVED" | "REINSTATED" | "UNARCHIVED" => None,
        "PAUSED" => Some(why("Meta has paused it", &wire)),
        "DISABLED" => Some(why("Meta has disabled it", &wire)),
        "REJECTED" => Some(why("Meta has rejected it", &wire)),
        "ARCHIVED" => Some(why("it was archived", &wire)),
        "PENDING_DELETION" | "DELETED" => Some(why("it was deleted", &wire)),
        // It is reviewed, or only warned of; or this is a word of tomorrow's.
        _ => return None,
    };
    let template = TemplateName {
        account: sender.account?.to_owned(),
        name: wire.message_template_name.get()?.to_owned(),
        language: wire.message_template_language.get()?.to_owned(),
    };
    Some(Update::Template(TemplateUpdate { template, stopped, at: sender.at }))
}

fn why(what: &str, wire: &WireTemplate<'_>) -> String {
    let more = [
        // Where there is no reason, that is what it says.
        wire.reason.get().filter(|reason| *reason != "NONE"),
        wire.rejection_info.as_ref().and_then(|words| words.reason.get()),
        wire.other_info.as_ref().and_then(|words| words.description.get()),
    ];
    let words: Vec<&str> = std::iter::once(what).chain(more.into_iter().flatten()).collect();
    words.join(": ").chars().take(WHY_CHARACTERS).collect()
}
