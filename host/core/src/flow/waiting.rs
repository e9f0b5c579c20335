//! What a customer who waits for a human chooses meanwhile.

use super::composer::Composer;
use super::handover::{self, HandoverWords, tell};
use super::hear::human;
use super::meanwhile;
use crate::conversation::Owner;
use crate::draft::Voice;
use crate::effects::Timer;
use crate::message::Message;
use crate::texts::TextKey;
use crate::turn::Happening;

/// The customer waits on.
pub(super) fn on(step: &mut Composer<'_>, message: &Message) {
    match step.conversation.owner {
        Owner::Queue { .. } => {
            step.happened(Happening::KeepsWaiting);
            if step.scene.facts.office_of(&step.conversation).open {
                step.say(TextKey::KeepsWaiting, Voice::Queued, &[]);
                handover::promise(step, TextKey::KeepsWaiting);
            } else {
                let key = tell(step, HandoverWords::StillWaiting);
                handover::promise(step, key);
            }
            handover::watch_the_queue(step);
        }
        // The button of an older message, tapped when the bot has the conversation again: the customer
        // wants a human.
        Owner::Bot => human(step, message),
        Owner::Agent { .. } | Owner::Phone { .. } => step.note("a human has the conversation already"),
    }
}

/// The customer goes on with the bot; the request stays open.
pub(super) fn with_the_bot(step: &mut Composer<'_>) {
    match step.conversation.owner {
        Owner::Queue { .. } => {
            step.conversation.owner = Owner::Bot;
            step.conversation.session.bot_meanwhile = true;
            step.happened(Happening::BotMeanwhile);
            step.clear(Timer::NobodyThere);
        }
        Owner::Bot if step.conversation.request.is_some() => {}
        // The button of an older message, tapped when nobody is waited for any more.
        Owner::Bot => return from_here_on(step),
        Owner::Agent { .. } | Owner::Phone { .. } => {
            step.note("a human has the conversation already");
            return;
        }
    }
    let bot = step.scene.facts.bot.name.clone();
    step.say(
        if meanwhile::is_asked(step) { TextKey::BotMeanwhileAsked } else { TextKey::BotMeanwhile },
        Voice::Queued,
        &[("bot", &bot)],
    );
}

fn from_here_on(step: &mut Composer<'_>) {
    let bot = step.scene.facts.bot;
    let human_word = step.words(TextKey::HumanWord, &[]).0;
    let values = [("bot", bot.name.as_str()), ("business", bot.business.as_str()), ("human_word", human_word.as_str())];
    step.say(TextKey::DisclosureAfterHandBack, Voice::Bot, &values);
}
