//! Bodies of no shape at all.

use santun_core::webhook::Update;
use santun_whatsapp::webhook::{WebhookError, parse};

use crate::support::updates;

#[test]
fn a_malformed_update_does_not_cost_its_neighbours() {
    let updates = updates("malformed_neighbours");
    let told: Vec<&str> = updates
        .iter()
        .map(|update| match update {
            Update::Message(arrival) => arrival.body.content.words(),
            Update::Kept { field, .. } => field,
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(
        told,
        [
            "Pesan 1",
            "messages/text",
            "Pesan 2",
            "messages/unknown",
            "messages/text",
            "messages/image",
            "Pesan 3",
            "envelope/entry",
            "envelope/change",
            "messages",
            "Pesan 4"
        ]
    );
}

#[test]
fn a_thousand_updates_keep_their_order() {
    let messages: Vec<String> = (0..1000)
        .map(|n| format!(r#"{{"from":"628{n:08}","id":"wamid.{n}","timestamp":"1763790000","type":"text","text":{{"body":"{n}"}}}}"#))
        .collect();
    let body = format!(
        r#"{{"object":"whatsapp_business_account","entry":[{{"changes":[{{"field":"messages","value":{{"metadata":{{"phone_number_id":1}},"messages":[{}]}}}}]}}]}}"#,
        messages.join(",")
    );
    let updates = parse(body.as_bytes()).unwrap();
    assert_eq!(updates.len(), 1000);
    for (n, update) in updates.iter().enumerate() {
        let Update::Message(arrival) = update else { panic!("{n}") };
        assert_eq!(arrival.body.content.words(), n.to_string());
    }
}

#[test]
fn only_a_body_that_is_no_object_is_an_error() {
    for (body, expected) in [
        (&b""[..], WebhookError::NotJson),
        (b"{", WebhookError::NotJson),
        (b"\xff{}", WebhookError::NotJson),
        (b"[]", WebhookError::NotAnObject),
        (b"null", WebhookError::NotAnObject),
    ] {
        assert_eq!(parse(body), Err(expected));
    }
    for body in ["{}", r#"{"entry":7}"#, r#"{"object":"instagram","entry":[]}"#, r#"{"entry":[{}]}"#] {
        assert!(matches!(&parse(body.as_bytes()).unwrap()[..], [Update::Kept { .. }]), "{body}");
    }
    assert_eq!(parse(br#"{"object":"whatsapp_business_account","entry":[]}"#), Ok(Vec::new()));
}

#[test]
fn nesting_without_end_is_kept_and_does_no_harm() {
    let deep = format!("{}{}", "[".repeat(200_000), "]".repeat(200_000));
    for body in [
        format!(r#"{{"entry":{deep}}}"#),
        format!(r#"{{"entry":[{{"changes":[{{"field":"messages","value":{deep}}}]}}]}}"#),
        format!(
            r#"{{"entry":[{{"changes":[{{"field":"messages","value":{{"metadata":{{"phone_number_id":"1"}},"messages":[{{"id":"a","from":"628","timestamp":"1","type":"x","x":{deep}}}]}}}}]}}]}}"#
        ),
    ] {
        assert!(matches!(&parse(body.as_bytes()).unwrap()[..], [Update::Kept { .. }]));
    }
}
