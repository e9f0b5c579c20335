//! WhatsApp's table of errors, and customers who meet a row of it.

use reqwest::Method;
use santun_tests::lab::{Lab, Plan, bot, eventually};
use serde_json::{Value, json};

/// What becomes of a message that is refused with a code. Source: Meta's page “Error codes” of the Cloud API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Row {
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

pub(crate) const TABLE: &[(Row, &[u32])] = &[
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
pub(crate) const NUMBERS: [&str; 14] = [
    "200001", "200002", "200003", "200004", "200005", "200006", "200007", "200008", "200009", "200010", "200011",
    "200012", "200013", "200014",
];

pub(crate) fn codes(of: &[Row]) -> Vec<u32> {
    TABLE.iter().filter(|(row, _)| of.contains(row)).flat_map(|(_, codes)| codes.iter().copied()).collect()
}

/// How WhatsApp tells that it refuses a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Told {
    /// In its answer: the message was never taken.
    ByAnswer,
    /// In a status, once it has taken it.
    ByStatus,
}

/// A customer whose first answer is refused with this code, once.
pub(crate) struct Refused {
    pub(crate) code: u32,
    pub(crate) customer: String,
}

impl Refused {
    pub(crate) async fn with(lab: &Lab, code: u32, told: Told) -> Self {
        let kind = if told == Told::ByAnswer { "error" } else { "failed_status" };
        let customer = lab.phone.customer(&format!("Kode {code}"), &format!("62811{code:07}")).await;
        lab.phone.fault(&customer, 1, json!({ "kind": kind, "code": code })).await;
        Self { code, customer }
    }

    pub(crate) fn words(&self) -> String {
        format!("kena kode {}.", self.code)
    }

    /// What an operator sees of the conversation, once it is like that.
    pub(crate) async fn shown(&self, lab: &Lab, like: impl Fn(&Value, &Value) -> bool) -> (Value, Value) {
        let what = format!("what an operator sees of code {} is as expected", self.code);
        eventually(&what, async || {
            let whole = lab.conversation(&format!("Kode {}", self.code)).await?;
            let turns = whole["turns"].as_array()?;
            let answer = turns.iter().find(|turn| turn["by"] == "bot" && !turn["delivery"].is_null())?.clone();
            like(&whole, &answer).then_some((whole, answer))
        })
        .await
    }

    /// Whether the operator's log says that the message is at fault.
    pub(crate) fn blamed(&self, lab: &Lab) -> bool {
        let named = format!("\"code\":{}", self.code);
        lab.log().lines().any(|line| {
            let after = line.split_once(&named).and_then(|(_, after)| after.chars().next());
            after.is_some_and(|after| !after.is_ascii_digit()) && line.contains("refused for its form")
        })
    }
}

/// A host with a number for each code that halts, and a customer who has met it there.
pub(crate) async fn halting(told: Told) -> (Lab, Vec<(Refused, &'static str)>) {
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
        let one = Refused::with(&lab, code, told).await;
        let message = json!({ "type": "text", "text": one.words(), "phone_number_id": number });
        lab.phone.sends(&one.customer, message).await;
        refused.push((one, number));
    }
    (lab, refused)
}

/// Waits until `/readyz` and the metrics tell that a number cannot send, and why.
pub(crate) async fn shown_as_halted(lab: &Lab, number: &str, code: u32) {
    eventually(&format!("/readyz tells that {code} halts {number}"), async || {
        let answer = lab.request(Method::GET, "/readyz").send().await.expect("an answer");
        assert_eq!(answer.status(), 200, "the host itself can go on");
        let ready = answer.text().await.expect("text");
        let mut warnings = ready.split("channel ");
        warnings.any(|warning| warning.starts_with(number) && warning.contains(&format!("(code {code})"))).then_some(())
    })
    .await;
    let gauge = format!("santun_channel_halted{{channel=\"{number}\"}} 1");
    assert!(lab.metrics().await.contains(&gauge), "{gauge}");
}

/// What the business has sent a customer over one of its numbers.
pub(crate) async fn heard_over(lab: &Lab, customer: &str, number: &str) -> Vec<String> {
    let chat = lab.phone.call(Method::GET, &format!("/customers/{customer}/chat?phone_number_id={number}"), None).await;
    let entries = chat["entries"].as_array().expect("entries");
    let heard = entries.iter().filter(|entry| entry["from"] == "business");
    heard.map(|entry| entry["text"].as_str().unwrap_or_default().to_owned()).collect()
}

pub(crate) fn names_code(answer: &Value, code: u32) -> bool {
    let errors = answer["delivery"]["errors"].as_array();
    errors
        .is_some_and(|errors| errors.iter().any(|error| error.as_str().is_some_and(|e| e.contains(&code.to_string()))))
}

pub(crate) fn happened(whole: &Value, kind: &str) -> bool {
    whole["turns"].as_array().is_some_and(|turns| turns.iter().any(|turn| turn["kind"] == kind))
}
