//! `GET /api/v1/conversations/{id}`

use axum::extract::State;
use santun_core::ids::{ConversationId, StepId, TurnId};
use serde::Deserialize;

use crate::clock::timezone_applied;
use crate::http::App;
use crate::http::api::Problem;
use crate::http::api::caller::Caller;
use crate::http::api::extract::{Json, Path, Query};
use crate::http::api::views::{ConversationWhole, TurnLine};

/// How much of it.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Wanted {
    /// The last turns; 100 unless said otherwise, 1,000 at most.
    turns: Option<u32>,
    /// Only turns before this one.
    before: Option<String>,
}

/// Shows a conversation: where it stands, what was said, and for every message who made it and why.
#[utoipa::path(get, path = "/conversations/{id}", params(("id" = String, Path), Wanted), tag = "conversations",
    responses((status = 200, body = ConversationWhole), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub(super) async fn show(
    State(app): State<App>,
    _caller: Caller,
    Path(id): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<Json<ConversationWhole>, Problem> {
    let id = conversation_id(&id)?;
    let before = wanted.before.map(|before| before.parse::<TurnId>()).transpose();
    let before = before.map_err(|error| Problem::invalid(error.to_string()))?;
    whole(&app.host.store, id, wanted.turns.unwrap_or(100).clamp(1, 1_000), before).await.map(Json)
}

/// A conversation whole, straight from the store.
pub async fn whole(
    store: &santun_store::Store,
    id: ConversationId,
    turns: u32,
    before: Option<TurnId>,
) -> Result<ConversationWhole, Problem> {
    let conversation = store.conversation(id, santun_core::language::Language::Id).await?;
    let contact = store.contact(conversation.contact).await?;
    let turns: Vec<TurnLine> = store.history(id, turns, before).await?.into_iter().map(TurnLine::from).collect();
    let mut steps: Vec<StepId> = turns.iter().filter_map(|turn| turn.step).collect();
    steps.dedup();
    let mut seen = std::collections::HashSet::new();
    steps.retain(|step| seen.insert(*step));
    let mut traces = Vec::with_capacity(steps.len());
    for step in steps {
        traces.extend(store.trace(step).await?);
    }
    let request = conversation.request.clone();
    // A conversation is plain data: it always has a JSON form.
    let conversation = serde_json::to_value(&conversation).unwrap_or_default();
    let name = contact.and_then(|contact| contact.name).map(|name| name.expose().to_owned());
    let timezone = timezone_applied(store).await?;
    Ok(ConversationWhole { conversation, name, request, timezone, turns, steps: traces })
}

/// The id in a path.
pub(super) fn conversation_id(text: &str) -> Result<ConversationId, Problem> {
    text.parse().map_err(|error: santun_core::ids::InvalidId| Problem::invalid(error.to_string()))
}
