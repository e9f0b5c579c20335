use super::*;

fn with(decision: wit::Decision) -> wit::Verdict {
    wit::Verdict {
        decision,
        labels: Vec::new(),
        attributes: Vec::new(),
        facts: Vec::new(),
        confidence: None,
        why: "because".into(),
    }
}

fn reply(message: wit::Outgoing) -> wit::Verdict {
    with(wit::Decision::Reply(wit::Reply { messages: vec![message], outcome: "answer".into() }))
}

fn refused(verdict: wit::Verdict) -> String {
    let failure = super::verdict(verdict, 64).unwrap_err();
    assert_eq!(failure.code, "invalid-verdict");
    failure.message
}

#[test]
fn a_plain_reply_is_taken_over() {
    let verdict = verdict(reply(wit::Outgoing::Text("Halo".into())), 64).unwrap();
    assert_eq!(verdict.decision.name(), "reply");
    assert_eq!(verdict.why, "because");
}

#[test]
fn what_is_invalid_is_named() {
    let button = |id: &str| wit::Button { id: id.into(), title: "x".repeat(id.len()) };
    let buttons = |list| reply(wit::Outgoing::Buttons(wit::Buttons { body: "b".into(), footer: None, buttons: list }));
    assert!(refused(buttons(vec![])).contains("1 to 3 buttons"));
    assert!(refused(buttons(vec![button("a"), button("a")])).contains("another one"));
    assert!(refused(reply(wit::Outgoing::Text("  ".into()))).contains("a text is empty"));
    let link = wit::Link { body: "b".into(), label: "l".into(), url: "http://a.example".into() };
    assert!(refused(reply(wit::Outgoing::Link(link))).contains("link.url"));
    let mut verdict = with(wit::Decision::Pass);
    verdict.labels = vec!["x".repeat(65)];
    assert!(refused(verdict).contains("a label has 65 bytes"));
    let mut verdict = with(wit::Decision::Pass);
    verdict.confidence = Some(f32::NAN);
    assert!(refused(verdict).contains("confidence"));
    let empty = wit::Reply { messages: vec![], outcome: String::new() };
    assert!(refused(with(wit::Decision::Reply(empty))).contains("1 to 8 messages"));
}

#[test]
fn an_oversized_verdict_exceeds_output_kb() {
    let failure = verdict(reply(wit::Outgoing::Text("x".repeat(65 << 10))), 64).unwrap_err();
    assert_eq!(failure.code, "output_kb");
}
