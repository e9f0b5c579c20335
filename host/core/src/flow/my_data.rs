//! What is kept of the customer, and what they want done about it.

use santun_language::{normalise, root};

use super::composer::Composer;
use super::handover::{hand_over_after, hand_over_silently};
use super::summary::summary_of;
use crate::conversation::Owner;
use crate::draft::Voice;
use crate::message::Message;
use crate::texts::TextKey;
use crate::verdict::{HandoverCall, Priority};

/// Words that ask for more than to know, as roots and in English: a copy, a correction, an end.
const DONE: [&str; 23] = [
    "benerin",
    "dibenerin",
    "hapus",
    "musnah",
    "salin",
    "kopi",
    "unduh",
    "koreksi",
    "ralat",
    "ubah",
    "ganti",
    "copy",
    "download",
    "update",
    "delete",
    "deleted",
    "erase",
    "remove",
    "removed",
    "wipe",
    "correct",
    "fix",
    "change",
];

/// Roots that ask for it in a form only: *betul ya data saya?* does not, *tolong dibetulkan* does.
const MENDED: [&str; 3] = ["betul", "benar", "baik"];

fn asks_for_more(words: &str) -> bool {
    normalise(words).words().any(|word| {
        let root = root(word);
        DONE.contains(&word) || DONE.contains(&root) || (MENDED.contains(&root) && word != root)
    })
}

/// What is kept and why; or, if the customer wants something done about it, a human who does it.
pub(super) fn asked(step: &mut Composer<'_>, message: &Message) {
    let done = asks_for_more(message.body.content.words());
    if done && matches!(step.conversation.owner, Owner::Bot | Owner::Queue { .. }) {
        let call = HandoverCall {
            reason: "my-data".to_owned(),
            priority: Priority::High,
            division: None,
            summary: summary_of(step, std::slice::from_ref(message)),
            facts: Vec::new(),
        };
        match step.conversation.owner {
            Owner::Bot => hand_over_after(step, Some(TextKey::MyDataRequest), call),
            _ => {
                step.say(TextKey::MyDataRequest, Voice::Answer, &[]);
                hand_over_silently(step, call);
            }
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
            step.say(TextKey::MyData, Voice::Answer, &values);
        }
        None => step.say(TextKey::MyDataNoNotice, Voice::Answer, &common),
    }
}

#[cfg(test)]
mod tests {
    use super::asks_for_more;

    #[test]
    fn to_know_is_less_than_to_have_something_done() {
        for words in [
            "alamat saya di data kalian salah, tolong dibetulkan",
            "hapus data saya",
            "tolong hapusin semua dataku",
            "datanya minta dibenerin dong",
            "mau minta salinan data saya",
            "delete my data please",
            "fix my address",
            "data saya tolong diperbaiki",
            "bisa diubah datanya",
        ] {
            assert!(asks_for_more(words), "{words}");
        }
        for words in ["data saya dipakai buat apa", "betul ya data saya disimpan?", "what do you know about me"] {
            assert!(!asks_for_more(words), "{words}");
        }
    }
}
