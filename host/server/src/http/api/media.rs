//! `GET /api/v1/turns/{id}/media`

use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::response::{IntoResponse, Response};
use santun_core::ids::{InvalidId, TurnId};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Problem;
use super::caller::Caller;
use super::extract::Path;
use crate::http::App;

pub(super) fn endpoints() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(show))
}

/// The file that a customer sent, while policy keeps it.
#[utoipa::path(get, path = "/turns/{id}/media", params(("id" = String, Path)), tag = "conversations",
    responses((status = 200, description = "the file's bytes"), (status = 404, body = Problem)))]
async fn show(State(app): State<App>, _caller: Caller, Path(id): Path<String>) -> Result<Response, Problem> {
    let turn: TurnId = id.parse().map_err(|error: InvalidId| Problem::invalid(error.to_string()))?;
    let media = crate::media::look_up(&app.host, turn).await?;
    let media = media.ok_or_else(|| Problem::not_found("this turn has no file, or it is not kept any more"))?;
    // What customers send is never run as a page of ours.
    let headers = [
        (CONTENT_TYPE, media.mime_type),
        (CACHE_CONTROL, "private, no-store".to_owned()),
        (X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        (CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'".to_owned()),
    ];
    Ok((headers, media.bytes).into_response())
}
