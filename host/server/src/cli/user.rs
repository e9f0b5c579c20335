//! `santun user`

use reqwest::Method;
use santun_core::ids::UserId;
use serde_json::Value;

use super::door::{Body, Reach};
use super::{CliError, Context, output};
use crate::http::api::{TokenShown, UserLine, add_token, new_user, shut_out};

/// Users and their tokens.
#[derive(Debug, clap::Subcommand)]
pub(super) enum User {
    /// List users.
    List,
    /// Add a user.
    Add {
        /// The name they are addressed by in commands.
        login: String,
        /// The name that customers read.
        #[arg(long)]
        name: String,
        /// `agent`, `operator` or `owner`.
        #[arg(long, default_value = "agent")]
        role: String,
        /// Whose requests they take; may be repeated; all unless said otherwise.
        #[arg(long = "division")]
        divisions: Vec<String>,
    },
    /// Shut a user out: their tokens are good for nothing from now on.
    Remove {
        /// Whom.
        login: String,
    },
    /// Make a token for the API; it is shown this once.
    Token {
        /// Whose.
        login: String,
    },
}

impl User {
    pub(super) async fn run(self, context: &Context) -> Result<(), CliError> {
        match self {
            Self::List => list(context).await,
            Self::Add { login, name, role, divisions } => {
                let line = UserLine { login, name, role, divisions, available: false };
                match context.reach().await? {
                    Reach::Running(api) => {
                        let _: UserLine = api.post("/users", &line).await?;
                    }
                    Reach::AtRest(host) => {
                        let new = new_user(&line, UserId::new(&*host.world))
                            .map_err(|problem| CliError::Failed(problem.message))?;
                        host.store.user_add(new).await.map_err(CliError::failed)?;
                        host.store.close().await;
                    }
                }
                println!("{} is added as {}", line.login, line.role);
                Ok(())
            }
            Self::Remove { login } => {
                match context.reach().await? {
                    Reach::Running(api) => {
                        let path = format!("/users/{login}");
                        let _: Value = api.send(Method::DELETE, &path, None::<Body<'_, ()>>).await?;
                    }
                    Reach::AtRest(host) => {
                        let done = shut_out(&host.store, &*host.world, &login).await;
                        done.map_err(|problem| CliError::Failed(problem.message))?;
                        host.store.close().await;
                    }
                }
                println!("{login} is shut out");
                Ok(())
            }
            Self::Token { login } => {
                let shown = match context.reach().await? {
                    Reach::Running(api) => api.post::<TokenShown>(&format!("/users/{login}/tokens"), &()).await?,
                    Reach::AtRest(host) => {
                        let user = host.store.user_by_login(&login).await.map_err(CliError::failed)?;
                        let user = user.ok_or_else(|| CliError::Failed(format!("there is no user `{login}`")))?;
                        let token = add_token(&host.store, &*host.world, &user).await.map_err(CliError::failed)?;
                        host.store.close().await;
                        TokenShown { token }
                    }
                };
                if context.json {
                    return output::json(&shown);
                }
                println!("{}", shown.token);
                Ok(())
            }
        }
    }
}

async fn list(context: &Context) -> Result<(), CliError> {
    let users: Vec<UserLine> = match context.reach().await? {
        Reach::Running(api) => api.get("/users").await?,
        Reach::AtRest(host) => {
            let users = host.store.users().await.map_err(CliError::failed)?;
            users.into_iter().map(UserLine::from).collect()
        }
    };
    if context.json {
        return output::json(&users);
    }
    let rows: Vec<Vec<String>> = users
        .into_iter()
        .map(|user| {
            let there = if user.available { "available" } else { "away" };
            vec![user.login, user.name, user.role, user.divisions.join(","), there.to_owned()]
        })
        .collect();
    output::table(&["login", "name", "role", "divisions", "presence"], &rows);
    Ok(())
}
