//! Buttons and rows, answered in words: not everybody taps.

use santun_language::{Kind, Normalised, alike, normalise};

use crate::conversation::{Conversation, Owner};
use crate::ears::Heard;
use crate::language::Language;
use crate::message::Content;
use crate::outgoing::Button;
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

/// Words beside the name of what is chosen: *yang kemeja aja kak*.
const BESIDE_A_CHOICE: [&str; 28] = [
    "ya", "yang", "saja", "deh", "dong", "kak", "kakak", "min", "admin", "mbak", "mas", "bu", "pak", "bang", "mau",
    "ingin", "pilih", "oke", "itu", "dulu", "tolong", "soal", "please", "the", "i", "want", "choose", "one",
];

/// The option that a typed message names, as if it had been tapped: of those that the last question offered, the
/// only one whose title has all of the typed words, a slip allowed, or is exactly what was typed.
pub fn chosen(conversation: &Conversation, content: &Content) -> Option<Content> {
    let Content::Text { text } = content else { return None };
    let offered = &conversation.session.offered;
    if conversation.owner != Owner::Bot || offered.is_empty() {
        return None;
    }
    let text = normalise(text);
    let said: Vec<&str> = text.words().filter(|word| !BESIDE_A_CHOICE.contains(word)).collect();
    if text.asks() || text.tokens().any(|token| !matches!(token.kind, Kind::Word | Kind::Emoji)) {
        return None;
    }
    let titles: Vec<Normalised> = offered.iter().map(|option| normalise(&option.title)).collect();
    let exactly = titles.iter().position(|title| title.words().eq(text.words()));
    let named = |title: &Normalised| {
        !said.is_empty() && said.iter().all(|word| title.words().any(|meant| word == &meant || alike(word, meant)))
    };
    let mut found = (0..titles.len()).filter(|at| named(&titles[*at]));
    let only = found.next().filter(|_| found.next().is_none());
    let Button { id, title } = offered[exactly.or(only)?].clone();
    Some(Content::Choice { id, title })
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

    fn chooses(titles: &[&str], text: &str) -> Option<String> {
        let nobody = uuid::Uuid::nil();
        let (id, contact) = (ConversationId::from_uuid(nobody), ContactId::from_uuid(nobody));
        let mut conversation = Conversation::new(id, "1".into(), contact, Language::Id, Timestamp::from_millis(0));
        let option = |title: &&str| Button { id: format!("id:{title}"), title: (*title).to_owned() };
        conversation.session.offered = titles.iter().map(option).collect();
        match chosen(&conversation, &Content::Text { text: text.to_owned() })? {
            Content::Choice { id, title } => {
                assert_eq!(id, format!("id:{title}"));
                Some(title)
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_part_of_a_title_chooses_where_only_one_has_it() {
        let shop = ["Kemeja batik", "Sepatu kulit", "Kembali", "Bicara dengan Agen"];
        for text in ["kemeja", "Kemeja dong kak", "yang batik aja", "kemja batik", "KEMEJA BATIK"] {
            assert_eq!(chooses(&shop, text).as_deref(), Some("Kemeja batik"), "{text}");
        }
        assert_eq!(chooses(&["Kemeja batik", "Kemeja polos"], "kemeja"), None, "two have it");
        assert_eq!(chooses(&["Kemeja batik", "Kemeja"], "kemeja").as_deref(), Some("Kemeja"), "one is it exactly");
        assert_eq!(chooses(&["Ya", "Tidak"], "iya").as_deref(), Some("Ya"));
    }

    #[test]
    fn what_says_more_than_a_title_is_no_choice() {
        let shop = ["Kemeja batik", "Sepatu kulit"];
        for text in ["kemeja berapa", "kemeja?", "bukan kemeja", "kemeja 2", "kemeja anak", "kak", "ya", "", "😊"] {
            assert_eq!(chooses(&shop, text), None, "{text}");
        }
        assert_eq!(chooses(&[], "kemeja"), None);
    }
}
