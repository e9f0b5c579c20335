//! Recognising promises about humans, waits and hours, in Indonesian and English.
//!
//! What a business says of parcels, refunds and payments is its own; what it says of when a human comes is
//! the host's.

use crate::gate::words::{any_in, is_in, words};

/// What a sentence promises.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Promise {
    /// How long to wait.
    Wait,
    /// That a human comes, or answers.
    Human,
    /// When the business is open.
    Hours,
}

impl Promise {
    /// What it does, after "a sentence that …".
    pub(super) const fn in_words(self) -> &'static str {
        match self {
            Self::Wait => "states a waiting time",
            Self::Human => "promises that a human comes",
            Self::Hours => "states opening hours",
        }
    }
}

const WAIT: &[&str] = &["tunggu", "ditunggu", "nunggu", "menanti", "wait", "waiting", "antrean", "antrian", "queue"];
const SOON: &[&str] = &[
    "sebentar",
    "bentar",
    "sejenak",
    "sesaat",
    "moment",
    "shortly",
    "soon",
    "segera",
    "secepatnya",
    "asap",
    "momentarily",
];
const UNIT: &[&str] = &[
    "menit", "mnt", "menitan", "jam", "detik", "minute", "minutes", "min", "mins", "hour", "hours", "second",
    "seconds", "hari", "day", "days",
];
const NUMBER: &[&str] = &[
    "satu", "dua", "tiga", "empat", "lima", "sepuluh", "beberapa", "setengah", "few", "couple", "one", "two", "three",
    "five", "ten", "several",
];
/// What durations may be stated of: the business knows, the office does not.
const GOODS: &[&str] = &[
    "paket",
    "pengiriman",
    "kirim",
    "dikirim",
    "mengirim",
    "kurir",
    "refund",
    "dana",
    "pembayaran",
    "bayar",
    "transfer",
    "retur",
    "barang",
    "pesanan",
    "order",
    "orders",
    "delivery",
    "delivered",
    "shipping",
    "shipment",
    "parcel",
    "package",
    "payment",
    "stok",
    "tiba",
    "sampai",
    "produksi",
    "diproses",
    "proses",
    "resi",
    "ongkir",
    "courier",
    "arrives",
    "arrive",
];
const HUMAN: &[&str] = &[
    "agen",
    "admin",
    "cs",
    "petugas",
    "operator",
    "staf",
    "staff",
    "tim",
    "manusia",
    "rekan",
    "kolega",
    "supervisor",
    "manajer",
    "agent",
    "agents",
    "human",
    "representative",
    "rep",
    "colleague",
    "team",
    "someone",
    "somebody",
    "advisor",
    "specialist",
    "service",
    "layanan",
];
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
const OPEN: &[&str] = &[
    "buka",
    "tutup",
    "open",
    "opens",
    "close",
    "closes",
    "closed",
    "online",
    "beroperasi",
    "operasional",
    "melayani",
    "layanan",
    "service",
];
/// Words that may stand between "open" and a time of day.
const BETWEEN: &[&str] = &[
    "setiap",
    "tiap",
    "hari",
    "dari",
    "mulai",
    "jam",
    "pukul",
    "pk",
    "sampai",
    "s/d",
    "sd",
    "hingga",
    "kerja",
    "ini",
    "besok",
    "lagi",
    "senin",
    "selasa",
    "rabu",
    "kamis",
    "jumat",
    "sabtu",
    "minggu",
    "ahad",
    "dan",
    "at",
    "from",
    "until",
    "till",
    "every",
    "day",
    "daily",
    "on",
    "again",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "mon",
    "tue",
    "wed",
    "thu",
    "fri",
    "sat",
    "sun",
    "weekdays",
    "tomorrow",
    "today",
    "and",
    "to",
    "|",
    "kami",
    "toko",
    "tersedia",
    "selama",
    "is",
    "are",
    "hours",
    "senin-jumat",
    "senin-sabtu",
    "senin-minggu",
    "monday-friday",
    "mon-fri",
    "adalah",
    "between",
];

/// What a sentence promises, if it promises anything.
pub(super) fn promise(sentence: &str) -> Option<Promise> {
    let words = words(sentence);
    if states_hours(&words) {
        return Some(Promise::Hours);
    }
    if promises_human(&words) {
        return Some(Promise::Human);
    }
    states_wait(&words).then_some(Promise::Wait)
}

fn is_number(word: &str) -> bool {
    word.starts_with(|first: char| first.is_ascii_digit()) || is_in(word, NUMBER)
}

/// "5 menit", "beberapa menit", "10-15 minutes", "a few minutes", "5mnt".
fn has_duration(words: &[String]) -> bool {
    words.iter().enumerate().any(|(at, word)| {
        let after = |ahead: usize| words.get(at + ahead).map_or("", String::as_str);
        let number = is_number(word);
        let digits = word.trim_start_matches(|char: char| char.is_ascii_digit());
        (number && (is_in(after(1), UNIT) || (is_in(after(1), &["|", "of", "-"]) && is_in(after(2), UNIT))))
            || (digits.len() < word.len() && is_in(digits, UNIT))
            || is_in(word, &["1x24"])
    })
}

fn names_human(words: &[String]) -> bool {
    words
        .iter()
        .enumerate()
        .any(|(at, word)| is_in(word, HUMAN) && !words.get(at + 1).is_some_and(|next| is_in(next, NOT_OURS)))
}

fn states_wait(words: &[String]) -> bool {
    if any_in(words, GOODS) && !names_human(words) {
        return false;
    }
    any_in(words, WAIT) && (has_duration(words) || any_in(words, SOON) || numbers_place(words))
}

/// "antrean nomor 3", "number 3 in the queue".
fn numbers_place(words: &[String]) -> bool {
    any_in(words, &["antrean", "antrian", "queue"])
        && words.iter().any(|word| is_number(word) || word.starts_with("ke-"))
}

fn promises_human(words: &[String]) -> bool {
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

/// "buka jam 9", "jam operasional 09.00-17.00", "open from 9am to 5pm", "24/7".
fn states_hours(words: &[String]) -> bool {
    if words.iter().any(|word| word == "24/7") {
        return true;
    }
    words.iter().enumerate().any(|(at, word)| {
        let heading = is_in(word, &["jam", "opening", "business", "operating", "office", "working"])
            && words.get(at + 1).is_some_and(|next| {
                is_in(
                    next,
                    &["operasional", "kerja", "buka", "layanan", "pelayanan", "kantor", "toko", "hours", "tutup"],
                )
            });
        if !heading && !is_in(word, OPEN) {
            return false;
        }
        let rest = &words[at + 1..];
        let until_clock = rest.iter().position(|next| is_clock(next));
        let Some(clock) = until_clock else { return false };
        let (between, clock_word) = (&rest[..clock], rest[clock].as_str());
        let only_connects = between
            .iter()
            .enumerate()
            .all(|(at, word)| is_in(word, BETWEEN) || (heading && at == 0) || (is_in(word, HUMAN) && heading));
        only_connects && (is_certain_clock(clock_word) || is_hour_in_context(between, clock_word, &rest[clock + 1..]))
    })
}

/// `9`, `09.00`, `9am`, `09:00-17:00`.
fn is_clock(word: &str) -> bool {
    word.starts_with(|first: char| first.is_ascii_digit())
        && word.chars().all(|char| char.is_ascii_digit() || matches!(char, '.' | ':' | '-' | 'a' | 'p' | 'm'))
}

/// A time that can be nothing else.
fn is_certain_clock(word: &str) -> bool {
    word.ends_with("am")
        || word.ends_with("pm")
        || word.split('-').all(|time| {
            time.split_once(['.', ':']).is_some_and(|(hour, minute)| {
                hour.len() <= 2 && minute.len() == 2 && hour.parse::<u8>().is_ok_and(|hour| hour <= 24)
            })
        })
}

/// A bare number that its neighbours make an hour: "jam 9", "9 pagi", "from 9 to 5", "24 jam".
fn is_hour_in_context(between: &[String], clock: &str, after: &[String]) -> bool {
    let hour = clock.split('-').all(|hour| hour.parse::<u8>().is_ok_and(|hour| hour <= 24));
    let before = between.last().map_or("", String::as_str);
    let next = after.first().map_or("", String::as_str);
    hour && (is_in(before, &["jam", "pukul", "pk", "at", "from"])
        || is_in(next, &["pagi", "siang", "sore", "malam", "am", "pm", "wib", "wita", "wit", "o'clock"])
        || (clock == "24" && is_in(next, &["jam", "hours"])))
}

#[cfg(test)]
mod tests {
    use super::{Promise, promise};

    #[track_caller]
    fn assert_promises(what: Promise, texts: &[&str]) {
        for text in texts {
            assert_eq!(promise(text), Some(what), "{text}");
        }
    }

    #[test]
    fn waiting_times_are_recognised() {
        assert_promises(
            Promise::Wait,
            &[
                "Mohon tunggu 5 menit ya kak.",
                "Tunggu sebentar ya",
                "Waktu tunggu sekitar 10 menit.",
                "Please wait a few minutes.",
                "Estimated waiting time: 5 minutes",
                "Anda di antrean nomor 3.",
                "Tunggu 5mnt",
                "tunggu lima menit",
            ],
        );
    }

    #[test]
    fn the_coming_of_a_human_is_recognised() {
        assert_promises(
            Promise::Human,
            &[
                "Agen kami akan segera menghubungi Anda.",
                "Admin akan membalas dalam 10 menit.",
                "CS kami segera bantu kak",
                "Kami akan segera menghubungi Anda.",
                "Anda akan segera dihubungi.",
                "Saya sambungkan ke agen ya.",
                "Saya akan meneruskan ini ke tim kami.",
                "An agent is coming.",
                "An agent will be with you shortly.",
                "A colleague is on the way.",
                "Our team will contact you soon.",
                "We will get back to you within 24 hours.",
                "I'm transferring you to a human.",
                "Chat ini sudah diteruskan ke admin",
            ],
        );
    }

    #[test]
    fn opening_hours_are_recognised() {
        assert_promises(
            Promise::Hours,
            &[
                "Kami buka jam 9 pagi.",
                "Toko buka setiap hari pukul 08.00-20.00.",
                "Jam operasional: 09.00–17.00 WIB",
                "Buka 24 jam",
                "Jam buka kami Senin sampai Jumat 09.00-17.00",
                "We are open from 9am to 5pm.",
                "Opening hours: Monday-Friday 09:00-17:00",
                "We close at 17:00.",
                "Layanan 24/7",
                "Admin online jam 9",
            ],
        );
    }

    #[test]
    fn look_alikes_promise_nothing() {
        for text in [
            "Estimasi pengiriman 2-3 hari.",
            "Paket tiba dalam 3 hari kerja.",
            "Refund diproses dalam 7 hari.",
            "Status: menunggu pembayaran, batas 24 jam.",
            "Kurir akan menghubungi Anda sebelum tiba.",
            "Pesan sebelum jam 14.00 dikirim hari ini.",
            "Buka aplikasi lalu pilih menu 2.",
            "Buka link ini ya kak.",
            "Ketik AGEN untuk bicara dengan admin.",
            "Ketik agen untuk disambungkan ke CS.",
            "Mau saya sambungkan ke agen?",
            "Hubungi admin kalau ada kendala.",
            "Harga agen reseller mulai Rp10.000.",
            "Garansi berlaku 12 bulan.",
            "Tim kami mengemas pesanan dengan rapi.",
            "Delivery takes 2 to 3 days.",
            "You can talk to a human at any time.",
            "Kami buka {office.hours}.",
            "Waktu tunggu saat ini {queue.wait}.",
            "Kembali dibuka {office.next-opening}.",
            "Ukuran sepatu 40 tersedia.",
            "Retur bisa dalam 1x24 jam setelah barang diterima.",
            "Please open the link to pay.",
        ] {
            assert_eq!(promise(text), None, "{text}");
        }
    }
}
