//! `santun template`

use reqwest::Method;

use super::door::Body;
use super::{CliError, Context, output};
use crate::http::api::TemplateLine;

/// Message templates: list, send again what was stopped.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Template {
    /// List the templates of a channel's account, as Meta tells now.
    List {
        /// The channel's name in bot.toml.
        channel: String,
    },
    /// Send a template again that was stopped, since what was wrong with it is mended.
    Release {
        /// The channel's name in bot.toml.
        channel: String,
        /// The template's name.
        name: String,
        /// Its language, such as `id`.
        language: String,
    },
}

impl Template {
    pub(super) async fn run(self, context: &Context) -> Result<(), CliError> {
        let api = context.api(None).await?;
        match self {
            Self::List { channel } => {
                let lines: Vec<TemplateLine> = api.get(&path(&["channels", &channel, "templates"])?).await?;
                print(context, lines)
            }
            Self::Release { channel, name, language } => {
                let path = path(&["channels", &channel, "templates", &name, &language, "stop"])?;
                let () = api.send(Method::DELETE, &path, None::<Body<'_, ()>>).await?;
                println!("{name} in {language} is sent again");
                Ok(())
            }
        }
    }
}

/// A path in which each part may be anything that somebody types.
fn path(parts: &[&str]) -> Result<String, CliError> {
    let mut url = reqwest::Url::parse("http://host").map_err(CliError::failed)?;
    if let Ok(mut segments) = url.path_segments_mut() {
        segments.extend(parts);
    }
    Ok(url.path().to_owned())
}

fn print(context: &Context, lines: Vec<TemplateLine>) -> Result<(), CliError> {
    if context.json {
        return output::json(&lines);
    }
    let row = |line: &TemplateLine| {
        let status = match &line.reason {
            Some(reason) => format!("{} ({reason})", line.status),
            None => line.status.clone(),
        };
        let sent = if line.stopped.is_some() { "stopped" } else { "" }.to_owned();
        let text = line.text.as_deref().unwrap_or_default().replace('\n', " ");
        vec![line.name.clone(), line.language.clone(), line.category.to_lowercase(), status, sent, text]
    };
    let rows: Vec<_> = lines.iter().map(row).collect();
    output::table(&["template", "language", "category", "status", "here", "text"], &rows);
    for line in &lines {
        if let Some(stopped) = &line.stopped {
            output::line(&format!("! {} in {} is {stopped}", line.name, line.language));
        }
    }
    Ok(())
}
