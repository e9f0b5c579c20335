//! `GET /api/v1/conversations`

use std::collections::HashMap;

use axum::extract::State;
use santun_core::ids::{ConversationId, DivisionName, UserId};
use santun_core::time::Timestamp;
use santun_core::verdict::Priority;
use santun_store::{ConversationFilter, OwnerKind, PageStart};
use serde::{Deserialize, Serialize};

use crate::clock::timezone_of;
use crate::http::App;
use crate::http::api::caller::Caller;
use crate::http::api::extract::{Json, Query};
use crate::http::api::views::{ConversationLine, word};
use crate::http::api::{Problem, divisions};

/// Rows of one page at most.
const PAGE_AT_MOST: u32 = 200;

/// Which conversations to list.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Wanted {
    /// `bot`, `queue`, `agent` or `phone`.
    owner: Option<String>,
    /// Waiting for, or called to, this division.
    division: Option<String>,
    /// With (`true`) or without (`false`) an open request.
    requested: Option<bool>,
    /// Only the caller's own.
    mine: Option<bool>,
    /// Rows of this page; 50 unless said otherwise, 200 at most.
    limit: Option<u32>,
    /// Where the page begins: `next` of the page before.
    after: Option<String>,
}

/// A page of conversations: those that wait for a human first, the most pressing and then the longest waiting before
/// the others; then the rest, the latest first.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct Page {
    /// The rows.
    conversations: Vec<ConversationLine>,
    /// Where the next page begins; `null` after the last.
    next: Option<String>,
    /// The time zone of the business, such as `Asia/Jakarta`.
    timezone: String,
}

/// Lists conversations: those that wait for a human first, the most pressing and then the longest waiting before the
/// others; then the rest, the latest first.
#[utoipa::path(get, path = "/conversations", params(Wanted), tag = "conversations",
    responses((status = 200, body = Page), (status = 401, body = Problem), (status = 422, body = Problem)))]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    Query(wanted): Query<Wanted>,
) -> Result<Json<Page>, Problem> {
    let mut filter = ConversationFilter { requested: wanted.requested, ..ConversationFilter::default() };
    if let Some(owner) = &wanted.owner {
        let known = "there are `bot`, `queue`, `agent`, `phone`";
        let kind = OwnerKind::from_name(owner)
            .ok_or_else(|| Problem::invalid(format!("`{owner}` is no kind of owner; {known}")))?;
        filter.owner = Some(kind);
    }
    if let Some(division) = &wanted.division {
        divisions::known(&app.host, division)?;
    }
    filter.division = wanted.division.map(DivisionName::from);
    if wanted.mine == Some(true) {
        filter.user = Some(caller.person()?.user.id);
    }
    let start = wanted.after.as_deref().map(parse_start).transpose()?;
    let limit = wanted.limit.unwrap_or(50).clamp(1, PAGE_AT_MOST);
    let rows = app.host.store.conversations(&filter, start, limit).await?;
    let users: HashMap<UserId, String> =
        app.host.store.users().await?.into_iter().map(|user| (user.id, user.login)).collect();
    let next = rows.last().filter(|_| rows.len() == limit as usize).map(|row| page_name(row.next()));
    let conversations = rows
        .iter()
        .map(|row| ConversationLine::of(row, row.owner_user.and_then(|user| users.get(&user).cloned())))
        .collect();
    let timezone = timezone_of(app.host.live().as_deref().map(|live| &live.bot));
    Ok(Json(Page { conversations, next, timezone }))
}

/// How a caller names the page that begins after a row.
fn page_name(start: PageStart) -> String {
    match start {
        PageStart::Waiting { priority, since, conversation } => {
            format!("{}-{}-{conversation}", word(&priority), since.as_millis())
        }
        PageStart::Latest { last_turn_at, conversation } => {
            format!("latest-{}-{conversation}", last_turn_at.as_millis())
        }
    }
}

fn parse_start(text: &str) -> Result<PageStart, Problem> {
    let invalid = || Problem::invalid("`after` is not what a page gave as `next`");
    let mut parts = text.splitn(3, '-');
    let (Some(kind), Some(at), Some(id)) = (parts.next(), parts.next(), parts.next()) else { return Err(invalid()) };
    let at = Timestamp::from_millis(at.parse().map_err(|_| invalid())?);
    let conversation: ConversationId = id.parse().map_err(|_| invalid())?;
    if kind == "latest" {
        return Ok(PageStart::Latest { last_turn_at: at, conversation });
    }
    let known = [Priority::Low, Priority::Normal, Priority::High, Priority::Urgent];
    let priority = known.into_iter().find(|priority| word(priority) == kind).ok_or_else(invalid)?;
    Ok(PageStart::Waiting { priority, since: at, conversation })
}
