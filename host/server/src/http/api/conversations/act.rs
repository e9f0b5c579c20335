//! `POST /api/v1/conversations/{id}/take|reply|note|transfer|hand-back|resolve`
//!
//! All of them go through the conversation's lane: one thing after the other, with the bot and with
//! colleagues.

use axum::extract::State;
use axum::http::StatusCode;
use santun_core::flow::Action;
use santun_core::ids::{DivisionName, TurnId};
use santun_core::outgoing::Outgoing;
use serde::{Deserialize, Serialize};
use tokio::sync::oneshot;

use super::show::conversation_id;
use crate::http::App;
use crate::http::api::Problem;
use crate::http::api::caller::Caller;
use crate::http::api::extract::{Json, Path};
use crate::lanes::Work;

/// What was done.
#[derive(Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Done {
    /// The turn of the reply, if it was one.
    #[schema(value_type = Option<String>)]
    pub turn: Option<TurnId>,
}

/// Words for the customer, or for colleagues.
#[derive(Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Words {
    /// The text; not empty.
    pub text: String,
}

/// Where it goes.
#[derive(Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Transfer {
    /// The division's name.
    pub division: String,
}

/// Back to the bot.
#[derive(Debug, Default, Serialize, Deserialize, utoipa::ToSchema)]
pub struct HandBack {
    /// What the bot's plugins should know.
    pub note: Option<String>,
}

/// Takes a conversation: the bot is silent from now on, and the customer learns who is there.
#[utoipa::path(post, path = "/conversations/{id}/take", params(("id" = String, Path)), tag = "conversations",
    responses((status = 200, body = Done), (status = 409, body = Problem, description = "somebody else has it, by name")))]
pub(super) async fn take(app: State<App>, caller: Caller, id: Path<String>) -> Result<Json<Done>, Problem> {
    act(app, &caller, &id.0, Action::Take).await
}

/// Says something to the customer. The gate rules on it as on everything.
#[utoipa::path(post, path = "/conversations/{id}/reply", params(("id" = String, Path)), request_body = Words,
    tag = "conversations", responses((status = 200, body = Done), (status = 409, body = Problem),
    (status = 422, body = Problem, description = "the gate refused it, and why")))]
pub(super) async fn reply(
    app: State<App>,
    caller: Caller,
    id: Path<String>,
    Json(words): Json<Words>,
) -> Result<Json<Done>, Problem> {
    let text = not_empty(words)?;
    act(app, &caller, &id.0, Action::Reply(Outgoing::Text { text })).await
}

/// Notes something for colleagues; the customer never sees it.
#[utoipa::path(post, path = "/conversations/{id}/note", params(("id" = String, Path)), request_body = Words,
    tag = "conversations", responses((status = 200, body = Done)))]
pub(super) async fn note(
    app: State<App>,
    caller: Caller,
    id: Path<String>,
    Json(words): Json<Words>,
) -> Result<Json<Done>, Problem> {
    let text = not_empty(words)?;
    act(app, &caller, &id.0, Action::Note(text)).await
}

/// Gives a conversation to another division's queue.
#[utoipa::path(post, path = "/conversations/{id}/transfer", params(("id" = String, Path)), request_body = Transfer,
    tag = "conversations", responses((status = 200, body = Done), (status = 422, body = Problem)))]
pub(super) async fn transfer(
    app: State<App>,
    caller: Caller,
    id: Path<String>,
    Json(transfer): Json<Transfer>,
) -> Result<Json<Done>, Problem> {
    act(app, &caller, &id.0, Action::Transfer(DivisionName::from(transfer.division))).await
}

/// Gives a conversation back to the bot, which introduces itself again.
#[utoipa::path(post, path = "/conversations/{id}/hand-back", params(("id" = String, Path)), request_body = HandBack,
    tag = "conversations", responses((status = 200, body = Done), (status = 409, body = Problem)))]
pub(super) async fn hand_back(
    app: State<App>,
    caller: Caller,
    id: Path<String>,
    Json(hand_back): Json<HandBack>,
) -> Result<Json<Done>, Problem> {
    act(app, &caller, &id.0, Action::HandBack(hand_back.note)).await
}

/// Closes the request; the bot is reachable again.
#[utoipa::path(post, path = "/conversations/{id}/resolve", params(("id" = String, Path)), tag = "conversations",
    responses((status = 200, body = Done), (status = 409, body = Problem)))]
pub(super) async fn resolve(app: State<App>, caller: Caller, id: Path<String>) -> Result<Json<Done>, Problem> {
    act(app, &caller, &id.0, Action::Resolve).await
}

async fn act(State(app): State<App>, caller: &Caller, id: &str, action: Action) -> Result<Json<Done>, Problem> {
    let actor = caller.actor()?;
    let id = conversation_id(id)?;
    app.host.store.conversation(id, app.host.first_language()).await?;
    let (reply, outcome) = oneshot::channel();
    app.host.give(id, Work::Act { actor, action, reply });
    let busy = || {
        let message = "the conversation could not be reached just now: nothing was done, try again";
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, "busy", message)
    };
    let turn = outcome.await.map_err(|_| busy())??;
    Ok(Json(Done { turn }))
}

fn not_empty(words: Words) -> Result<String, Problem> {
    if words.text.trim().is_empty() {
        return Err(Problem::invalid("`text` is empty"));
    }
    Ok(words.text)
}
