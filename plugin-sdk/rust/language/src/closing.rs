//! Words that close a matter and ask for nothing.

use crate::list::Words;
use crate::normalise::{Kind, Normalised};
use crate::topics::contains_words;
use crate::vocabulary::is_known;
use crate::words;

/// One of these must be there.
const CLOSING: Words = words!(
    "\
    kasih thank oke siap baik baiklah noted mantap mantab mantul paham mengerti great perfect nice cool fine alright \
    cheers appreciated bye dadah sampun alhamdulillah syukur understood hatur"
);

/// Words that may stand beside them.
const BESIDE: Words = words!(
    "\
    terima ya yah banyak banget sekali sangat atas untuk bantuan bantuannya info infonya informasi informasinya \
    penjelasan penjelasannya jawaban jawabannya respon responnya waktunya kabarnya membantu sudah dibantu dijawab \
    dibalas lagi deh dong nih loh juga kalau begitu itu sama for your you u the help so very much a lot all that is \
    it again then quick fast reply response good yes to hear lah got sehat"
);

/// When somebody will do it themselves: *nanti aku kabarin ya*, *lihat-lihat dulu*.
const LATER: Words = words!("nanti besok dulu later tomorrow ill");
/// What they will do.
const DOING: Words = words!(
    "\
    kabarin kabari kabarkan hubungi pikir pikirkan pikirin mikir diskusi diskusikan rundingan mampir balik order pesan \
    beli lihat lihat-lihat pikir-pikir tanya chat transfer bayar think let know come back buy"
);
/// What nobody asks of somebody else in so few words.
const CONSIDERING: Words =
    words!("pikir pikirkan pikirin mikir diskusi rundingan lihat lihat-lihat pikir-pikir tanya think");
/// Who.
const SELF: Words = words!("saya aku gue gua kami kita i ill me");
/// With whom, and what stands between.
const BETWEEN: Words = words!("will about suami istri pasangan anak");

/// How somebody is addressed; a name may follow.
const ADDRESSES: Words = words!(
    "\
    kak kakak ka min admin mbak mba mas bu ibu pak bapak bang abang gan sis bro om tante bos cik ci koh teh aa sir \
    madam team tim dear"
);

/// Faces and hands that agree, thank or are glad.
const NODS: [char; 40] = [
    '👍', '🙏', '👌', '😊', '😁', '😄', '😃', '😀', '🙂', '☺', '❤', '🥰', '😍', '🤗', '✅', '✔', '💯', '🤝', '🫶',
    '💕', '💖', '😉', '🎉', '👏', '🤙', '🔥', '🙌', '😇', '😘', '💪', '🫡', '💐', '🌹', '♥', '💙', '💚', '💛', '🧡',
    '💜', '😎',
];

/// Whether a message is nothing but thanks, agreement or a farewell: *oke makasih kak Rina 🙏*, *nanti aku kabarin ya*.
/// Nobody who writes so waits for an answer. *Iya* alone is none of these, because it may answer a question, and nor is *oke, ditunggu*.
pub fn closes(text: &Normalised) -> bool {
    if text.asks() || text.is_empty() {
        return false;
    }
    let fine = contains_words(text.as_str(), "tidak apa apa");
    let later = comes_back(text);
    let (mut closing, mut last) = (later, "");
    for token in text.tokens() {
        match token.kind {
            Kind::Emoji if token.written.chars().all(is_nod) => closing = true,
            Kind::Word if CLOSING.has(token.word) => closing = true,
            // *Gapapa*.
            Kind::Word if fine && matches!(token.word, "tidak" | "apa") => closing = true,
            // *Ya sudah*.
            Kind::Word if token.word == "sudah" && last == "ya" => closing = true,
            Kind::Word if BESIDE.has(token.word) || ADDRESSES.has(token.word) => {}
            Kind::Word if later && [LATER, DOING, SELF, BETWEEN].iter().any(|list| list.has(token.word)) => {}
            // A name, where one would stand.
            Kind::Word if !is_known(token.word) && (ADDRESSES.has(last) || matches!(last, "kasih" | "thank")) => {}
            _ => return false,
        }
        last = token.word;
    }
    closing
}

/// Whether somebody will do it themselves, later. *Nanti kabari saya* asks it of the other: who does it stands before
/// what is done, or what is done first is but to consider.
fn comes_back(text: &Normalised) -> bool {
    let first = |list: &Words| text.words().position(|word| list.has(word));
    let (Some(_), Some(doing)) = (first(&LATER), first(&DOING)) else { return false };
    match first(&SELF) {
        Some(who) => who < doing,
        None => text.words().any(|word| word == "dulu") && first(&CONSIDERING).is_some(),
    }
}

fn is_nod(c: char) -> bool {
    // Skin tones, variation selectors and joiners say nothing by themselves.
    NODS.contains(&c) || ('\u{1F3FB}'..='\u{1F3FF}').contains(&c) || matches!(c, '\u{FE0F}' | '\u{200D}')
}

#[cfg(test)]
mod tests {
    use super::closes;
    use crate::normalise;

    #[test]
    fn thanks_and_nods_ask_for_nothing() {
        for text in [
            "makasih",
            "makasih kak",
            "oke makasih ya kak Rina 🙏",
            "ok",
            "okeee siap",
            "sip",
            "baik bu, terima kasih",
            "Thanks!",
            "thank you so much",
            "ok thanks Rina",
            "👍",
            "🙏🏽",
            "siap mbak",
            "terima kasih banyak atas bantuannya",
            "noted kak",
            "yaudah",
            "ya udah kak gapapa",
            "great, thanks for your help",
            "mksh infonya min",
            "alhamdulillah makasih udah dibantu",
            "yaudah nanti aku kabarin ya",
            "oke ntar gw pikir2 dulu",
            "liat liat dulu ya kak",
            "makasih infonya min, nanti aku order",
            "tanya suami dulu ya",
            "ok i'll think about it, thanks",
            "besok saya transfer ya",
        ] {
            assert!(closes(&normalise(text)), "{text}");
        }
    }

    #[test]
    fn what_asks_or_answers_is_no_thanks() {
        for text in [
            "",
            "oke?",
            "oke ditunggu ya kak",
            "iya",
            "iya kak",
            "makasih tapi barangnya belum sampai",
            "oke 2 ya",
            "siap, kapan dikirim",
            "halo",
            "kak",
            "Rina",
            "😡",
            "🤔",
            "boleh",
            "gapapa, kapan dikirim",
            "ga usah makasih, balikin uang saya",
            "thanks for nothing",
            "makasih ya udah bikin kecewa",
            "oke yang merah",
            "nanti dikirim ya",
            "nanti kabari saya ya",
            "let me know later",
            "nanti aku dikabarin ya",
            "mau order dulu dong",
            "nanti aku transfer kemana",
            "tanya dulu dong, ready ga",
            "saya mau pesan",
        ] {
            assert!(!closes(&normalise(text)), "{text}");
        }
    }
}
