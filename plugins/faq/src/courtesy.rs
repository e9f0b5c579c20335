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

#[cfg(test)]
mod tests {
    use super::is_all;

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
