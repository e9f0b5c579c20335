//! `santun apply`

use std::collections::BTreeMap;
use std::path::PathBuf;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use santun_core::ids::AppliedId;

use super::door::Reach;
use super::{CliError, Context, output};
use crate::apply::{Applied, Bundle, Intent, Proposal, Sources};
use crate::http::api::Wanted;

/// Check a bot.toml, say what it changes, and serve it.
#[derive(Debug, clap::Args)]
pub(super) struct Apply {
    /// The document.
    #[arg(default_value = "bot.toml")]
    document: PathBuf,
    /// Only check it and say what it would change.
    #[arg(long)]
    check: bool,
    /// Refuse if another version than this one is served by now.
    #[arg(long)]
    base: Option<AppliedId>,
    /// Why, for the record.
    #[arg(long, default_value = "")]
    note: String,
}

impl Apply {
    pub(super) async fn run(self, context: &Context) -> Result<(), CliError> {
        let bundle = Bundle::read(&self.document).map_err(CliError::failed)?;
        let path = self.document.display();
        let applied: Applied = match context.reach().await? {
            Reach::Running(api) => {
                let files: BTreeMap<String, String> =
                    bundle.files.0.iter().map(|(name, bytes)| (name.clone(), STANDARD.encode(bytes))).collect();
                let wanted =
                    Wanted { document: bundle.document, files, base: self.base, note: self.note, check: self.check };
                api.post("/applied", &wanted).await
            }
            Reach::AtRest(host) => {
                let proposal = Proposal {
                    document: bundle.document,
                    files: bundle.files,
                    sources: Sources::Folder,
                    base: self.base,
                    by: "command line".to_owned(),
                    note: self.note,
                };
                let intent = if self.check { Intent::Check } else { Intent::Serve };
                let applied = host.apply(proposal, intent).await.map_err(CliError::failed);
                host.store.close().await;
                applied
            }
        }
        .map_err(|error| {
            CliError::Failed(format!("{path} was not applied; what was served before goes on\n{error}"))
        })?;
        if context.json {
            return output::json(&applied);
        }
        applied.changes.iter().for_each(|change| println!("{change}"));
        output::remarks(&applied.remarks);
        match (applied.changes.is_empty(), applied.served) {
            (true, _) => println!("{path} changes nothing"),
            (false, true) => println!("{path} is applied"),
            (false, false) => println!("{path} is right, and was not applied (--check)"),
        }
        Ok(())
    }
}
