//! The question what somebody can do for one.

use crate::list::Words;
use crate::words;

/// What asks.
const ASKS: Words = words!("apa ap apaan what how");
/// What asks by itself.
const FEATURES: Words = words!(
    "\
    fitur fiturnya fungsi fungsinya kemampuan kemampuannya ngapain features capabilities"
);
/// What somebody does.
const CAN: Words = words!(
    "\
    bisa bs dapat dpt bantu bantuin dibantu membantu ngebantu bantuan layanan layanannya lakukan dilakukan can could do \
    does help"
);
/// Who does it, and what may stand beside it: nothing else is asked about.
const BESIDE: Words = words!(
    "\
    kamu kmu km kau lu lo elu kalian anda bot botnya robot ini itu saja aja aj sih nih ya yaa dong deh kak kakak kk min \
    admin gan sis soal tentang sama yang yg di sini disini untuk buat halo hallo hai hi hello hey permisi pagi siang \
    sore malam selamat mau tanya saya aku ku dengan adalah ada you u i me us your the a this that it with for are is \
    here things thing exactly ask to of"
);

/// Whether a message, as [`words_of`](crate::words_of) reads it, asks nothing but what its reader can do: *kamu bisa
/// apa aja?*, *what can you do*.
pub fn asks_what_you_do(words: &[String]) -> bool {
    let any = |list: Words| words.iter().any(|word| list.has(word));
    let known = |word: &str| [ASKS, FEATURES, CAN, BESIDE].iter().any(|list| list.has(word));
    let asks = any(FEATURES) || any(ASKS) && any(CAN);
    asks && words.len() <= 10 && words.iter().all(|word| known(word)) && !is_for_the_asker(words)
}

/// *How can I do this*, *what do I do*: the asker is to do it.
fn is_for_the_asker(words: &[String]) -> bool {
    let has = |word: &str| words.iter().any(|known| known == word);
    let asker_does = words.windows(2).any(|pair| ["can", "do", "could"].contains(&&*pair[0]) && pair[1] == "i");
    asker_does && !has("ask") || has("how") && !has("help")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words_of;

    #[test]
    fn what_a_bot_is_there_for_is_asked_in_many_words() {
        for text in [
            "kamu bisa apa aja",
            "bisa bantu apa aja?",
            "bs bantu apa aj kak",
            "apa aja yang bisa dibantu",
            "apa yang bisa kamu lakukan",
            "apa aja fiturnya",
            "fungsi bot ini apa",
            "bisa ngapain ajaaa",
            "bisa tanya apa aja di sini",
            "halo kak, bisa bantu apa aja?",
            "what can you do",
            "What can you help me with?",
            "what do you do",
            "how can you help me",
            "what can I ask you",
        ] {
            assert!(asks_what_you_do(&words_of(text)), "{text}");
        }
        for text in [
            "bisa bayar pakai apa aja",
            "bisa cod apa ga",
            "apa bisa retur",
            "ada apa",
            "layanan",
            "bisa bantu cek pesanan saya?",
            "how do I order",
            "what do I do now",
            "how can I do this",
            "can you help me",
            "bisa bantu?",
            "kemeja ini bisa custom apa aja",
            "",
        ] {
            assert!(!asks_what_you_do(&words_of(text)), "{text}");
        }
    }
}
