//! Who calls, by their token, and what they may.
//!
//! What an endpoint needs is in its arguments, before the body: whoever may not call it is told so whatever they send,
//! and their body is not read. Where nothing but a token is needed, that is a [`Caller`].

use std::ops::Deref;

use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use santun_core::flow::Actor;
use santun_store::{Role, TokenOwner, User};

use super::Problem;
use crate::http::App;

/// Whoever calls.
#[derive(Clone, Debug)]
pub(super) struct Caller(TokenOwner);

/// A caller with the role `operator` or more.
pub(super) struct Operator(Caller);

/// A caller with the role `owner`.
pub(super) struct Owner(Caller);

/// A caller behind whose token there is a user.
pub(super) struct Person {
    /// The user.
    pub(super) user: User,
    oversees: bool,
}

impl Caller {
    /// Who it is, for the record.
    pub(super) fn label(&self) -> String {
        match &self.0.user {
            Some(user) => user.login.clone(),
            None => self.0.label.clone(),
        }
    }

    fn at_least(self, role: Role) -> Result<Self, Problem> {
        if self.0.role >= role {
            return Ok(self);
        }
        let message = format!("this needs the role `{}`; your token has `{}`", role.as_str(), self.0.role.as_str());
        Err(Problem::new(StatusCode::FORBIDDEN, "forbidden", message))
    }

    /// The user behind the token.
    pub(super) fn person(self) -> Result<Person, Problem> {
        let oversees = self.0.role >= Role::Operator;
        let user = self.0.user.ok_or_else(|| {
            let message = "this is done by a person: use a token of a user (`santun user add`, then `--as LOGIN`)";
            Problem::new(StatusCode::FORBIDDEN, "no_user", message)
        })?;
        Ok(Person { user, oversees })
    }
}

impl Person {
    /// The user as they act on conversations.
    pub(super) fn actor(self) -> Actor {
        let Self { user, oversees } = self;
        Actor { user: user.id, name: user.name, oversees, divisions: user.divisions }
    }
}

impl Deref for Operator {
    type Target = Caller;

    fn deref(&self) -> &Caller {
        &self.0
    }
}

impl Deref for Owner {
    type Target = Caller;

    fn deref(&self) -> &Caller {
        &self.0
    }
}

impl FromRequestParts<App> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let unknown = || {
            let message = "send a token as `Authorization: Bearer …`; `santun user token` makes one";
            Problem::new(StatusCode::UNAUTHORIZED, "unauthorized", message)
        };
        let header = parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        let token = header.and_then(|header| header.strip_prefix("Bearer ")).ok_or_else(unknown)?;
        let owner = app.host.store.token_find(token.trim(), app.host.world.now()).await?.ok_or_else(unknown)?;
        // With the token of this machine's own commands, a user may be named.
        let Some(login) = parts.headers.get("santun-as").and_then(|value| value.to_str().ok()) else {
            return Ok(Self(owner));
        };
        if owner.user.is_some() || owner.role < Role::Owner {
            return Err(Problem::new(StatusCode::FORBIDDEN, "forbidden", "this token may not act for somebody else"));
        }
        let user = app.host.store.user_by_login(login).await?;
        let user = user
            .ok_or_else(|| Problem::not_found(format!("there is no user `{login}`; `santun user list` shows them")))?;
        Ok(Self(TokenOwner { label: owner.label, role: user.role, user: Some(user) }))
    }
}

impl FromRequestParts<App> for Operator {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        Caller::from_request_parts(parts, app).await?.at_least(Role::Operator).map(Self)
    }
}

impl FromRequestParts<App> for Owner {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        Caller::from_request_parts(parts, app).await?.at_least(Role::Owner).map(Self)
    }
}

impl FromRequestParts<App> for Person {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        Caller::from_request_parts(parts, app).await?.person()
    }
}
