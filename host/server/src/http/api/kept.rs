//! `GET /api/v1/kept`

use axum::extract::State;
use serde::Serialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Problem;
use super::caller::Operator;
use super::extract::Json;
use crate::http::App;

/// Something that a webhook brought and that is not answered: not understood, of a group, or for a
/// number that no channel names.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct Kept {
    /// When, in milliseconds since 1970.
    at: i64,
    /// Meta's id of the number, if it names one.
    channel: Option<String>,
    /// What it is.
    field: String,
    /// All of it, as JSON; numbers and ids that tell who it was are masked.
    json: String,
}

pub(super) fn endpoints() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list))
}

/// Lists the latest 200 things that were kept and not answered.
#[utoipa::path(get, path = "/kept", tag = "operation", responses((status = 200, body = Vec<Kept>), (status = 403, body = Problem)))]
async fn list(State(app): State<App>, _caller: Operator) -> Result<Json<Vec<Kept>>, Problem> {
    let kept = app.host.store.kept(200).await?;
    let lines = kept.into_iter().map(|kept| Kept {
        at: kept.at.as_millis(),
        channel: kept.channel.map(|channel| channel.to_string()),
        field: kept.field,
        json: masked(&kept.json),
    });
    Ok(Json(lines.collect()))
}

/// What tells who somebody is, whatever brought it.
const PERSONAL: [&str; 14] = [
    "phone",
    "bsuid",
    "parent_bsuid",
    "wamid",
    "from",
    "to",
    "wa_id",
    "user_id",
    "parent_user_id",
    "recipient_id",
    "recipient_user_id",
    "participant",
    "input",
    "name",
];

fn masked(json: &str) -> String {
    match serde_json::from_str::<serde_json::Value>(json) {
        Ok(mut value) => {
            mask(&mut value, false);
            value.to_string()
        }
        Err(_) => String::new(),
    }
}

fn mask(value: &mut serde_json::Value, personal: bool) {
    use serde_json::Value;
    match value {
        Value::String(text) if personal || text.starts_with("wamid.") => *text = "…".to_owned(),
        // Some updates are kept as JSON in a text.
        Value::String(text) if text.starts_with(['{', '[']) => *text = masked(text),
        Value::Array(items) => items.iter_mut().for_each(|item| mask(item, personal)),
        Value::Object(members) => {
            members.iter_mut().for_each(|(key, member)| mask(member, PERSONAL.contains(&key.as_str())));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_named_by_what_was_kept() {
        let kept = r#"{"message":{"sender":{"phone":"62817000001"},"wamid":"wamid.HBgL","body":{"text":"halo"}},
            "raw":"{\"from\":\"62817000001\",\"id\":\"wamid.HBgL\",\"n\":1}"}"#;
        let shown = masked(kept);
        assert!(!shown.contains("62817") && !shown.contains("HBgL"), "{shown}");
        assert!(shown.contains("halo"), "{shown}");
    }
}
