use santun_plugin::bindings::santun::plugin::types as wit;
use santun_plugin::prelude::*;

use crate::Menu;

const DEMO: &str = include_str!("../demo/menu.json");

fn host() -> TestHost {
    TestHost::new().configure::<Menu>(DEMO).unwrap()
}

fn outcome(verdict: &Verdict) -> Outcome {
    verdict.as_reply().expect("a reply").outcome()
}

fn offers_human(verdict: &Verdict) -> bool {
    verdict.options().iter().any(|(id, _)| *id == HUMAN)
}

#[test]
fn a_greeting_says_what_the_bot_can_do_and_offers_the_menu_and_a_human() {
    for text in ["halo kak", "p", "assalamualaikum", "pagi min", "kak mau tanya dong"] {
        let verdict = host().ask::<Menu>(text).unwrap();
        assert_eq!(outcome(&verdict), Outcome::Greeting, "{text}");
        assert!(verdict.words().contains("Mau dibantu soal apa"), "{text}");
        assert!(verdict.options().contains(&("menu:lacak", "Lacak pesanan")), "{text}");
        assert!(offers_human(&verdict), "{text}");
    }
    assert_eq!(host().ask::<Menu>("assalamualaikum").unwrap().words(), "Waalaikumsalam, kak. Mau dibantu soal apa?");
    // The host has just said hello.
    assert_eq!(host().ask::<Menu>("pagi min").unwrap().words(), "Mau dibantu soal apa, kak?");
    let later = host();
    later.ask::<Menu>("menu").unwrap();
    assert_eq!(later.ask::<Menu>("pagi min").unwrap().words(), "Selamat pagi kak! Ada yang bisa aku bantu?");
}

#[test]
fn english_customers_read_english() {
    let verdict = host().english().ask::<Menu>("good morning").unwrap();
    assert_eq!(verdict.words(), "What can I help you with?");
    assert!(verdict.options().contains(&("menu:lacak", "Track my order")));
    assert!(verdict.options().contains(&(HUMAN, "Talk to a human")));
}

#[test]
fn an_operators_own_greeting_is_used_with_its_placeholders() {
    let host = TestHost::new().configure::<Menu>(r#"{"greeting": "Hai, {bot} dari {business} di sini!"}"#).unwrap();
    assert_eq!(host.ask::<Menu>("halo").unwrap().words(), "Hai, Sari dari Toko Contoh di sini!");
}

#[test]
fn without_items_there_is_still_the_way_to_a_human() {
    let host = TestHost::new().configure::<Menu>("{}").unwrap();
    assert_eq!(host.ask::<Menu>("halo").unwrap().options(), [(HUMAN, "Bicara dengan Agen")]);
}

#[test]
fn a_tap_opens_a_level_and_back_leads_up_again() {
    let host = host();
    let verdict = host.tap::<Menu>("menu:produk", "Produk & ukuran").unwrap();
    assert_eq!(verdict.words(), "Mau lihat yang mana, kak?");
    let ids: Vec<_> = verdict.options().iter().map(|(id, _)| (*id).to_owned()).collect();
    assert_eq!(ids, ["menu:kemeja", "menu:sepatu", "menu:back", HUMAN]);
    let verdict = host.tap::<Menu>("menu:kemeja", "Kemeja batik").unwrap();
    assert!(verdict.words().contains("S sampai XXL"));
    assert_eq!(outcome(&verdict), Outcome::Answer);
    assert!(offers_human(&verdict));
    let verdict = host.ask::<Menu>("kembali").unwrap();
    assert_eq!(verdict.words(), "Mau lihat yang mana, kak?");
    let verdict = host.ask::<Menu>("balik").unwrap();
    assert!(verdict.options().contains(&("menu:lacak", "Lacak pesanan")));
}

#[test]
fn a_typed_number_means_what_was_offered_under_it() {
    let host = host();
    host.ask::<Menu>("menu").unwrap();
    assert_eq!(host.ask::<Menu>("2").unwrap().words(), "Mau lihat yang mana, kak?");
    assert!(host.ask::<Menu>("2").unwrap().words().contains("Sepatu kulit"));
    assert_eq!(host.ask::<Menu>("1").unwrap().words(), "Mau lihat yang mana, kak?", "back is the only number here");
}

#[test]
fn a_number_that_was_not_offered_is_not_understood() {
    assert_eq!(outcome(&host().ask::<Menu>("7").unwrap()), Outcome::Fallback);
}

#[test]
fn an_hour_later_a_number_no_longer_means_the_menu() {
    let host = host().at("2026-11-22T10:00");
    host.ask::<Menu>("menu").unwrap();
    let host = host.at("2026-11-22T11:30");
    assert_eq!(outcome(&host.ask::<Menu>("2").unwrap()), Outcome::Fallback);
}

#[test]
fn an_item_is_found_by_its_name_with_typos() {
    for text in ["ongkir", "ongkr", "kak ongkos kirm brp", "pengirimn ongkir"] {
        assert!(host().ask::<Menu>(text).unwrap().words().contains("seluruh Indonesia"), "{text}");
    }
    assert!(host().ask::<Menu>("kemja batik").unwrap().words().contains("XXL"));
    assert!(host().ask::<Menu>("katalog dong").unwrap().words().contains("yang mana"));
}

#[test]
fn thanks_and_thumbs_get_a_short_warm_word_never_the_same_twice_in_a_row() {
    let host = host();
    let mut last = String::new();
    for text in ["makasih kak", "oke", "sip", "👍", "🙏", "terima kasih", "makasih"] {
        let verdict = host.ask::<Menu>(text).unwrap();
        assert_eq!(outcome(&verdict), Outcome::Answer, "{text}");
        assert!(verdict.words().chars().count() < 60);
        assert_ne!(verdict.words(), last);
        last = verdict.words();
    }
}

#[test]
fn what_is_not_understood_is_admitted_with_the_menu_and_a_human() {
    let host = host();
    let first = host.ask::<Menu>("jika kucing terbang ke bulan").unwrap();
    assert_eq!(outcome(&first), Outcome::Fallback);
    assert!(first.words().contains("belum paham"));
    assert!(offers_human(&first));
    let second = host.ask::<Menu>("kucing terbang lho").unwrap();
    assert_eq!(outcome(&second), Outcome::Fallback);
    assert_ne!(first.words(), second.words());
    assert!(offers_human(&second));
}

#[test]
fn an_item_that_another_plugin_should_have_answered_ends_in_an_honest_fallback() {
    assert_eq!(outcome(&host().tap::<Menu>("menu:lacak", "Lacak pesanan").unwrap()), Outcome::Fallback);
}

#[test]
fn a_tap_on_something_that_is_gone_is_read_as_its_words() {
    let verdict = host().tap::<Menu>("menu:lama", "Kemeja batik").unwrap();
    assert!(verdict.words().contains("XXL"));
}

#[test]
fn guided_steps_collect_what_is_asked_and_hand_over_with_it() {
    let host = host();
    let verdict = host.tap::<Menu>("menu:grosir", "Pesanan grosir").unwrap();
    assert_eq!(
        (outcome(&verdict), verdict.words().as_str()),
        (Outcome::Question, "Boleh tahu kirim ke kota mana, kak?")
    );
    assert!(offers_human(&verdict));
    let verdict = host.ask::<Menu>("Bandung kak").unwrap();
    assert_eq!(verdict.learnt("city"), Some("Bandung kak"));
    assert_eq!(verdict.words(), "Produk yang mana, kak?");
    let verdict = host.ask::<Menu>("yang merah").unwrap();
    assert!(verdict.words().contains("belum paham pilihannya"), "an answer that is no option is asked for again");
    let verdict = host.ask::<Menu>("kemja batik").unwrap();
    assert_eq!(verdict.learnt("interest"), Some("Kemeja batik"));
    let verdict = host.ask::<Menu>("50an").unwrap();
    let call = verdict.as_handover().expect("a handover");
    assert_eq!((call.reason.as_str(), call.division.as_deref()), ("negotiation", Some("sales")));
    assert_eq!(call.summary, "Mau grosir: Kemeja batik, 50an, kirim ke Bandung.");
    assert_eq!(verdict.labels(), ["lead"]);
}

#[test]
fn what_answers_no_step_is_left_to_whoever_knows_it() {
    let host = host();
    host.ask::<Menu>("grosir").unwrap();
    let verdict = host.ask::<Menu>("ongkirnya brp ya").unwrap();
    assert_eq!(outcome(&verdict), Outcome::Fallback, "a question is no city");
    assert_eq!(verdict.words(), "Yang itu aku belum tahu, kak. Boleh tahu kirim ke kota mana, kak?");
    assert_eq!(host.ask::<Menu>("ke solo bisa kan?").unwrap().learnt("city"), Some("ke solo bisa kan?"));
    let verdict = host.ask::<Menu>("ongkirnya berapa?").unwrap();
    assert_eq!(outcome(&verdict), Outcome::Fallback, "a question is no option");
    assert!(verdict.words().ends_with("Produk yang mana, kak?"));
}

#[test]
fn who_only_says_hello_or_thanks_is_asked_the_open_step_again() {
    let host = host();
    host.ask::<Menu>("grosir").unwrap();
    let said = [("halo kak", "Iya kak, aku masih di sini 😊"), ("makasih kak", "Sama-sama kak 😊"), ("wkwk", "Hehe")];
    for (text, before) in said {
        let verdict = host.ask::<Menu>(text).unwrap();
        assert_eq!(outcome(&verdict), Outcome::Question, "{text}");
        let words = verdict.words();
        assert!(words.starts_with(before) && words.ends_with("kota mana, kak?"), "{words}");
    }
}

#[test]
fn what_is_known_is_not_asked_again() {
    let host = host().with_attribute("city", "Solo");
    let verdict = host.ask::<Menu>("mau jadi reseller").unwrap();
    assert_eq!(verdict.words(), "Produk yang mana, kak?");
    let verdict = host.tap::<Menu>("menu:step:1:1", "Sepatu kulit").unwrap();
    assert_eq!(verdict.words(), "Kira-kira berapa potong, kak?");
    let call = host.ask::<Menu>("30").unwrap();
    assert!(call.as_handover().unwrap().summary.contains("Sepatu kulit, 30, kirim ke Solo"));
}

#[test]
fn a_guide_can_be_left_at_any_moment() {
    for word in ["batal", "menu", "kembali", "ga jadi kak", "bisa bantu apa aja?"] {
        let host = host();
        host.ask::<Menu>("grosir").unwrap();
        let verdict = host.ask::<Menu>(word).unwrap();
        assert!(verdict.options().contains(&("menu:lacak", "Lacak pesanan")), "{word}");
        assert_eq!(outcome(&host.ask::<Menu>("qwerty").unwrap()), Outcome::Fallback, "{word}");
    }
}

#[test]
fn a_button_of_an_answered_question_does_not_answer_the_next_one() {
    let host = host().with_attribute("city", "Solo");
    host.ask::<Menu>("grosir").unwrap();
    host.tap::<Menu>("menu:step:1:0", "Kemeja batik").unwrap();
    let verdict = host.tap::<Menu>("menu:step:1:1", "Sepatu kulit").unwrap();
    assert!(verdict.as_handover().is_none());
}

#[test]
fn reactions_files_and_hand_backs_are_left_to_the_host() {
    let host = host();
    let reaction = Content::Reaction(wit::Reaction { message_id: None, emoji: Some("👍".to_owned()) });
    let photo = Content::Media(wit::Media {
        kind: "image".to_owned(),
        reference: "r".to_owned(),
        mime_type: "image/jpeg".to_owned(),
        caption: None,
        filename: None,
    });
    let cart = Content::Order(wit::Order {
        catalog_id: "1".to_owned(),
        text: Some("mau pesan ini ya kak".to_owned()),
        items: Vec::new(),
    });
    for content in [reaction, photo, cart] {
        let event = Event::Messages(vec![host.message(content)]);
        assert_eq!(host.decide::<Menu>(&event).unwrap().kind(), "pass");
    }
    let event = Event::HandedBack(wit::HandBack { note: None });
    assert_eq!(host.decide::<Menu>(&event).unwrap().kind(), "pass");
}

#[test]
fn a_wrong_menu_is_refused_with_the_item_and_what_to_do() {
    let refused = |config: &str| TestHost::new().configure::<Menu>(config).unwrap_err().to_string();
    let error = refused(r#"{"items": [{"id": "a", "title": "Judul yang jauh terlalu panjang"}]}"#);
    assert!(error.contains("`a`") && error.contains("24"), "{error}");
    assert!(refused(r#"{"items": [{"id": "a", "title": "A"}]}"#).contains("leads nowhere"));
    assert!(refused(r#"{"items": [{"id": "a", "title": "A", "text": "x", "under": "b"}]}"#).contains("no item `b`"));
    let circle = r#"{"items": [{"id": "a", "title": "A", "under": "b"}, {"id": "b", "title": "B", "under": "a"}]}"#;
    assert!(refused(circle).contains("under itself"));
    let same = r#"{"items": [{"id": "a", "title": "A", "text": "x"}, {"id": "b", "title": "A", "text": "y"}]}"#;
    assert!(refused(same).contains("one title"));
    assert!(refused(r#"{"itms": []}"#).contains("`itms`"));
}

#[test]
fn a_part_of_a_title_chooses_what_was_offered() {
    let shop = host().with_attribute("city", "Solo");
    shop.ask::<Menu>("grosir").unwrap();
    let verdict = shop.ask::<Menu>("yang kemeja aja kak").unwrap();
    assert_eq!(verdict.learnt("interest"), Some("Kemeja batik"));

    let shop = host();
    shop.tap::<Menu>("menu:produk", "Produk & ukuran").unwrap();
    assert!(shop.ask::<Menu>("kemeja").unwrap().words().contains("bahan katun"));

    let shop = host();
    assert_eq!(outcome(&shop.ask::<Menu>("kemeja").unwrap()), Outcome::Fallback, "nothing was offered yet");

    for (shown, asked) in
        [("menu:produk", "yg sepatu?"), ("menu:produk", "do you sell leather shoes?"), ("menu:main", "kalo sepatu?")]
    {
        let shop = host();
        shop.tap::<Menu>(shown, "Produk & ukuran").unwrap();
        assert!(shop.ask::<Menu>(asked).unwrap().words().contains("38 sampai 44"), "{asked}");
    }
    let shop = host().english();
    shop.tap::<Menu>("menu:produk", "Products and sizes").unwrap();
    assert!(shop.ask::<Menu>("the shoes?").unwrap().words().contains("38 to 44"));
}

#[test]
fn a_word_of_two_titles_chooses_neither() {
    let items = r#"{"items": [
        {"id": "a", "title": "Kemeja batik", "text": "Batik."}, {"id": "b", "title": "Kemeja polos", "text": "Polos."}
    ]}"#;
    let shop = TestHost::new().configure::<Menu>(items).unwrap();
    shop.ask::<Menu>("menu").unwrap();
    assert_eq!(outcome(&shop.ask::<Menu>("kemeja").unwrap()), Outcome::Fallback);
    assert_eq!(shop.ask::<Menu>("polos").unwrap().words(), "Polos.");
}

#[test]
fn guided_steps_open_to_whoever_types_what_they_are_for() {
    for text in ["mau grosir dong", "mau pesan partai besar", "I want wholesale"] {
        let verdict = host().ask::<Menu>(text).unwrap();
        assert_eq!(outcome(&verdict), Outcome::Question, "{text}");
        assert!(verdict.words().contains("kota mana"), "{text}: {}", verdict.words());
    }
}

#[test]
fn a_human_reads_one_sentence_in_the_shops_own_language() {
    let shop = host();
    shop.ask::<Menu>("mau grosir dong").unwrap();
    shop.ask::<Menu>("ke Bandung kak").unwrap();
    shop.ask::<Menu>("yg sepatu").unwrap();
    let call = shop.ask::<Menu>("kira2 30an").unwrap();
    assert_eq!(call.as_handover().unwrap().summary, "Mau grosir: Sepatu kulit, kira-kira 30an, kirim ke Bandung.");

    let steps = r#""steps": [{"attribute": "day", "question": "Hari apa?"}, {"attribute": "people", "question": "Berapa orang?"}]"#;
    let plain = format!(r#"{{"items": [{{"id": "meja", "title": "Pesan meja", {steps}}}]}}"#);
    let shop = TestHost::new().configure::<Menu>(&plain).unwrap();
    shop.ask::<Menu>("pesan meja").unwrap();
    shop.ask::<Menu>("sabtu").unwrap();
    let call = shop.ask::<Menu>("4 orang").unwrap();
    assert_eq!(call.as_handover().unwrap().summary, "Pesan meja: sabtu, 4 orang.");

    for (summary, error) in [("Meja {day} {city}", "`{city}`"), ("Meja {day}", "`{people}`")] {
        let config =
            format!(r#"{{"items": [{{"id": "meja", "title": "Pesan meja", "summary": "{summary}", {steps}}}]}}"#);
        let refused = TestHost::new().configure::<Menu>(&config).unwrap_err().to_string();
        assert!(refused.contains(error), "{refused}");
    }
}

#[test]
fn whoever_asks_what_the_bot_can_do_is_told_and_shown() {
    let host = host();
    let first = host.ask::<Menu>("kamu bisa apa aja").unwrap();
    assert_eq!(outcome(&first), Outcome::Question);
    assert!(first.words().contains("pesanan, ongkir, dan retur"), "{}", first.words());
    assert!(first.options().contains(&("menu:lacak", "Lacak pesanan")));
    assert_ne!(host.ask::<Menu>("bisa bantu apa").unwrap().words(), first.words());
}

#[test]
fn small_talk_is_answered_in_a_friendly_word_never_the_same_twice_in_a_row() {
    let host = host();
    let mut last = String::new();
    for text in ["wkwkwk", "hmm", "oh gitu", "hahaha iya", "cs nya ramah ya makasih", "ok sip", "wkwk"] {
        let verdict = host.ask::<Menu>(text).unwrap();
        assert_eq!(outcome(&verdict), Outcome::Answer, "{text}");
        assert_ne!(verdict.words(), last, "{text}");
        last = verdict.words();
    }
    host.ask::<Menu>("grosir").unwrap();
    let verdict = host.ask::<Menu>("wkwkwk").unwrap();
    assert_eq!(verdict.learnt("city"), None);
    assert!(verdict.words().contains("kota mana"), "the question is still open");
}
