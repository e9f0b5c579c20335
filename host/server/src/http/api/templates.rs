//! `/api/v1/channels/{channel}/templates`: which message templates there are, and which are not sent any more.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use santun_core::bot::{Channel, did_you_mean};
use santun_core::templates::{Stopped, TemplateName};
use santun_whatsapp::graph::CallError;
use santun_whatsapp::templates::MessageTemplate;
use serde::{Deserialize, Serialize};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Problem;
use super::caller::{Caller, Operator};
use super::extract::{Json, Path};
use crate::host::Host;
use crate::http::App;
use crate::lane::ActError;
use crate::live::Live;

/// A message template in one language.
#[derive(Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct TemplateLine {
    /// Its name at Meta.
    pub name: String,
    /// Its language at Meta, such as `id` or `en_US`.
    pub language: String,
    /// `UTILITY`, `AUTHENTICATION` or `MARKETING`; the last needs the customer's consent.
    pub category: String,
    /// Where it stands with Meta: `APPROVED`, `PENDING`, `REJECTED`, `PAUSED`, `DISABLED` and others.
    pub status: String,
    /// Why Meta has rejected it, if it has.
    pub reason: Option<String>,
    /// Its body, with placeholders such as `{{1}}`; `null` where Meta words it itself.
    pub text: Option<String>,
    /// Why this host does not send it any more, and what to do; `null` if it does.
    pub stopped: Option<String>,
}

impl TemplateLine {
    fn of(template: &MessageTemplate, account: &str, stopped: &Stopped) -> Self {
        let (name, language) = (template.name.clone(), template.language.clone());
        let key = TemplateName { account: account.to_owned(), name: name.clone(), language: language.clone() };
        Self {
            name,
            language,
            category: template.category.clone(),
            status: template.status.clone(),
            reason: reason(template).map(str::to_owned),
            text: template.body().map(str::to_owned),
            stopped: stopped.why(&key).map(ToString::to_string),
        }
    }
}

pub(super) fn endpoints() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(release))
}

/// Lists the message templates of a channel's account, as Meta tells now.
#[utoipa::path(get, path = "/channels/{channel}/templates", tag = "templates",
    params(("channel" = String, Path, description = "its name in bot.toml, or Meta's id of the number")),
    responses((status = 200, body = Vec<TemplateLine>), (status = 404, body = Problem),
    (status = 422, body = Problem, description = "bot.toml does not say which account is the channel's"),
    (status = 502, body = Problem, description = "Meta did not tell, and why")))]
async fn list(
    State(app): State<App>,
    _caller: Caller,
    Path(channel): Path<String>,
) -> Result<Json<Vec<TemplateLine>>, Problem> {
    let live = served(&app.host)?;
    let channel = named(&live, &channel)?;
    has_account(channel)?;
    let templates = app.host.templates_now(&live, channel).await.map_err(not_told)?;
    let stopped = app.host.templates.stopped();
    let mut lines: Vec<_> =
        templates.iter().map(|template| TemplateLine::of(template, channel.account(), &stopped)).collect();
    lines.sort_by(|one, other| (&one.name, &one.language).cmp(&(&other.name, &other.language)));
    Ok(Json(lines))
}

/// Sends a template again that was stopped, since what was wrong with it is mended.
#[utoipa::path(delete, path = "/channels/{channel}/templates/{name}/{language}/stop", tag = "templates",
    params(("channel" = String, Path, description = "its name in bot.toml, or Meta's id of the number"),
    ("name" = String, Path), ("language" = String, Path)),
    responses((status = 204), (status = 403, body = Problem),
    (status = 404, body = Problem, description = "there is no such channel, or the template is not stopped")))]
async fn release(
    State(app): State<App>,
    caller: Operator,
    Path((channel, name, language)): Path<(String, String, String)>,
) -> Result<StatusCode, Problem> {
    let live = served(&app.host)?;
    let account = named(&live, &channel)?.account().to_owned();
    let template = TemplateName { account, name, language };
    app.host.release_template(template.clone()).await?;
    tracing::info!(by = caller.label(), "the template {template} is sent again");
    Ok(StatusCode::NO_CONTENT)
}

/// What is served now.
pub(super) fn served(host: &Host) -> Result<Arc<Live>, Problem> {
    host.live().ok_or_else(|| ActError::NothingApplied.into())
}

fn named<'a>(live: &'a Live, wanted: &str) -> Result<&'a Channel, Problem> {
    let channels = &live.bot.channels;
    channels.iter().find(|channel| channel.name == wanted || channel.id.as_str() == wanted).ok_or_else(|| {
        let known: Vec<&str> = channels.iter().map(|channel| channel.name.as_str()).collect();
        Problem::not_found(format!("there is no channel `{wanted}`; {}", did_you_mean(wanted, &known)))
    })
}

/// Templates belong to a business account: without its id they cannot be looked up.
pub(super) fn has_account(channel: &Channel) -> Result<(), Problem> {
    if channel.waba_id.is_some() {
        return Ok(());
    }
    Err(Problem::invalid(format!(
        "nobody knows the templates of channel `{}`: write the WhatsApp Business Account ID (WhatsApp → API Setup) as its \
         waba_id into bot.toml, and apply it",
        channel.name
    )))
}

/// Meta did not say which templates there are.
pub(super) fn not_told(error: CallError) -> Problem {
    Problem::new(StatusCode::BAD_GATEWAY, "graph", format!("Meta did not tell which templates there are: {error}"))
}

/// Why Meta has rejected it, if it has.
pub(super) fn reason(template: &MessageTemplate) -> Option<&str> {
    template.rejected_reason.as_deref().filter(|reason| !reason.is_empty() && *reason != "NONE")
}
