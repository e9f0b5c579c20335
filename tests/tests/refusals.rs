//! WhatsApp refuses, halts, limits and does not answer: what customers and operators see of it.

use std::collections::BTreeSet;

use reqwest::Method;
use santun_tests::lab::{Lab, Plan, bot, eventually};
use serde_json::{Value, json};

/// What becomes of a message that is refused with a code. Source: Meta's page “Error codes” of the Cloud API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Row {
    /// Not sent, and safe to repeat: it comes a little later.
    Repeated,
    /// Perhaps sent, so never repeated: a human is told when no status tells.
    Unknown,
    /// Final for this message: a human is told.
    Final,
    /// Final, and of nothing that a customer waits for: what the business starts rests, and nobody is told.
    Shielded,
    /// Final, and the message itself is at fault: the operator is told.
    OursToMend,
    /// Nothing goes out over this number until WhatsApp takes messages again.
    Halted,
}

const TABLE: &[(Row, &[u32])] = &[
    (Row::Repeated, &[4, 80_007, 130_429, 131_056]),
    (Row::Unknown, &[1, 2, 131_000, 131_016, 131_057, 133_004]),
    (Row::Final, &[131_026, 130_472, 131_062, 130_403, 130_497, 131_047]),
    (Row::Shielded, &[131_049, 131_050]),
    (Row::OursToMend, &[131_051, 131_052, 131_053, 33, 100, 131_008, 131_009, 131_021, 2500]),
    (Row::OursToMend, &[132_000, 132_001, 132_005, 132_007, 132_012, 132_015, 132_016, 132_068, 132_069]),
    (Row::Halted, &[0, 3, 10, 190, 200, 299, 131_005, 131_045, 133_010]),
    (Row::Halted, &[368, 131_031, 131_042, 131_064, 131_048]),
];

/// The numbers of the business beside the first: one for each code that halts.
const NUMBERS: [&str; 14] = [
    "200001", "200002", "200003", "200004", "200005", "200006", "200007", "200008", "200009", "200010", "200011",
    "200012", "200013", "200014",
];

fn codes(of: &[Row]) -> Vec<u32> {
    TABLE.iter().filter(|(row, _)| of.contains(row)).flat_map(|(_, codes)| codes.iter().copied()).collect()
}

/// A customer whose first message is answered with this code, once.
struct Refused {
    code: u32,
    customer: String,
}

impl Refused {
    async fn with(lab: &Lab, code: u32) -> Self {
        let customer = lab.phone.customer(&format!("Kode {code}"), &format!("62811{code:07}")).await;
        lab.phone.fault(&customer, 1, json!({ "kind": "error", "code": code })).await;
        Self { code, customer }
    }

    fn words(&self) -> String {
        format!("kena kode {}.", self.code)
    }

    /// What an operator sees of the conversation, once it is like that.
    async fn shown(&self, lab: &Lab, like: impl Fn(&Value, &Value) -> bool) -> (Value, Value) {
        let what = format!("what an operator sees of code {} is as expected", self.code);
        eventually(&what, async || {
            let whole = lab.conversation(&format!("Kode {}", self.code)).await?;
            let turns = whole["turns"].as_array()?;
            let answer = turns.iter().find(|turn| turn["by"] == "bot" && !turn["delivery"].is_null())?.clone();
            like(&whole, &answer).then_some((whole, answer))
        })
        .await
    }
}

fn names_code(answer: &Value, code: u32) -> bool {
    let errors = answer["delivery"]["errors"].as_array();
    errors
        .is_some_and(|errors| errors.iter().any(|error| error.as_str().is_some_and(|e| e.contains(&code.to_string()))))
}

fn happened(whole: &Value, kind: &str) -> bool {
    whole["turns"].as_array().is_some_and(|turns| turns.iter().any(|turn| turn["kind"] == kind))
}

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
        let one = Refused::with(&lab, code).await;
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
        let named = format!("\"code\":{code}");
        let logged = lab.log().lines().any(|line| {
            let after = line.split_once(&named).and_then(|(_, after)| after.chars().next());
            after.is_some_and(|after| !after.is_ascii_digit()) && line.contains("refused for its form")
        });
        assert_eq!(logged, is(&[Row::OursToMend]), "{code} in the log");
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
    let halting = codes(&[Row::Halted]);
    assert_eq!(halting.len(), NUMBERS.len());
    let mut with_numbers = bot(0);
    for number in NUMBERS {
        with_numbers.push_str(&format!(
            "\n[[channel]]\nname = \"nomor-{number}\"\nphone_number_id = \"{number}\"\nwaba_id = \"102290129340398\"\n\
             typing = false\nchain = [\"echo\"]\n"
        ));
    }
    let lab = Lab::serving(Plan { bot: with_numbers, more_numbers: NUMBERS.to_vec(), ..Plan::default() }).await;
    let mut refused = Vec::new();
    for (code, number) in halting.into_iter().zip(NUMBERS) {
        let one = Refused::with(&lab, code).await;
        let message = json!({ "type": "text", "text": one.words(), "phone_number_id": number });
        lab.phone.sends(&one.customer, message).await;
        refused.push((one, number));
    }
    for (one, number) in &refused {
        let (whole, answer) = one.shown(&lab, |_, answer| names_code(answer, one.code)).await;
        assert_eq!(answer["delivery"]["state"], "queued", "{}: {answer}", one.code);
        assert!(whole["line"]["request"].is_null(), "nothing is lost by {}: {whole}", one.code);
        let answer = lab.request(Method::GET, "/readyz").send().await.expect("an answer");
        assert_eq!(answer.status(), 200, "the host itself can go on");
        let ready = answer.text().await.expect("text");
        let warned = ready
            .split("channel ")
            .any(|warning| warning.starts_with(number) && warning.contains(&format!("(code {})", one.code)));
        assert!(warned, "{} is not in /readyz: {ready}", one.code);
        let gauge = format!("santun_channel_halted{{channel=\"{number}\"}} 1");
        assert!(lab.metrics().await.contains(&gauge), "{gauge}");
    }
    // A number that nobody halted goes on meanwhile.
    let rina = lab.phone.customer("Rina", "628119990001").await;
    lab.phone.writes(&rina, "masih jalan.").await;
    lab.phone.hears(&rina, "masih jalan.").await;

    // WhatsApp is asked a minute later, and takes messages again.
    lab.set_clock(2);
    for (one, number) in &refused {
        eventually(&format!("{} is sent after all", one.code), async || {
            let path = format!("/customers/{}/chat?phone_number_id={number}", one.customer);
            let chat = lab.phone.call(Method::GET, &path, None).await;
            let entries = chat["entries"].as_array().expect("entries");
            let heard: Vec<&Value> = entries.iter().filter(|entry| entry["from"] == "business").collect();
            assert!(heard.len() <= 1, "{}: {chat}", one.code);
            heard
                .first()
                .is_some_and(|entry| entry["text"].as_str().unwrap_or_default().contains(&one.words()))
                .then_some(())
        })
        .await;
        let gauge = format!("santun_channel_halted{{channel=\"{number}\"}} 0");
        assert!(lab.metrics().await.contains(&gauge), "{gauge}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_who_wait_are_answered_inside_whatsapps_limits() {
    const WAITING: u64 = 1_000;
    let lab = Lab::serving(Plan::default()).await;
    let mut customers = Vec::new();
    for nth in 0..WAITING {
        customers.push(lab.phone.customer(&format!("Pelanggan {nth}"), &format!("62812{nth:07}")).await);
    }
    for customer in &customers {
        lab.phone.writes(customer, "aku nunggu.").await;
    }
    let stats = eventually("everybody is answered", async || {
        let stats = lab.phone.stats().await;
        (stats["sends"].as_u64()? >= WAITING).then_some(stats)
    })
    .await;
    assert_eq!(stats["refused"], 0, "WhatsApp never had to say that it is too fast: {stats}");
    for customer in &customers {
        assert_eq!(lab.phone.answers(customer).await.len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_graph_that_does_not_answer_costs_no_acknowledgement() {
    const WRITING: u64 = 200;
    let lab = Lab::serving(Plan::default()).await;
    let stall = json!({ "fault": { "kind": "stall", "ms": 5_000 }, "probability": 1.0 });
    lab.phone.call(Method::POST, "/faults", Some(stall)).await;
    let mut customers = Vec::new();
    for nth in 0..WRITING {
        customers.push(lab.phone.customer(&format!("Pelanggan {nth}"), &format!("62813{nth:07}")).await);
    }
    for customer in &customers {
        lab.phone.writes(customer, "halo kak.").await;
    }
    let stats = eventually("every message is acknowledged", async || {
        let stats = lab.phone.stats().await;
        (stats["updates_delivered"].as_u64()? >= WRITING).then_some(stats)
    })
    .await;
    assert_eq!(stats["failed_attempts"], 0, "each at its first attempt: {stats}");
    assert_eq!(stats["sends"], 0, "before the Graph had answered anything: {stats}");
    lab.phone.call(Method::DELETE, "/faults", None).await;
    for customer in &customers {
        lab.phone.hears(customer, "halo kak.").await;
    }
    assert_eq!(lab.phone.stats().await["duplicate_sends"], 0);
}
