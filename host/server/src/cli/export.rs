//! `santun export`

use super::door::Reach;
use super::{CliError, Context, output};
use crate::http::api::Version;

/// Print what is served, as a bot.toml.
#[derive(Debug, clap::Args)]
pub(super) struct Export {
    /// List the versions that were applied instead.
    #[arg(long)]
    versions: bool,
}

impl Export {
    pub(super) async fn run(self, context: &Context) -> Result<(), CliError> {
        let versions: Vec<Version> = match context.reach().await? {
            Reach::Running(api) => api.get("/applied").await?,
            Reach::AtRest(host) => {
                let versions = host.store.applied_list(50).await.map_err(CliError::failed)?;
                versions.into_iter().map(Version::from).collect()
            }
        };
        if self.versions {
            if context.json {
                return output::json(&versions);
            }
            let rows: Vec<Vec<String>> = versions
                .iter()
                .map(|version| {
                    vec![version.id.to_string(), output::at(version.at), version.by.clone(), version.note.clone()]
                })
                .collect();
            output::table(&["version", "applied", "by", "note"], &rows);
            return Ok(());
        }
        let served = versions.first();
        let served =
            served.ok_or_else(|| CliError::Failed("nothing is applied yet: run `santun apply bot.toml`".to_owned()))?;
        if context.json {
            return output::json(served);
        }
        print!("{}", served.document);
        Ok(())
    }
}
