//! Secrets by reference: `env:NAME` or `file:path`, never in a configuration file itself.

use std::fmt;
use std::path::{Path, PathBuf};

use serde::Deserialize;

/// Where a secret is.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum SecretRef {
    /// In that environment variable.
    Env(String),
    /// In that file; white space around it is dropped.
    File(PathBuf),
}

/// Why a secret cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// The text is no reference.
    #[error("a secret is named by reference, `env:NAME` or `file:path`, and never written into a configuration file")]
    NotAReference,
    /// The environment variable is not set.
    #[error("the environment variable {0} is not set: set it, or name the secret by `file:path`")]
    NoVariable(String),
    /// The file cannot be read.
    #[error("cannot read the secret in {path}: {source}")]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// There is nothing in it.
    #[error("the secret {0} is empty")]
    Empty(String),
}

impl TryFrom<String> for SecretRef {
    type Error = SecretError;

    fn try_from(text: String) -> Result<Self, SecretError> {
        match text.split_once(':') {
            Some(("env", name)) if !name.is_empty() => Ok(Self::Env(name.to_owned())),
            Some(("file", path)) if !path.is_empty() => Ok(Self::File(path.into())),
            _ => Err(SecretError::NotAReference),
        }
    }
}

impl fmt::Display for SecretRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Env(name) => write!(f, "env:{name}"),
            Self::File(path) => write!(f, "file:{}", path.display()),
        }
    }
}

impl SecretRef {
    /// Reads the secret. Relative files are looked up in `folder`.
    pub fn read(&self, folder: &Path) -> Result<String, SecretError> {
        let secret = match self {
            Self::Env(name) => std::env::var(name).map_err(|_| SecretError::NoVariable(name.clone()))?,
            Self::File(path) => {
                let path = folder.join(path);
                std::fs::read_to_string(&path).map_err(|source| SecretError::Unreadable { path, source })?
            }
        };
        let secret = secret.trim();
        if secret.is_empty() {
            return Err(SecretError::Empty(self.to_string()));
        }
        Ok(secret.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_written_out_is_refused() {
        let refused = SecretRef::try_from("EAAG-token".to_owned()).unwrap_err();
        assert!(refused.to_string().contains("env:NAME"), "{refused}");
    }

    #[test]
    fn a_file_is_read_without_its_last_newline() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("token"), "abc\n").unwrap();
        let secret = SecretRef::try_from("file:token".to_owned()).unwrap().read(folder.path()).unwrap();
        assert_eq!(secret, "abc");
    }

    #[test]
    fn an_unset_variable_is_named() {
        let missing = SecretRef::Env("SANTUN_TEST_NOT_SET".to_owned()).read(Path::new(".")).unwrap_err();
        assert!(missing.to_string().contains("SANTUN_TEST_NOT_SET"));
    }
}
