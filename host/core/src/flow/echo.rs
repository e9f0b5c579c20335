//! A human has answered from the WhatsApp app on the business's phone.

use super::composer::{Composer, Scene};
use super::handover;
use crate::conversation::{Conversation, Owner};
use crate::effects::{Effects, RequestChange, Timer};
use crate::turn::Happening;

/// The bot falls silent: whoever answers from the phone has the conversation. An agent who has taken it
/// keeps it: they are humans of the same business.
///
/// The echoed message itself is in the history already.
pub fn echo(scene: Scene<'_>, conversation: Conversation) -> Effects {
    let mut step = Composer::new(scene, conversation, "echo");
    handover::answered(&mut step);
    let until = step.now().plus_minutes(scene.facts.bot.policy.phone_release_minutes);
    match step.conversation.owner {
        Owner::Agent { .. } => {
            step.note("an agent has the conversation and keeps it");
            return step.finish();
        }
        Owner::Phone { .. } => {}
        Owner::Bot | Owner::Queue { .. } => step.happened(Happening::TakenByPhone),
    }
    step.conversation.owner = Owner::Phone { until };
    step.conversation.session.bot_meanwhile = false;
    step.conversation.session.asked_meanwhile.clear();
    if let Some(request) = step.conversation.request.take() {
        let at = step.now();
        step.requests.push(RequestChange::Taken { id: request.id, user: None, at });
        step.requests.push(RequestChange::Closed { id: request.id, at });
    }
    step.set(Timer::PhoneRelease, until);
    step.clear(Timer::NobodyThere);
    step.finish()
}
