//! WhatsApp as it really is: webhooks twice, answers that get lost, errors of every kind, people without
//! numbers, files, groups.

mod messages;
mod sends;
mod shown;
mod strangers;
mod templates;

use santun_tests::lab::{Lab, eventually};
use serde_json::Value;

/// The turns of the conversation with the customer of this name.
async fn turns(lab: &Lab, name: &str) -> Vec<Value> {
    let whole = lab.conversation(name).await;
    whole.and_then(|whole| whole["turns"].as_array().cloned()).unwrap_or_default()
}

/// The bot's message that holds these words, once its delivery is in this state.
async fn delivered(lab: &Lab, name: &str, words: &str, state: &str) -> Value {
    eventually(&format!("{words:?} is {state}"), async || {
        let of_it =
            |turn: &Value| turn["by"] == "bot" && turn["text"].as_str().is_some_and(|text| text.contains(words));
        turns(lab, name).await.into_iter().find(|turn| of_it(turn) && turn["delivery"]["state"] == state)
    })
    .await
}

fn kinds(turns: &[Value]) -> Vec<&str> {
    turns.iter().filter_map(|turn| turn["kind"].as_str()).collect()
}
