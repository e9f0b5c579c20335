//! `santun export`

use std::collections::BTreeMap;

use santun_core::bot::{Bot, Source, pinned};

use super::door::Reach;
use super::{CliError, Context, output};
use crate::clock::{Clock, timezone_of};
use crate::http::api::Version;

/// Print what is served, as a bot.toml: plugins by their SHA-256, so that applying it changes nothing.
#[derive(Debug, clap::Args)]
pub(super) struct Export {
    /// Print the document as it was written instead, with its `file:` sources.
    #[arg(long, conflicts_with = "versions")]
    as_written: bool,
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
            let served = versions.first().and_then(|version| Bot::parse(&version.document).ok());
            let timezone = timezone_of(served.as_ref());
            let clock = Clock::of(&timezone);
            let rows: Vec<Vec<String>> = versions
                .iter()
                .map(|version| {
                    vec![
                        version.id.to_string(),
                        clock.day_and_time(version.at),
                        version.by.clone(),
                        version.note.clone(),
                    ]
                })
                .collect();
            output::table(&["version", &format!("applied ({timezone})"), "by", "note"], &rows);
            return Ok(());
        }
        let served = versions.first();
        let served =
            served.ok_or_else(|| CliError::Failed("nothing is applied yet: run `santun apply bot.toml`".to_owned()))?;
        if context.json {
            return output::json(served);
        }
        if self.as_written {
            print!("{}", served.document);
        } else {
            print!("{}", as_served(served));
        }
        Ok(())
    }
}

/// The document with every plugin named by the revision that is served: what lies in the plugins' folder by now may be
/// another.
fn as_served(served: &Version) -> String {
    let Ok(bot) = Bot::parse(&served.document) else { return served.document.clone() };
    let mut revisions = BTreeMap::new();
    for plugin in &bot.plugins {
        if let Source::File(path) = &plugin.source
            && let Some(Ok(revision)) = served.files.get(path).map(|revision| revision.parse())
        {
            revisions.insert(plugin.name.clone(), revision);
        }
    }
    pinned(&served.document, &revisions)
}
