//! Do the databases open, are they whole, and does the master key fit?

use santun_store::{DatabaseState, Inspected, KeyFit, MasterKey, OpenError, Schema};

use super::Examination;
use super::disk::size;
use super::report::{Report, State};
use super::secrets::private;
use crate::secrets::SecretRef;

const DATA: &str = "database";
const KEYS: &str = "keys";

/// Free pages are worth a word from here on, if they are also half of the file.
const MUCH_FREE: u64 = 512 * 1024 * 1024;

const RESTORE: &str = "stop the host, keep the file for study, and restore the last backup";

/// The data, for others to look at.
pub(super) enum Data {
    /// It can be read.
    Open(Box<Inspected>),
    /// There is none yet.
    NotYet,
    /// It is there, and what is in it cannot be known.
    Unusable,
}

impl Data {
    /// The data, if it can be read.
    pub(super) fn open(&mut self) -> Option<&mut Inspected> {
        match self {
            Self::Open(inspected) => Some(inspected),
            Self::NotYet | Self::Unusable => None,
        }
    }
}

/// Looks at both databases.
pub(super) async fn check(examination: &Examination<'_>, report: &mut Report) -> Data {
    let settings = examination.settings;
    let before = report.count(State::Fault);
    let data = look(DATA, &settings.database.url, examination, report).await;
    let faulty = report.count(State::Fault) > before;
    let mut keys = look(KEYS, &settings.database.keys, examination, report).await;
    master_key(examination, keys.as_mut(), report).await;
    match data {
        // Tables of a newer program may be others, whatever they are called.
        Some((data, state)) if !matches!(state.schema, Schema::Newer(_)) => Data::Open(Box::new(data)),
        None if !faulty => Data::NotYet,
        _ => Data::Unusable,
    }
}

async fn look(
    check: &'static str,
    url: &str,
    examination: &Examination<'_>,
    report: &mut Report,
) -> Option<(Inspected, DatabaseState)> {
    let url = examination.settings.database_url(url);
    let path = url.strip_prefix("sqlite:").unwrap_or(&url).to_owned();
    private(check, path.as_ref(), report);
    let opened = match check {
        DATA => Inspected::data(&url).await,
        _ => Inspected::keys(&url).await,
    };
    let mut inspected = match opened {
        Ok(Some(inspected)) => inspected,
        Ok(None) => {
            report.warn(check, format!("there is no {path} yet"), "santun serve makes it at its first start");
            return None;
        }
        Err(error) => {
            let fix = match &error {
                OpenError::UnknownDatabase { .. } => "write `sqlite:` and a path".to_owned(),
                _ => format!("let the host's user read {path}; run this as that user"),
            };
            report.fault(check, error.to_string(), fix);
            return None;
        }
    };
    match inspected.state(examination.depth).await {
        Ok(state) => {
            judge(check, &path, &state, report);
            Some((inspected, state))
        }
        Err(error) => {
            report.fault(check, format!("{path} cannot be read: {error}"), RESTORE);
            None
        }
    }
}

fn judge(check: &'static str, path: &str, state: &DatabaseState, report: &mut Report) {
    let before = report.findings.len();
    match state.schema {
        Schema::Current => {}
        Schema::Behind(changes) => {
            let says = format!("{path} is of an older version: {changes} migrations are missing");
            report.warn(check, says, "back it up; santun serve migrates it at its next start");
        }
        Schema::Newer(version) => {
            let says = format!("{path} was written by a newer santun (migration {version})");
            report.fault(check, says, "use that version again, or restore the backup from before it");
        }
    }
    if state.journal_mode != "wal" {
        let says = format!("{path} has the journal mode `{}`, not `wal`", state.journal_mode);
        report.warn(check, says, "restart the host: it sets the mode when it opens the database");
    }
    if let Some(Err(damage)) = &state.damage {
        report.fault(check, format!("{path} is damaged: {damage}"), RESTORE);
    }
    if state.free_bytes > MUCH_FREE && state.free_bytes > state.bytes / 2 {
        let says = format!("{} of the {} of {path} are empty", size(state.free_bytes), size(state.bytes));
        let fix = format!("nothing need be done; to give the room back, stop the host and run `sqlite3 {path} VACUUM`");
        report.warn(check, says, fix);
    }
    if report.findings.len() == before {
        let depth = match state.damage {
            Some(_) => "whole",
            None => "large, and its pages were not read: `santun doctor --deep` does",
        };
        report.ok(check, format!("{path} opens, is current and {depth} ({})", size(state.bytes)));
    }
}

async fn master_key(examination: &Examination<'_>, keys: Option<&mut (Inspected, DatabaseState)>, report: &mut Report) {
    const CHECK: &str = "master key";
    let settings = examination.settings;
    let reference = &settings.database.master_key;
    let lost = "restore it from where you keep it apart from the backups: without it nobody can read names, numbers \
                and messages again";
    let key = match reference {
        SecretRef::File(path) => {
            let path = settings.path(path);
            if !path.exists() && keys.is_none() {
                let says = format!("there is no {} yet", path.display());
                return report.warn(CHECK, says, "santun serve makes it at its first start; keep a copy elsewhere");
            }
            if !path.exists() {
                return report.fault(CHECK, format!("{} is gone", path.display()), lost);
            }
            MasterKey::load(&path).map_err(|error| {
                let fix = match error {
                    santun_store::MasterKeyError::Exposed { .. } => format!("chmod 600 {}", path.display()),
                    _ => lost.to_owned(),
                };
                (error.to_string(), fix)
            })
        }
        SecretRef::Env(_) | SecretRef::Credential(_) => {
            crate::serve::existing_master_key(settings).map_err(|error| (error.to_string(), lost.to_owned()))
        }
    };
    let key = match key {
        Ok(key) => key,
        Err((says, fix)) => return report.fault(CHECK, says, fix),
    };
    let Some((keys, _)) = keys else { return };
    match keys.fits(&key).await {
        Ok(KeyFit::Fits { contacts: 0 }) => report.ok(CHECK, "it is the one that the databases were made with"),
        Ok(KeyFit::Fits { contacts }) => report.ok(CHECK, format!("it opens the keys of {contacts} contacts")),
        Ok(KeyFit::Unused) => report.ok(CHECK, "it is there, and no key was ever made with it"),
        Ok(KeyFit::Other) => {
            let says = format!("{reference} is not the key that the databases were made with");
            report.fault(CHECK, says, format!("put the right one back: {lost}"));
        }
        Err(error) => report.fault(CHECK, format!("a contact's key does not open: {error}"), RESTORE),
    }
}
