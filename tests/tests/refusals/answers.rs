//! WhatsApp's answer refuses a message.

use std::collections::BTreeSet;

use reqwest::Method;
use santun_tests::lab::{Lab, Plan, eventually};

use crate::table::{Refused, Row, TABLE, Told, codes, halting, happened, heard_over, names_code, shown_as_halted};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_refusal_is_treated_as_its_row_says() {
    let lab = Lab::serving(Plan::default()).await;
    let every: BTreeSet<u32> = TABLE.iter().flat_map(|(_, codes)| codes.iter().copied()).collect();
    let table = lab.phone.call(Method::GET, "/errors", None).await;
    for row in table["errors"].as_array().expect("the table") {
        let code = u32::try_from(row["code"].as_u64().expect("a code")).expect("a code");
        assert!(every.contains(&code), "what becomes of {row} is not looked at here");
    }

    let mut refused = Vec::new();
    for code in codes(&[Row::Repeated, Row::Unknown, Row::Final, Row::Shielded, Row::OursToMend]) {
        let one = Refused::with(&lab, code, Told::ByAnswer).await;
        lab.phone.writes(&one.customer, &one.words()).await;
        refused.push(one);
    }
    for one in &refused {
        let code = one.code;
        let is = |rows: &[Row]| codes(rows).contains(&code);
        if is(&[Row::Repeated]) {
            lab.phone.hears(&one.customer, &one.words()).await;
            let (whole, answer) = one.shown(&lab, |_, answer| answer["delivery"]["state"] == "accepted").await;
            assert_eq!(answer["delivery"]["attempts"], 2, "{code}: {answer}");
            assert!(whole["line"]["request"].is_null(), "nobody need know of {code}: {whole}");
            continue;
        }
        // Whether it was sent is not known of some; a human is told after a while, and of the others at once.
        let state = if is(&[Row::Unknown]) { "unknown" } else { "failed" };
        let told = !is(&[Row::Shielded]);
        let (whole, answer) = one
            .shown(&lab, |whole, answer| {
                answer["delivery"]["state"] == state
                    && (happened(whole, "not_sent") || happened(whole, "stopped_marketing"))
                    && whole["line"]["request"].is_object() == told
            })
            .await;
        assert_eq!(answer["delivery"]["attempts"], 1, "{code} was tried again: {answer}");
        assert!(names_code(&answer, code), "{code} is not shown: {answer}");
        assert_eq!(whole["line"]["owner"], "bot", "{code}: it answers whatever comes next: {whole}");
        // Where another message would arrive, the customer is asked to ask again.
        let heard = lab.phone.answers(&one.customer).await;
        let sent = heard.iter().any(|entry| entry.text().contains(&one.words()));
        assert!(!sent, "{code} was sent all the same");
        assert_eq!(one.blamed(&lab), is(&[Row::OursToMend]), "{code} in the log");
    }
    for one in refused.iter().filter(|one| !codes(&[Row::Repeated]).contains(&one.code)) {
        lab.phone.writes(&one.customer, "dan sekarang.").await;
        lab.phone.hears(&one.customer, "dan sekarang.").await;
    }
    for one in &refused {
        let words = if codes(&[Row::Repeated]).contains(&one.code) { one.words() } else { "dan sekarang.".to_owned() };
        let heard = lab.phone.answers(&one.customer).await;
        let times = heard.iter().filter(|entry| entry.text().contains(&words)).count();
        assert_eq!(times, 1, "{}: {words:?} is answered once", one.code);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_halt_is_shown_stops_its_number_alone_and_ends_by_itself() {
    let (lab, refused) = halting(Told::ByAnswer).await;
    for (one, number) in &refused {
        let (whole, answer) = one.shown(&lab, |_, answer| names_code(answer, one.code)).await;
        assert_eq!(answer["delivery"]["state"], "queued", "{}: {answer}", one.code);
        assert!(whole["line"]["request"].is_null(), "nothing is lost by {}: {whole}", one.code);
        shown_as_halted(&lab, number, one.code).await;
    }
    // A number that nobody halted goes on meanwhile.
    let rina = lab.phone.customer("Rina", "628119990001").await;
    lab.phone.writes(&rina, "masih jalan.").await;
    lab.phone.hears(&rina, "masih jalan.").await;

    // WhatsApp is asked a minute later, and takes messages again.
    lab.set_clock(2);
    for (one, number) in &refused {
        eventually(&format!("{} is sent after all", one.code), async || {
            let heard = heard_over(&lab, &one.customer, number).await;
            assert!(heard.len() <= 1, "{}: {heard:?}", one.code);
            heard.first().is_some_and(|words| words.contains(&one.words())).then_some(())
        })
        .await;
        let gauge = format!("santun_channel_halted{{channel=\"{number}\"}} 0");
        assert!(lab.metrics().await.contains(&gauge), "{gauge}");
    }
}
