//! `/api/v1/contacts`: what is kept of one person, and forgetting them.

use axum::extract::State;
use axum::http::StatusCode;
use santun_core::ids::{ContactId, InvalidId};
use serde::Serialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Problem;
use super::caller::{Caller, Owner};
use super::extract::{Json, Path};
use super::views::word;
use crate::http::App;

/// What is kept of one person.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct ContactWhole {
    /// Their id.
    #[schema(value_type = String)]
    id: ContactId,
    /// The name in their profile.
    name: Option<String>,
    /// What is known of them.
    attributes: std::collections::BTreeMap<String, String>,
    /// What they consented to, as it stands.
    #[schema(value_type = Object)]
    consents: serde_json::Value,
    /// How that came about, line by line.
    ledger: Vec<LedgerLine>,
    /// Their conversations.
    conversations: Vec<String>,
}

/// One line of the consent ledger.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct LedgerLine {
    /// When, in milliseconds since 1970.
    at: i64,
    /// `given` or `withdrawn`.
    change: String,
    /// For which purpose; `null`: everything that the business starts.
    purpose: Option<String>,
    /// The wording that was answered.
    wording: Option<String>,
    /// How it is known.
    evidence: String,
    /// The turn that shows it.
    turn: Option<String>,
}

pub(super) fn endpoints() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(show, forget))
}

fn contact_id(text: &str) -> Result<ContactId, Problem> {
    text.parse().map_err(|error: InvalidId| Problem::invalid(error.to_string()))
}

/// Shows what is kept of one person, with the ledger of their consent.
#[utoipa::path(get, path = "/contacts/{id}", params(("id" = String, Path)), tag = "contacts",
    responses((status = 200, body = ContactWhole), (status = 404, body = Problem)))]
async fn show(State(app): State<App>, _caller: Caller, Path(id): Path<String>) -> Result<Json<ContactWhole>, Problem> {
    let id = contact_id(&id)?;
    let contact = app.host.store.contact(id).await?;
    let contact =
        contact.ok_or_else(|| Problem::not_found(format!("there is no contact {id}, or it was forgotten")))?;
    let ledger = app.host.store.consent_ledger(id).await?.into_iter().map(|line| LedgerLine {
        at: line.entry.at.as_millis(),
        change: word(&line.entry.change),
        purpose: line.entry.purpose.map(|purpose| purpose.to_string()),
        wording: line.entry.wording,
        evidence: line.entry.evidence,
        turn: line.entry.turn.map(|turn| turn.to_string()),
    });
    Ok(Json(ContactWhole {
        id,
        name: contact.name.map(|name| name.expose().to_owned()),
        attributes: contact.attributes,
        // Consents are plain data: they always have a JSON form.
        consents: serde_json::to_value(&contact.consents).unwrap_or_default(),
        ledger: ledger.collect(),
        conversations: contact.conversations.iter().map(ToString::to_string).collect(),
    }))
}

/// Forgets one person: their key is destroyed, and with it every text, name and number, in backups too.
#[utoipa::path(delete, path = "/contacts/{id}", params(("id" = String, Path)), tag = "contacts",
    responses((status = 204), (status = 404, body = Problem)))]
async fn forget(State(app): State<App>, caller: Owner, Path(id): Path<String>) -> Result<StatusCode, Problem> {
    let id = contact_id(&id)?;
    let contact = app.host.store.contact(id).await?;
    contact.ok_or_else(|| Problem::not_found(format!("there is no contact {id}, or it was forgotten already")))?;
    app.host.store.forget(id).await?;
    tracing::info!(contact = %id, by = caller.label(), "a contact was forgotten");
    Ok(StatusCode::NO_CONTENT)
}
