//! Buttons and rows, answered in words: not everybody taps.

use santun_language::{Kind, Normalised, alike, is_one_of, normalise};

use crate::conversation::{Conversation, Owner};
use crate::ears::Heard;
use crate::language::Language;
use crate::message::Content;
use crate::outgoing::Button;
use crate::texts::{TextKey, Texts};

/// Words that go on with the bot: one of the first, and nothing but these.
const BOT_MEANWHILE: [&[&str]; 2] = [
    &["lanjut", "lanjutkan", "bot", "continue", "carry"],
    &[
        "saja", "dulu", "dengan", "sama", "pakai", "ke", "balik", "kembali", "mau", "on", "go", "with", "use", "the",
        "for", "now", "aku", "saya", "tidak", "apa", "jadi",
    ],
];

/// Words that wait on: one of the first, and nothing but these.
const KEEP_WAITING: [&[&str]; 2] = [
    &["tunggu", "menunggu", "ditunggu", "wait", "waiting"],
    &[
        "saja", "dulu", "tetap", "masih", "mau", "aku", "saya", "tidak", "apa", "keep", "i", "ill", "ll", "will",
        "can", "still",
    ],
];

/// Words that say nothing beside these.
const BESIDE: &str = "ya deh dong kak kakak min admin oke please then sudah alright";

/// Words beside the name of the human who was there: *mau sama mbak Rina lagi*.
const BESIDE_A_NAME: &str = "\
    eh nah mau ingin sama dengan ke bicara ngobrol ngomong chat tanya minta tolong panggil panggilkan balik kembali \
    lagi saja tadi yang mbak mas bu ibu pak bapak bang saya aku mana ada i want to talk speak with can get back \
    again me is there";

/// What a customer means who waits in a queue, by words that are on one of the host's buttons, or as good
/// as on it; and who has the bot again after a human, by that human's name.
pub fn typed(conversation: &Conversation, content: &Content, texts: &Texts) -> Option<Heard> {
    let Content::Text { text } = content else { return None };
    match &conversation.owner {
        Owner::Queue { .. } => {}
        Owner::Bot => {
            let name = conversation.session.after.as_deref()?;
            return calls_for(name, &normalise(text)).then_some(Heard::Human);
        }
        Owner::Agent { .. } | Owner::Phone { .. } => return None,
    }
    let said = normalise(text);
    let on_the_button = |key| {
        let title = |language| normalise(&texts.say(key, language, &[]).0);
        [title(Language::Id), title(Language::En)].iter().any(|title| title.words().eq(meant(&said)))
    };
    if on_the_button(TextKey::ButtonBotMeanwhile) || (is_made_of(&said, BOT_MEANWHILE) && !declines(&said)) {
        return Some(Heard::BotMeanwhile);
    }
    (on_the_button(TextKey::ButtonKeepWaiting) || waits(&said)).then_some(Heard::KeepWaiting)
}

/// Whether a message is nothing but a call for somebody by name.
fn calls_for(name: &str, said: &Normalised) -> bool {
    let name = normalise(name);
    let is_name = |written: &str| name.tokens().any(|part| part.kind == Kind::Word && part.written == written);
    let all = || said.tokens().filter(|token| token.kind != Kind::Emoji && !is_one_of(BESIDE, token.word));
    let named = all().filter(|token| is_name(token.written)).count();
    let beside = all().filter(|token| is_one_of(BESIDE_A_NAME, token.word)).count();
    named > 0 && beside > 0 && named + beside >= all().count() && !santun_language::closes(said)
}

/// *Ga mau sama bot* declines; *gpp deh, bot aja* and *ga jadi, sama bot aja* do not.
fn declines(said: &Normalised) -> bool {
    let words: Vec<&str> = said.words().collect();
    words.iter().enumerate().any(|(at, word)| *word == "tidak" && !matches!(words.get(at + 1), Some(&("apa" | "jadi"))))
}

/// *Ga mau nunggu* is no waiting on; *gapapa, saya tunggu* is, and so is *tak tunggu*, in which *tak* says *I will*.
fn waits(said: &Normalised) -> bool {
    let denied = said.tokens().any(|token| token.word == "tidak" && token.written != "tak");
    let fine = said.words().any(|word| word == "apa");
    (!denied || fine) && is_made_of(said, KEEP_WAITING)
}

/// The words that say something.
fn meant(said: &Normalised) -> impl Iterator<Item = &str> {
    said.words().filter(|word| !is_one_of(BESIDE, word))
}

/// Whether a message is nothing but these words, with one of the first among them.
fn is_made_of(said: &Normalised, [first, others]: [&[&str]; 2]) -> bool {
    !said.asks()
        && said.tokens().all(|token| matches!(token.kind, Kind::Word | Kind::Emoji))
        && meant(said).any(|word| first.contains(&word))
        && meant(said).all(|word| first.contains(&word) || others.contains(&word))
}

/// Words beside the name of what is chosen: *yang kemeja aja kak*.
const BESIDE_A_CHOICE: &str = "\
    ya yang saja deh dong kak kakak min admin mbak mas bu pak bang mau ingin pilih oke itu dulu tolong soal please \
    the i want choose one";

/// The option that a typed message names, as if it had been tapped: of those that the last question offered, the
/// only one whose title has all of the typed words, a slip allowed, or is exactly what was typed.
pub fn chosen(conversation: &Conversation, content: &Content) -> Option<Content> {
    let Content::Text { text } = content else { return None };
    let offered = &conversation.session.offered;
    if conversation.owner != Owner::Bot || offered.is_empty() {
        return None;
    }
    let text = normalise(text);
    let said: Vec<&str> = text.words().filter(|word| !is_one_of(BESIDE_A_CHOICE, word)).collect();
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
        for text in [
            "Lanjut dengan bot",
            "lanjut bot aja deh",
            "LANJUT",
            "ok lanjut ya kak",
            "continue with the bot",
            "mau lanjut sama bot dulu aja",
            "sama bot aja dulu",
            "gpp deh bot aja",
            "gajadi, sama bot aja",
            "ya udah sama bot aja dulu",
            "carry on",
        ] {
            assert_eq!(means(queue(), text), Some(Heard::BotMeanwhile), "{text}");
        }
        for text in [
            "tetap menunggu",
            "saya tunggu ya",
            "Keep waiting",
            "gapapa saya tunggu",
            "tak tunggu kak",
            "I'll wait",
            "nunggu aja deh",
        ] {
            assert_eq!(means(queue(), text), Some(Heard::KeepWaiting), "{text}");
        }
        for text in [
            "lanjut ke pembayaran gimana",
            "tunggu, ongkirnya berapa",
            "jam buka?",
            "",
            "ga mau nunggu",
            "ga mau sama bot",
            "bot?",
            "sama aja",
            "tunggu 2 hari",
            "apa",
        ] {
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

    #[test]
    fn whoever_asks_for_the_human_who_was_there_asks_for_a_human() {
        let nobody = uuid::Uuid::nil();
        let (id, contact) = (ConversationId::from_uuid(nobody), ContactId::from_uuid(nobody));
        let mut conversation = Conversation::new(id, "1".into(), contact, Language::Id, Timestamp::from_millis(0));
        let mut means = |after: Option<&str>, text: &str| {
            conversation.session.after = after.map(str::to_owned);
            typed(&conversation, &Content::Text { text: text.to_owned() }, &Texts::built_in())
        };
        for text in [
            "eh mau sama mbak rina lagi dong",
            "mbak Rina mana ya",
            "tolong panggil rina kak",
            "can I talk to Rina again?",
        ] {
            assert_eq!(means(Some("Rina"), text), Some(Heard::Human), "{text}");
            assert_eq!(means(None, text), None, "{text}");
        }
        for text in ["makasih mbak rina", "rina", "kata mbak rina ongkirnya gratis", "mau sama dodi", "mau lagi"] {
            assert_eq!(means(Some("Rina"), text), None, "{text}");
        }
    }
}
