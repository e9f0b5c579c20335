//! That a human comes, or answers.

use super::lexicon::{GOODS, HUMAN};
use super::wait::has_duration;
use crate::gate::words::{any_in, is_in};

/// Whoever is named so is no agent of ours.
const NOT_OURS: &[&str] =
    &["jne", "jnt", "j&t", "sicepat", "anteraja", "pos", "tiki", "reseller", "properti", "travel", "lpg", "gas"];
const WILL: &[&str] = &[
    "akan",
    "bakal",
    "segera",
    "langsung",
    "secepatnya",
    "sebentar",
    "will",
    "shortly",
    "soon",
    "we'll",
    "they'll",
    "going",
    "about",
    "nanti",
    "is",
    "are",
    "sedang",
    "lagi",
];
const ANSWERS: &[&str] = &[
    "menghubungi",
    "membalas",
    "merespon",
    "merespons",
    "menjawab",
    "mengabari",
    "membantu",
    "melayani",
    "datang",
    "hadir",
    "masuk",
    "bergabung",
    "menyusul",
    "bantu",
    "balas",
    "layani",
    "contact",
    "contacting",
    "reply",
    "replying",
    "respond",
    "call",
    "calling",
    "reach",
    "help",
    "assist",
    "join",
    "joining",
    "coming",
    "come",
    "answer",
    "take",
];
const WE_ANSWER: &[&str] = &[
    "menghubungi",
    "membalas",
    "merespon",
    "merespons",
    "menjawab",
    "mengabari",
    "contact",
    "reply",
    "respond",
    "call",
    "answer",
];
const IS_ANSWERED: &[&str] =
    &["dihubungi", "dibalas", "dijawab", "dilayani", "direspon", "direspons", "dikabari", "contacted", "assisted"];
const CONNECT: &[&str] = &[
    "menyambungkan",
    "sambungkan",
    "disambungkan",
    "menghubungkan",
    "hubungkan",
    "dihubungkan",
    "teruskan",
    "meneruskan",
    "diteruskan",
    "alihkan",
    "mengalihkan",
    "dialihkan",
    "panggilkan",
    "transferring",
    "transfer",
    "connecting",
    "connect",
    "forwarding",
    "forward",
    "forwarded",
    "transferred",
    "connected",
    "escalated",
    "escalating",
];
/// Signs of an offer or an instruction rather than a promise.
const OFFER: &[&str] = &[
    "?", "ketik", "tekan", "pilih", "tap", "klik", "mau", "ingin", "apakah", "jika", "kalau", "bila", "bisa", "dapat",
    "boleh", "perlu", "type", "press", "choose", "would", "want", "if", "can", "could", "may", "untuk", "to",
];

pub(super) fn promises_human(words: &[String]) -> bool {
    let asks = words.iter().any(|word| word == "?");
    let ours = names_human(words);
    let when = any_in(words, WILL) || has_duration(words);
    if ours && !asks && when && any_in(words, ANSWERS) && !is_instruction(words) {
        return true;
    }
    let on_the_way = words.windows(2).any(|pair| pair[0] == "on" && is_in(&pair[1], &["the", "their", "its", "my"]))
        && any_in(words, &["way"])
        && any_in(words, &["agent", "human", "someone", "colleague", "representative"]);
    let be_with_you = words.windows(2).any(|pair| {
        (pair[0] == "be" && is_in(&pair[1], &["with", "right"])) || (pair[0] == "get" && pair[1] == "back")
    });
    if on_the_way || (be_with_you && when && !asks) {
        return true;
    }
    let we = any_in(words, &["kami", "we", "we'll", "kita"]);
    if we
        && !asks
        && any_in(words, &["akan", "segera", "secepatnya", "will", "we'll", "shortly", "soon"])
        && any_in(words, WE_ANSWER)
    {
        return true;
    }
    let others = any_in(words, GOODS) && !ours;
    if !asks && !others && when && any_in(words, IS_ANSWERED) {
        return true;
    }
    ours && any_in(words, CONNECT) && !offers(words)
}

pub(super) fn names_human(words: &[String]) -> bool {
    words
        .iter()
        .enumerate()
        .any(|(at, word)| is_in(word, HUMAN) && !words.get(at + 1).is_some_and(|next| is_in(next, NOT_OURS)))
}

/// "Ketik agen untuk …", "Hubungi admin …": the customer is to do it.
fn is_instruction(words: &[String]) -> bool {
    words.first().is_some_and(|first| {
        is_in(
            first,
            &[
                "ketik", "tekan", "pilih", "hubungi", "type", "press", "choose", "contact", "tap", "balas", "reply",
                "call", "klik",
            ],
        )
    })
}

/// Whether it offers rather than promises. "To" and "untuk" are signs of it only before the verb.
fn offers(words: &[String]) -> bool {
    let verb = words.iter().position(|word| is_in(word, CONNECT)).unwrap_or(words.len());
    words.iter().enumerate().any(|(at, word)| is_in(word, OFFER) && (word == "?" || at < verb))
}
