use santun_plugin::prelude::*;

use crate::OrderTracking as Plugin;

const ORDERS: &str = include_str!("../demo/orders.csv");
const SERVICE: &str = "https://orders.example";

/// 2026-11-22, 10:00 in Jakarta, with the demonstration's orders.
fn host() -> TestHost {
    let config = json(&[("pattern", "TC-#####"), ("orders", ORDERS)]);
    TestHost::new().configure::<Plugin>(&config).unwrap()
}

fn with_service() -> TestHost {
    TestHost::new().configure::<Plugin>(&json(&[("pattern", "TC-#####"), ("service", SERVICE)])).unwrap()
}

fn json(members: &[(&str, &str)]) -> String {
    let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\\\"").replace('\n', "\\n"));
    let members: Vec<String> =
        members.iter().map(|(key, value)| format!("{}:{}", quoted(key), quoted(value))).collect();
    format!("{{{}}}", members.join(","))
}

fn outcome(verdict: &Verdict) -> Outcome {
    verdict.as_reply().expect("a reply").outcome()
}

fn offers_human(verdict: &Verdict) -> bool {
    verdict.options().iter().any(|(id, _)| *id == HUMAN)
}

#[test]
fn without_a_number_it_asks_for_one_in_other_words_each_time_and_then_calls_a_human() {
    let host = host();
    let first = host.ask::<Plugin>("kak pesanan aku kok blm nyampe sih").unwrap();
    assert_eq!(outcome(&first), Outcome::Question);
    assert!(first.words().contains("TC-10234"), "an example is given: {}", first.words());
    let second = host.ask::<Plugin>("paket gw dmn").unwrap();
    assert_eq!(outcome(&second), Outcome::Question);
    assert_ne!(first.words(), second.words());
    assert!(offers_human(&second));
    let third = host.ask::<Plugin>("ya pokoknya paket saya mana").unwrap();
    assert_eq!(third.as_handover().unwrap().reason, "no-progress");
}

#[test]
fn a_number_alone_answers_the_question_for_it() {
    for number in ["TC-10236", "tc10236", "10236", "no 10236 kak", "#10236"] {
        let host = host();
        host.ask::<Plugin>("cek pesanan saya sampai mana").unwrap();
        let verdict = host.ask::<Plugin>(number).unwrap();
        assert!(
            verdict.words().contains("TC-10236 sudah kami terima dan sedang disiapkan"),
            "{number}: {}",
            verdict.words()
        );
        assert!(verdict.words().contains("26 November"));
        assert_eq!(outcome(&verdict), Outcome::Answer);
    }
}

#[test]
fn a_late_parcel_is_admitted_counted_and_offered_to_a_human() {
    let verdict = host().ask::<Plugin>("pesanan TC-10234 mana ya").unwrap();
    assert!(verdict.words().contains("terlambat 2 hari"), "{}", verdict.words());
    assert!(verdict.words().contains("maaf"));
    assert!(offers_human(&verdict));
    assert_eq!(verdict.labels(), ["late"]);
    assert_eq!(verdict.shown("days-late"), Some("2"));
    assert_eq!(verdict.shown("courier"), Some("JNE"));
    assert_eq!(verdict.shown("waybill"), Some("0412345678901234"));
}

#[test]
fn days_late_follow_the_calendar() {
    let verdict = host().at("2026-11-20T23:59").ask::<Plugin>("TC-10234").unwrap();
    assert!(verdict.words().contains("Perkiraan sampai hari ini"));
    let verdict = host().at("2026-11-21T00:00").ask::<Plugin>("TC-10234").unwrap();
    assert!(verdict.words().contains("terlambat 1 hari"));
}

#[test]
fn a_very_late_parcel_goes_to_a_human_once_and_is_answered_after_that() {
    let host = host();
    let verdict = host.ask::<Plugin>("tc10238 kok belum sampai juga").unwrap();
    let call = verdict.as_handover().expect("a handover");
    assert_eq!((call.reason.as_str(), call.priority.as_str()), ("complaint", "high"));
    assert!(call.summary.contains("TC-10238 terlambat 14 hari (J&T, JP1234567890)"), "{}", call.summary);
    assert!(verdict.labels().contains(&"complaint".to_owned()));
    let verdict = host.ask::<Plugin>("TC-10238").unwrap();
    assert!(verdict.words().contains("terlambat 14 hari"));
}

#[test]
fn a_waybill_finds_its_order_whoevers_it_is() {
    for (text, number) in
        [("resi 002345678901", "TC-10235"), ("jp1234567890", "TC-10238"), ("10008765432109", "TC-10237")]
    {
        let verdict = host().ask::<Plugin>(text).unwrap();
        assert_eq!(verdict.shown("order-number"), Some(number), "{text}");
    }
}

#[test]
fn a_waybill_of_no_order_is_named_with_its_courier() {
    let verdict = host().ask::<Plugin>("cek resi JX9998887776 dong").unwrap();
    assert!(verdict.words().contains("nomor resi J&T") && verdict.words().contains("tidak ada di catatan"));
    assert!(offers_human(&verdict));
}

#[test]
fn an_unknown_number_is_admitted_and_the_third_one_calls_a_human() {
    let host = host();
    let first = host.ask::<Plugin>("TC-99999").unwrap();
    assert!(first.words().contains("tidak menemukan pesanan TC-99999"));
    assert_eq!(outcome(&first), Outcome::Question);
    let second = host.ask::<Plugin>("99998").unwrap();
    assert_ne!(first.words(), second.words());
    assert!(offers_human(&second));
    assert_eq!(host.ask::<Plugin>("tc 99997").unwrap().kind(), "handover");
}

#[test]
fn who_is_sure_of_a_number_that_no_order_has_gets_a_human() {
    let host = host();
    host.ask::<Plugin>("TC-99999").unwrap();
    let verdict = host.ask::<Plugin>("nomernya bener kok").unwrap();
    assert_eq!(verdict.as_handover().unwrap().summary, "Yakin nomornya TC-99999, tapi tidak ada di catatan pesanan.");
    assert_eq!(host.ask::<Plugin>("coba cek lagi").unwrap().kind(), "pass", "said once is enough");
    host.ask::<Plugin>("TC-99999").unwrap();
    assert!(host.ask::<Plugin>("eh salah, TC-10236").unwrap().words().contains("TC-10236"));
    assert_eq!(host.ask::<Plugin>("bener kan").unwrap().kind(), "pass", "it was found");
}

#[test]
fn a_known_phone_finds_the_one_open_order() {
    let verdict = host().with_phone("+6281234567890").ask::<Plugin>("paket gw dmn").unwrap();
    assert!(verdict.words().contains("TC-10234"));
    assert!(verdict.words().contains("Kemeja batik (2)"), "the owner reads what is in it");
    assert!(verdict.words().contains("Gudang JNE Surabaya, tanggal 21 November"));
}

#[test]
fn several_open_orders_are_offered_as_a_list() {
    let host = host().with_phone("+6285711112222");
    let verdict = host.ask::<Plugin>("pesanan saya sampai mana").unwrap();
    assert_eq!(outcome(&verdict), Outcome::Question);
    let ids: Vec<_> = verdict.options().iter().map(|(id, _)| (*id).to_owned()).collect();
    assert_eq!(ids, ["order-tracking:show:TC-10236", "order-tracking:show:TC-10237", HUMAN]);
    let verdict = host.tap::<Plugin>("order-tracking:show:TC-10237", "TC-10237").unwrap();
    assert!(verdict.words().contains("sedang diantar lewat AnterAja"));
}

#[test]
fn a_phone_without_orders_is_asked_for_a_number() {
    let verdict = host().with_phone("+6280000000000").ask::<Plugin>("cek resi").unwrap();
    assert!(verdict.words().contains("nomor pesanannya"));
}

#[test]
fn somebody_elses_order_is_not_shown() {
    let verdict = host().with_phone("+6285711112222").ask::<Plugin>("TC-10234").unwrap();
    assert!(verdict.words().contains("nomor WhatsApp lain"));
    for secret in ["JNE", "Budi", "Surabaya", "batik", "terlambat"] {
        assert!(!verdict.words().contains(secret), "{secret}");
    }
    assert_eq!(verdict.shown("order-state"), None);
    assert!(offers_human(&verdict));
    let host = host().with_phone("+6285711112222");
    let verdict = host.tap::<Plugin>("order-tracking:missing:TC-10234", "Belum sampai").unwrap();
    assert!(verdict.words().contains("nomor WhatsApp lain"), "nor by a tap that somebody made up");
}

#[test]
fn without_a_known_phone_nothing_personal_is_shown() {
    let verdict = host().ask::<Plugin>("TC-10234").unwrap();
    for secret in ["Budi", "Surabaya", "batik", "6281234567890"] {
        assert!(!verdict.words().contains(secret), "{secret}");
    }
}

#[test]
fn a_delivered_order_that_did_not_come_goes_to_a_human() {
    let host = host().with_phone("+6281234567890");
    let verdict = host.ask::<Plugin>("TC-10235 gimana statusnya").unwrap();
    assert!(verdict.words().contains("sudah diterima tanggal 8 November"));
    assert!(verdict.options().contains(&("order-tracking:missing:TC-10235", "Belum sampai")));
    let verdict = host.tap::<Plugin>("order-tracking:missing:TC-10235", "Belum sampai").unwrap();
    let call = verdict.as_handover().unwrap();
    assert_eq!((call.reason.as_str(), call.priority.as_str()), ("complaint", "high"));
}

#[test]
fn the_order_service_is_asked_by_number_waybill_and_phone() {
    let order = r#"{"number":"TC-10234","status":"shipped","promised":"2026-11-24","courier":"JNE","extra":1}"#;
    let host = with_service().answers("GET", "https://orders.example/orders/TC-10234", 200, order).answers(
        "GET",
        "https://orders.example/waybills/JP1234567890",
        200,
        order,
    );
    assert!(host.ask::<Plugin>("tc10234").unwrap().words().contains("dalam perjalanan lewat JNE"));
    assert!(host.ask::<Plugin>("JP1234567890").unwrap().words().contains("24 November"));
    let host = with_service().with_phone("+62811").with_phone("+6281234567890").answers(
        "GET",
        "https://orders.example/orders?phone=%2B6281234567890",
        200,
        &format!("[{order}]"),
    );
    assert!(host.ask::<Plugin>("paket gw dmn").unwrap().words().contains("TC-10234"));
}

#[test]
fn a_service_that_is_down_is_admitted_and_can_be_tried_again() {
    let url = "https://orders.example/orders/TC-10234";
    let order = r#"{"number":"TC-10234","status":"shipped"}"#;
    let host = with_service().fails("GET", url, "timeout").answers("GET", url, 200, order);
    let verdict = host.ask::<Plugin>("TC-10234").unwrap();
    assert!(verdict.words().contains("lagi gangguan"));
    assert!(offers_human(&verdict));
    assert_eq!(verdict.options()[0], ("order-tracking:show:TC-10234", "Coba lagi"));
    assert!(host.lines()[0].contains("timeout"));
    let verdict = host.tap::<Plugin>("order-tracking:show:TC-10234", "Coba lagi").unwrap();
    assert!(verdict.words().contains("dalam perjalanan"));
}

#[test]
fn a_service_that_stays_down_or_talks_nonsense_ends_with_a_human() {
    let url = "https://orders.example/orders/TC-10234";
    let host =
        with_service().answers("GET", url, 500, "").answers("GET", url, 200, "<html>").answers("GET", url, 503, "");
    assert_eq!(host.ask::<Plugin>("TC-10234").unwrap().kind(), "reply");
    assert_eq!(host.ask::<Plugin>("TC-10234").unwrap().kind(), "reply");
    assert_eq!(host.ask::<Plugin>("TC-10234").unwrap().kind(), "handover");
}

#[test]
fn a_service_that_knows_no_such_order_is_not_down() {
    let host = with_service().answers("GET", "https://orders.example/orders/TC-10234", 404, "{}");
    assert!(host.ask::<Plugin>("TC-10234").unwrap().words().contains("tidak menemukan"));
}

#[test]
fn other_questions_pass_even_while_a_number_is_awaited() {
    let host = host();
    host.ask::<Plugin>("cek resi").unwrap();
    for text in ["ongkir ke Bali berapa", "makasih kak", "batalin pesanan TC-10234", "jam buka?"] {
        assert_eq!(host.ask::<Plugin>(text).unwrap().kind(), "pass", "{text}");
    }
    assert!(host.ask::<Plugin>("10236").unwrap().words().contains("TC-10236"), "the number is still awaited");
}

#[test]
fn amounts_and_phone_numbers_are_no_order_numbers() {
    for text in ["saya sudah transfer 150000 ya", "budget saya 10500 per potong, ada yang cocok ga", "081234567890"] {
        assert_eq!(host().ask::<Plugin>(text).unwrap().kind(), "pass", "{text}");
    }
}

#[test]
fn english_customers_read_english() {
    let verdict = host().english().ask::<Plugin>("where is my order TC-10234?").unwrap();
    assert!(verdict.words().contains("Order TC-10234 is on its way with JNE"));
    assert!(verdict.words().contains("2 days late"));
    assert_eq!(verdict.options(), [(HUMAN, "Talk to a human")]);
    assert!(host().english().ask::<Plugin>("where is my order").unwrap().words().contains("order number"));
}

#[test]
fn a_wrong_configuration_is_refused_with_the_row() {
    let refused =
        |members: &[(&str, &str)]| TestHost::new().configure::<Plugin>(&json(members)).unwrap_err().to_string();
    assert!(refused(&[("pattern", "TC-#####")]).contains("neither"));
    assert!(refused(&[("pattern", "TC"), ("orders", "number,status\n")]).contains("`#`"));
    assert!(refused(&[("pattern", "TC-#####"), ("orders", "nomer,status\n")]).contains("no column `number`"));
    let error = refused(&[("pattern", "TC-#####"), ("orders", "number,status,promised\nTC-10234,shipped,soon\n")]);
    assert!(error.contains("row 2"), "{error}");
    let both = [("pattern", "TC-#####"), ("orders", "number,status\n"), ("service", SERVICE)];
    assert!(refused(&both).contains("both"));
}

#[test]
fn a_known_phone_that_asks_for_its_order_in_few_words_is_answered() {
    for text in ["pesananku gmn", "pesanan aku", "pesanan saya gimana ya", "my order?"] {
        let verdict = host().with_phone("+6281234567890").ask::<Plugin>(text).unwrap();
        assert!(verdict.words().contains("TC-10234"), "{text}: {}", verdict.why());
    }
    for text in ["cara melacak pesanan", "mau pesan", "pesanan bisa diubah?", "klo beli skrg sampe nya kpn"] {
        assert_eq!(host().with_phone("+6281234567890").ask::<Plugin>(text).unwrap().kind(), "pass", "{text}");
    }
}

#[test]
fn two_numbers_in_one_message_are_both_answered_in_one() {
    let verdict = host().with_phone("+6281234567890").ask::<Plugin>("TC-10234 sama TC-10235 dong").unwrap();
    assert_eq!(verdict.as_reply().unwrap().messages().len(), 1);
    assert!(verdict.words().contains("TC-10234 sedang dalam perjalanan"), "{}", verdict.words());
    assert!(verdict.words().contains("TC-10235 tercatat sudah diterima"), "{}", verdict.words());
    assert!(offers_human(&verdict));
    assert_eq!(verdict.shown("order-number"), Some("TC-10234, TC-10235"));
    let verdict = host().ask::<Plugin>("TC-10236, TC-99999").unwrap();
    assert!(verdict.words().contains("TC-10236 sudah kami terima") && verdict.words().contains("TC-99999 tidak"));
}

#[test]
fn many_numbers_fit_into_one_message() {
    let verdict = host().ask::<Plugin>("TC-10234 TC-10235 TC-10236 TC-10237 TC-10240 TC-10241").unwrap();
    assert_eq!(verdict.as_reply().unwrap().messages().len(), 1);
    assert!(verdict.words().contains("TC-10237") && verdict.words().contains("Sisanya"), "{}", verdict.words());
    assert!(!verdict.words().contains("TC-10240") && verdict.words().encode_utf16().count() <= 1_024);
}

#[test]
fn of_several_the_very_late_one_calls_a_human_who_hears_of_the_others() {
    let verdict = host().ask::<Plugin>("TC-10236 sama TC-10238 dong").unwrap();
    assert!(verdict.as_handover().unwrap().summary.contains("TC-10238"));
    assert_eq!(verdict.shown("asked-too"), Some("TC-10236 (processing)"));
}

#[test]
fn a_number_and_the_waybill_of_its_parcel_are_one_order() {
    let verdict = host().with_phone("+6281234567890").ask::<Plugin>("TC-10234 resi 0412345678901234").unwrap();
    assert_eq!(verdict.words().matches("TC-10234").count(), 1, "{}", verdict.words());
}

#[test]
fn who_asks_by_a_waybill_learns_no_order_number_that_is_not_theirs() {
    let other = || host().with_phone("+6285711112222");
    for asked in ["resi JP1234567890 dong", "JP1234567890 sama 002345678901"] {
        let words = other().ask::<Plugin>(asked).unwrap().words();
        assert!(words.contains("JP1234567890") && words.contains("nomor WhatsApp lain"), "{words}");
        assert!(!words.contains("TC-"), "{words}");
    }
    // Nor does somebody whose number is not known.
    let unknown = host();
    let verdict = unknown.ask::<Plugin>("resi 002345678901").unwrap();
    assert!(verdict.words().starts_with("Paket dengan resi 002345678901 tercatat"), "{}", verdict.words());
    assert!(verdict.options().iter().all(|(id, _)| !id.contains("TC-")), "{:?}", verdict.options());
    let verdict = unknown.tap::<Plugin>("order-tracking:missing:resi:002345678901", "Belum sampai").unwrap();
    assert!(verdict.as_handover().unwrap().summary.contains("TC-10235"), "the agent knows which");
    // The owner reads the number.
    let verdict = host().with_phone("+6281234567890").ask::<Plugin>("resi 002345678901").unwrap();
    assert!(verdict.words().starts_with("Pesanan TC-10235"), "{}", verdict.words());
}
