//! Are the secrets there, and read by nobody else?

use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use santun_whatsapp::graph::AccessToken;
use santun_whatsapp::signature::AppSecrets;

use super::Examination;
use super::report::Report;
use crate::secrets::SecretRef;

const CHECK: &str = "secrets";

/// The secrets that could be had.
pub(super) struct Secrets {
    pub(super) app: Option<AppSecrets>,
    pub(super) verify_token: Option<String>,
    pub(super) access_token: Option<AccessToken>,
}

pub(super) fn check(examination: &Examination<'_>, report: &mut Report) -> Secrets {
    let settings = &examination.settings.whatsapp;
    let before = report.findings.len();
    let app: Vec<String> = settings
        .app_secret
        .all()
        .iter()
        .filter_map(|reference| read(examination, "whatsapp.app_secret", reference, report))
        .collect();
    let whole = app.len() == settings.app_secret.all().len();
    let verify_token = read(examination, "whatsapp.verify_token", &settings.verify_token, report);
    let access_token = read(examination, "whatsapp.access_token", &settings.access_token, report);
    let access_token = access_token.and_then(|token| match AccessToken::new(&token) {
        Ok(token) => Some(token),
        Err(error) => {
            let fix = format!("write the token alone into {}", settings.access_token);
            report.fault(CHECK, format!("whatsapp.access_token: {error}"), fix);
            None
        }
    });
    if report.findings.len() == before {
        report.ok(CHECK, "all that santun.toml names can be read");
    }
    Secrets { app: if whole { AppSecrets::new(app).ok() } else { None }, verify_token, access_token }
}

fn read(examination: &Examination<'_>, setting: &str, reference: &SecretRef, report: &mut Report) -> Option<String> {
    let folder = &examination.settings.folder;
    if let SecretRef::File(path) = reference {
        private(CHECK, &folder.join(path), report);
    }
    match reference.read(folder) {
        Ok(secret) => Some(secret),
        Err(why) => {
            let fix = match reference {
                SecretRef::Env(name) => format!(
                    "set {name} where the host and this command are started (under systemd, in its EnvironmentFile), \
                     or name a file: {setting} = \"file:…\""
                ),
                SecretRef::Credential(name) => format!(
                    "let the service manager load it (under systemd, `LoadCredential={name}:FILE` in the unit), or name \
                     a file: {setting} = \"file:…\""
                ),
                SecretRef::File(path) => {
                    format!("write the secret into {}, readable by the host's user alone", folder.join(path).display())
                }
            };
            report.fault(CHECK, format!("{setting}: {why}"), fix);
            None
        }
    }
}

/// Warns if others than its owner may read a file. One that is not there is somebody else's fault.
pub(super) fn private(check: &'static str, path: &Path, report: &mut Report) {
    let Ok(found) = std::fs::metadata(path) else { return };
    let mode = found.mode() & 0o777;
    if mode & 0o077 != 0 {
        let says = format!("{} can be read by others (mode {mode:o})", path.display());
        report.warn(check, says, format!("chmod 600 {}", path.display()));
    }
}
