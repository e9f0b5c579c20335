//! `santun backup` and `santun restore`

use std::path::PathBuf;
use std::sync::Arc;

use super::{CliError, Context, output};
use crate::backup::{self, Manifest};
use crate::world::SystemWorld;

/// Copy the data, and apart from it the keys, while a host serves or not.
#[derive(Debug, clap::Args)]
pub(super) struct Backup {
    /// A new folder for the data.
    folder: PathBuf,
    /// A folder for the contacts' keys, away from the data. It keeps the latest copy alone.
    #[arg(long, value_name = "FOLDER")]
    keys: Option<PathBuf>,
}

/// Bring a host back from a backup.
#[derive(Debug, clap::Args)]
pub(super) struct Restore {
    /// The folder with the data.
    folder: PathBuf,
    /// The folder with the contacts' keys, if those of this machine are lost.
    #[arg(long, value_name = "FOLDER")]
    keys: Option<PathBuf>,
    /// Put the data aside that is in place.
    #[arg(long)]
    replace: bool,
}

impl Backup {
    pub(super) async fn run(self, context: &Context) -> Result<(), CliError> {
        let settings = context.settings()?;
        let taken = backup::backup(&settings, &self.folder, self.keys.as_deref(), &SystemWorld).await;
        let taken = taken.map_err(CliError::failed)?;
        if context.json {
            return output::json(&taken);
        }
        output::line(&format!("the data is in {} ({})", self.folder.display(), size(&taken.data)));
        match (&self.keys, &taken.keys) {
            (Some(folder), Some(keys)) => {
                output::line(&format!("the keys are in {} ({})", folder.display(), size(keys)));
                output::line("keep them away from the data, and no older copy: it would bring back whom you forgot");
            }
            _ => output::line("not copied: the keys (say `--keys FOLDER`); without them nothing personal can be read"),
        }
        output::line(&format!(
            "never copied: the master key ({}), and the other secrets that santun.toml names",
            settings.database.master_key
        ));
        Ok(())
    }
}

fn size(manifest: &Manifest) -> String {
    let bytes: u64 = manifest.files.iter().map(|file| file.bytes).sum();
    format!("{}.{} MB, as of {}", bytes / 1_000_000, bytes / 100_000 % 10, manifest.taken_at)
}

impl Restore {
    pub(super) async fn run(self, context: &Context) -> Result<(), CliError> {
        let settings = context.settings()?;
        let wanted = backup::Wanted { data: &self.folder, keys: self.keys.as_deref(), replace: self.replace };
        let restored = backup::restore(&settings, &wanted, Arc::new(SystemWorld)).await;
        let restored = restored.map_err(|error| CliError::Failed(format!("nothing was restored: {error}")))?;
        if context.json {
            return output::json(&restored);
        }
        let lines = [
            (restored.contacts, "persons are back"),
            (
                restored.without_key,
                "persons in the data have no key (forgotten since, or newer than the keys): removed",
            ),
            (
                restored.forgotten_again,
                "persons whom somebody had forgotten since the keys were copied: forgotten again",
            ),
            (restored.perhaps_sent, "messages waited to be sent and perhaps were: not sent again, a human is told"),
        ];
        output::line(&format!("{} is what it was at {}", restored.database.display(), restored.taken_at));
        for (count, what) in lines.into_iter().filter(|(count, _)| *count > 0) {
            output::line(&format!("{count} {what}"));
        }
        if let Some(aside) = &restored.put_aside {
            output::line(&format!("what was there before is {}", aside.display()));
        }
        for missing in &restored.missing {
            output::line(&format!("missing before a host can serve it: {missing}"));
        }
        output::line("opt-outs, users and tokens are as they were then, too: look through them before you serve it");
        Ok(())
    }
}
