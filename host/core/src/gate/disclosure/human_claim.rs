//! Recognising a bot's claim to be human, in Indonesian and English.

use crate::gate::words::{is_in, sentences, words};

const I: &[&str] = &["saya", "aku", "gue", "gw", "gua", "kami", "sy", "i'm", "im"];
const BOT: &[&str] =
    &["bot", "robot", "chatbot", "mesin", "ai", "machine", "program", "computer", "komputer", "automated"];
const HUMAN: &[&str] = &["manusia", "human"];
const PERSON: &[&str] = &["orang", "person"];
const REAL: &[&str] = &["asli", "beneran", "betulan", "sungguhan", "nyata", "real", "actual", "live"];
/// Words that may stand between "I am" and "human" without changing what is claimed.
const FILLER: &[&str] = &[
    "adalah",
    "ini",
    "itu",
    "juga",
    "kok",
    "seorang",
    "memang",
    "benar",
    "benar-benar",
    "beneran",
    "sungguh",
    "asli",
    "admin",
    "cs",
    "agen",
    "petugas",
    "staf",
    "operator",
    "kak",
    "lho",
    "loh",
    "tuh",
    "sih",
    "a",
    "an",
    "the",
    "really",
    "actually",
    "also",
    "just",
    "indeed",
    "real",
    "actual",
    "live",
    "100",
    "customer",
    "service",
    "agent",
    "very",
    "much",
    "definitely",
    "of",
    "course",
];
const PARTICLE: &[&str] = &[
    "kok", "lho", "loh", "ya", "yah", "kak", "sis", "gan", "bro", "dong", "deh", "tau", "btw", "ok", "okay", "|", "?",
];
const NOT: &[&str] = &["bukan", "bkn", "not", "tidak", "bukanlah"];

/// Whether the text claims that a human is speaking. "I am not a human", "talk to a human?" and "this is
/// not a robot vacuum" claim nothing of the kind.
pub(in crate::gate) fn claims_human(text: &str) -> bool {
    sentences(text).into_iter().any(|sentence| {
        let words = words(sentence);
        (0..words.len()).any(|at| is_human_at(&words, at) || is_no_bot_at(&words, at))
    })
}

/// "saya manusia", "I'm a real person", "you are talking to a human".
fn is_human_at(words: &[String], at: usize) -> bool {
    let Some(start) = subject_end(words, at) else { return false };
    let mut seen_real = false;
    for (place, word) in words.iter().enumerate().skip(start) {
        if is_in(word, HUMAN) {
            // "this is a human error" is about something else.
            let follows = words.get(place + 1).map(String::as_str);
            return !is_in(&words[at], &["this", "ini"])
                || follows.is_none_or(|next| {
                    is_in(next, PARTICLE) || is_in(next, &["agent", "being", "asli", "and", "dan"])
                });
        }
        if is_in(word, PERSON) {
            let next_is_real = words.get(place + 1).is_some_and(|next| is_in(next, REAL));
            return seen_real || next_is_real;
        }
        if !is_in(word, FILLER) {
            return false;
        }
        seen_real |= is_in(word, REAL);
    }
    false
}

/// Where what the speaker says of itself begins, if it begins at this word.
fn subject_end(words: &[String], at: usize) -> Option<usize> {
    let word = |offset: usize| words.get(at + offset).map_or("", String::as_str);
    if is_in(word(0), I) {
        return Some(at + 1);
    }
    if word(0) == "i" && word(1) == "am" {
        return Some(at + 2);
    }
    if (word(0) == "this" && word(1) == "is") || (word(0) == "ini" && !is_in(word(1), NOT)) {
        return Some(at + if word(0) == "this" { 2 } else { 1 });
    }
    let talking = is_in(word(0), &["talking", "chatting", "speaking", "texting"]) && is_in(word(1), &["to", "with"]);
    let addressed = at > 0 && is_in(&words[at - 1], &["are", "you're", "youre", "now", "actually"]);
    if talking && addressed && !is_in(word(2), NOT) {
        return Some(at + 2);
    }
    let bicara = is_in(word(0), &["bicara", "berbicara", "ngobrol", "chat", "chatting"]) && word(1) == "dengan";
    let underway = at > 0 && is_in(&words[at - 1], &["sedang", "lagi", "tengah"]);
    (bicara && underway).then_some(at + 2)
}

/// "saya bukan bot", "bukan robot kok", "I'm not a bot".
fn is_no_bot_at(words: &[String], at: usize) -> bool {
    if !is_in(&words[at], NOT) {
        return false;
    }
    let mut bot = at + 1;
    while words.get(bot).is_some_and(|word| {
        is_in(word, &["a", "an", "just", "some", "sekadar", "sekedar", "cuma", "seorang", "sebuah"])
    }) {
        bot += 1;
    }
    if !words.get(bot).is_some_and(|word| is_in(word, BOT)) {
        return false;
    }
    let before = |back: usize| at.checked_sub(back).and_then(|at| words.get(at)).map_or("|", String::as_str);
    let by_myself =
        (1..=3).map(before).take_while(|word| *word != "|").any(|word| is_in(word, I) || word == "i" || word == "am");
    if by_myself {
        return true;
    }
    // Without a word for the speaker it is a claim only if nothing else is being described.
    let nothing_before =
        before(1) == "|" || (is_in(before(1), &["ini", "is", "it's", "itu"]) && is_in(before(2), &["|", "this"]));
    let nothing_after = words.get(bot + 1).is_none_or(|next| is_in(next, PARTICLE));
    nothing_before && nothing_after
}

#[cfg(test)]
mod tests {
    use super::claims_human;

    #[test]
    fn claims_are_recognised() {
        for text in [
            "Saya manusia kok kak.",
            "aku bukan bot",
            "Aku ini manusia asli lho",
            "Tenang, saya bukan robot.",
            "bukan robot kok",
            "Ini bukan bot ya kak",
            "Saya orang beneran.",
            "Anda sedang berbicara dengan manusia.",
            "Saya admin manusia, bukan mesin",
            "I am a human.",
            "I'm a real person",
            "I’m not a bot!",
            "im not a robot",
            "You are talking to a real human agent.",
            "This is a real person.",
            "Halo! Sa\u{200b}ya ma\u{200b}nusia.",
            "SAYA MANUSIA",
        ] {
            assert!(claims_human(text), "{text}");
        }
    }

    #[test]
    fn look_alikes_are_not() {
        for text in [
            "Saya asisten virtual, bukan manusia.",
            "Saya bukan manusia, saya bot.",
            "I am not a human, I'm a virtual assistant.",
            "Mau bicara dengan manusia?",
            "Ketik agen untuk bicara dengan manusia.",
            "Saya sambungkan ke manusia.",
            "Produk ini bukan robot vacuum.",
            "Robot ini bukan mainan.",
            "This is a human-readable code.",
            "That was a human error on our side.",
            "Paket diterima oleh orang rumah.",
            "You can talk to a person at any time.",
            "Kami punya robot vacuum dan mesin kopi.",
            "Saya bot, dan saya bisa bantu cek pesanan.",
        ] {
            assert!(!claims_human(text), "{text}");
        }
    }
}
