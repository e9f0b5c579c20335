use santun_language::words_of;

use super::*;

fn understand(text: &str) -> Said {
    super::understand(text, &words_of(text))
}

#[test]
fn everyday_greetings_are_greetings() {
    for (text, hello) in [
        ("halo kak", Hello::Plain),
        ("Haloooo kakkk", Hello::Plain),
        ("hai min", Hello::Plain),
        ("p", Hello::Plain),
        ("P", Hello::Plain),
        ("permisi kak mau tanya dong", Hello::Plain),
        ("kak", Hello::Plain),
        ("min mau nanya", Hello::Plain),
        ("assalamualaikum", Hello::Salam),
        ("Assalamu'alaikum kak", Hello::Salam),
        ("assalamualaikum wr wb", Hello::Salam),
        ("pagi min", Hello::Morning),
        ("met pagi kak 🙏", Hello::Morning),
        ("selamat siang", Hello::Midday),
        ("sore kak", Hello::Afternoon),
        ("malem gan", Hello::Evening),
        ("good morning", Hello::Morning),
        ("hi there", Hello::Plain),
        ("halo\nkak", Hello::Plain),
        ("hlo kk", Hello::Plain),
        ("Assalamualaikum, selamat siang. Saya ibu Tuti dari Solo.", Hello::Salam),
        ("halo kak nama saya Andi", Hello::Plain),
    ] {
        assert_eq!(understand(text), Said::Greeting(hello), "{text}");
    }
}

#[test]
fn thanks_and_nods_are_told_apart_from_questions() {
    for text in [
        "makasih kak",
        "terima kasih banyak ya",
        "oke makasih",
        "thx min",
        "Thank you so much",
        "sip makasih infonya kak",
        "makasihhhh 🙏🙏",
    ] {
        assert_eq!(understand(text), Said::Thanks, "{text}");
    }
    for text in [
        "oke",
        "sip",
        "yaudah nanti aku kabarin ya",
        "siap kak",
        "👍",
        "👍🏽",
        "🙏🙏",
        "❤️",
        "ok deh",
        "iya kak",
        "baik kak",
        "okeee",
    ] {
        assert_eq!(understand(text), Said::Fine, "{text}");
    }
    for text in [
        "makasih tapi barangnya rusak",
        "oke tapi ongkirnya berapa",
        "😡",
        "???",
        "pagi ini bisa kirim ga",
        "halo saya mau beli dari solo bisa",
        "halo ini ibu mau tanya ongkir",
        "halo kak nama saya belum ada di pesanan",
        "",
        "🤔",
    ] {
        assert_eq!(understand(text), Said::Else, "{text}");
    }
}

#[test]
fn the_way_around_the_menu_is_understood() {
    for text in ["menu", "Menu dong kak", "lihat menu", "help", "menu utama"] {
        assert_eq!(understand(text), Said::Menu, "{text}");
    }
    for text in ["kembali", "balik", "back", "kembali ke menu sebelumnya"] {
        assert!(matches!(understand(text), Said::Back | Said::Menu), "{text}");
    }
    for text in ["batal", "ga jadi kak", "gak jadi deh", "gk jd deh", "gajadi", "never mind"] {
        assert_eq!(understand(text), Said::Cancel, "{text}");
    }
    assert_eq!(understand("2"), Said::Number(2));
    assert_eq!(understand(" 2. "), Said::Number(2));
    assert_eq!(understand("batal pesanan saya"), Said::Else);
    assert_eq!(understand("10234"), Said::Else);
}

#[test]
fn small_talk_and_questions_for_what_the_bot_can_do_are_heard() {
    for text in ["wkwkwk", "hmm", "hmmmm", "oh gitu", "oh gitu ya kak", "hahaha iya", "wkwk oke", "hehehe", "oh I see"]
    {
        assert_eq!(understand(text), Said::Chat, "{text}");
    }
    for text in ["cs nya ramah ya makasih", "adminnya... makasih, ramah banget", "ramah banget kak"] {
        let expected = if text.starts_with("adminnya") { Said::Else } else { Said::Thanks };
        assert_eq!(understand(text), expected, "{text}");
    }
    assert_eq!(understand("ok sip"), Said::Fine);
    for text in [
        "kamu bisa apa aja",
        "bisa bantu apa",
        "what can you do",
        "halo kak, bisa bantu apa aja?",
        "bisa ngapain aja kak",
    ] {
        assert_eq!(understand(text), Said::Abilities, "{text}");
    }
    for text in
        ["oh gitu, terus ongkirnya?", "hmm mahal", "bisa cod apa ga", "wkwk lama banget", "apa bisa retur", "gitu?"]
    {
        assert_eq!(understand(text), Said::Else, "{text}");
    }
}

#[test]
fn a_slip_of_the_finger_still_means_the_word() {
    assert!(alike("pngiriman", "pengiriman"));
    assert!(alike("prodk", "produk"));
    assert!(!alike("cod", "com"));
    assert!(!alike("barang", "garang"));
}
