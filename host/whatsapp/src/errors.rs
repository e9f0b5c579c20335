//! What an answer of the Graph means for a message that was to be sent.
//!
//! Everything is decided on Meta's error `code`: throttling, for one, comes with HTTP status 400. The
//! status counts only where there is no code that we know. Source: Meta's page “Error codes” of the
//! Cloud API.

use santun_core::delivery::codes::{SHIELDED_FROM_MARKETING, STOPPED_MARKETING};
use santun_core::delivery::{Attempt, GraphError, Wait};
use santun_core::identity::Wamid;
use serde::Deserialize;

use crate::webhook::Scalar;

/// Codes of our own, all below zero, for what went wrong before Meta could say anything.
pub mod own {
    /// The Graph's address could not be reached.
    pub const UNREACHABLE: i64 = -1;
    /// The connection broke, or the time was up, after the request may have been written.
    pub const INTERRUPTED: i64 = -2;
    /// The Graph's answer was none that we can read.
    pub const UNREADABLE: i64 = -3;
    /// The message cannot be put into the Cloud API's words.
    pub const UNSENDABLE: i64 = -4;
}

/// What a code means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// The number sends too fast: not sent, safe to repeat later.
    TooFast,
    /// This one contact gets too many messages: not sent, safe to repeat later.
    TooFastForContact,
    /// Meta's side failed, perhaps after sending.
    Ambiguous,
    /// Nothing can be sent from this number until somebody mends it.
    Halt,
    /// This message is not sent, and never will be.
    Never,
    /// The same, and the message itself is at fault: a mistake of ours.
    Ours,
}

/// What Meta's `code` means; None if it is not one that we know.
pub const fn meaning(code: i64) -> Option<Meaning> {
    Some(match code {
        // 17, 32 and 613 are the Graph's own limits beside those of WhatsApp.
        4 | 17 | 32 | 613 | 80007 | 130429 => Meaning::TooFast,
        131056 => Meaning::TooFastForContact,
        1 | 2 | 131000 | 131016 | 131057 | 133004 => Meaning::Ambiguous,
        // The token, and what it may do.
        0 | 190 | 3 | 10 | 200..=299 | 131005 => Meaning::Halt,
        // Restricted, locked, unpaid; too much reported as spam.
        368 | 131031 | 131042 | 131064 | 131048 => Meaning::Halt,
        // The number's certificate is wrong, or it is not registered.
        131045 | 133010 => Meaning::Halt,
        // What else follows from these two is decided where a conversation takes note of them: `flow/news.rs`.
        SHIELDED_FROM_MARKETING | STOPPED_MARKETING => Meaning::Never,
        // The window is closed.
        131047 => Meaning::Never,
        131026 | 130472 | 131062 | 130403 | 130497 => Meaning::Never,
        // Those of templates, 132000 to 132069, also stop the template: `santun_core::delivery::codes::stops_template`.
        33 | 100 | 2500 | 131008 | 131009 | 131021 | 131051..=131053 | 132000..=132069 => Meaning::Ours,
        _ => return None,
    })
}

/// What a status webhook's `failed` tells of the number and of what was sent: WhatsApp had taken the message, and says
/// only now why it could not keep it. That one message is final, whatever the code.
pub fn of_failed(error: GraphError) -> Attempt {
    match meaning(error.code) {
        Some(Meaning::Halt) => Attempt::Halted { error },
        Some(Meaning::TooFast) => Attempt::Again { wait: Wait::Channel, error },
        Some(Meaning::TooFastForContact) => Attempt::Again { wait: Wait::Contact, error },
        Some(Meaning::Ours) => Attempt::Never { error, ours: true },
        Some(Meaning::Never | Meaning::Ambiguous) | None => Attempt::Never { error, ours: false },
    }
}

/// What one attempt to send came to, by the HTTP status and the body of the Graph's answer.
pub fn classify(status: u16, body: &[u8]) -> Attempt {
    if (200..300).contains(&status) {
        return match accepted(body) {
            Some(wamid) => Attempt::Accepted { wamid },
            // It was taken, most likely, but nobody can say as what.
            None => Attempt::Unknown { error: unreadable(status) },
        };
    }
    let error = of_answer(status, body);
    match meaning(error.code).unwrap_or_else(|| meaning_of_status(status)) {
        Meaning::TooFast => Attempt::Again { wait: Wait::Channel, error },
        Meaning::TooFastForContact => Attempt::Again { wait: Wait::Contact, error },
        Meaning::Ambiguous => Attempt::Unknown { error },
        Meaning::Halt => Attempt::Halted { error },
        Meaning::Never => Attempt::Never { error, ours: false },
        Meaning::Ours => Attempt::Never { error, ours: true },
    }
}

/// What an answer means that carries no code that we know.
const fn meaning_of_status(status: u16) -> Meaning {
    match status {
        429 => Meaning::TooFast,
        401 | 403 => Meaning::Halt,
        // Everything else in the 300s and 400s refuses the request as such, save for 408 (its time was up).
        300..=407 | 409..=499 => Meaning::Ours,
        _ => Meaning::Ambiguous,
    }
}

/// The error in an answer of the Graph.
pub(crate) fn of_answer(status: u16, body: &[u8]) -> GraphError {
    #[derive(Deserialize)]
    struct Answer<'a> {
        #[serde(borrow)]
        error: WireError<'a>,
    }
    let answer = std::str::from_utf8(body).ok().and_then(|body| serde_json::from_str::<Answer<'_>>(body).ok());
    answer.and_then(|answer| answer.error.read()).unwrap_or_else(|| unreadable(status))
}

fn accepted(body: &[u8]) -> Option<Wamid> {
    #[derive(Deserialize)]
    struct Accepted<'a> {
        #[serde(borrow)]
        messages: Vec<Message<'a>>,
    }
    #[derive(Deserialize)]
    struct Message<'a> {
        #[serde(borrow, default)]
        id: Scalar<'a>,
    }
    let accepted: Accepted<'_> = serde_json::from_slice(body).ok()?;
    accepted.messages.first()?.id.get().map(Wamid::new)
}

fn unreadable(status: u16) -> GraphError {
    GraphError {
        code: own::UNREADABLE,
        title: format!("the Graph answered {status} without anything readable"),
        details: None,
    }
}

/// Reads an error in Meta's words, as answers and webhooks carry it.
pub(crate) fn read(json: &str) -> Option<GraphError> {
    serde_json::from_str::<WireError<'_>>(json).ok()?.read()
}

#[derive(Deserialize)]
struct WireError<'a> {
    #[serde(borrow, default)]
    code: Scalar<'a>,
    #[serde(borrow, default)]
    title: Scalar<'a>,
    #[serde(borrow, default)]
    message: Scalar<'a>,
    #[serde(borrow)]
    error_data: Option<WireErrorData<'a>>,
}

#[derive(Deserialize)]
struct WireErrorData<'a> {
    #[serde(borrow, default)]
    details: Scalar<'a>,
}

impl WireError<'_> {
    fn read(self) -> Option<GraphError> {
        let code = self.code.whole()?;
        let title = self.title.get().or(self.message.get()).unwrap_or("no title");
        let details = self.error_data.as_ref().and_then(|data| data.details.get());
        Some(GraphError { code, title: without_names(title), details: details.map(without_names) })
    }
}

/// `text` without what could be a phone number or a message id: errors are shown and logged.
fn without_names(text: &str) -> String {
    /// The shortest phone number: country code and subscriber.
    const NUMBER_DIGITS: usize = 7;
    let mut told = String::with_capacity(text.len());
    for word in text.split_inclusive(char::is_whitespace) {
        let digits = word.bytes().filter(u8::is_ascii_digit).count();
        let names_somebody = word.contains("wamid.") || digits >= NUMBER_DIGITS;
        told.push_str(if names_somebody { "… " } else { word });
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(code: i64) -> Vec<u8> {
        serde_json::json!({"error": {"message": format!("(#{code}) Rejected"), "type": "OAuthException", "code": code,
            "error_data": {"messaging_product": "whatsapp", "details": "Why it was rejected"}, "fbtrace_id": "Az8or2yhqkZfEZ"}})
        .to_string()
        .into_bytes()
    }

    /// Every code with every status that it might come with: only the code may count.
    fn each(codes: impl IntoIterator<Item = i64>, is_as_expected: impl Fn(&Attempt) -> bool) {
        for code in codes {
            for status in [400, 401, 403, 404, 429, 500, 503] {
                let attempt = classify(status, &answer(code));
                assert!(is_as_expected(&attempt), "{code} with {status}: {attempt:?}");
            }
        }
    }

    fn never(attempt: &Attempt) -> bool {
        matches!(attempt, Attempt::Never { ours: false, .. })
    }

    fn ours(attempt: &Attempt) -> bool {
        matches!(attempt, Attempt::Never { ours: true, .. })
    }

    #[test]
    fn throughput_backs_the_channel_off() {
        each([4, 80007, 130429], |attempt| matches!(attempt, Attempt::Again { wait: Wait::Channel, .. }));
    }

    #[test]
    fn the_pair_limit_holds_one_contact_back() {
        each([131056], |attempt| matches!(attempt, Attempt::Again { wait: Wait::Contact, .. }));
    }

    #[test]
    fn a_failure_on_metas_side_may_have_been_sent() {
        each([1, 2, 131000, 131016, 131057, 133004], |attempt| matches!(attempt, Attempt::Unknown { .. }));
    }

    #[test]
    fn the_spam_limit_halts_the_channel() {
        each([131048], |attempt| matches!(attempt, Attempt::Halted { .. }));
    }

    #[test]
    fn what_cannot_be_delivered_is_final() {
        each([131026, 130472, 131062, 130403, 130497, 131047, 131049, 131050], never);
    }

    #[test]
    fn a_wrong_type_or_file_is_ours_to_mend() {
        each(131051..=131053, ours);
    }

    #[test]
    fn a_token_or_permission_halts_the_channel() {
        each([0, 190, 3, 10, 200, 230, 299, 131005], |attempt| matches!(attempt, Attempt::Halted { .. }));
    }

    #[test]
    fn a_restricted_locked_or_unpaid_account_halts_the_channel() {
        each([368, 131031, 131042, 131064], |attempt| matches!(attempt, Attempt::Halted { .. }));
    }

    #[test]
    fn a_template_that_cannot_be_used_is_ours_to_mend() {
        each([132000, 132001, 132015, 132068, 132069], ours);
    }

    #[test]
    fn a_bad_request_is_our_own_mistake() {
        each([33, 100, 2500, 131008, 131009, 131021], ours);
    }

    #[test]
    fn without_a_known_code_the_status_decides() {
        for body in [answer(987_654), Vec::new(), b"<html>Bad gateway</html>".to_vec()] {
            for status in [408, 500, 502, 503, 504] {
                assert!(matches!(classify(status, &body), Attempt::Unknown { .. }), "{status}");
            }
            assert!(matches!(classify(429, &body), Attempt::Again { wait: Wait::Channel, .. }));
            assert!(matches!(classify(401, &body), Attempt::Halted { .. }));
            assert!(ours(&classify(400, &body)));
            assert!(ours(&classify(302, &body)));
        }
    }

    #[test]
    fn an_accepted_message_has_an_id() {
        let body = br#"{"messaging_product":"whatsapp","contacts":[{"input":"+628111","wa_id":"628111"}],"messages":[{"id":"wamid.A"}]}"#;
        assert_eq!(classify(200, body), Attempt::Accepted { wamid: Wamid::new("wamid.A") });
    }

    #[test]
    fn a_yes_that_cannot_be_read_is_no_certain_yes() {
        for body in ["", "{}", r#"{"messages":[]}"#, r#"{"messages":[{"id":""}]}"#, "<html>"] {
            assert!(matches!(classify(200, body.as_bytes()), Attempt::Unknown { .. }), "{body}");
        }
    }

    #[test]
    fn an_error_tells_the_details_but_no_number_and_no_message_id() {
        let body = br#"{"error":{"code":"131026","message":"Message to +62 812-3456-7890 undeliverable",
            "error_data":{"details":"See wamid.HBgLNjI4MTE= of 6281234567890, limit 250"}}}"#;
        let Attempt::Never { error, .. } = classify(400, body) else { panic!("not final") };
        assert_eq!(error.code, 131026);
        assert_eq!(error.title, "Message to +62 … undeliverable");
        assert_eq!(error.details.as_deref(), Some("See … of … limit 250"));
    }

    #[test]
    fn a_failed_status_halts_slows_or_blames_us_as_an_answer_would() {
        let told = |code| of_failed(GraphError { code, title: String::new(), details: None });
        assert!(matches!(told(131042), Attempt::Halted { .. }));
        assert!(matches!(told(130429), Attempt::Again { wait: Wait::Channel, .. }));
        assert!(ours(&told(131053)));
        assert!(never(&told(131026)));
        assert!(never(&told(131000)), "it failed for certain");
        assert!(never(&told(987_654)));
    }
}
