//! What WhatsApp told beside messages, where the conversation has to take note of it.

use super::composer::{Composer, Scene};
use super::consent;
use super::settle::call_a_human;
use crate::conversation::{Conversation, Owner};
use crate::effects::Effects;
use crate::turn::{Happening, News};

/// WhatsApp shields a contact from more marketing for a while. A customer who waits for nothing needs no
/// human.
const SHIELDED_FROM_MARKETING: i64 = 131_049;

/// Takes note of what is in the history already. Whatever nothing follows from is only noted.
pub fn news(scene: Scene<'_>, conversation: Conversation, news: &News) -> Effects {
    let mut step = Composer::new(scene, conversation, "news");
    let turn = news.id;
    step.decided([turn]);
    match &news.what {
        Happening::PreferenceChanged { wanted: true } => consent::allow_again(&mut step, "preference", turn),
        Happening::PreferenceChanged { wanted: false } => consent::withdraw_everything(&mut step, "preference", turn),
        Happening::StoppedMarketing => consent::withdraw_everything(&mut step, "error-131050", turn),
        Happening::NotDelivered { code, .. } | Happening::NotSent { code, .. } if *code != SHIELDED_FROM_MARKETING => {
            // Whoever has the conversation, or the queue that it is in, sees it in the history.
            if step.conversation.owner == Owner::Bot && step.conversation.request.is_none() {
                call_a_human(&mut step, "undeliverable");
            }
        }
        other => step.note(format!("noted: {}", other.name())),
    }
    step.finish()
}
