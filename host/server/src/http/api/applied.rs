//! `/api/v1/applied`: what is served, what was served before, and what comes next.

use std::collections::BTreeMap;

use axum::extract::{DefaultBodyLimit, State};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use santun_core::ids::{AppliedId, InvalidId};
use serde::{Deserialize, Serialize};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Problem;
use super::caller::Operator;
use super::extract::{Json, Path};
use crate::apply::{Applied, Files, Intent, Proposal, Sources};
use crate::http::App;

/// Bytes of a document with its files at most: a plugin in Python has 18 MB, a third more in base64.
const AT_MOST: usize = 256 * 1024 * 1024;

/// An applied version.
#[derive(Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Version {
    /// Its id; name it as `base` when you apply the next one.
    #[schema(value_type = String)]
    pub id: AppliedId,
    /// When, in milliseconds since 1970.
    pub at: i64,
    /// By whom.
    pub by: String,
    /// Why.
    pub note: String,
    /// The document (`bot.toml`).
    pub document: String,
    /// The SHA-256 of every file that it names.
    pub files: BTreeMap<String, String>,
}

/// What somebody wants applied.
#[derive(Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Wanted {
    /// The document (`bot.toml`).
    pub document: String,
    /// Files that it names, by that name, in base64. What is not here is looked for in the plugins'
    /// folder, and in the version before.
    #[serde(default)]
    pub files: BTreeMap<String, String>,
    /// The version that it starts from: refused if another is served by now.
    #[schema(value_type = Option<String>)]
    pub base: Option<AppliedId>,
    /// Why, for the record.
    #[serde(default)]
    pub note: String,
    /// Only say what would change.
    #[serde(default)]
    pub check: bool,
}

pub(super) fn endpoints() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list, apply)).routes(routes!(restore)).layer(DefaultBodyLimit::max(AT_MOST))
}

/// Lists the last 50 applied versions, the served one first.
#[utoipa::path(get, path = "/applied", tag = "configuration", responses((status = 200, body = Vec<Version>)))]
async fn list(State(app): State<App>, _caller: Operator) -> Result<Json<Vec<Version>>, Problem> {
    let versions = app.host.store.applied_list(50).await?;
    Ok(Json(versions.into_iter().map(Version::from).collect()))
}

/// Checks a document and serves it. Whatever is wrong, what was served before goes on.
#[utoipa::path(post, path = "/applied", request_body = Wanted, tag = "configuration",
    responses((status = 200, body = Applied), (status = 409, body = Problem), (status = 422, body = Problem)))]
async fn apply(State(app): State<App>, caller: Operator, Json(wanted): Json<Wanted>) -> Result<Json<Applied>, Problem> {
    let mut files = Files::default();
    for (name, text) in wanted.files {
        let bytes = STANDARD.decode(text);
        let bytes = bytes.map_err(|error| Problem::invalid(format!("the file {name} is not base64: {error}")))?;
        files.0.insert(name, bytes.into());
    }
    let proposal = Proposal {
        document: wanted.document,
        files,
        sources: Sources::Folder,
        base: wanted.base,
        by: caller.label(),
        note: wanted.note,
    };
    let intent = if wanted.check { Intent::Check } else { Intent::Serve };
    Ok(Json(app.host.apply(proposal, intent).await?))
}

/// Serves an earlier version again, with the very files that it had.
#[utoipa::path(post, path = "/applied/{id}/restore", params(("id" = String, Path)), tag = "configuration",
    responses((status = 200, body = Applied), (status = 404, body = Problem),
    (status = 409, body = Problem, description = "another version was applied meanwhile, or its files are not kept")))]
async fn restore(State(app): State<App>, caller: Operator, Path(id): Path<String>) -> Result<Json<Applied>, Problem> {
    let id: AppliedId = id.parse().map_err(|error: InvalidId| Problem::invalid(error.to_string()))?;
    Ok(Json(app.host.restore(id, caller.label()).await?))
}

impl From<santun_store::Applied> for Version {
    fn from(version: santun_store::Applied) -> Self {
        Self {
            id: version.id,
            at: version.at.as_millis(),
            by: version.author,
            note: version.note,
            document: version.document,
            files: version.files.into_iter().map(|(name, hash)| (name, hash.to_string())).collect(),
        }
    }
}
