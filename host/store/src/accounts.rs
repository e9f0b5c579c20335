//! The humans of the business, and the tokens that they and their programs act with.

use std::time::Duration;

use santun_core::ids::{DivisionName, UserId};
use santun_core::time::Timestamp;
use sha2::{Digest as _, Sha256};
use sqlx::Row as _;

use crate::error::StoreError;
use crate::rows::{id_at, some_id_at, uuid};
use crate::sqlite::DbRow;
use crate::store::Store;

/// What somebody may do. Each includes what comes after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Takes conversations and answers customers.
    Agent,
    /// Applies configurations, installs plugins, sees everything.
    Operator,
    /// Adds users and tokens, erases persons.
    Owner,
}

impl Role {
    /// Its name in the store and in the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Agent => "agent",
            Self::Operator => "operator",
            Self::Owner => "owner",
        }
    }

    /// The role of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Agent, Self::Operator, Self::Owner].into_iter().find(|role| role.as_str() == name)
    }
}

/// A human of the business.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Their id.
    pub id: UserId,
    /// The name they are addressed by in commands; unique.
    pub login: String,
    /// The name that customers read.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Whose requests they take; none in particular stands for all.
    pub divisions: Vec<DivisionName>,
    /// Whether they say that they are there.
    pub available: bool,
    /// When they were added.
    pub created_at: Timestamp,
    /// When they were shut out.
    pub disabled_at: Option<Timestamp>,
}

/// A human to be added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewUser {
    /// Their id.
    pub id: UserId,
    /// The name they are addressed by in commands; must not be taken.
    pub login: String,
    /// The name that customers read.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Whose requests they take; none in particular stands for all.
    pub divisions: Vec<DivisionName>,
}

/// A token to be added. Only its SHA-256 is stored: the token must be long and random.
#[derive(Clone)]
pub struct NewToken<'a> {
    /// The token.
    pub token: &'a str,
    /// What it is for, for people.
    pub label: String,
    /// Who acts by it; `None` for a program.
    pub user: Option<UserId>,
    /// What it allows, at most.
    pub role: Role,
    /// When it ends, if it does.
    pub expires_at: Option<Timestamp>,
}

/// Who acts by a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenOwner {
    /// What it is for, for people.
    pub label: String,
    /// What it allows: never more than its user may.
    pub role: Role,
    /// Who acts by it; `None` for a program.
    pub user: Option<User>,
}

/// How long somebody is there who said so.
const THERE_FOR: Duration = Duration::from_secs(12 * 3600);

const USERS: &str =
    "SELECT id, login, name, role, divisions, available, created_at, disabled_at FROM users ORDER BY login";

fn token_hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

impl Store {
    /// Adds a user.
    pub async fn user_add(&self, new: NewUser) -> Result<(), StoreError> {
        const ADD: &str = "INSERT INTO users (id, login, name, role, divisions, available, created_at)
            VALUES ($1, $2, $3, $4, $5, 0, $6) ON CONFLICT (login) DO NOTHING";
        let at = self.inner.world.now().as_millis();
        let divisions = divisions_json(&new.divisions);
        self.write(move |connection| {
            let (new, divisions) = (new.clone(), divisions.clone());
            Box::pin(async move {
                let login = new.login.clone();
                let query = sqlx::query(ADD).bind(new.id.as_uuid().as_bytes().to_vec()).bind(new.login).bind(new.name);
                let query = query.bind(new.role.as_str()).bind(divisions).bind(at);
                match query.execute(connection).await?.rows_affected() {
                    0 => Err(StoreError::Exists { what: "user", name: login }),
                    _ => Ok(()),
                }
            })
        })
        .await
    }

    /// Changes a user's name, role, divisions, availability, or shuts them out.
    pub async fn user_change(&self, user: User) -> Result<(), StoreError> {
        const CHANGE: &str = "UPDATE users SET name = $2, role = $3, divisions = $4, disabled_at = $6,
                available = CASE WHEN $5 = 0 THEN 0 WHEN available > 0 THEN available ELSE $7 END WHERE id = $1";
        let divisions = divisions_json(&user.divisions);
        let now = self.inner.world.now().as_millis();
        self.write(move |connection| {
            let (user, divisions) = (user.clone(), divisions.clone());
            Box::pin(async move {
                let query = sqlx::query(CHANGE).bind(user.id.as_uuid().as_bytes().to_vec()).bind(user.name);
                let query = query.bind(user.role.as_str()).bind(divisions).bind(i64::from(user.available));
                let query = query.bind(user.disabled_at.map(Timestamp::as_millis)).bind(now);
                found(query.execute(connection).await?.rows_affected(), user.id)
            })
        })
        .await
    }

    /// A user says that they are there. Whoever forgets to say that they have left is away after twelve hours.
    pub async fn user_available(&self, user: UserId) -> Result<(), StoreError> {
        self.set_available(user, self.inner.world.now().as_millis()).await
    }

    /// A user says that they are away.
    pub async fn user_away(&self, user: UserId) -> Result<(), StoreError> {
        self.set_available(user, 0).await
    }

    async fn set_available(&self, user: UserId, available: i64) -> Result<(), StoreError> {
        self.write(move |connection| {
            Box::pin(async move {
                let query = sqlx::query("UPDATE users SET available = $2 WHERE id = $1");
                let query = query.bind(user.as_uuid().as_bytes().to_vec()).bind(available);
                found(query.execute(connection).await?.rows_affected(), user)
            })
        })
        .await
    }

    /// All users, by login.
    pub async fn users(&self) -> Result<Vec<User>, StoreError> {
        let mut reader = self.reader().await?;
        let rows = sqlx::query(USERS).fetch_all(&mut *reader).await?;
        rows.iter().map(|row| user_of(row, self.inner.world.now())).collect()
    }

    /// One user.
    pub async fn user(&self, id: UserId) -> Result<Option<User>, StoreError> {
        Ok(self.users().await?.into_iter().find(|user| user.id == id))
    }

    /// The user of that login.
    pub async fn user_by_login(&self, login: &str) -> Result<Option<User>, StoreError> {
        Ok(self.users().await?.into_iter().find(|user| user.login == login))
    }

    /// Adds a token; one that is there already is replaced.
    pub async fn token_add(&self, new: NewToken<'_>) -> Result<(), StoreError> {
        const ADD: &str = "INSERT INTO tokens (hash, label, user, role, created_at, expires_at)
            VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (hash) DO UPDATE SET label = excluded.label,
                user = excluded.user, role = excluded.role, expires_at = excluded.expires_at";
        let (hash, at) = (token_hash(new.token), self.inner.world.now().as_millis());
        let (label, role) = (new.label, new.role);
        let user = new.user.map(|user| user.as_uuid().as_bytes().to_vec());
        let expires_at = new.expires_at.map(Timestamp::as_millis);
        self.write(move |connection| {
            let (hash, label, user) = (hash.clone(), label.clone(), user.clone());
            Box::pin(async move {
                let query =
                    sqlx::query(ADD).bind(hash).bind(label).bind(user).bind(role.as_str()).bind(at).bind(expires_at);
                query.execute(connection).await?;
                Ok(())
            })
        })
        .await
    }

    /// Who acts by a token; `None` if it is unknown, over, or its user was shut out.
    pub async fn token_find(&self, token: &str, now: Timestamp) -> Result<Option<TokenOwner>, StoreError> {
        const FIND: &str =
            "SELECT label, role, user FROM tokens WHERE hash = $1 AND (expires_at IS NULL OR expires_at > $2)";
        let row = {
            let mut reader = self.reader().await?;
            sqlx::query(FIND).bind(token_hash(token)).bind(now.as_millis()).fetch_optional(&mut *reader).await?
        };
        let Some(row) = row else { return Ok(None) };
        let role = role_named(&row.try_get::<String, _>(1)?)?;
        let label = row.try_get(0)?;
        let Some(user) = some_id_at(&row, 2)? else { return Ok(Some(TokenOwner { label, role, user: None })) };
        let user = self.user(UserId::from_uuid(uuid(user))).await?.filter(|user| user.disabled_at.is_none());
        Ok(user.map(|user| TokenOwner { label, role: role.min(user.role), user: Some(user) }))
    }

    /// Ends a token. Ending an unknown one does nothing.
    pub async fn token_remove(&self, token: &str) -> Result<(), StoreError> {
        let hash = token_hash(token);
        self.write(move |connection| {
            let hash = hash.clone();
            Box::pin(async move {
                sqlx::query("DELETE FROM tokens WHERE hash = $1").bind(hash).execute(connection).await?;
                Ok(())
            })
        })
        .await
    }

    /// Ends every token with this label, such as that of the host's earlier start; tells how many.
    pub async fn tokens_remove_labelled(&self, label: &str) -> Result<u64, StoreError> {
        let label = label.to_owned();
        self.write(move |connection| {
            let label = label.clone();
            Box::pin(async move {
                let query = sqlx::query("DELETE FROM tokens WHERE label = $1").bind(label);
                Ok(query.execute(connection).await?.rows_affected())
            })
        })
        .await
    }
}

fn found(rows: u64, user: UserId) -> Result<(), StoreError> {
    if rows == 0 { Err(StoreError::NotFound { what: "user", id: user.to_string() }) } else { Ok(()) }
}

fn divisions_json(divisions: &[DivisionName]) -> String {
    serde_json::to_string(divisions).unwrap_or_else(|_| "[]".to_owned())
}

fn role_named(name: &str) -> Result<Role, StoreError> {
    Role::from_name(name).ok_or_else(|| StoreError::Damaged {
        table: "users",
        column: "role",
        row: name.to_owned(),
        problem: "there is no such role",
    })
}

fn user_of(row: &DbRow, now: Timestamp) -> Result<User, StoreError> {
    let id = id_at(row, 0)?;
    Ok(User {
        id: UserId::from_uuid(uuid(id)),
        login: row.try_get(1)?,
        name: row.try_get(2)?,
        role: role_named(&row.try_get::<String, _>(3)?)?,
        divisions: serde_json::from_str(&row.try_get::<String, _>(4)?).map_err(|_| StoreError::Damaged {
            table: "users",
            column: "divisions",
            row: hex::encode(id),
            problem: "its content is not understood",
        })?,
        // Since when they are there; 0 for away.
        available: Timestamp::from_millis(row.try_get(5)?) > now - THERE_FOR,
        created_at: Timestamp::from_millis(row.try_get(6)?),
        disabled_at: row.try_get::<Option<i64>, _>(7)?.map(Timestamp::from_millis),
    })
}
