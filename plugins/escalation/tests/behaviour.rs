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
    assert_eq!(call.summary, "Kak Rina terbayar dobel, 250rb, pesanan TC-1042. Nada: kesal. “bayar dua kali”");
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
    assert_eq!(host.ask::<Escalation>("sebatalyon pasukan").unwrap().kind(), "pass");
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
fn nothing_breaks_on_odd_input() {
    let host = host("{}");
    for text in ["😀", "!!!", "?", "1", &"marah ".repeat(2_000), &"a".repeat(50_000), "\u{202e}\u{0}"] {
        let _ = host.ask::<Escalation>(text).unwrap();
    }
    assert_eq!(host.tap::<Escalation>("x", "Saya mau komplain").unwrap().kind(), "pass");
}
