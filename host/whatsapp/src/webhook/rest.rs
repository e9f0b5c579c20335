//! What is kept of a message of a kind that we have no words for.

use serde_json::{Map, Value};

/// Fields of a message that are kept elsewhere, or that name somebody.
const FRAME: [&str; 14] = [
    "id",
    "from",
    "from_user_id",
    "from_parent_user_id",
    "from_logical_id",
    "to",
    "to_user_id",
    "to_parent_user_id",
    "to_logical_id",
    "timestamp",
    "type",
    "context",
    "referral",
    "group_id",
];

/// Fields that name somebody, wherever they stand.
const IDS: [&str; 13] = [
    "wa_id",
    "new_wa_id",
    "customer",
    "phone_number",
    "from",
    "to",
    "user_id",
    "parent_user_id",
    "from_user_id",
    "from_parent_user_id",
    "to_user_id",
    "previous_user_id",
    "previous_parent_user_id",
];

/// The message as JSON without its frame, and without any id of Meta's that tells who wrote it: plugins
/// may see it, and a message id holds a phone number.
///
/// # Errors
/// None if `message` is no object or nested too deeply.
pub(super) fn rest_of(message: &str) -> Option<String> {
    let Ok(Value::Object(mut message)) = serde_json::from_str::<Value>(message) else { return None };
    for field in FRAME {
        message.remove(field);
    }
    // WhatsApp's own words about a customer hold both their numbers.
    if let Some(Value::Object(system)) = message.get_mut("system") {
        system.remove("body");
    }
    strip_ids(&mut message);
    Some(Value::Object(message).to_string())
}

fn strip_ids(object: &mut Map<String, Value>) {
    object.retain(|key, value| !IDS.contains(&key.as_str()) && !is_message_id(value));
    object.values_mut().for_each(strip_value);
}

fn strip_value(value: &mut Value) {
    match value {
        Value::Object(object) => strip_ids(object),
        Value::Array(values) => {
            values.retain(|value| !is_message_id(value));
            values.iter_mut().for_each(strip_value);
        }
        _ => {}
    }
}

fn is_message_id(value: &Value) -> bool {
    value.as_str().is_some_and(|text| text.starts_with("wamid."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_id_that_tells_who_wrote_is_left() {
        let message = r#"{"id":"wamid.A","from":"628111","timestamp":"1","type":"edit","context":{"id":"wamid.B"},
            "edit":{"original_message_id":"wamid.C","message":{"type":"text","text":{"body":"Halo"},"context":{"from":"628111"}},
            "seen":["wamid.D","ok"]}}"#;
        assert_eq!(
            rest_of(message).unwrap(),
            r#"{"edit":{"message":{"context":{},"text":{"body":"Halo"},"type":"text"},"seen":["ok"]}}"#
        );
    }
}
