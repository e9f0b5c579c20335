//! WhatsApp takes a message, and tells by a status that it failed after all.

use santun_tests::lab::{Lab, Plan, eventually};

use crate::table::{Refused, Row, Told, codes, halting, happened, heard_over, names_code, shown_as_halted};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_failure_is_final_told_and_blamed_as_its_row_says() {
    let lab = Lab::serving(Plan::default()).await;
    let mut refused = Vec::new();
    for code in codes(&[Row::Repeated, Row::Unknown, Row::Final, Row::Shielded, Row::OursToMend]) {
        let one = Refused::with(&lab, code, Told::ByStatus).await;
        lab.phone.writes(&one.customer, &one.words()).await;
        refused.push(one);
    }
    for one in &refused {
        let code = one.code;
        let is = |rows: &[Row]| codes(rows).contains(&code);
        let told = !is(&[Row::Shielded]);
        let (whole, answer) = one
            .shown(&lab, |whole, answer| {
                answer["delivery"]["progress"] == "failed"
                    && (happened(whole, "not_delivered") || happened(whole, "stopped_marketing"))
                    && whole["line"]["request"].is_object() == told
            })
            .await;
        assert_eq!(answer["delivery"]["attempts"], 1, "{code} was sent again: {answer}");
        assert!(names_code(&answer, code), "{code} is not shown: {answer}");
        assert_eq!(whole["line"]["owner"], "bot", "{code}: it answers whatever comes next: {whole}");
        assert_eq!(one.blamed(&lab), is(&[Row::OursToMend]), "{code} in the log");
    }
    let malformed = format!("santun_messages_malformed_total {}", codes(&[Row::OursToMend]).len());
    let metrics = lab.metrics().await;
    assert!(metrics.lines().any(|line| line == malformed), "{malformed}: {metrics}");
    for one in &refused {
        lab.phone.writes(&one.customer, "dan sekarang.").await;
        lab.phone.hears(&one.customer, "dan sekarang.").await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_would_halt_a_number_as_an_answer_halts_it_as_a_status() {
    let (lab, refused) = halting(Told::ByStatus).await;
    for (one, number) in &refused {
        let (whole, _) = one
            .shown(&lab, |whole, answer| {
                answer["delivery"]["progress"] == "failed"
                    && names_code(answer, one.code)
                    && whole["line"]["request"].is_object()
            })
            .await;
        assert!(happened(&whole, "not_delivered"), "{}: {whole}", one.code);
        shown_as_halted(&lab, number, one.code).await;
    }
    // What is said meanwhile waits, and goes out once WhatsApp takes messages again.
    for (one, number) in &refused {
        let message = serde_json::json!({ "type": "text", "text": "masih ada?", "phone_number_id": number });
        lab.phone.sends(&one.customer, message).await;
    }
    for (one, number) in &refused {
        one.shown(&lab, |whole, _| {
            let turns = whole["turns"].as_array().expect("turns");
            turns.iter().any(|turn| {
                turn["delivery"]["state"] == "queued"
                    && turn["text"].as_str().unwrap_or_default().contains("masih ada?")
            })
        })
        .await;
        assert!(!heard_over(&lab, &one.customer, number).await.iter().any(|words| words.contains("masih ada?")));
    }
    lab.set_clock(2);
    for (one, number) in &refused {
        eventually(&format!("{number} sends again after {}", one.code), async || {
            let heard = heard_over(&lab, &one.customer, number).await;
            (heard.iter().filter(|words| words.contains("masih ada?")).count() == 1).then_some(())
        })
        .await;
    }
}
