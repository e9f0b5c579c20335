//! `GET /api/v1/kept`

use axum::extract::State;
use santun_store::Role;
use serde::Serialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Problem;
use super::caller::Caller;
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
    /// All of it, as JSON.
    json: String,
}

pub(super) fn endpoints() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list))
}

/// Lists the latest 200 things that were kept and not answered.
#[utoipa::path(get, path = "/kept", tag = "operation", responses((status = 200, body = Vec<Kept>), (status = 403, body = Problem)))]
async fn list(State(app): State<App>, caller: Caller) -> Result<Json<Vec<Kept>>, Problem> {
    caller.at_least(Role::Operator)?;
    let kept = app.host.store.kept(200).await?;
    let lines = kept.into_iter().map(|kept| Kept {
        at: kept.at.as_millis(),
        channel: kept.channel.map(|channel| channel.to_string()),
        field: kept.field,
        json: kept.json,
    });
    Ok(Json(lines.collect()))
}
