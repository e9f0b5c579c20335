//! `PUT /api/v1/me/availability`

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Problem;
use super::caller::Person;
use super::extract::Json;
use crate::http::App;

/// Whether somebody says that they are there. Customers are told of waits by it.
#[derive(Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Availability {
    /// `true`: there.
    pub available: bool,
}

pub(super) fn endpoints() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(set))
}

/// Says whether the caller is there.
#[utoipa::path(put, path = "/me/availability", request_body = Availability, tag = "me",
    responses((status = 200, body = Availability), (status = 403, body = Problem)))]
async fn set(
    State(app): State<App>,
    person: Person,
    Json(wanted): Json<Availability>,
) -> Result<Json<Availability>, Problem> {
    let user = person.user.id;
    if wanted.available {
        app.host.store.user_available(user).await?;
    } else {
        app.host.store.user_away(user).await?;
    }
    app.host.refresh_presence().await?;
    Ok(Json(wanted))
}
