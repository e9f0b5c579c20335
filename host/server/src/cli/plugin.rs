//! `santun plugin`

use std::path::{Path, PathBuf};

use reqwest::Method;

use super::door::{Body, Reach};
use super::{CliError, Context, output};
use crate::apply::Applied;
use crate::http::api::PluginLine;

/// Plugins: list, install, roll back, look into.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Plugin {
    /// List the plugins that are served.
    List,
    /// Serve this file as a plugin, once it is compiled and checked.
    Install {
        /// The component.
        file: PathBuf,
        /// The plugin's name in bot.toml; the one that it calls itself unless said otherwise.
        #[arg(long)]
        name: Option<String>,
    },
    /// Serve the revision that a plugin had before; again, the one before that.
    Rollback {
        /// The plugin's name.
        name: String,
    },
    /// Print a file's manifest without running it.
    Inspect {
        /// The component.
        file: PathBuf,
    },
}

impl Plugin {
    pub(super) async fn run(self, context: &Context) -> Result<(), CliError> {
        match self {
            Self::List => list(context).await,
            Self::Install { file, name } => {
                let bytes = read(&file)?;
                let name = match name {
                    Some(name) => name,
                    None => santun_engine::Engine::inspect(&bytes).map_err(CliError::failed)?.name,
                };
                let api = context.api(None).await?;
                let applied = api.send(Method::PUT, &format!("/plugins/{name}"), Some(Body::<()>::Wasm(bytes))).await?;
                report(context, &applied, &format!("{name} is served from {}", file.display()))
            }
            Self::Rollback { name } => {
                let api = context.api(None).await?;
                let applied = api.post(&format!("/plugins/{name}/rollback"), &()).await?;
                report(context, &applied, &format!("{name} is back at its earlier revision"))
            }
            Self::Inspect { file } => {
                let manifest = santun_engine::Engine::inspect(&read(&file)?).map_err(CliError::failed)?;
                output::json(&manifest)
            }
        }
    }
}

async fn list(context: &Context) -> Result<(), CliError> {
    let plugins: Vec<PluginLine> = match context.reach().await? {
        Reach::Running(api) => api.get("/plugins").await?,
        Reach::AtRest(host) => {
            crate::apply::restore_last(&host).await.map_err(CliError::failed)?;
            crate::http::api::plugin_lines(&host)
        }
    };
    if context.json {
        return output::json(&plugins);
    }
    let rows: Vec<Vec<String>> = plugins
        .into_iter()
        .map(|plugin| {
            let revision = plugin.revision.chars().take(12).collect();
            vec![plugin.name, plugin.version, revision, plugin.breaker, plugin.channels.join(","), plugin.purpose]
        })
        .collect();
    output::table(&["plugin", "version", "revision", "breaker", "channels", "purpose"], &rows);
    Ok(())
}

fn read(file: &Path) -> Result<Vec<u8>, CliError> {
    std::fs::read(file).map_err(|error| CliError::Failed(format!("cannot read {}: {error}", file.display())))
}

fn report(context: &Context, applied: &Applied, done: &str) -> Result<(), CliError> {
    if context.json {
        return output::json(applied);
    }
    applied.changes.iter().for_each(|change| println!("{change}"));
    output::remarks(&applied.remarks);
    println!("{}", if applied.changes.is_empty() { "it is served already" } else { done });
    Ok(())
}
