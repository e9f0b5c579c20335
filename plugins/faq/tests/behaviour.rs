//! The plugin as a whole, on a host of test doubles.

use santun_plugin::bindings::santun::plugin::types as wit;
use santun_plugin::prelude::*;
use santun_plugin_faq::Faq;

fn config(entries: &str) -> String {
    format!(r#"{{"entries": {}}}"#, serde_json::Value::from(entries))
}

/// A shop where a question about prices may mean two things.
fn asking() -> TestHost {
    let entries =
        "key,question,answer\nkaos,Berapa harga kaos?,50 ribu kak.\njaket,Berapa harga jaket?,150 ribu kak.\n";
    TestHost::new().configure::<Faq>(&config(entries)).unwrap()
}

fn shop() -> TestHost {
    let entries = include_str!("../demo/faq.csv");
    TestHost::new().configure::<Faq>(&config(entries)).unwrap()
}

#[test]
fn a_question_in_everyday_words_is_answered() {
    let verdict = shop().ask::<Faq>("kak klo ke makassar nyampenya brp hr ya").unwrap();
    assert!(verdict.words().contains("4-7 hari kerja untuk luar Jawa"), "{}", verdict.why());
    assert!(verdict.why().contains("lama-kirim"));
}

#[test]
fn the_answer_is_in_the_customers_language_if_there_is_one() {
    let shop = shop().english();
    assert!(shop.ask::<Faq>("can i pay cod?").unwrap().words().contains("where J&T delivers"));
    assert!(shop.ask::<Faq>("bisa cod ga kak").unwrap().words().contains("where J&T delivers"));
    let only_indonesian = shop.ask::<Faq>("do you have gift wrapping?").unwrap();
    assert!(only_indonesian.words().contains("kartu ucapan"));
}

#[test]
fn what_may_mean_several_things_is_offered_and_a_tap_is_answered() {
    let shop = asking();
    let offered = shop.ask::<Faq>("harganya berapa kak").unwrap();
    let options = offered.options();
    assert!((2..=3).contains(&options.len()), "{options:?}");
    let (id, title) = options.iter().find(|(id, _)| *id == "faq:jaket").expect("the right entry is offered");
    let answer = shop.tap::<Faq>(id, title).unwrap();
    assert!(answer.words().contains("150 ribu"));
}

#[test]
fn what_stays_unclear_is_asked_in_other_words_then_with_a_human_and_then_admitted() {
    let shop = asking();
    let asked: Vec<Verdict> = (0..3).map(|_| shop.ask::<Faq>("harganya berapa kak").unwrap()).collect();
    let outcomes = [Outcome::Question, Outcome::Question, Outcome::Fallback];
    for (nth, (verdict, outcome)) in asked.iter().zip(outcomes).enumerate() {
        assert_eq!(verdict.as_reply().unwrap().outcome(), outcome);
        assert_eq!(verdict.options().iter().any(|(id, _)| *id == HUMAN), nth > 0);
        assert!(asked[..nth].iter().all(|earlier| earlier.words() != verdict.words()));
    }
    shop.tap::<Faq>("faq:jaket", "Harga jaket").unwrap();
    assert_eq!(shop.ask::<Faq>("harganya berapa kak").unwrap().words(), asked[0].words(), "and then from the start");
}

#[test]
fn an_entrys_own_words_are_answered_whatever_else_is_near() {
    let many: String =
        (0..3).map(|nth| format!("m{nth},Berapa harga batik model {nth}?,Model {nth}: Rp{nth}00 ribu.\n")).collect();
    let shop = TestHost::new().configure::<Faq>(&config(&format!("key,question,answer\n{many}"))).unwrap();
    let answer = shop.ask::<Faq>("berapa harga batik model 2").unwrap();
    assert!(answer.options().is_empty() && answer.words().contains("Model 2"), "{}", answer.why());
}

#[test]
fn a_receipt_is_not_answered_by_the_words_under_it() {
    let shop = shop();
    let receipt = Content::Media(wit::Media {
        kind: "image".to_owned(),
        reference: "r".to_owned(),
        mime_type: "image/jpeg".to_owned(),
        caption: Some("ini bukti transfernya ya kak".to_owned()),
        filename: None,
    });
    let event = Event::Messages(vec![shop.message(receipt)]);
    assert_eq!(shop.decide::<Faq>(&event).unwrap().kind(), "pass");
}

#[test]
fn what_the_faq_does_not_know_is_left_to_the_next_plugin() {
    let shop = shop();
    for text in ["lagi hujan ga di sana", "siapa presiden sekarang", "assalamualaikum", "👍", "1234567"] {
        assert_eq!(shop.ask::<Faq>(text).unwrap().kind(), "pass", "{text}");
    }
    assert_eq!(shop.tap::<Faq>("menu:orders", "Pesanan").unwrap().kind(), "pass");
    assert_eq!(shop.tap::<Faq>("faq:gone", "Lama").unwrap().kind(), "pass");
}

#[test]
fn opening_hours_stay_a_placeholder_that_the_host_fills() {
    assert!(shop().ask::<Faq>("buka sampe jam berapa").unwrap().words().contains("{office.hours}"));
}

#[test]
fn a_mistake_in_the_entries_is_said_with_its_place() {
    let error = TestHost::new().configure::<Faq>(&config("question,answer\nA?,\n")).unwrap_err();
    assert_eq!(error.sentence(), "the FAQ's line 2, column answer: the answer is empty: write it, or delete the entry");
}

#[test]
fn a_thousand_entries_are_searched_like_fifty() {
    let mut entries = include_str!("../demo/faq.csv").to_owned();
    for number in 0..1_000 {
        entries.push_str(&format!("x{number},Apa itu produk zylophir{number} varian{}?,Itu produk.,,id\n", number % 7));
    }
    let shop = TestHost::new().configure::<Faq>(&config(&entries)).unwrap();
    assert!(shop.ask::<Faq>("bisa cod ga kak").unwrap().words().contains("COD untuk wilayah"));
    let verdict = shop.ask::<Faq>("zylophir77 itu apa").unwrap();
    assert!(verdict.why().contains("x77)") || verdict.options()[0].0 == "faq:x77", "{}", verdict.why());
}

#[test]
fn of_one_entry_that_may_fit_it_is_asked_whether_it_is_meant() {
    let entries = "question,answer\nApakah bisa tukar ukuran?,Bisa kak.\nDi mana alamat toko?,Di Bandung.\n";
    let config = format!(r#"{{"entries": {}, "answer_at": 1.0}}"#, serde_json::Value::from(entries));
    let shop = TestHost::new().configure::<Faq>(&config).unwrap();
    let asked = shop.ask::<Faq>("klo kegedean gmn").unwrap();
    assert_eq!(asked.words(), "Kakak mau tanya “Apakah bisa tukar ukuran?” ya? Kalau bukan, coba jelaskan lagi, kak.");
    let [(id, title)] = asked.options()[..] else { panic!("{:?}", asked.options()) };
    assert_eq!(shop.tap::<Faq>(id, title).unwrap().words(), "Bisa kak.");
}

#[test]
fn a_typed_answer_to_the_question_which_is_meant_is_taken_like_a_tap() {
    for typed in ["yg kedua", "2", "yang nomor 2 kak"] {
        let shop = asking();
        let offered = shop.ask::<Faq>("harganya berapa kak").unwrap();
        let options = offered.options();
        assert!(options.len() >= 2, "{options:?}");
        let tapped = shop.tap::<Faq>(options[1].0, options[1].1).unwrap();
        let asked = shop.ask::<Faq>("harganya berapa kak").unwrap();
        assert_eq!(asked.options(), options);
        assert_eq!(shop.ask::<Faq>(typed).unwrap().words(), tapped.words(), "{typed}");
    }
}

#[test]
fn a_topic_that_is_only_named_is_asked_about() {
    let shop = shop();
    let asked = shop.ask::<Faq>("grosir dong").unwrap();
    assert!(asked.options().iter().any(|(id, _)| *id == "faq:grosir"), "{}", asked.why());
    assert!(shop.ask::<Faq>("grosir").unwrap().words().contains("24 pcs"), "said again, it is the choice");
    assert!(shop.ask::<Faq>("ada harga grosir ga kak").unwrap().words().contains("24 pcs"));
}

#[test]
fn gibberish_and_never_mind_bring_no_choices() {
    let shop = shop();
    for text in ["qwrtz", "asdfgh", "gk jd deh", "ga jadi kak", "never mind"] {
        assert_eq!(shop.ask::<Faq>(text).unwrap().kind(), "pass", "{text}");
    }
}

#[test]
fn indonesian_and_english_may_be_mixed() {
    let entries = "question,answer\nApakah bisa kirim ke luar kota?,Bisa ke seluruh Indonesia.\nApakah bisa COD?,Bisa.\nBerapa harga grosir?,Lihat katalog.\nJam berapa toko buka?,Jam 9.\nApakah barangnya original?,Ori.\n";
    let shop = TestHost::new().configure::<Faq>(&config(entries)).unwrap();
    let answer = shop.ask::<Faq>("hi min, mau ask dong, do you guys ship ke Makassar").unwrap();
    assert!(answer.words().contains("seluruh Indonesia"), "{}", answer.why());
}

#[test]
fn what_the_bot_can_do_is_left_to_whoever_knows() {
    for text in ["kamu bisa apa aja", "bisa bantu apa aja?", "what can you do", "apa aja yang bisa dibantu"] {
        let verdict = shop().ask::<Faq>(text).unwrap();
        assert_eq!(verdict.kind(), "pass", "{text}: {}", verdict.why());
    }
    assert_eq!(shop().ask::<Faq>("bisa bayar pakai apa aja").unwrap().kind(), "reply");
    let own = "question,answer\nKamu bisa bantu apa aja?,Semua soal kopi kak.\nJam buka?,Jam 9 kak.\n";
    let own = TestHost::new().configure::<Faq>(&config(own)).unwrap();
    assert_eq!(own.ask::<Faq>("Kamu bisa bantu apa aja?").unwrap().words(), "Semua soal kopi kak.");
}

#[test]
fn a_wish_that_another_plugin_serves_is_left_to_it_and_a_question_about_it_is_answered() {
    let entries = serde_json::Value::from(include_str!("../demo/faq.csv"));
    let with = format!(r#"{{"entries": {entries}, "leave_wishes": ["grosir", "Partai besar!", "wholesale"]}}"#);
    let shop_with = TestHost::new().configure::<Faq>(&with).unwrap();
    for text in ["mau grosir dong", "I want wholesale", "mau pesan partai besar", "grosir dong kak"] {
        assert_eq!(shop_with.ask::<Faq>(text).unwrap().kind(), "pass", "{text}");
        assert_eq!(shop().ask::<Faq>(text).unwrap().kind(), "reply", "{text}");
    }
    assert!(shop_with.ask::<Faq>("ada harga grosir?").unwrap().words().contains("24 pcs"));
}
