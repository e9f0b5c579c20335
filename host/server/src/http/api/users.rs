//! `/api/v1/users`: the humans of the business and their tokens.

use axum::extract::State;
use axum::http::StatusCode;
use santun_core::ids::{DivisionName, UserId};
use santun_store::{NewToken, NewUser, Role, StoreError, User};
use serde::{Deserialize, Serialize};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::caller::{Caller, Owner};
use super::extract::{Json, Path};
use super::{Problem, divisions};
use crate::http::App;
use crate::local_token::new_token;

/// A human of the business.
#[derive(Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct UserLine {
    /// The name they are addressed by in commands.
    pub login: String,
    /// The name that customers read.
    pub name: String,
    /// `agent`, `operator` or `owner`.
    pub role: String,
    /// Whose requests they take; empty: all.
    #[serde(default)]
    pub divisions: Vec<String>,
    /// Whether they say that they are there.
    #[serde(default)]
    pub available: bool,
}

/// A token, shown this once.
#[derive(Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct TokenShown {
    /// The token: the host keeps only its hash.
    pub token: String,
}

pub(super) fn endpoints() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list, add)).routes(routes!(remove)).routes(routes!(token))
}

/// Lists users.
#[utoipa::path(get, path = "/users", tag = "users", responses((status = 200, body = Vec<UserLine>)))]
async fn list(State(app): State<App>, _caller: Caller) -> Result<Json<Vec<UserLine>>, Problem> {
    Ok(Json(app.host.store.users().await?.into_iter().map(UserLine::from).collect()))
}

/// Adds a user.
#[utoipa::path(post, path = "/users", request_body = UserLine, tag = "users",
    responses((status = 201, body = UserLine), (status = 409, body = Problem), (status = 422, body = Problem)))]
async fn add(
    State(app): State<App>,
    _caller: Owner,
    Json(line): Json<UserLine>,
) -> Result<(StatusCode, Json<UserLine>), Problem> {
    line.divisions.iter().try_for_each(|division| divisions::known(&app.host, division))?;
    let new = new_user(&line, UserId::new(&*app.host.world))?;
    match app.host.store.user_add(new).await {
        Ok(()) => Ok((StatusCode::CREATED, Json(line))),
        Err(error @ StoreError::Exists { .. }) => Err(Problem::new(StatusCode::CONFLICT, "exists", error.to_string())),
        Err(error) => Err(error.into()),
    }
}

/// Shuts a user out: their tokens are good for nothing from now on, and what they did stays theirs.
#[utoipa::path(delete, path = "/users/{login}", params(("login" = String, Path)), tag = "users",
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn remove(State(app): State<App>, caller: Owner, Path(login): Path<String>) -> Result<StatusCode, Problem> {
    shut_out(&app.host.store, &*app.host.world, &login).await?;
    app.host.refresh_presence().await?;
    tracing::info!(by = caller.label(), "a user was shut out");
    Ok(StatusCode::NO_CONTENT)
}

/// Shuts a user out, straight in the store.
pub async fn shut_out(
    store: &santun_store::Store,
    world: &dyn santun_core::world::World,
    login: &str,
) -> Result<(), Problem> {
    let user = store.user_by_login(login).await?;
    let mut user = user.ok_or_else(|| Problem::not_found(format!("there is no user `{login}`")))?;
    user.available = false;
    user.disabled_at = Some(world.now());
    Ok(store.user_change(user).await?)
}

/// Makes a token for a user.
#[utoipa::path(post, path = "/users/{login}/tokens", params(("login" = String, Path)), tag = "users",
    responses((status = 201, body = TokenShown), (status = 404, body = Problem)))]
async fn token(
    State(app): State<App>,
    _caller: Owner,
    Path(login): Path<String>,
) -> Result<(StatusCode, Json<TokenShown>), Problem> {
    let user = app.host.store.user_by_login(&login).await?;
    let user = user.ok_or_else(|| Problem::not_found(format!("there is no user `{login}`")))?;
    let token = add_token(&app.host.store, &*app.host.world, &user).await?;
    Ok((StatusCode::CREATED, Json(TokenShown { token })))
}

/// Makes a token for a user, straight in the store.
pub async fn add_token(
    store: &santun_store::Store,
    world: &dyn santun_core::world::World,
    user: &User,
) -> Result<String, StoreError> {
    let token = new_token(world);
    let label = format!("token of {}", user.login);
    store.token_add(NewToken { token: &token, label, user: Some(user.id), role: user.role, expires_at: None }).await?;
    Ok(token)
}

/// A user as described, or what is wrong in the description.
pub fn new_user(line: &UserLine, id: UserId) -> Result<NewUser, Problem> {
    let role = Role::from_name(&line.role).ok_or_else(|| {
        Problem::invalid(format!("`{}` is no role; there are `agent`, `operator`, `owner`", line.role))
    })?;
    if line.login.is_empty() || !line.login.chars().all(|c| c.is_ascii_alphanumeric() || "-_.@".contains(c)) {
        return Err(Problem::invalid("`login` consists of letters, digits and `-_.@`"));
    }
    if line.name.trim().is_empty() {
        return Err(Problem::invalid("`name` is what customers read: it must not be empty"));
    }
    Ok(NewUser {
        id,
        login: line.login.clone(),
        name: line.name.clone(),
        role,
        divisions: line.divisions.iter().map(|name| DivisionName::from(name.as_str())).collect(),
    })
}

impl From<User> for UserLine {
    fn from(user: User) -> Self {
        Self {
            login: user.login,
            name: user.name,
            role: user.role.as_str().to_owned(),
            divisions: user.divisions.iter().map(ToString::to_string).collect(),
            available: user.available,
        }
    }
}
