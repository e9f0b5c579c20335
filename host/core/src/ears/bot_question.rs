//! "Are you a bot?"

use super::lexicon::Class;
use super::utterance::Utterance;

/// What a question about who answers is made of.
const QUESTION: Class = Class::FILLER
    .or(Class::GREETING)
    .or(Class::BOT)
    .or(Class::MACHINE)
    .or(Class::HUMAN)
    .or(Class::PERSON)
    .or(Class::YOU)
    .or(Class::ASK)
    .or(Class::REAL)
    .or(Class::JOIN)
    .or(Class::MINE)
    .or(Class::TALK)
    .or(Class::HELP)
    .or(Class::NEG);

/// Words that go with it without changing it.
const ALLOWED: &[&str] = &[
    "sedang",
    "itu",
    "lagi",
    "mau",
    "tahu",
    "tanya",
    "pakai",
    "asisten",
    "pesan",
    "balas",
    "jawab",
    "cuma",
    "hanya",
    "sebenarnya",
    "sebetulnya",
    "jujur",
    "siapa",
    "kayak",
    "seperti",
    "sepertinya",
    "jangan-jangan",
    "wondering",
    "actually",
    "really",
    "if",
    "wait",
    "message",
    "messages",
    "response",
    "responding",
    "replying",
    "reply",
    "auto",
    "assistant",
    "who",
    "know",
    "some",
    "kind",
    "tunggu",
    "sendiri",
    "semua",
    "on",
    "side",
    "other",
    "end",
    "perasaan",
    "apa",
    "honest",
    "honestly",
    "seriously",
    "serius",
    "curiga",
    "using",
    "tell",
    "beneran",
    "jelas",
    "manual",
    "atau",
    "template",
    "can",
    "may",
    "want",
    "boleh",
    "bisa",
    "tolong",
    "pesannya",
    "chat",
    "whatsapp",
    "jg",
    "juga",
    "dijawab",
    "penasaran",
    "admin",
    "still",
    "right",
    "correct",
    "masih",
    "ternyata",
    "kirain",
    "kira",
    "sudah",
    "mesti",
    "pasti",
    "to",
    "ngobrol",
    "bicara",
];

pub(super) fn is_asked(said: &Utterance<'_>) -> bool {
    let strangers = said.words.iter().filter(|word| !word.class.is(QUESTION) && !ALLOWED.contains(&word.text)).count();
    if strangers > 1 || said.words.len() > 16 {
        return either_or(said) && strangers <= 3 && speaks_to_the_bot(said);
    }
    if said.any(Class::SHOP)
        && !said.words.iter().filter(|word| word.class.is(Class::SHOP)).all(|word| word.text == "pesan")
    {
        return false;
    }
    either_or(said)
        || names_a_bot(said, strangers)
        || names_a_human(said, strangers)
        || names_automation(said, strangers)
}

/// *bot atau manusia*, *human or bot*.
fn either_or(said: &Utterance<'_>) -> bool {
    let machine = Class::BOT.or(Class::MACHINE);
    let human = Class::HUMAN.or(Class::PERSON).or(Class::REAL);
    let or = said.words.iter().enumerate().any(|(place, word)| {
        matches!(word.text, "atau" | "apa" | "or" | "ataukah" | "apakah")
            && place > 0
            && ((said.words[..place].iter().any(|w| w.class.is(machine))
                && said.words[place..].iter().any(|w| w.class.is(human.or(Class::NEG))))
                || (said.words[..place].iter().any(|w| w.class.is(human))
                    && said.words[place..].iter().any(|w| w.class.is(machine))))
    });
    let slashed = said.words.windows(2).any(|pair| {
        pair[0].class.is(Class::BOT) && pair[1].class.is(human)
            || pair[0].class.is(human) && pair[1].class.is(Class::BOT)
    });
    (or || slashed) && !said.any(Class::SHOP)
}

fn speaks_to_the_bot(said: &Utterance<'_>) -> bool {
    said.any(Class::YOU.or(Class::HELP).or(Class::TALK))
}

/// *ini bot ya?*, *kamu robot*, *bot kan?*.
fn names_a_bot(said: &Utterance<'_>, strangers: usize) -> bool {
    let bot = said.places(Class::BOT).any(|place| !AUTOMATIC.contains(&said.words[place].text));
    let machine = said.places(Class::MACHINE).any(|place| {
        matches!(said.words[place].text, "mesin" | "komputer" | "machine" | "computer" | "program" | "sistem")
    });
    if !bot && !machine {
        return false;
    }
    let to_the_bot = speaks_to_the_bot(said) || said.any(Class::HUMAN) || said.says(&["itu"]);
    if machine && !bot {
        let person = said.says(&["kamu", "anda", "you"]) || said.any(Class::HELP.or(Class::TALK));
        let bare = said.says(&["mesin"]) && said.says(&["ini"]) && said.says(&["ya", "kan"]) && said.words.len() <= 4;
        return (person || bare) && strangers == 0 && said.is_question();
    }
    if to_the_bot {
        return strangers == 0
            || said.is_question() && strangers <= 1 && said.words.len() <= 8 && !said.says(&["bisa"]);
    }
    strangers == 0
        && said.words.len() <= 5
        && !said.any(Class::DESIRE.or(Class::SHOP))
        && (said.is_question() || said.words.len() == 1)
}

/// *kamu manusia?*, *are you real*, *apakah saya bicara dengan orang*.
fn names_a_human(said: &Utterance<'_>, strangers: usize) -> bool {
    if strangers > 0 || !said.is_question() || said.says(&["mana", "siapa", "berapa"]) && !said.says(&["manusia"]) {
        return false;
    }
    let you = said.says(&["kamu", "anda", "you", "kalian", "dirimu"]);
    let this = you || said.any(Class::YOU);
    let manusia = said.says(&["manusia", "human", "humans"]);
    let person =
        said.any(Class::PERSON) && said.words.iter().all(|word| word.text != "someone" && word.text != "anyone");
    let real = said.any(Class::REAL);
    let role = said.any(Class::HUMAN);
    let talking = said.any(Class::TALK) && said.any(Class::MINE) && !said.any(Class::DESIRE);
    let answers = said.any(Class::HELP);
    let who = manusia || person && (real || you) || role && real;
    let asked_of_us = this || answers;
    (who && asked_of_us && !wishes(said))
        || (this && person && said.words.len() <= 4 && said.asks && !wishes(said))
        || (talking && (manusia || person) && said.any(Class::ASK))
        || (you && real && said.says(&["real"]) && !wishes(said))
}

/// A wish makes it a request for a human.
fn wishes(said: &Utterance<'_>) -> bool {
    said.says(&[
        "mau",
        "ingin",
        "minta",
        "bisa",
        "boleh",
        "butuh",
        "perlu",
        "tolong",
        "want",
        "need",
        "can",
        "could",
        "please",
        "sambungkan",
        "hubungkan",
        "get",
        "let",
    ]) && !said.says(&["tahu", "tanya", "know", "ask"])
}

/// What goes by itself: of an answer it tells something, of an umbrella nothing.
const AUTOMATIC: &[&str] = &["otomatis", "automated", "automatic", "autoreply"];

/// *balasan otomatis ya?*, *pakai AI?*.
fn names_automation(said: &Utterance<'_>, strangers: usize) -> bool {
    let automatic = said.says(AUTOMATIC)
        || said.says(&["auto", "template"])
        || said.says(&["virtual"]) && said.says(&["asisten", "assistant"]);
    automatic
        && strangers == 0
        && (said.asks || said.says(&["ya", "kan", "apakah", "apa", "bukan", "is", "are"]))
        && (said.any(Class::HELP)
            || said.says(&["automated", "virtual"]) && said.any(Class::YOU)
            || said.says(&["pesan", "message", "reply", "balas", "chat"]))
}
