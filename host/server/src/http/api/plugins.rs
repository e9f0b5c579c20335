//! `/api/v1/plugins`: what runs, what may run next, and the way back.

use axum::extract::{DefaultBodyLimit, State};
use santun_core::ids::PluginName;
use santun_engine::BreakerState;
use serde::{Deserialize, Serialize};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Problem;
use super::caller::{Caller, Operator};
use super::extract::{Json, Path, Raw};
use super::views::word;
use crate::apply::{self, Applied};
use crate::http::App;

/// Bytes of one plugin at most.
const AT_MOST: usize = 128 * 1024 * 1024;

/// A plugin that is served.
#[derive(Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct PluginLine {
    /// Its name in `bot.toml`.
    pub name: String,
    /// The SHA-256 of the revision that is served.
    pub revision: String,
    /// The version that its manifest states.
    pub version: String,
    /// What it is for.
    pub purpose: String,
    /// The channels whose chains it is in.
    pub channels: Vec<String>,
    /// What happens when it fails: `skip` or `handover`.
    pub on_failure: String,
    /// `fresh` or `warm`.
    pub instance: String,
    /// `closed` (it is asked), `open` (it failed too often and rests) or `probing` (one call tries).
    pub breaker: String,
    /// Calls that run now.
    pub running: u32,
}

pub(super) fn endpoints() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(install))
        .routes(routes!(rollback))
        .layer(DefaultBodyLimit::max(AT_MOST))
}

/// Lists the plugins that are served.
#[utoipa::path(get, path = "/plugins", tag = "plugins", responses((status = 200, body = Vec<PluginLine>)))]
async fn list(State(app): State<App>, _caller: Caller) -> Result<Json<Vec<PluginLine>>, Problem> {
    Ok(Json(plugin_lines(&app.host)))
}

const fn breaker_word(state: BreakerState) -> &'static str {
    match state {
        BreakerState::Closed { .. } => "closed",
        BreakerState::Open { .. } => "open",
        BreakerState::Probing { .. } => "probing",
    }
}

/// The plugins that a host serves.
pub fn plugin_lines(host: &crate::host::Host) -> Vec<PluginLine> {
    let Some(live) = host.live() else { return Vec::new() };
    let lines = live.bot.plugins.iter().filter_map(|plugin| {
        let behaviour = live.behaviours.get(&plugin.name)?;
        let manifest = behaviour.manifest();
        let channels = live.bot.channels.iter().filter(|channel| channel.chain.contains(&plugin.name));
        let gauges = behaviour.gauges();
        Some(PluginLine {
            name: plugin.name.to_string(),
            revision: behaviour.revision().to_string(),
            version: manifest.version.clone(),
            purpose: manifest
                .purpose
                .get(&live.bot.language)
                .or(manifest.purpose.values().next())
                .cloned()
                .unwrap_or_default(),
            channels: channels.map(|channel| channel.name.clone()).collect(),
            on_failure: word(&plugin.on_failure),
            instance: word(&plugin.instance),
            breaker: breaker_word(gauges.breaker).to_owned(),
            running: gauges.running,
        })
    });
    lines.collect()
}

/// Serves these bytes as the plugin of that name, once they are compiled and checked. The one before
/// serves until then, and goes on if they are rejected.
#[utoipa::path(put, path = "/plugins/{name}", params(("name" = String, Path)), tag = "plugins",
    request_body(content_type = "application/wasm", content = Vec<u8>),
    responses((status = 200, body = Applied), (status = 409, body = Problem,
    description = "nothing is applied yet, or another version was applied meanwhile"),
    (status = 422, body = Problem, description = "rejected, and why")))]
async fn install(
    State(app): State<App>,
    caller: Operator,
    Path(name): Path<String>,
    Raw(bytes): Raw,
) -> Result<Json<Applied>, Problem> {
    Ok(Json(apply::install(&app.host, &PluginName::from(name), bytes, caller.label()).await?))
}

/// Serves the revision that the plugin had before; asked again, the one before that.
#[utoipa::path(post, path = "/plugins/{name}/rollback", params(("name" = String, Path)), tag = "plugins",
    responses((status = 200, body = Applied), (status = 409, body = Problem)))]
async fn rollback(
    State(app): State<App>,
    caller: Operator,
    Path(name): Path<String>,
) -> Result<Json<Applied>, Problem> {
    Ok(Json(apply::rollback(&app.host, &PluginName::from(name), caller.label()).await?))
}
