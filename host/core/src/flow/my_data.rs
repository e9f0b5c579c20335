//! What is kept of the customer, and what they want done about it.

use super::composer::Composer;
use super::handover::{hand_over, hand_over_silently};
use super::summary::summary_of;
use crate::conversation::Owner;
use crate::draft::Voice;
use crate::message::Message;
use crate::texts::TextKey;
use crate::verdict::{HandoverCall, Priority};

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
pub(super) fn asked(step: &mut Composer<'_>, message: &Message) {
    let words = message.body.content.words().to_lowercase();
    let done = words.split(|char: char| !char.is_alphanumeric()).any(|word| ABOUT_DATA_DONE.contains(&word));
    if done && matches!(step.conversation.owner, Owner::Bot | Owner::Queue { .. }) {
        step.say(TextKey::MyDataRequest, Voice::Always, &[]);
        let call = HandoverCall {
            reason: "my-data".to_owned(),
            priority: Priority::High,
            division: None,
            summary: summary_of(step, std::slice::from_ref(message)),
            facts: Vec::new(),
        };
        match step.conversation.owner {
            Owner::Bot => hand_over(step, call),
            _ => hand_over_silently(step, call),
        }
        return;
    }
    tell(step);
}

fn tell(step: &mut Composer<'_>) {
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
