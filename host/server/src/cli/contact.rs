//! `santun contact`

use reqwest::Method;
use serde_json::Value;

use super::door::Body;
use super::{CliError, Context, output};

/// Contacts: what is kept of one person; forget them.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Contact {
    /// Print what is kept of one person, as JSON.
    Show {
        /// The contact's id (`santun conversation show` names it).
        id: String,
    },
    /// Forget one person: their key is destroyed, and with it every text, name and number, in backups
    /// too. There is no way back.
    Forget {
        /// The contact's id.
        id: String,
        /// Yes, there is no way back.
        #[arg(long)]
        yes: bool,
    },
}

impl Contact {
    pub(super) async fn run(self, context: &Context) -> Result<(), CliError> {
        match self {
            Self::Show { id } => {
                let contact: Value = context.api(None).await?.get(&format!("/contacts/{id}")).await?;
                output::json(&contact)
            }
            Self::Forget { yes: false, .. } => {
                Err(CliError::Failed("there is no way back from this: say --yes if you mean it".to_owned()))
            }
            Self::Forget { id, yes: true } => {
                let api = context.api(None).await?;
                let _: Value = api.send(Method::DELETE, &format!("/contacts/{id}"), None::<Body<'_, ()>>).await?;
                println!("{id} is forgotten");
                Ok(())
            }
        }
    }
}
