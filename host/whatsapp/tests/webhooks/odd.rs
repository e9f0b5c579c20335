//! Whatever JSON comes, nothing fails.

use std::fs;

use proptest::prelude::*;
use santun_whatsapp::webhook::parse;

use crate::support::payloads;

/// JSON made of the words that webhooks are made of, in places where they do not belong.
fn any_json() -> impl Strategy<Value = serde_json::Value> {
    let word = proptest::sample::select(vec![
        "object",
        "entry",
        "changes",
        "field",
        "value",
        "metadata",
        "phone_number_id",
        "messages",
        "statuses",
        "contacts",
        "id",
        "from",
        "timestamp",
        "type",
        "text",
        "body",
        "image",
        "system",
        "user_changed_number",
        "interactive",
        "edit",
        "nfm_reply",
        "response_json",
        "order",
        "product_items",
        "quantity",
        "smb_message_echoes",
        "message_echoes",
        "context",
        "referral",
        "user_preferences",
        "errors",
        "wa_id",
        "status",
        "sent",
        "reaction",
        "1763790000",
        "",
        "-",
        "+",
        "wamid.",
    ]);
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<f64>().prop_map(Into::into),
        word.clone().prop_map(Into::into),
        ".*".prop_map(Into::into),
    ];
    leaf.prop_recursive(8, 64, 6, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Into::into),
            proptest::collection::vec((word.clone(), inner), 0..6).prop_map(|fields| fields
                .into_iter()
                .map(|(key, value)| (key.to_owned(), value))
                .collect::<serde_json::Map<_, _>>()
                .into()),
        ]
    })
}

/// Puts `odd` in the place of the `nth` value of `json`, counted in depth-first order.
fn replace(json: &mut serde_json::Value, nth: &mut usize, odd: &serde_json::Value) {
    if *nth == 0 {
        *json = odd.clone();
    }
    *nth = nth.wrapping_sub(1);
    match json {
        serde_json::Value::Array(values) => values.iter_mut().for_each(|value| replace(value, nth, odd)),
        serde_json::Value::Object(fields) => fields.values_mut().for_each(|value| replace(value, nth, odd)),
        _ => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_json_object_makes_it_fail(json in any_json()) {
        let parsed = parse(json.to_string().as_bytes());
        prop_assert_eq!(parsed.is_ok(), json.is_object());
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = parse(&bytes);
    }

    #[test]
    fn a_real_webhook_with_one_odd_value_is_read(which in any::<prop::sample::Index>(), nth in 1_usize..60, odd in any_json()) {
        let mut files: Vec<_> = fs::read_dir(payloads()).unwrap().map(|file| file.unwrap().path()).collect();
        files.sort();
        let text = fs::read_to_string(which.get(&files)).unwrap();
        // One payload holds half an emoji, which no JSON value can.
        let Ok(mut json) = serde_json::from_str::<serde_json::Value>(&text) else { return Ok(()) };
        replace(&mut json, &mut { nth }, &odd);
        prop_assert!(parse(json.to_string().as_bytes()).is_ok());
    }
}
