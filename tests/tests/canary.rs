//! A customer's words, name and number are looked for where they must not be: logs, metrics, databases.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use santun_tests::lab::{Lab, Plan, bot, eventually};
use serde_json::json;

const NAME: &str = "Kanarinanda Zulkarnain";
const NUMBER: &str = "6281355512345";
const WORDS: &str = "kenari-rahasia-sembilan-satu";

/// Text in base64 wherever it lies in what was encoded: the part that is the same at each of three offsets.
fn encoded_anywhere(text: &str) -> Vec<String> {
    let at = |skip: usize| {
        let mut bytes = vec![b'-'; skip];
        bytes.extend_from_slice(text.as_bytes());
        let encoded = STANDARD.encode(bytes).trim_end_matches('=').to_owned();
        let first = (skip * 8).div_ceil(6);
        let last = (skip + text.len()) * 8 / 6;
        encoded[first..last].to_owned()
    };
    vec![at(0), at(1), at(2)]
}

fn holds(bytes: &[u8], needle: &str) -> bool {
    bytes.windows(needle.len()).any(|window| window.eq_ignore_ascii_case(needle.as_bytes()))
}

#[test]
fn a_number_inside_base64_is_found() {
    for before in ["", "x", "xy", "xyz"] {
        let encoded = STANDARD.encode(format!("{before}{NUMBER}and more"));
        assert!(encoded_anywhere(NUMBER).iter().any(|needle| encoded.contains(needle)), "{before:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn words_names_and_numbers_are_in_no_log_no_metric_and_no_database() {
    let bot = bot(0).replace("typing = false", "typing = true");
    let mut lab = Lab::serving(Plan { bot, log: "debug", ..Plan::default() }).await;
    let profile = json!({ "name": NAME, "phone": NUMBER, "user_id": "auto" });
    let customer = lab.phone.customer_as(profile).await;
    let other = lab.phone.customer("Orang Lain", "628115900001").await;
    let mut wamids = Vec::new();
    wamids.push(lab.phone.writes(&customer, &format!("{WORDS} pertama.")).await);
    lab.phone.hears(&customer, "pertama.").await;
    // Along the ways on which something goes wrong.
    for fault in [
        json!({ "kind": "error", "code": 130_429 }),
        json!({ "kind": "drop_after_accept" }),
        json!({ "kind": "error", "code": 131_026 }),
    ] {
        lab.phone.fault(&customer, 1, fault).await;
        wamids.push(lab.phone.writes(&customer, &format!("{WORDS} dengan masalah.")).await);
    }
    eventually("the last one fails", async || {
        let whole = lab.conversation(NAME).await?;
        whole["line"]["request"].is_object().then_some(())
    })
    .await;
    wamids.push(lab.phone.sends(&customer, json!({ "type": "image", "caption": WORDS })).await);
    wamids.push(lab.phone.sends(&customer, json!({ "type": "document", "filename": format!("{WORDS}.pdf") })).await);
    let unheard = json!({ "type": "other", "kind": "hologram", "content": { "body": WORDS } });
    wamids.push(lab.phone.sends(&customer, unheard).await);
    let in_group = json!({ "type": "text", "text": WORDS, "group_id": "120363012345678901" });
    lab.phone.sends(&customer, in_group).await;
    lab.phone.sends(&customer, json!({ "type": "marketing_preference", "value": "stop" })).await;
    wamids.push(lab.phone.writes(&customer, &format!("stop {WORDS}")).await);
    lab.phone.raw(json!({ "body": { "object": "x", "from": NUMBER, "text": WORDS }, "signature": "right" })).await;
    lab.phone.raw(json!({ "text": format!("{WORDS} {NUMBER} {{"), "signature": "right" })).await;
    lab.phone.raw(json!({ "text": format!("{WORDS} {NUMBER}"), "signature": "wrong" })).await;
    lab.santun(&["user", "add", "budi", "--name", "Budi"]).await;
    let whole = lab.conversation(NAME).await.expect("the conversation");
    let id = whole["line"]["id"].as_str().expect("an id").to_owned();
    assert_eq!(lab.santun(&["conversation", "take", &id, "--as", "budi"]).await.code, 0);
    assert_eq!(lab.santun(&["conversation", "reply", &id, "--as", "budi", &format!("jawab {WORDS}")]).await.code, 0);
    lab.phone.hears(&customer, "jawab").await;
    assert_eq!(lab.santun(&["conversation", "note", &id, "--as", "budi", WORDS]).await.code, 0);
    lab.kill().await;
    lab.serve().await;
    lab.ready().await;
    lab.phone.writes(&other, "masih jalan.").await;
    lab.phone.hears(&other, "masih jalan.").await;
    let metrics = lab.metrics().await;
    lab.stop().await;

    let mut needles = vec![NAME.to_owned(), "Kanarinanda".to_owned(), NUMBER.to_owned(), WORDS.to_owned()];
    needles.push(NUMBER.trim_start_matches("62").to_owned());
    needles.extend(encoded_anywhere(NUMBER));
    needles.extend(wamids.iter().filter(|wamid| !wamid.is_empty()).cloned());
    let log = lab.log();
    assert!(log.contains("DEBUG"), "the host logs in detail");
    for needle in &needles {
        let line = log.lines().find(|line| holds(line.as_bytes(), needle));
        assert!(line.is_none(), "{needle:?} is in the log: {line:?}");
        assert!(!holds(metrics.as_bytes(), needle), "{needle:?} is in the metrics");
    }
    let mut looked_at = 0;
    let entries = std::fs::read_dir(&lab.folder).expect("the folder");
    for file in entries.flatten().filter(|file| file.file_name().to_string_lossy().contains(".db")) {
        let bytes = std::fs::read(file.path()).expect("a file");
        looked_at += 1;
        for needle in &needles {
            assert!(!holds(&bytes, needle), "{needle:?} is in {}", file.path().display());
        }
    }
    assert!(looked_at >= 2, "the data and the keys");
}
