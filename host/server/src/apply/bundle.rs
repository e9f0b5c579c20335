//! A document as it lies on a disk, with the files beside it that it names.

use std::path::{Path, PathBuf};

use santun_core::bot::Bot;

use super::Files;
use super::files::stays_inside;

/// A `bot.toml` with the files that it names, other than plugins.
#[derive(Clone, Debug)]
pub struct Bundle {
    /// The document.
    pub document: String,
    /// Its files.
    pub files: Files,
}

/// Why a document cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum BundleError {
    /// It, or a file beside it, cannot be read.
    #[error("cannot read {path}: {source}")]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

impl Bundle {
    /// Reads a document and what it names beside it. A file that is not there is left for applying to
    /// report: the host may have kept it.
    pub fn read(path: &Path) -> Result<Self, BundleError> {
        let unreadable = |path: &Path| {
            let path = path.to_owned();
            move |source| BundleError::Unreadable { path, source }
        };
        let document = std::fs::read_to_string(path).map_err(unreadable(path))?;
        let folder = path.parent().unwrap_or(Path::new("."));
        let mut files = Files::default();
        let Ok(bot) = Bot::parse(&document) else { return Ok(Self { document, files }) };
        let mut named: Vec<String> = bot
            .plugins
            .iter()
            .flat_map(santun_core::bot::Plugin::file_references)
            .map(|reference| reference.path)
            .collect();
        if let Some(texts) = &bot.texts {
            named.extend(["id", "en"].map(|name| format!("{}/{name}.toml", texts.trim_end_matches('/'))));
        }
        for name in named.into_iter().filter(|name| stays_inside(name)) {
            let file = folder.join(&name);
            match std::fs::read(&file) {
                Ok(bytes) => {
                    files.0.insert(name, bytes.into());
                }
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                Err(error) => return Err(unreadable(&file)(error)),
            }
        }
        Ok(Self { document, files })
    }
}
