//! "Stop writing to me", and "you may again".

use super::lexicon::Class;
use super::utterance::{Utterance, Word};

/// What a bare *stop* may stand among: courtesies, who and what in the vaguest words.
const BARE: Class = Class::FILLER.or(Class::GREETING).or(Class::DESIRE).or(Class::MINE).or(Class::STOP);

/// Words that keep a bare *stop* or *start* bare.
const BARE_WORDS: &[&str] = &[
    "ini",
    "itu",
    "semua",
    "semuanya",
    "all",
    "it",
    "this",
    "everything",
    "sudah",
    "to",
    "now",
    "in",
    "out",
    "sampai",
    "sini",
    "that",
    "yang",
    "untuk",
];

pub(super) fn is_said(said: &Utterance<'_>) -> bool {
    if keeps_on(said) || said.says(&["kapan", "kenapa", "why", "when"]) {
        return false;
    }
    bare(&said.words) && !said.says(&["bisa", "can", "boleh", "bagaimana", "how"])
        || bare_clause(said)
        || unsubscribes(said)
        || ends_messages(said)
        || refuses_messages(said)
        || leaves_the_list(said)
}

/// *jangan berhenti*, *don't stop*, *non stop*.
fn keeps_on(said: &Utterance<'_>) -> bool {
    said.places(Class::STOP).any(|place| {
        said.words[place].text != "opt"
            && said.at(place, -1).is_some_and(|word| {
                matches!(
                    word.text,
                    "jangan"
                        | "tidak"
                        | "not"
                        | "never"
                        | "non"
                        | "belum"
                        | "bukan"
                        | "tanpa"
                        | "pernah"
                        | "halte"
                        | "bus"
                        | "pit"
                        | "rest"
                        | "short"
                        | "door"
                        | "one"
                        | "tiba"
                )
            })
    })
}

/// *stop*, *berhenti dong kak*, *please stop*.
fn bare(words: &[Word<'_>]) -> bool {
    let ends = |word: &Word<'_>| {
        word.class.is(Class::STOP)
            && !matches!(
                word.text,
                "cukup" | "end" | "opt" | "matikan" | "mute" | "quit" | "cease" | "blokir" | "block" | "off"
            )
    };
    words.iter().any(ends)
        && words.len() <= 8
        && words.iter().all(|word| word.class.is(BARE) || BARE_WORDS.contains(&word.text))
        || matches!(words, [only] if matches!(only.text, "quit" | "end"))
        || matches!(words, [a, b, ..] if a.text == "opt" && b.text == "out")
}

/// *spam banget, stop!*: a bare clause beside one about messages.
fn bare_clause(said: &Utterance<'_>) -> bool {
    said.words.chunk_by(|a, b| a.clause == b.clause).any(bare)
        && said.words.iter().any(|word| is_promo(word) || word.root == "kirim" || is_bulk(word))
        && !said.words.iter().any(|word| is_ordered(word))
        && !said.asks
}

/// *unsubscribe*, *mau berhenti langganan*, *opt me out*.
fn unsubscribes(said: &Utterance<'_>) -> bool {
    let leaves = said.places(Class::STOP.or(Class::DELETE)).chain(
        said.words
            .iter()
            .enumerate()
            .filter(|(_, word)| {
                matches!(word.text, "batal" | "batalkan" | "cabut" | "cancel" | "putus" | "lepas" | "unsub")
            })
            .map(|(place, _)| place),
    );
    let mut leaves = leaves.filter(|place| {
        said.words[*place + 1..]
            .iter()
            .take(3)
            .any(|word| matches!(word.text, "langganan" | "berlangganan" | "subscription" | "newsletter"))
    });
    leaves.next().is_some() && !said.says(&["jangan"]) && !said.words.iter().any(|word| is_ordered(word))
        || said.says(&["opt"]) && said.says(&["out"])
        || said.says(&["berlangganan", "langganan", "subscribe", "subscribed"])
            && said.words.windows(3).any(|three| {
                matches!((three[0].text, three[1].text), ("tidak", "mau" | "ingin") | ("not", "want" | "wish"))
            })
}

/// *stop promonya*, *berhenti kirimin aku wa*, *stop texting me*.
fn ends_messages(said: &Utterance<'_>) -> bool {
    said.places(Class::STOP).any(|place| {
        if said.words[place].text == "cukup" && !said.any(Class::PROMO) || said.words[place].text == "opt" {
            return false;
        }
        let mut near: Vec<_> = said.after(place).filter(|word| !word.class.is(Class::FILLER)).take(6).collect();
        if near.is_empty() {
            // *promonya stop aja dong*: what ends stands before.
            near = said.words[..place].iter().rev().filter(|word| !word.class.is(Class::FILLER)).take(5).collect();
            return near.iter().any(|word| is_promo(word))
                && !near.iter().any(|word| word.class.is(Class::ASK.or(Class::PAST)))
                && !said.asks;
        }
        unwanted(&near) && !(said.says(&["apa", "apakah"]) && said.asks)
    })
}

/// Whether these words are about what the business sends.
fn unwanted(near: &[&Word<'_>]) -> bool {
    let order = near.iter().any(|word| is_ordered(word));
    let promo = near.iter().take(4).any(|word| is_promo(word));
    let order = order && !(promo && near.iter().any(|word| word.text == "pengiriman"));
    if order || near.first().is_some_and(|word| matches!(word.text, "langganan") && near.len() > 2) {
        return false;
    }
    if promo {
        return true;
    }
    if near.len() <= 3 && near.iter().any(|word| is_bulk(word)) {
        return true;
    }
    let sends = near.iter().take(3).any(|word| word.class.is(Class::SEND));
    let to_me = near.iter().any(|word| word.class.is(Class::MINE));
    let message = near.iter().any(|word| is_message(word));
    let bothers = near.iter().take(3).any(|word| {
        matches!(
            word.text,
            "ganggu"
                | "mengganggu"
                | "spam"
                | "spamming"
                | "bothering"
                | "texting"
                | "messaging"
                | "contacting"
                | "teror"
                | "blast"
                | "broadcast"
        )
    });
    let again = near.iter().any(|word| word.class.is(Class::AGAIN));
    let nothing_else = near.iter().all(|word| {
        word.class.is(Class::SEND.or(Class::MESSAGE).or(Class::MINE).or(Class::AGAIN))
            || matches!(word.text, "mulu" | "melulu" | "terus" | "these" | "begituan" | "beginian" | "gituan" | "those")
    });
    (sends && (message || to_me || nothing_else && near.len() > 1))
        || (bothers && (to_me || again || near.len() <= 2))
        || (sends && again && near.len() <= 3)
}

fn is_promo(word: &Word<'_>) -> bool {
    word.class.is(Class::PROMO) && !matches!(word.text, "diskon" | "katalog" | "offer" | "deal")
}

fn is_message(word: &Word<'_>) -> bool {
    word.class.is(Class::MESSAGE) && !word.written.starts_with("order")
}

/// What shows that a shipment is meant: how, where and when to send.
const OF_SHIPMENTS: &[&str] = &[
    "hari", "besok", "dulu", "salah", "lama", "via", "pakai", "sebelum", "malam", "warna", "ukuran", "rusak", "cacat",
];

/// Being written to, in words that can mean nothing else.
const DISTURBING: &[&str] = &[
    "spam",
    "ganggu",
    "mengganggu",
    "contact",
    "text",
    "message",
    "chat",
    "whatsapp",
    "hubungi",
    "spamming",
    "bother",
    "disturb",
];

/// *jangan kirim promo lagi*, *ga mau terima iklan*, *don't message me again*, *no more ads*.
fn refuses_messages(said: &Utterance<'_>) -> bool {
    if said.says(&["kelewatan", "ketinggalan", "miss"]) {
        return false;
    }
    said.words.iter().enumerate().any(|(place, word)| {
        let next = said.at(place, 1).map_or("", |word| word.text);
        let Some(refusal) = refusal(word.text, next) else { return false };
        let skip = usize::from(refusal == Refusal::OfGetting);
        let near: Vec<_> = said.after(place).skip(skip).filter(|word| !word.class.is(Class::FILLER)).take(7).collect();
        match refusal {
            Refusal::OfGetting | Refusal::NoMore if near.iter().take(5).any(|word| is_promo(word)) => {
                let wonders = said.asks && said.says(&["kok", "ada", "apa"]);
                !wonders && !near.iter().any(|word| is_ordered(word))
            }
            Refusal::NoMore if near.iter().take(3).any(|word| is_bulk(word)) => true,
            Refusal::OfGetting if gets_messages(&near) => true,
            _ => refuses_to_be_written_to(&near, said),
        }
    })
}

/// *…menerima pesan ini*, *…to receive these messages*.
fn gets_messages(near: &[&Word<'_>]) -> bool {
    near.iter().take(3).any(|word| matches!(word.root, "terima" | "dapat" | "receive" | "get" | "receiving"))
        && near.iter().take(5).any(|word| is_message(word))
        && !near.iter().any(|word| is_ordered(word))
}

/// How something is refused.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Refusal {
    /// *jangan …*, *don't …*.
    OfDoing,
    /// *ga mau …*, *gausah …*.
    OfGetting,
    /// *no more …*.
    NoMore,
}

fn refusal(word: &str, next: &str) -> Option<Refusal> {
    match (word, next) {
        ("jangan", "lupa" | "sampai" | "berhenti" | "stop" | "lama" | "telat") => None,
        ("jangan", _)
        | ("supaya", "tidak")
        | ("do", "not")
        | ("not", "send" | "message" | "text" | "contact" | "spam") => Some(Refusal::OfDoing),
        (
            "tidak",
            "usah" | "mau" | "ingin" | "perlu" | "butuh" | "pernah" | "minta" | "tertarik" | "setuju" | "izin" | "suka",
        )
        | ("not", "want" | "wish" | "need" | "like") => Some(Refusal::OfGetting),
        ("no", "more") => Some(Refusal::NoMore),
        _ => None,
    }
}

fn refuses_to_be_written_to(near: &[&Word<'_>], said: &Utterance<'_>) -> bool {
    if !near.iter().take(4).any(|word| word.class.is(Class::SEND)) {
        return false;
    }
    if near.iter().any(|word| is_promo(word)) {
        return true;
    }
    let elsewhere = near.windows(2).any(|pair| pair[0].text == "ke" && !is_me(pair[1]));
    if elsewhere || near.iter().any(|word| is_ordered(word) || OF_SHIPMENTS.contains(&word.text)) {
        return false;
    }
    let again = near.iter().any(|word| word.class.is(Class::AGAIN)) || said.says(&["terus", "ever", "melulu", "mulu"]);
    let to_me = near.iter().any(|word| is_me(word));
    let message = near.iter().any(|word| is_message(word));
    let disturbs = near.iter().any(|word| DISTURBING.contains(&word.text));
    let bare = near.first().is_some_and(|word| matches!(word.text, "spam" | "ganggu"));
    (again && (to_me || message || near.len() <= 3)) || (to_me && disturbs) || (bare && near.len() <= 3)
}

/// The writer, or the number that they write from.
fn is_me(word: &Word<'_>) -> bool {
    word.class.is(Class::MINE) || matches!(word.text, "nomor" | "number" | "nomorku")
}

/// What is ordered and shipped: to stop it is another thing than to stop messages.
fn is_ordered(word: &Word<'_>) -> bool {
    word.class.is(Class::ORDER) && !is_message(word)
}

/// Messages of a kind that only a business sends in numbers.
fn is_bulk(word: &Word<'_>) -> bool {
    matches!(
        word.text,
        "messages" | "texts" | "emails" | "sms" | "broadcast" | "updates" | "notifikasi" | "notifications" | "spam"
    )
}

/// *keluarin saya dari grup broadcast*, *remove me from your list*.
fn leaves_the_list(said: &Utterance<'_>) -> bool {
    let removes = said.words.iter().enumerate().any(|(place, word)| {
        let leaves = word.class.is(Class::DELETE) || matches!(word.text, "take" | "left" | "leave" | "unlist" | "get");
        leaves
            && said.words[place + 1..]
                .iter()
                .take(8)
                .any(|word| matches!(word.text, "dari" | "from" | "off" | "of" | "promo" | "broadcast"))
    });
    removes
        && said.any(Class::MINE.or(Class::PROMO))
        && (said.any(Class::PROMO) || said.says(&["list", "daftar", "grup", "group", "mailing", "lists", "kontak"]))
        && !said.any(Class::ORDER)
        && !said.says(&["keranjang", "cart", "wishlist"])
}

/// "You may write again."
pub(super) fn is_taken_back(said: &Utterance<'_>) -> bool {
    let refused =
        said.any(Class::NEG) || said.says(&["kapan", "berapa", "when", "dari", "how", "harga", "apa", "kenapa"]);
    if refused {
        return false;
    }
    let bare = said.words.len() <= 7
        && said.words.iter().any(|word| {
            matches!(
                word.text,
                "mulai"
                    | "start"
                    | "subscribe"
                    | "resubscribe"
                    | "unstop"
                    | "resume"
                    | "langganan"
                    | "berlangganan"
                    | "aktifkan"
            )
        })
        && said.words.iter().all(|word| {
            word.class.is(Class::FILLER
                .or(Class::GREETING)
                .or(Class::DESIRE)
                .or(Class::MINE)
                .or(Class::START)
                .or(Class::AGAIN))
                || matches!(word.text, "langganan" | "berlangganan" | "to" | "ini" | "it" | "this")
        })
        && !said.asks;
    let opts_in = said.says(&["opt"]) && said.says(&["in"]);
    bare || opts_in || allows_messages(said)
}

/// *kirim promo lagi dong*, *aktifin lagi promonya*, *start sending me offers again*.
fn allows_messages(said: &Utterance<'_>) -> bool {
    if !said.any(Class::PROMO) || said.any(Class::ORDER.or(Class::PAST)) || said.words.len() > 12 {
        return false;
    }
    let again = said.any(Class::AGAIN);
    let sends = said.words.iter().any(|word| {
        matches!(
            word.text,
            "kirim"
                | "kirimi"
                | "kirimkan"
                | "send"
                | "sending"
                | "dikirim"
                | "dikirimi"
                | "terima"
                | "menerima"
                | "receive"
                | "receiving"
                | "kabari"
        )
    });
    let gets = said.words.iter().any(|word| matches!(word.text, "dapat" | "get" | "getting" | "dapatkan"));
    let wished = said.says(&["mau", "ingin", "want", "like"]);
    let begins = said.words.iter().any(|word| {
        // `subscribe` is normalised to `langganan`.
        word.written.starts_with("subscri")
            || matches!(
                word.text,
                "aktifkan"
                    | "nyalakan"
                    | "hidupkan"
                    | "start"
                    | "resume"
                    | "resubscribe"
                    | "subscribe"
                    | "lanjutkan"
                    | "unmute"
                    | "reactivate"
                    | "restart"
            )
    });
    let subscribes =
        said.words.iter().any(|word| matches!(word.text, "langganan" | "berlangganan" | "newsletter" | "broadcast"))
            && said.words.iter().any(|word| {
                matches!(
                    word.root,
                    "mau"
                        | "ikut"
                        | "gabung"
                        | "daftar"
                        | "want"
                        | "join"
                        | "subscribe"
                        | "mulai"
                        | "daftarkan"
                        | "ingin"
                        | "masuk"
                        | "add"
                )
            });
    let first = said.words.iter().any(|word| word.text == "mulai") && again && !said.asks;
    (sends && again && !said.says(&["ada"]))
        || (gets && wished && again && !said.asks)
        || (begins && (!said.asks || again))
        || (subscribes && (again || said.words.iter().any(|word| is_promo(word) && word.root != "langganan")))
        || first
}
