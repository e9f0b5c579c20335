//! *Ini siapa?*, *who is this?*: whoever asks it wants to know with whom they write, and is owed the whole answer.

use santun_language::{Kind, Normalised, is_one_of};

use super::reading::is_filler;

/// What asks for somebody.
const WHO: &str = "siapa siapakah who whos";
/// What points at whoever is written to.
const YOU: &str = "ini nih itu kamu kau anda kalian dengan sama namamu you u this your";
/// What may stand beside these: nobody else is asked about.
const BESIDE: &str = "\
    saya aku bicara berbicara ngobrol ngomong chat chatan chatting sedang lagi nama namanya sebenarnya yang balas \
    jawab i is am are s re talking speaking chatting to with it here name what whats";
/// The longest such question, in words.
const LONGEST: usize = 9;

/// Whether a message asks nothing but who its reader is.
pub(super) fn is_asked(text: &Normalised) -> bool {
    let words = || text.tokens().filter(|token| token.kind != Kind::Emoji);
    let one_of = |list: &str| words().any(|token| is_one_of(list, token.word) || is_one_of(list, token.written));
    let known = |word: &str| [WHO, YOU, BESIDE].iter().any(|list| is_one_of(list, word)) || is_filler(word);
    let named = || one_of("name") && one_of("your") && one_of("what whats");
    words().count() <= LONGEST
        && (one_of(WHO) && one_of(YOU) || named())
        && words().all(|token| token.kind == Kind::Word && (known(token.word) || known(token.written)))
}

#[cfg(test)]
mod tests {
    use santun_language::normalise;

    use super::is_asked;

    #[test]
    fn whoever_asks_with_whom_they_write_is_heard() {
        for text in [
            "siapa nih",
            "ini siapa",
            "siapa ya ini",
            "dengan siapa ini?",
            "Halo, ini dengan siapa ya kak?",
            "kamu siapa",
            "sama siapa nih aku chat",
            "who is this",
            "who's this?",
            "who are you",
            "hi, who are you?",
            "what's your name",
        ] {
            assert!(is_asked(&normalise(text)), "{text}");
        }
    }

    #[test]
    fn who_somebody_else_is_is_another_question() {
        for text in [
            "siapa",
            "siapa ya",
            "kurirnya siapa",
            "ini nomor siapa",
            "ini paket dari siapa",
            "atas nama siapa",
            "siapa yang terima paketnya",
            "ini lagunya siapa ya",
            "siapa yang jaga toko hari minggu",
            "sama siapa ini? kak dewi ya?",
            "who is your barber",
            "pemiliknya siapa ya",
            "",
        ] {
            assert!(!is_asked(&normalise(text)), "{text}");
        }
    }
}
