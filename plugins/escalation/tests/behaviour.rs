//! The plugin as a whole, on a host of test doubles.

use santun_plugin::prelude::*;
use santun_plugin_escalation::Escalation;

fn host(config: &str) -> TestHost {
    TestHost::new().configure::<Escalation>(config).unwrap()
}

#[test]
fn a_double_payment_goes_to_the_division_for_money_with_a_summary_of_five_seconds() {
    let host = host(r#"{"divisions": {"money": "keuangan"}}"#).with_name("Rina");
    let verdict = host.ask::<Escalation>("kak aku bayar dua kali 250rb buat pesanan TC-1042, gimana sih 😡").unwrap();
    let call = verdict.as_handover().expect("a handover");
    assert_eq!((call.reason.as_str(), call.priority.as_str()), ("money", "high"));
    assert_eq!(call.division.as_deref(), Some("keuangan"));
    assert_eq!(
        call.summary,
        "Kak Rina terbayar dobel, 250rb, pesanan TC-1042. Nada: kesal. “kak aku bayar dua kali 250rb buat pesanan \
         TC-1042, gimana sih 😡”"
    );
    let fact = |name: &str| call.facts.iter().find(|fact| fact.name == name).map(|fact| fact.value.as_str());
    assert_eq!(fact("amount"), Some("250rb"));
    assert_eq!(fact("order-number"), Some("TC-1042"));
    assert_eq!(fact("trigger"), Some("double-payment"));
    assert!(verdict.why().contains("“bayar dua kali”"), "{}", verdict.why());
}

#[test]
fn anger_about_a_late_parcel_is_labelled_with_mood_and_target() {
    let verdict = host("{}").ask::<Escalation>("UDAH 3 MINGGU PAKET SAYA BELUM SAMPE!!! KECEWA BANGET").unwrap();
    assert_eq!(verdict.as_handover().map(|call| &*call.reason), Some("frustration"));
    for label in ["mood-angry", "about-delivery", "frustration"] {
        assert!(verdict.labels().iter().any(|known| known == label), "{label}: {:?}", verdict.labels());
    }
}

#[test]
fn abuse_is_told_from_everyday_swearing() {
    let abuse = host("{}").ask::<Escalation>("dasar toko goblok").unwrap();
    assert!(abuse.labels().iter().any(|label| label == "abuse"));
    assert_eq!(host("{}").ask::<Escalation>("anjir murah banget").unwrap().kind(), "pass");
    assert_eq!(host("{}").ask::<Escalation>("anjing lucu banget bajunya wkwk").unwrap().kind(), "pass");
}

#[test]
fn the_operators_keywords_call_a_human_as_whole_words() {
    let host = host(r#"{"keywords": ["batal", "ganti rugi"]}"#);
    assert!(host.ask::<Escalation>("mau batal kak").unwrap().why().contains("keyword"));
    assert_eq!(host.ask::<Escalation>("Ganti rugi gimana?").unwrap().kind(), "handover");
    assert!(!host.ask::<Escalation>("sebatalyon pasukan").unwrap().why().contains("keyword"));
}

#[test]
fn a_rule_can_be_switched_off() {
    let text = "bisa nego ga kak";
    assert_eq!(host("{}").ask::<Escalation>(text).unwrap().kind(), "handover");
    assert_eq!(host(r#"{"off": ["bargaining"]}"#).ask::<Escalation>(text).unwrap().kind(), "pass");
}

#[test]
fn answers_that_did_not_understand_call_a_human_but_thanks_do_not() {
    let lost = || host("{}").change(|context| context.counters.fallbacks_in_a_row = 2);
    let verdict = lost().ask::<Escalation>("yang kayak di feed itu lho kak").unwrap();
    assert_eq!(verdict.as_handover().map(|call| &*call.reason), Some("not-understood"));
    assert_eq!(lost().ask::<Escalation>("oke makasih kak").unwrap().kind(), "pass");
}

#[test]
fn eight_messages_round_one_matter_call_a_human() {
    let turns: Vec<(&str, &str)> = [
        "paket saya belum sampai",
        "resi saya mana",
        "cek paket dong",
        "statusnya apa",
        "kapan sampai",
        "kurirnya siapa",
        "masih di jalan?",
    ]
    .map(|text| ("customer", text))
    .to_vec();
    let host = host("{}").with_history(&turns).change(|context| context.counters.customer_messages = 7);
    let verdict = host.ask::<Escalation>("terus ekspedisinya bilang apa").unwrap();
    assert_eq!(verdict.as_handover().map(|call| &*call.reason), Some("no-progress"), "{}", verdict.why());
}

#[test]
fn the_summary_is_in_the_agents_language() {
    let verdict = host(r#"{"summary_language": "en"}"#).ask::<Escalation>("saya ditipu toko ini").unwrap();
    let call = verdict.as_handover().expect("a handover");
    assert!(call.summary.starts_with("The customer speaks of fraud"), "{}", call.summary);
    assert!(TestHost::new().configure::<Escalation>(r#"{"summary_language": "fr"}"#).is_err());
}

#[test]
fn a_keyword_goes_before_what_the_words_say_but_not_before_danger() {
    let host = host(r#"{"keywords": ["kerja sama", "komplain"]}"#);
    let reason = |text: &str| host.ask::<Escalation>(text).unwrap().as_handover().map(|call| call.reason.clone());
    assert_eq!(reason("halo kak, mau nawarin kerja sama dong").as_deref(), Some("asked"));
    assert_eq!(reason("komplain, gelasnya pecah semua").as_deref(), Some("asked"));
    assert_eq!(reason("komplain, anak saya keracunan makanan kalian").as_deref(), Some("injury"));
}

#[test]
fn an_answer_to_the_bots_question_calls_nobody() {
    for (asked, answered) in [
        ("Kota tujuan pengirimannya ke mana, Kak?", "ga jadi deh"),
        ("Kota tujuan pengirimannya ke mana, Kak?", "malang"),
        ("Mau berapa potong, Kak?", "40 potong"),
        ("Nomor pesanannya berapa, Kak?", "kurang satu angka"),
    ] {
        let host = host("{}").with_history(&[("customer", "Pesanan grosir"), ("bot", asked)]).change(|context| {
            context.counters.customer_messages = 1;
            context.counters.bot_replies = 1;
        });
        let verdict = host.ask::<Escalation>(answered).unwrap();
        assert_eq!(verdict.kind(), "pass", "{answered}: {}", verdict.why());
    }
}

#[test]
fn ordinary_words_are_not_taken_for_slips_of_grave_ones() {
    for text in [
        "ongkir ke malang",
        "ongkir ke malang brp kak?",
        "rumah saya di jalan mati",
        "aku salah kirim",
        "kurang satu angka",
        "nomor antrian saya berapa ya",
        "berat saya 80 kilo, muat ukuran apa kak?",
        "menu",
        "hello there, can you help me please?",
        "sorry my Indonesian is bad, how long does delivery take?",
    ] {
        let verdict = host("{}").ask::<Escalation>(text).unwrap();
        assert_eq!(verdict.kind(), "pass", "{text}: {}", verdict.why());
    }
}

#[test]
fn the_words_that_weighed_most_are_told() {
    let verdict = host("{}").ask::<Escalation>("sofanya datang kakinya patah satu kak").unwrap();
    assert_eq!(verdict.as_handover().map(|call| &*call.reason), Some("complaint"));
    assert!(verdict.why().contains("patah"), "{}", verdict.why());
}

#[test]
fn what_the_settings_name_wrongly_is_told_when_they_are_applied() {
    let refused = |config: &str| TestHost::new().configure::<Escalation>(config).map(drop).unwrap_err().to_string();
    assert!(refused(r#"{"off": ["haggling"]}"#).contains("`bargaining`"));
    assert!(refused(r#"{"divisions": {"cash": "keuangan"}}"#).contains("`money`"));
    assert!(refused(r#"{"keywords": ["?!"]}"#).contains("?!"));
}

#[test]
fn agents_read_the_language_of_the_business() {
    let english = host("{}").change(|context| context.bot.about = "your orders and our delivery times".to_owned());
    let verdict = english.ask::<Escalation>("saya ditipu toko ini").unwrap();
    let summary = verdict.as_handover().map(|call| call.summary.clone()).unwrap();
    assert!(summary.starts_with("The customer"), "{summary}");
}

#[test]
fn nothing_breaks_on_odd_input() {
    let host = host("{}");
    for text in ["😀", "!!!", "?", "1", &"marah ".repeat(2_000), &"a".repeat(50_000), "\u{202e}\u{0}"] {
        let _ = host.ask::<Escalation>(text).unwrap();
    }
    assert_eq!(host.tap::<Escalation>("x", "Saya mau komplain").unwrap().kind(), "pass");
}

#[test]
fn everyday_wishes_call_nobody() {
    for text in [
        "i want to order",
        "i want to pay",
        "i want to buy a shirt",
        "i want a batik shirt",
        "i want shoes",
        "i want to continue",
        "i want to receive my package",
        "i want to track my order",
        "i want updates on my order",
        "i'd like to order",
        "what can you do",
        "i want to know the price",
        "please send me the invoice",
        "tolong bantu saya",
        "aku agen kalian",
        "jadi agen kak",
    ] {
        let verdict = host("{}").ask::<Escalation>(text).unwrap();
        assert!(verdict.as_handover().is_none(), "{text}: {}", verdict.why());
    }
    for text in [
        "i want to cancel my order",
        "i want my money back",
        "i want a refund now",
        "tolong batalin pesanan saya",
        "barang saya tidak ada",
        "i want to end it all",
    ] {
        let verdict = host("{}").ask::<Escalation>(text).unwrap();
        assert!(verdict.as_handover().is_some(), "{text}: {}", verdict.why());
    }
}

#[test]
fn a_wish_for_wholesale_is_left_to_whoever_serves_it_and_bargaining_is_not() {
    for text in [
        "mau grosir dong",
        "grosir dong kak",
        "I want wholesale",
        "i need wholesale please",
        "i want to buy in bulk",
        "minta harga grosir dong",
        "mau jadi reseller",
    ] {
        let verdict = host("{}").ask::<Escalation>(text).unwrap();
        assert_eq!(verdict.kind(), "pass", "{text}: {}", verdict.why());
    }
    for text in [
        "bisa kurang ga kalau ambil 200 pcs?",
        "harga grosirnya nego dong",
        "mau grosir 200 pcs",
        "mau nego grosir",
        "i want wholesale price, can you go lower?",
        "mau harga grosir lebih murah lagi bisa ga",
    ] {
        let verdict = host("{}").ask::<Escalation>(text).unwrap();
        assert_eq!(verdict.as_handover().map(|call| &*call.reason), Some("negotiation"), "{text}: {}", verdict.why());
    }
}

#[test]
fn a_threat_to_make_it_go_viral_is_pressing_and_a_viral_product_is_not() {
    for text in ["viralin nih", "gue viralin ya", "ntar diviralin loh", "gonna make this go viral"] {
        let verdict = host("{}").ask::<Escalation>(text).unwrap();
        let call = verdict.as_handover().unwrap_or_else(|| panic!("{text}: {}", verdict.why()));
        assert_eq!((&*call.reason, call.priority.as_str()), ("risk", "high"), "{text}");
    }
    for text in
        ["produknya viral di tiktok ya?", "yang lagi viral itu ada?", "bisa viralin produk saya?", "wkwk viralin ah"]
    {
        assert_eq!(host("{}").ask::<Escalation>(text).unwrap().kind(), "pass", "{text}");
    }
}

#[test]
fn whoever_is_hurt_by_a_product_is_known_to_be() {
    for text in [
        "anak saya luka gara-gara produknya",
        "tangan saya luka kena kaca dari paket kalian",
        "my son got hurt by your product",
    ] {
        let verdict = host("{}").ask::<Escalation>(text).unwrap();
        let call = verdict.as_handover().unwrap_or_else(|| panic!("{text}: {}", verdict.why()));
        assert_eq!((&*call.reason, call.priority.as_str()), ("injury", "urgent"), "{text}");
    }
    for text in ["obat luka ada?", "plester buat luka anak saya ada?", "mau beli obat luka karena jatuh"] {
        assert_eq!(host("{}").ask::<Escalation>(text).unwrap().kind(), "pass", "{text}");
    }
}

#[test]
fn who_speaks_of_fraud_sounds_upset_in_however_calm_words() {
    let verdict = host("{}").ask::<Escalation>("penipu ya kalian").unwrap();
    assert!(verdict.labels().iter().any(|label| label == "mood-upset"), "{:?}", verdict.labels());
}

#[test]
fn what_weighed_is_quoted_as_the_customer_wrote_it() {
    for text in ["sofanya datang kakinya patah satu kak", "i will post this on twitter", "mau grosir 200 pcs"] {
        let verdict = host("{}").ask::<Escalation>(text).unwrap();
        let quote = verdict.why().split(['“', '”']).nth(1).unwrap_or_default().to_owned();
        assert!(!quote.is_empty() && text.contains(&quote), "{text}: {}", verdict.why());
    }
}
