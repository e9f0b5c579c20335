//! The host's own ears have understood one message: it is answered at once, before any plugin.

use super::arrival::receive;
use super::composer::{Composer, Scene};
use super::consent;
use super::handover::{self, HandoverWords, hand_over, tell};
use crate::conversation::{Conversation, Owner};
use crate::draft::Voice;
use crate::ears::Heard;
use crate::effects::{Effects, Timer};
use crate::message::Message;
use crate::texts::TextKey;
use crate::turn::Happening;
use crate::verdict::{HandoverCall, Priority};

/// Answers what the ears have heard in one message.
pub fn hear(scene: Scene<'_>, mut conversation: Conversation, message: &Message, heard: &Heard) -> Effects {
    receive(&mut conversation, std::slice::from_ref(message), &scene.facts);
    let mut step = Composer::new(scene, conversation, "ear");
    step.decided([message.id]);
    step.trace.heard = Some(heard.name().to_owned());
    match heard {
        Heard::Stop => consent::stop(&mut step, message.id),
        Heard::Start => consent::start(&mut step, message.id),
        Heard::Human => human(&mut step, message),
        Heard::AreYouABot => are_you_a_bot(&mut step),
        Heard::MyData => my_data(&mut step, message),
        Heard::KeepWaiting => waits_on(&mut step, message),
        Heard::BotMeanwhile => bot_meanwhile(&mut step),
        Heard::Consent { purpose, given, wording } => {
            consent::answered(&mut step, message.id, purpose, *given, wording);
        }
    }
    if !step.has_drafts() {
        match step.conversation.owner {
            Owner::Agent { .. } => handover::watch_the_agent(&mut step),
            Owner::Phone { .. } => handover::waits_for_a_human(&mut step),
            Owner::Bot | Owner::Queue { .. } => {}
        }
    }
    step.finish()
}

fn human(step: &mut Composer<'_>, message: &Message) {
    match step.conversation.owner {
        Owner::Bot => {
            let call = HandoverCall {
                reason: "asked".to_owned(),
                priority: Priority::Normal,
                division: None,
                summary: handover::summary_of(step, std::slice::from_ref(message)),
                facts: Vec::new(),
            };
            hand_over(step, call);
        }
        Owner::Queue { .. } => {
            let key = tell(step, HandoverWords::StillWaiting);
            handover::promise(step, key);
        }
        Owner::Agent { .. } | Owner::Phone { .. } => step.note("a human has the conversation already"),
    }
}

fn are_you_a_bot(step: &mut Composer<'_>) {
    match step.conversation.owner {
        Owner::Bot | Owner::Queue { .. } => {
            let facts = step.scene.facts;
            let human_word = step.words(TextKey::HumanWord, &[]).0;
            step.say(
                TextKey::DisclosureAsked,
                Voice::Waiting,
                &[("bot", &facts.bot.name), ("business", &facts.bot.business), ("human_word", &human_word)],
            );
        }
        Owner::Agent { .. } | Owner::Phone { .. } => step.note("the human who has the conversation answers this"),
    }
}

/// Words that ask for more than to know: a copy, a correction, an end.
const ABOUT_DATA_DONE: [&str; 24] = [
    "hapus",
    "hapusin",
    "hapuskan",
    "dihapus",
    "musnahkan",
    "salinan",
    "copy",
    "kopi",
    "unduh",
    "download",
    "betulkan",
    "betulin",
    "perbaiki",
    "koreksi",
    "ralat",
    "ubah",
    "update",
    "delete",
    "erase",
    "remove",
    "wipe",
    "correct",
    "fix",
    "change",
];

/// What is kept and why; or, if the customer wants something done about it, a human who does it.
fn my_data(step: &mut Composer<'_>, message: &Message) {
    let words = message.body.content.words().to_lowercase();
    let done = words.split(|char: char| !char.is_alphanumeric()).any(|word| ABOUT_DATA_DONE.contains(&word));
    if done && matches!(step.conversation.owner, Owner::Bot | Owner::Queue { .. }) {
        step.say(TextKey::MyDataRequest, Voice::Always, &[]);
        let call = HandoverCall {
            reason: "my-data".to_owned(),
            priority: Priority::High,
            division: None,
            summary: handover::summary_of(step, std::slice::from_ref(message)),
            facts: Vec::new(),
        };
        match step.conversation.owner {
            Owner::Bot => hand_over(step, call),
            _ => handover::hand_over_silently(step, call),
        }
        return;
    }
    tell_my_data(step);
}

fn tell_my_data(step: &mut Composer<'_>) {
    let bot = step.scene.facts.bot;
    let days = bot.policy.retention_days;
    let (turns, media) = (days.turns.to_string(), days.media.to_string());
    let human_word = step.words(TextKey::HumanWord, &[]).0;
    let common = [
        ("business", bot.business.as_str()),
        ("turns_days", turns.as_str()),
        ("media_days", media.as_str()),
        ("human_word", human_word.as_str()),
    ];
    match &bot.privacy_notice {
        Some(notice) => {
            let [business, turns, media, human] = common;
            let values = [business, turns, media, human, ("notice", notice.as_str())];
            step.say(TextKey::MyData, Voice::Always, &values);
        }
        None => step.say(TextKey::MyDataNoNotice, Voice::Always, &common),
    }
}

fn waits_on(step: &mut Composer<'_>, message: &Message) {
    match step.conversation.owner {
        Owner::Queue { .. } => {
            step.happened(Happening::KeepsWaiting);
            if step.scene.facts.office_of(&step.conversation).open {
                step.say(TextKey::KeepsWaiting, Voice::Waiting, &[]);
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

fn bot_meanwhile(step: &mut Composer<'_>) {
    match step.conversation.owner {
        Owner::Queue { .. } => {
            step.conversation.owner = Owner::Bot;
            step.conversation.session.bot_meanwhile = true;
            step.happened(Happening::BotMeanwhile);
            step.clear(Timer::NobodyThere);
        }
        Owner::Bot => {}
        Owner::Agent { .. } | Owner::Phone { .. } => {
            step.note("a human has the conversation already");
            return;
        }
    }
    let bot = step.scene.facts.bot.name.clone();
    step.say(TextKey::BotMeanwhile, Voice::Bot, &[("bot", &bot)]);
}
