//! `santun agent`

use reqwest::Method;

use super::door::Body;
use super::{CliError, Context};
use crate::http::api::Availability;

/// Say that you are there, or away. Customers are told of waits by it.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Agent {
    /// You are there.
    Available(Who),
    /// You are away.
    Away(Who),
}

/// Who.
#[derive(Debug, clap::Args)]
pub(super) struct Who {
    /// Your login.
    #[arg(long = "as", env = "SANTUN_AS", value_name = "LOGIN")]
    login: String,
}

impl Agent {
    pub(super) async fn run(self, context: &Context) -> Result<(), CliError> {
        let (who, available) = match self {
            Self::Available(who) => (who, true),
            Self::Away(who) => (who, false),
        };
        let api = context.api(Some(&who.login)).await?;
        let wanted = Availability { available };
        let set: Availability = api.send(Method::PUT, "/me/availability", Some(Body::Json(&wanted))).await?;
        if context.json {
            return super::output::json(&set);
        }
        println!("{} is {}", who.login, if set.available { "available" } else { "away" });
        Ok(())
    }
}
