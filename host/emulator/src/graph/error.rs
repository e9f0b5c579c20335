//! Errors in the shape and with the codes of the Graph API.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::error_table::known;
use crate::ids;

/// An error of the Graph API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct GraphError {
    pub(crate) status: u16,
    pub(crate) code: u32,
    subcode: Option<u32>,
    kind: &'static str,
    title: String,
    details: Option<String>,
}

impl GraphError {
    /// The error with this code, as WhatsApp's table words it, with its usual HTTP status.
    pub(crate) fn of(code: u32) -> Self {
        let (status, title) = known(code);
        Self { status, code, subcode: None, kind: "OAuthException", title: title.into(), details: None }
    }

    /// The error with this code and a sentence on what exactly is wrong.
    pub(crate) fn explained(code: u32, details: impl Into<String>) -> Self {
        Self { details: Some(details.into()), ..Self::of(code) }
    }

    /// A parameter that must be there and is not (100).
    pub(crate) fn required(parameter: &str) -> Self {
        Self { title: format!("The parameter {parameter} is required."), ..Self::of(100) }
    }

    /// A parameter that is longer than it may be (100), worded as the API does.
    pub(crate) fn too_long(parameter: &str, most: usize) -> Self {
        Self { title: format!("Param {parameter} must be at most {most} characters long."), ..Self::of(100) }
    }

    /// An id that names nothing here, or nothing that takes this call (100, subcode 33).
    pub(crate) fn unknown_object(verb: &str, id: &str) -> Self {
        Self {
            subcode: Some(33),
            kind: "GraphMethodException",
            title: format!(
                "Unsupported {verb} request. Object with ID '{id}' does not exist, cannot be loaded due to missing \
                 permissions, or does not support this operation"
            ),
            ..Self::of(100)
        }
    }

    /// A field that things of this kind do not have (100).
    pub(crate) fn no_field(field: &str) -> Self {
        let title = format!("Tried accessing nonexisting field ({field}) on node type (WhatsAppBusinessPhoneNumber)");
        Self { title, ..Self::of(100) }
    }

    /// A proof that was not made with the app's secret (100).
    pub(crate) fn bad_proof() -> Self {
        let title = "Invalid appsecret_proof provided in the API argument".to_owned();
        Self { kind: "GraphMethodException", title, ..Self::of(100) }
    }

    /// A token that worked once (190): its time is over (463), or it was taken back (460).
    pub(crate) fn token_over(subcode: u32, why: &str) -> Self {
        Self { subcode: Some(subcode), title: format!("Error validating access token: {why}"), ..Self::of(190) }
    }

    /// A template that cannot be made as asked (100), as the API words it for people.
    pub(crate) fn bad_template(subcode: u32, details: impl Into<String>) -> Self {
        Self { subcode: Some(subcode), details: Some(details.into()), ..Self::of(100) }
    }

    /// What exactly is wrong, or the title.
    pub(crate) fn sentence(&self) -> &str {
        self.details.as_deref().unwrap_or(&self.title)
    }

    /// The same with another HTTP status.
    pub(crate) fn with_status(self, status: u16) -> Self {
        Self { status, ..self }
    }

    /// The member `errors[]` of a `failed` status.
    pub(crate) fn for_status(&self) -> Value {
        json!({
            "code": self.code,
            "title": self.title,
            "message": self.title,
            "error_data": { "details": self.details.as_deref().unwrap_or(&self.title) },
            "href": "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/",
        })
    }

    /// The answer's body.
    pub(crate) fn body(&self) -> Value {
        let mut error = json!({
            "message": format!("(#{}) {}", self.code, self.title),
            "type": self.kind,
            "code": self.code,
            "fbtrace_id": ids::fbtrace_id(),
        });
        if self.subcode.is_some() || self.code == 190 {
            // These come from Graph itself, which does not put the code in front.
            error["message"] = self.title.as_str().into();
        }
        if let Some(subcode) = self.subcode {
            error["error_subcode"] = subcode.into();
        }
        if let Some(details) = &self.details {
            error["error_data"] = json!({ "messaging_product": "whatsapp", "details": details });
        }
        json!({ "error": error })
    }
}

impl IntoResponse for GraphError {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::BAD_REQUEST);
        (status, Json(self.body())).into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_says_code_title_and_details() {
        let body = GraphError::explained(131_047, "More than 24 hours").body();
        assert_eq!(body["error"]["message"], "(#131047) Re-engagement message");
        assert_eq!(body["error"]["error_data"]["details"], "More than 24 hours");
        assert_eq!(body["error"]["error_data"]["messaging_product"], "whatsapp");
        assert!(body["error"]["fbtrace_id"].as_str().is_some_and(|id| !id.is_empty()));
    }
}
