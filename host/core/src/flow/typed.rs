//! A button of the host's own, answered in words: not everybody taps.

use crate::conversation::{Conversation, Owner};
use crate::ears::Heard;
use crate::language::Language;
use crate::message::Content;
use crate::texts::{TextKey, Texts};

/// Other words for going on with the bot. Somebody in a queue who writes one of these means nothing else.
const BOT_MEANWHILE: [&str; 22] = [
    "lanjut",
    "lanjut aja",
    "lanjut saja",
    "lanjut bot",
    "lanjut bot aja",
    "lanjut sama bot",
    "lanjut pakai bot",
    "lanjut dulu",
    "lanjut sama bot dulu",
    "lanjut dengan bot dulu",
    "bot aja",
    "bot saja",
    "sama bot aja",
    "sama bot aja dulu",
    "pakai bot aja",
    "balik ke bot",
    "continue",
    "continue with bot",
    "carry on",
    "continue with the bot",
    "go on with the bot",
    "use the bot",
];

/// Other words for waiting on.
const KEEP_WAITING: [&str; 16] = [
    "tunggu",
    "tunggu aja",
    "saya tunggu",
    "aku tunggu",
    "ditunggu",
    "tak tunggu",
    "nunggu aja",
    "menunggu",
    "mau nunggu",
    "tetap nunggu",
    "tetep nunggu",
    "gapapa saya tunggu",
    "i will wait",
    "i ll wait",
    "wait",
    "keep waiting please",
];

/// Words that say nothing beside these.
const BESIDE: [&str; 10] = ["ya", "deh", "dong", "kak", "min", "oke", "ok", "please", "then", "yaudah"];

/// What a customer who waits in a queue means by words that are on one of the host's buttons, or as good
/// as on it.
pub fn typed(conversation: &Conversation, content: &Content, texts: &Texts) -> Option<Heard> {
    let (Owner::Queue { .. }, Content::Text { text }) = (&conversation.owner, content) else { return None };
    let said = plain(text);
    let on = |key, others: &[&str]| {
        let titled = |language| plain(&texts.say(key, language, &[]).0) == said;
        titled(Language::Id) || titled(Language::En) || others.contains(&said.as_str())
    };
    if on(TextKey::ButtonBotMeanwhile, &BOT_MEANWHILE) {
        return Some(Heard::BotMeanwhile);
    }
    on(TextKey::ButtonKeepWaiting, &KEEP_WAITING).then_some(Heard::KeepWaiting)
}

/// Small letters, single spaces, and nothing beside.
fn plain(text: &str) -> String {
    let lower = text.to_lowercase();
    let words = lower.split(|char: char| !char.is_alphanumeric()).filter(|word| !word.is_empty());
    words.filter(|word| !BESIDE.contains(word)).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{ContactId, ConversationId};
    use crate::time::Timestamp;

    fn means(owner: Owner, text: &str) -> Option<Heard> {
        let nobody = uuid::Uuid::nil();
        let (id, contact) = (ConversationId::from_uuid(nobody), ContactId::from_uuid(nobody));
        let at = Timestamp::from_millis(0);
        let mut conversation = Conversation::new(id, "1".into(), contact, Language::Id, at);
        conversation.owner = owner;
        typed(&conversation, &Content::Text { text: text.to_owned() }, &Texts::built_in())
    }

    #[test]
    fn whoever_waits_may_type_what_is_on_a_button() {
        let queue = || Owner::Queue { division: "cs".into() };
        for text in ["Lanjut dengan bot", "lanjut bot aja deh", "LANJUT", "ok lanjut ya kak", "continue with the bot"] {
            assert_eq!(means(queue(), text), Some(Heard::BotMeanwhile), "{text}");
        }
        for text in ["tetap menunggu", "saya tunggu ya", "Keep waiting"] {
            assert_eq!(means(queue(), text), Some(Heard::KeepWaiting), "{text}");
        }
        for text in ["lanjut ke pembayaran gimana", "tunggu, ongkirnya berapa", "jam buka?", ""] {
            assert_eq!(means(queue(), text), None, "{text}");
        }
        assert_eq!(means(Owner::Bot, "lanjut"), None, "the bot may have asked something else");
    }
}
