//! What asks nothing of a FAQ: greetings and thanks ("pagi min" is no question about minimum orders), going about in a
//! menu, taking something back, a wish that another plugin serves.

use santun_language::{Words, words, words_of};

/// Words that greet, thank, address somebody, or stand beside those.
const COURTEOUS: Words = words!(
    "\
    halo hallo hello helo hai hi hey permisi misi assalamualaikum selamat met pagi siang sore malam malem good \
    morning afternoon evening makasih makasi mksh mksih trims trimakasih terima kasih terimakasih thanks thank \
    thankyou thx tq ty suwun nuhun you so very much a lot banyak bnyk byk sekali banget bgt ya yaa yah kak kakak kk \
    min mimin sis gan bro bu pak bang mas mbak mba ok oke okee okay sip siap baik atas bantuannya infonya jawabannya \
    sebelumnya"
);

/// Whether a message is nothing but courtesy.
pub(crate) fn is_all(words: &[String]) -> bool {
    !words.is_empty() && words.iter().all(|word| COURTEOUS.has(word))
}

/// Words that go about in a menu.
const GOING_ABOUT: Words = words!("kembali balik back menu utama awal main home ke go to the lanjut next");

/// Whether a message only goes about in a menu, which is another plugin's: *kembali* alone is no refund.
pub(crate) fn goes_about(words: &[String]) -> bool {
    let known = |word: &String| [GOING_ABOUT, COURTEOUS, BESIDE].iter().any(|list| list.has(word));
    !words.is_empty() && words.iter().all(known)
}

/// How a customer says no, and that something is not to be.
const NO: Words = words!("ga gak gk g ngga nggak ngg enggak engga tidak tdk ndak kaga kagak gajadi gjd");
const TO_BE: Words = words!("jadi jd jadii usah papa apa");
/// What may stand beside that, other than courtesy.
const BESIDE: Words = words!("deh dulu dl aja dong lah kok sih eh oh maaf sori sorry nanti lain kali");
/// The same in English, whole.
const NEVER_MIND: &[&str] = &["never mind", "nevermind", "nvm", "forget it", "no need", "not anymore"];

/// Whether a message only takes back what was said before: "gk jd deh". Of an order it says nothing.
pub(crate) fn drops_it(words: &[String]) -> bool {
    let beside = |word: &str| COURTEOUS.has(word) || BESIDE.has(word);
    // Nobody drops something in more words than two: of a long message no more is read.
    let rest: Vec<&str> = words.iter().map(String::as_str).filter(|word| !beside(word)).take(3).collect();
    if NEVER_MIND.contains(&&*rest.join(" ")) {
        return true;
    }
    match rest[..] {
        [only] => matches!(only, "gajadi" | "gjd"),
        [no, to_be] => NO.has(no) && TO_BE.has(to_be),
        _ => false,
    }
}

/// What a wish begins with.
const WISHES: Words = words!(
    "\
    mau mo pengen pengin ingin minta butuh perlu bisa boleh tolong pesan pesen beli order want wanna need like please \
    pls plz get buy"
);
/// What asks, or wants to know rather than to have.
const ASKS: Words = words!(
    "\
    tau tahu tanya nanya info infonya apa apakah berapa brp brapa gimana gmn bagaimana kapan mana siapa kenapa knp cara \
    caranya minimal minim harga harganya syarat syaratnya beda bedanya ga gak nggak kah know ask how what when where \
    much many price prices minimum do is are"
);

/// Whether a message wishes for something, and asks nothing about it: *mau grosir dong*, and not *grosir minimal
/// berapa?*
pub(crate) fn wishes(text: &str, words: &[String]) -> bool {
    let is = |list: Words| words.iter().any(|word| list.has(word));
    !text.contains('?') && !is(ASKS) && (is(WISHES) || words.len() <= NAMED_ALONE)
}

/// With so many words a thing is named, and nothing else is said: *grosir dong kak*.
const NAMED_ALONE: usize = 3;

/// Whether one of these things, a line each, is named in a message.
pub(crate) fn names(things: &str, words: &[String]) -> bool {
    things.lines().any(|thing| {
        let thing: Vec<&str> = thing.split(' ').collect();
        words.windows(thing.len()).any(|words| words.iter().eq(&thing))
    })
}

/// A text without the admin whom it calls first or last. "Min gimana cara ordernya" calls one; "min order berapa" asks
/// for the least.
pub(crate) fn without_the_admin(text: &str) -> &str {
    let is_admin = |word: &str| word.trim_matches([',', '.', '!']).eq_ignore_ascii_case("min");
    let mut text = text.trim();
    if let Some((first, rest)) = text.split_once(char::is_whitespace)
        && is_admin(first)
        && !words_of(rest).first().is_some_and(|next| LEAST_OF.has(next))
    {
        text = rest.trim_start();
    }
    match text.rsplit_once(char::is_whitespace) {
        Some((rest, last)) if is_admin(last) => rest.trim_end(),
        _ => text,
    }
}

/// What there is a least of.
const LEAST_OF: Words = words!(
    "\
    order orderan beli pembelian belanja pesan pesanan pemesanan ambil dp usia umur spend qty purchase quantity bayar \
    pembayaran transaksi berapa peserta orang age"
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_dropped_is_no_question() {
        for text in ["gk jd deh", "ga jadi kak", "nggak jadi deh min, makasih", "never mind", "ga usah deh", "gajadi"] {
            assert!(drops_it(&words_of(text)), "{text}");
        }
        for text in ["ga jadi pesan", "gk jd beli, dp balik ga", "jadi berapa", "ga ada?", "jadi ga"] {
            assert!(!drops_it(&words_of(text)), "{text}");
        }
    }

    #[test]
    fn going_about_in_a_menu_asks_nothing() {
        for text in ["kembali", "balik ke menu dong kak", "back", "menu utama"] {
            assert!(goes_about(&words_of(text)), "{text}");
        }
        for text in ["uang kembali ga", "kembali berapa hari?", "menu apa aja", "bisa balik barang"] {
            assert!(!goes_about(&words_of(text)), "{text}");
        }
    }

    #[test]
    fn courtesy_asks_nothing() {
        for text in ["pagi min", "makasi bnyk kak", "makasih banyak ya 🙏", "thanks a lot", "Selamat siang, kak."] {
            assert!(is_all(&words_of(text)), "{text}");
        }
        for text in ["min order berapa?", "banyak ukurannya?", "pagi min, ongkir brp", "", "🙏"] {
            assert!(!is_all(&words_of(text)), "{text}");
        }
    }

    #[test]
    fn a_wish_is_told_from_a_question_about_the_same() {
        let things = "grosir\npartai besar\nwholesale";
        for text in ["mau grosir dong", "I want wholesale", "mau pesan partai besar kak", "grosir dong kak"] {
            let words = words_of(text);
            assert!(wishes(text, &words) && names(things, &words), "{text}");
        }
        for text in
            ["ada harga grosir?", "grosir minimal berapa", "mau tau harga grosir", "mau kemeja", "bisa grosir ga"]
        {
            let words = words_of(text);
            assert!(!(wishes(text, &words) && names(things, &words)), "{text}");
        }
        assert!(!names("", &words_of("mau grosir")));
    }

    #[test]
    fn an_admin_who_is_called_is_not_the_least_of_something() {
        for text in ["Min gimana cara ordernya?", "min, gimana cara ordernya?", "gimana cara ordernya? min"] {
            assert_eq!(without_the_admin(text), "gimana cara ordernya?");
        }
        for text in ["min order berapa", "minimal berapa ya", "min", "berapa min?", ""] {
            assert_eq!(without_the_admin(text), text);
        }
    }
}
