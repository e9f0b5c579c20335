//! What WhatsApp told beside messages, where the conversation has to take note of it.

use std::time::Duration;

use super::composer::{Composer, Scene};
use super::consent;
use super::settle::did_not_arrive;
use crate::conversation::Conversation;
use crate::delivery::codes::SHIELDED_FROM_MARKETING;
use crate::draft::Voice;
use crate::effects::Effects;
use crate::texts::TextKey;
use crate::turn::{Happening, News};

/// For how long WhatsApp shields a contact from more marketing. Meta names no end; before a day is over it is no use to
/// try again.
const SHIELDED_FOR: Duration = Duration::from_hours(24);

/// Whether WhatsApp refused a message for what it is, so that another reaches the customer: parameters, kinds, files
/// and templates that it does not take.
const fn concerns_one_message(code: i64) -> bool {
    matches!(code, 100 | 131_008 | 131_009 | 131_051..=131_053 | 132_000..=132_999)
}

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
            if did_not_arrive(&mut step) && concerns_one_message(*code) {
                step.say(TextKey::AnswerLost, Voice::Bot, &[]);
            }
        }
        // A customer who waits for nothing needs no human.
        Happening::NotDelivered { .. } | Happening::NotSent { .. } => {
            step.conversation.consents.shielded_until = Some(step.now() + SHIELDED_FOR);
            step.note("WhatsApp shields the contact from what businesses start, for a day".to_owned());
        }
        other => step.note(format!("noted: {}", other.name())),
    }
    step.finish()
}
