//! Forms, which Meta calls flows.

use santun_core::ids::TurnId;
use serde::Serialize;
use serde_json::{Map, Value};

#[derive(Serialize)]
pub(super) struct FormAction<'a> {
    name: &'static str,
    parameters: Parameters<'a>,
}

#[derive(Serialize)]
struct Parameters<'a> {
    flow_message_version: &'static str,
    flow_id: &'a str,
    flow_cta: &'a str,
    /// Comes back with the answers.
    flow_token: TurnId,
    #[serde(skip_serializing_if = "Option::is_none")]
    flow_action: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    flow_action_payload: Option<Screen<'a>>,
}

#[derive(Serialize)]
struct Screen<'a> {
    screen: &'a str,
    /// Meta refuses an empty one.
    #[serde(skip_serializing_if = "Map::is_empty")]
    data: &'a Map<String, Value>,
}

impl<'a> FormAction<'a> {
    /// Opens with a screen, or with the form's own first one. The message's id is its token.
    pub(super) fn opening(
        message: TurnId,
        form_id: &'a str,
        label: &'a str,
        screen: Option<&'a str>,
        data: &'a Map<String, Value>,
    ) -> Self {
        let parameters = Parameters {
            flow_message_version: "3",
            flow_id: form_id,
            flow_cta: label,
            flow_token: message,
            flow_action: screen.map(|_| "navigate"),
            flow_action_payload: screen.map(|screen| Screen { screen, data }),
        };
        Self { name: "flow", parameters }
    }
}
