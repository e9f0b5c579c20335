//! Secrets by reference: `env:NAME`, `file:path` or `credential:NAME`, never in a configuration file itself.
//!
//! A credential is a file that the service manager hands to the host alone (systemd's `LoadCredential=`), in the
//! folder that `CREDENTIALS_DIRECTORY` names.

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
    /// In the file of that name in the folder of credentials.
    Credential(String),
}

/// Names the folder of credentials.
const CREDENTIALS: &str = "CREDENTIALS_DIRECTORY";

/// Why a secret cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// The text is no reference.
    #[error(
        "a secret is named by reference, `env:NAME`, `file:path` or `credential:NAME`, and never written into a \
         configuration file"
    )]
    NotAReference,
    /// The environment variable is not set.
    #[error("the environment variable {0} is not set: set it, or name the secret by `file:path`")]
    NoVariable(String),
    /// Nobody has handed out credentials.
    #[error(
        "the credential {0} is not at hand: CREDENTIALS_DIRECTORY is not set. The service manager sets it for the \
         service (`LoadCredential={0}:…` in the unit); elsewhere, set it to the folder that holds the file"
    )]
    NoCredentials(String),
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
            Some(("credential", name)) if !name.is_empty() && !name.starts_with('.') && !name.contains('/') => {
                Ok(Self::Credential(name.to_owned()))
            }
            _ => Err(SecretError::NotAReference),
        }
    }
}

impl fmt::Display for SecretRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Env(name) => write!(f, "env:{name}"),
            Self::File(path) => write!(f, "file:{}", path.display()),
            Self::Credential(name) => write!(f, "credential:{name}"),
        }
    }
}

impl SecretRef {
    /// Reads the secret. Relative files are looked up in `folder`.
    pub fn read(&self, folder: &Path) -> Result<String, SecretError> {
        let secret = match self {
            Self::Env(name) => std::env::var(name).map_err(|_| SecretError::NoVariable(name.clone()))?,
            Self::File(path) => read_file(folder.join(path))?,
            Self::Credential(name) => {
                let folder = std::env::var_os(CREDENTIALS).ok_or_else(|| SecretError::NoCredentials(name.clone()))?;
                read_file(Path::new(&folder).join(name))?
            }
        };
        let secret = secret.trim();
        if secret.is_empty() {
            return Err(SecretError::Empty(self.to_string()));
        }
        Ok(secret.to_owned())
    }
}

fn read_file(path: PathBuf) -> Result<String, SecretError> {
    std::fs::read_to_string(&path).map_err(|source| SecretError::Unreadable { path, source })
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
    fn a_credential_is_a_name_and_leads_nowhere_else() {
        for name in ["credential:", "credential:../app-secret", "credential:.."] {
            SecretRef::try_from(name.to_owned()).unwrap_err();
        }
        let credential = SecretRef::try_from("credential:app-secret".to_owned()).unwrap();
        assert_eq!(credential.to_string(), "credential:app-secret");
    }

    #[test]
    fn an_unset_variable_is_named() {
        let missing = SecretRef::Env("SANTUN_TEST_NOT_SET".to_owned()).read(Path::new(".")).unwrap_err();
        assert!(missing.to_string().contains("SANTUN_TEST_NOT_SET"));
    }
}
