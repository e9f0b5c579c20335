//! Greetings and thanks, which ask nothing: "pagi min" is no question about minimum orders.

/// Words that greet, thank, address somebody, or stand beside those.
const COURTEOUS: &[&str] = &[
    "halo",
    "hallo",
    "hello",
    "helo",
    "hai",
    "hi",
    "hey",
    "permisi",
    "misi",
    "assalamualaikum",
    "selamat",
    "met",
    "pagi",
    "siang",
    "sore",
    "malam",
    "malem",
    "good",
    "morning",
    "afternoon",
    "evening",
    "makasih",
    "makasi",
    "mksh",
    "mksih",
    "trims",
    "trimakasih",
    "terima",
    "kasih",
    "terimakasih",
    "thanks",
    "thank",
    "thankyou",
    "thx",
    "tq",
    "ty",
    "suwun",
    "nuhun",
    "you",
    "so",
    "very",
    "much",
    "a",
    "lot",
    "banyak",
    "bnyk",
    "byk",
    "sekali",
    "banget",
    "bgt",
    "ya",
    "yaa",
    "yah",
    "kak",
    "kakak",
    "kk",
    "min",
    "mimin",
    "sis",
    "gan",
    "bro",
    "bu",
    "pak",
    "bang",
    "mas",
    "mbak",
    "mba",
    "ok",
    "oke",
    "okee",
    "okay",
    "sip",
    "siap",
    "baik",
    "atas",
    "bantuannya",
    "infonya",
    "jawabannya",
    "sebelumnya",
];

/// Whether a message is nothing but courtesy.
pub(crate) fn is_all(text: &str) -> bool {
    let text = text.to_lowercase();
    let mut words = text.split(|char: char| !char.is_alphanumeric()).filter(|word| !word.is_empty()).peekable();
    words.peek().is_some() && words.all(|word| COURTEOUS.contains(&word))
}

/// Words that go about in a menu.
const GOING_ABOUT: &[&str] =
    &["kembali", "balik", "back", "menu", "utama", "awal", "main", "home", "ke", "go", "to", "the", "lanjut", "next"];

/// Whether a message only goes about in a menu, which is another plugin's: *kembali* alone is no refund.
pub(crate) fn goes_about(text: &str) -> bool {
    let text = text.to_lowercase();
    let mut words = text.split(|char: char| !char.is_alphanumeric()).filter(|word| !word.is_empty()).peekable();
    words.peek().is_some()
        && words.all(|word| GOING_ABOUT.contains(&word) || COURTEOUS.contains(&word) || BESIDE.contains(&word))
}

/// How a customer says no, and that something is not to be.
const NO: &[&str] = &[
    "ga", "gak", "gk", "g", "ngga", "nggak", "ngg", "enggak", "engga", "tidak", "tdk", "ndak", "kaga", "kagak",
    "gajadi", "gjd",
];
const TO_BE: &[&str] = &["jadi", "jd", "jadii", "usah", "papa", "apa"];
/// What may stand beside that, other than courtesy.
const BESIDE: &[&str] = &[
    "deh", "dulu", "dl", "aja", "dong", "lah", "kok", "sih", "eh", "oh", "maaf", "sori", "sorry", "nanti", "lain",
    "kali",
];
/// The same in English, whole.
const NEVER_MIND: &[&str] = &["never mind", "nevermind", "nvm", "forget it", "no need", "not anymore"];

/// Whether a message only takes back what was said before: "gk jd deh". Of an order it says nothing.
pub(crate) fn drops_it(text: &str) -> bool {
    let text = text.to_lowercase();
    let words: Vec<&str> = text.split(|char: char| !char.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let rest: Vec<&str> =
        words.iter().copied().filter(|word| !COURTEOUS.contains(word) && !BESIDE.contains(word)).collect();
    if NEVER_MIND.contains(&&*rest.join(" ")) {
        return true;
    }
    match rest[..] {
        [only] => matches!(only, "gajadi" | "gjd"),
        [no, to_be] => NO.contains(&no) && TO_BE.contains(&to_be),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{drops_it, goes_about, is_all};

    #[test]
    fn what_is_dropped_is_no_question() {
        for text in ["gk jd deh", "ga jadi kak", "nggak jadi deh min, makasih", "never mind", "ga usah deh", "gajadi"] {
            assert!(drops_it(text), "{text}");
        }
        for text in ["ga jadi pesan", "gk jd beli, dp balik ga", "jadi berapa", "ga ada?", "jadi ga"] {
            assert!(!drops_it(text), "{text}");
        }
    }

    #[test]
    fn going_about_in_a_menu_asks_nothing() {
        for text in ["kembali", "balik ke menu dong kak", "back", "menu utama"] {
            assert!(goes_about(text), "{text}");
        }
        for text in ["uang kembali ga", "kembali berapa hari?", "menu apa aja", "bisa balik barang"] {
            assert!(!goes_about(text), "{text}");
        }
    }

    #[test]
    fn courtesy_asks_nothing() {
        for text in ["pagi min", "makasi bnyk kak", "makasih banyak ya 🙏", "thanks a lot", "Selamat siang, kak."] {
            assert!(is_all(text), "{text}");
        }
        for text in ["min order berapa?", "banyak ukurannya?", "pagi min, ongkir brp", "", "🙏"] {
            assert!(!is_all(text), "{text}");
        }
    }
}
