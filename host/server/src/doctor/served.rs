//! What is served, or would be: the applied document, and the people behind it.

use std::path::PathBuf;

use santun_core::bot::Bot;
use santun_store::{Applied, Staff};

use super::Examination;
use super::database::Data;
use super::report::Report;

const CHECK: &str = "bot";
const STAFF: &str = "staff";

/// The document that counts.
pub(super) struct Served {
    pub(super) bot: Bot,
    /// The applied version; `None` if nothing is applied, and the document is only the `bot.toml` that lies there.
    pub(super) applied: Option<Applied>,
}

pub(super) async fn check(examination: &Examination<'_>, data: &mut Data, report: &mut Report) -> Option<Served> {
    let data = match data {
        Data::Open(data) => data,
        Data::NotYet => return lying_there(examination, report),
        // The line about the database has said so. The document that lies there still tells what to ask the Graph.
        Data::Unusable => {
            let bot = Bot::parse(&std::fs::read_to_string(document(examination)).ok()?).ok()?;
            return Some(Served { bot, applied: None });
        }
    };
    let applied = match data.applied().await {
        Ok(Some(applied)) => applied,
        Ok(None) => return lying_there(examination, report),
        Err(error) => {
            report.fault(CHECK, format!("what is applied cannot be read: {error}"), "see the line about the database");
            return None;
        }
    };
    let bot = match Bot::parse(&applied.document) {
        Ok(bot) => bot,
        Err(error) => {
            let first = error.to_string().lines().next().unwrap_or_default().to_owned();
            let fix = "mend it (`santun export > bot.toml`), and `santun apply bot.toml`";
            report.fault(CHECK, format!("version {} does not fit this program: {first}", applied.version), fix);
            return None;
        }
    };
    let (channels, plugins) = (bot.channels.len(), bot.plugins.len());
    report.ok(CHECK, format!("version {} is applied: {channels} channels, {plugins} plugins", applied.version));
    match data.staff().await {
        Ok(staff) => judge(examination, &bot, staff, report),
        Err(error) => report.fault(STAFF, format!("users cannot be read: {error}"), "see the line about the database"),
    }
    Some(Served { bot, applied: Some(applied) })
}

/// Where a document is looked for while none is applied.
fn document(examination: &Examination<'_>) -> PathBuf {
    examination.settings.folder.join("bot.toml")
}

fn lying_there(examination: &Examination<'_>, report: &mut Report) -> Option<Served> {
    let path = document(examination);
    let found = std::fs::read_to_string(&path).ok().map(|text| Bot::parse(&text));
    match found {
        Some(Ok(bot)) => {
            let says = format!("nothing is applied yet; {} is checked instead", path.display());
            report.fault(CHECK, says, format!("santun apply {}", path.display()));
            Some(Served { bot, applied: None })
        }
        Some(Err(error)) => {
            let first = error.to_string().lines().next().unwrap_or_default().to_owned();
            let says = format!("nothing is applied yet, and {} is wrong: {first}", path.display());
            report.fault(CHECK, says, "mend it, and `santun apply bot.toml`");
            None
        }
        None => {
            let fix = "write a bot.toml (README.md shows how), and `santun apply bot.toml`";
            report.fault(CHECK, "nothing is applied yet", fix);
            None
        }
    }
}

fn judge(examination: &Examination<'_>, bot: &Bot, staff: Staff, report: &mut Report) {
    let open = bot.office.is_open(examination.world.now());
    match staff {
        Staff { users: 0, .. } => {
            let says = "there are no users: nobody can take a conversation that is handed over";
            report.warn(STAFF, says, "santun user add LOGIN --name NAME");
        }
        Staff { users, available: 0 } if open => {
            let says = format!("the office is open, and none of {users} users is there");
            report.warn(STAFF, says, "santun agent available --as LOGIN");
        }
        Staff { users, available } => report.ok(STAFF, format!("{available} of {users} users are there")),
    }
}
