//! The document, from text and back.

use super::*;
use crate::ids::{PluginName, Purpose, RevisionId};
use crate::language::Language;
use crate::time::Timestamp;

const WHOLE: &str = r#"# What the bot is.
[bot]
name = "Sari"
business = "Toko Contoh"
language = "id"
about = "pesanan, ongkir, dan retur"
privacy_notice = "https://toko.example/privasi"
texts = "texts/"
[[channel]]
name = "utama"
phone_number_id = "106540352242922"
waba_id = "102290129340398"
typing = true
chain = ["escalation", "faq"]
[[plugin]]
name = "escalation"
source = "file:escalation.wasm"
on_failure = "handover"
[[plugin]]
name = "faq"
source = "file:faq.wasm"
on_failure = "skip"
instance = "warm"
grants = { http = ["https://Orders.example", "http://127.0.0.1:8090"], customer = ["name"], history_turns = 5, secrets = [{ origin = "https://orders.example", header = "authorization", value = "env:ORDERS" }] }
limits = { cpu_ms = 40, wall_ms = 2000 }
config = { entries = "file:faq.csv", answer_at = 0.62, nested = { more = ["x", "file:b.csv"] } }
[[division]]
name = "cs"
answer_minutes = 10
[office]
timezone = "Asia/Jakarta"
hours = { mon-fri = "09:00-17:00", sat = "09:00-13:00", sun = "closed" }
holidays = ["2026-12-25", 2027-01-01]
[policy]
session_gap_hours = 24
quiet_hours = "21:00-08:00"
retention_days = { turns = 365, media = 90, recordings = 30 }
[policy.words]
human = ["agen", "admin", "cs"]
stop = ["berhenti", "stop"]
[purpose.promo]
id = "info promo dan diskon"
en = "promotions and discounts"
"#;

fn problems(text: &str) -> Vec<String> {
    match Bot::parse(text) {
        Ok(_) => Vec::new(),
        Err(error) => error.problems.into_iter().map(|problem| format!("{}: {}", problem.at, problem.what)).collect(),
    }
}

fn whole_with(from: &str, to: &str) -> Vec<String> {
    assert!(WHOLE.contains(from), "the test replaces nothing: {from}");
    problems(&WHOLE.replace(from, to))
}

#[track_caller]
fn assert_one(problems: &[String], words: &[&str]) {
    assert_eq!(problems.len(), 1, "{problems:#?}");
    for word in words {
        assert!(problems[0].contains(word), "`{word}` is not in: {}", problems[0]);
    }
}

/// 2026-11-23 is a Monday.
fn at(text: &str) -> Timestamp {
    Timestamp::from_millis(text.parse::<jiff::Timestamp>().unwrap().as_millisecond())
}

#[test]
fn the_whole_document_is_read() {
    let bot = Bot::parse(WHOLE).unwrap();
    assert_eq!(bot.name, "Sari");
    assert_eq!(bot.language, Language::Id);
    assert_eq!(bot.channels[0].chain, [PluginName::from("escalation"), PluginName::from("faq")]);
    let faq = bot.plugin(&"faq".into()).unwrap();
    assert_eq!(faq.source, Source::File("faq.wasm".into()));
    assert_eq!(faq.instance, Instance::Warm);
    assert_eq!(faq.grants.http, ["https://orders.example", "http://127.0.0.1:8090"]);
    assert_eq!(faq.grants.secrets[0].value, "env:ORDERS");
    assert_eq!(faq.limits, Limits { cpu_ms: 40, wall_ms: 2_000, ..Limits::default() });
    assert_eq!(faq.config["answer_at"], 0.62);
    assert_eq!(bot.office.hours[0], Some((540, 1020)));
    assert_eq!(bot.office.hours[6], None);
    assert_eq!(bot.office.holidays.len(), 2);
    assert_eq!(bot.policy.quiet_hours, Some((21 * 60, 8 * 60)));
    assert_eq!(bot.policy.words.human, ["agen", "admin", "cs"]);
    assert_eq!(bot.purposes[&Purpose::from("promo")][&Language::En], "promotions and discounts");
}

#[test]
fn files_that_a_configuration_names_are_listed() {
    let bot = Bot::parse(WHOLE).unwrap();
    let references = bot.plugins[1].file_references();
    let references: Vec<_> = references.iter().map(|found| (found.pointer.as_str(), found.path.as_str())).collect();
    assert_eq!(references, [("/entries", "faq.csv"), ("/nested/more/1", "b.csv")]);
    assert_eq!(bot.plugins[1].config.pointer("/nested/more/1").unwrap(), "file:b.csv");
}

#[test]
fn an_uploaded_revision_is_a_source() {
    let revision = RevisionId::of(b"wasm");
    let text = WHOLE.replace("file:faq.wasm", &format!("sha256:{revision}"));
    assert_eq!(Bot::parse(&text).unwrap().plugins[1].source, Source::Revision(revision));
}

#[test]
fn a_pinned_document_names_revisions_and_is_otherwise_as_it_was_written() {
    let (faq, menu) = (RevisionId::of(b"faq"), RevisionId::of(b"menu"));
    let pins = [("faq".into(), faq), ("menu".into(), menu)].into();
    let pinned = pinned(WHOLE, &pins);
    assert_eq!(pinned, WHOLE.replace("\"file:faq.wasm\"", &format!("\"sha256:{faq}\"")));
    assert_eq!(super::pinned(&pinned, &[("faq".into(), menu)].into()).matches(&menu.to_string()).count(), 1);
    assert_eq!(super::pinned("plugin = 3", &pins), "plugin = 3");
    assert_eq!(super::pinned("[[plugin", &pins), "[[plugin");
}

#[test]
fn what_is_written_out_reads_as_the_same_bot() {
    let bot = Bot::parse(WHOLE).unwrap();
    let again = Bot::parse(&bot.to_toml()).unwrap();
    assert_eq!(bot, again);
    assert!(Bot::diff(&bot, &again).is_empty());
}

#[test]
fn a_difference_is_one_readable_line() {
    let old = Bot::parse(WHOLE).unwrap();
    let new =
        Bot::parse(&WHOLE.replace("typing = true", "typing = false").replace("stop = [\"berhenti\", \"stop\"]", ""))
            .unwrap();
    let lines: Vec<String> = Bot::diff(&old, &new).iter().map(ToString::to_string).collect();
    assert_eq!(lines, ["~ channel.utama.typing: true → false", "~ policy.words.stop: [\"berhenti\",\"stop\"] → []"]);
}

#[test]
fn a_new_plugin_and_a_new_default_division_show_in_the_difference() {
    let old = Bot::parse(WHOLE).unwrap();
    let new = Bot::parse(&WHOLE.replace("[[division]]", "[[division]]\nname = \"sales\"\n[[division]]")).unwrap();
    let lines: Vec<String> = Bot::diff(&old, &new).iter().map(ToString::to_string).collect();
    assert!(lines.contains(&"~ division (order): cs → sales, cs".to_owned()), "{lines:?}");
    assert!(lines.contains(&"+ division.sales.name = \"sales\"".to_owned()), "{lines:?}");
}

#[test]
fn an_unknown_key_names_the_nearest_known_one() {
    assert_one(&whole_with("typing = true", "typings = true"), &["13:1", "`typings`", "did you mean `typing`?"]);
    assert_one(&whole_with("[policy]", "[policy]\nsettle_msec = 3"), &["`settle_msec`", "`settle_ms`"]);
    assert_one(&whole_with("[purpose.promo]", "[porpose.promo]"), &["`porpose`", "`purpose`"]);
    assert_one(&whole_with("cpu_ms = 40", "cpu = 40"), &["`cpu`", "the limits of `faq`"]);
}

#[test]
fn everything_that_is_wrong_is_reported_at_once() {
    let text = WHOLE
        .replace("typing = true", "typing = \"yes\"")
        .replace("cpu_ms = 40", "cpu_ms = 0")
        .replace("Asia/Jakarta", "Asia/Jakata")
        .replace("[[division]]\nname = \"cs\"\nanswer_minutes = 10\n", "");
    let found = problems(&text);
    assert_eq!(found.len(), 4, "{found:#?}");
}

#[test]
fn a_document_that_is_not_toml_says_where() {
    let found = problems("[bot]\nname = \"Sari\nbusiness = 3");
    assert!(found[0].starts_with("2:"), "{found:?}");
}

#[test]
fn an_empty_document_says_what_it_needs() {
    let found = problems("").join("\n");
    for needed in ["[bot]", "[[channel]]", "[[division]]", "[office]"] {
        assert!(found.contains(needed), "{needed} is not in {found}");
    }
}

#[test]
fn a_chain_that_names_no_plugin_names_the_nearest() {
    assert_one(
        &whole_with("\"escalation\", \"faq\"", "\"escalaton\", \"faq\""),
        &["14:10", "`escalaton`", "`escalation`"],
    );
    assert_one(&whole_with("\"escalation\", \"faq\"", "\"faq\", \"faq\""), &["twice"]);
}

#[test]
fn names_are_used_once() {
    assert_one(&whole_with("[office]", "[[division]]\nname = \"cs\"\n[office]"), &["two divisions", "cs"]);
    assert_one(
        &whole_with("[office]", "[[channel]]\nname = \"lain\"\nphone_number_id = \"106540352242922\"\n[office]"),
        &["106540352242922"],
    );
    assert_one(
        &whole_with("[office]", "[[plugin]]\nname = \"faq\"\nsource = \"file:x.wasm\"\n[office]"),
        &["two plugins"],
    );
}

#[test]
fn a_phone_number_is_not_its_id() {
    assert_one(&whole_with("\"106540352242922\"", "\"+62 812\""), &["phone_number_id", "digits"]);
}

#[test]
fn secrets_never_stand_in_the_document_and_are_not_repeated() {
    let found = whole_with("env:ORDERS", "s3cr3t-token");
    assert_one(&found, &["by reference"]);
    assert!(!found[0].contains("s3cr3t"));
    assert_one(&whole_with("typing = true", "access_token = \"EAAB\""), &["by reference"]);
}

#[test]
fn a_secret_goes_only_where_requests_may_go() {
    assert_one(
        &whole_with("origin = \"https://orders.example\"", "origin = \"https://evil.example\""),
        &["https://evil.example", "does not grant"],
    );
}

#[test]
fn grants_are_origins() {
    for bad in ["https://orders.example/api", "orders.example", "ftp://x", "https://", "https://a:0", "https://u@h"] {
        assert_one(&whole_with("http://127.0.0.1:8090", bad), &["not an origin"]);
    }
    for good in ["https://[::1]:8443", "http://orders:80", "https://a-b.example"] {
        assert_eq!(whole_with("http://127.0.0.1:8090", good), Vec::<String>::new());
    }
}

#[test]
fn oci_sources_are_refused_in_one_sentence() {
    assert_one(&whole_with("file:faq.wasm", "oci:registry/faq:1"), &["not supported yet; use `file:`"]);
    assert_one(&whole_with("file:faq.wasm", "sha256:abc"), &["64 hexadecimal digits"]);
}

#[test]
fn hours_are_checked() {
    assert_one(&whole_with("sat = \"09:00-13:00\"", "fri = \"09:00-13:00\""), &["`fri` is given twice"]);
    assert_one(&whole_with("sat = \"09:00-13:00\"", "sabtu = \"09:00-13:00\""), &["`sabtu` is not a day"]);
    assert_one(&whole_with("09:00-13:00", "13:00-09:00"), &["before it closes"]);
    assert_one(&whole_with("09:00-13:00", "9-13"), &["09:00-17:00"]);
    assert_one(&whole_with("2026-12-25", "2026-13-25"), &["not a date"]);
    assert_one(&whole_with("21:00-08:00", "21:00-25:00"), &["21:00-08:00"]);
}

#[test]
fn what_the_bot_is_said_to_help_with_promises_nobody() {
    for about in ["pesanan, admin online jam 9-17", "apa saja, agen kami segera membalas", "pesanan 24/7"] {
        assert_one(&whole_with("pesanan, ongkir, dan retur", about), &["`about`", "real state"]);
    }
}

#[test]
fn numbers_stay_in_their_range() {
    assert_one(&whole_with("session_gap_hours = 24", "session_gap_hours = 0"), &["from 1 to 720"]);
    assert_one(&whole_with("session_gap_hours = 24", "session_gap_hours = -1"), &["from 1 to 720, not -1"]);
    assert_one(&whole_with("session_gap_hours = 24", "session_gap_hours = 2.5"), &["a whole number"]);
}

#[test]
fn a_channel_without_a_chain_is_fine() {
    assert_eq!(whole_with("chain = [\"escalation\", \"faq\"]", ""), Vec::<String>::new());
}

#[test]
fn the_office_is_open_in_its_hours_only() {
    let office = Bot::parse(WHOLE).unwrap().office;
    assert!(office.is_open(at("2026-11-23T09:00:00+07:00")));
    assert!(office.is_open(at("2026-11-23T16:59:59+07:00")));
    assert!(!office.is_open(at("2026-11-23T17:00:00+07:00")));
    assert!(!office.is_open(at("2026-11-23T08:59:59+07:00")));
    assert!(!office.is_open(at("2026-11-29T10:00:00+07:00")), "Sunday");
    assert!(!office.is_open(at("2026-12-25T10:00:00+07:00")), "a holiday");
}

#[test]
fn the_next_opening_skips_sundays_and_holidays() {
    let office = Bot::parse(WHOLE).unwrap().office;
    assert_eq!(office.next_opening(at("2026-11-23T08:00:00+07:00")), Some(at("2026-11-23T09:00:00+07:00")));
    assert_eq!(office.next_opening(at("2026-11-28T13:00:00+07:00")), Some(at("2026-11-30T09:00:00+07:00")));
    assert_eq!(office.next_opening(at("2026-12-24T18:00:00+07:00")), Some(at("2026-12-26T09:00:00+07:00")));
}

#[test]
fn an_office_that_never_opens_has_no_next_opening() {
    let mut office = Bot::parse(WHOLE).unwrap().office;
    office.hours = OfficeHours::default();
    assert_eq!(office.next_opening(at("2026-11-23T08:00:00+07:00")), None);
    assert_eq!(office.describe_hours(Language::En), "no opening hours yet");
}

#[test]
fn clocks_that_change_do_not_move_the_opening() {
    let mut office = Bot::parse(WHOLE).unwrap().office;
    office.timezone = jiff::tz::TimeZone::get("Europe/Berlin").unwrap();
    // Clocks went back at 03:00 on Sunday, 25 October 2026.
    let opening = office.next_opening(at("2026-10-24T14:00:00+02:00"));
    assert_eq!(opening, Some(at("2026-10-26T09:00:00+01:00")));
    office.hours = [Some((150, 1440)); 7];
    // 02:30 did not exist on 28 March 2027: the doors open after the jump.
    assert!(office.is_open(at("2027-03-28T03:30:00+02:00")));
    assert!(!office.is_open(at("2027-03-28T01:59:00+01:00")));
}

#[test]
fn hours_are_said_as_people_say_them() {
    let mut office = Bot::parse(WHOLE).unwrap().office;
    assert_eq!(office.describe_hours(Language::Id), "Senin–Jumat 09.00–17.00, Sabtu 09.00–13.00");
    assert_eq!(office.describe_hours(Language::En), "Monday–Friday 09:00–17:00, Saturday 09:00–13:00");
    office.hours = [Some((0, 1440)); 7];
    assert_eq!(office.describe_hours(Language::Id), "setiap hari 24 jam");
}

#[test]
fn times_are_said_as_people_say_them() {
    let office = Bot::parse(WHOLE).unwrap().office;
    let monday = at("2026-11-23T09:00:00+07:00");
    let say = |now, language| office.describe_time(monday, at(now), language);
    assert_eq!(say("2026-11-23T07:00:00+07:00", Language::Id), "hari ini pukul 09.00");
    assert_eq!(say("2026-11-22T23:30:00+07:00", Language::Id), "besok pukul 09.00");
    assert_eq!(say("2026-11-21T13:00:00+07:00", Language::Id), "Senin pukul 09.00");
    assert_eq!(say("2026-11-13T13:00:00+07:00", Language::Id), "Senin, 23 November pukul 09.00");
    assert_eq!(say("2026-11-13T13:00:00+07:00", Language::En), "Monday 23 November at 09:00");
    assert_eq!(say("2026-11-22T13:00:00+07:00", Language::En), "tomorrow at 09:00");
}
