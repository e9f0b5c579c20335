//! `santun doctor`

use serde_json::json;

use super::{CliError, Context, output};
use crate::doctor::{self, Depth, Report, State};

/// Databases up to this size are read whole: it takes seconds.
const READ_WHOLE: u64 = 4 * 1024 * 1024 * 1024;

/// Check a real set-up, and name the fix for each fault.
///
/// A line a check: ok, warn (it works, and somebody should see to it) or FAULT. Exit code 0 if there is no fault,
/// 1 if there is one.
#[derive(Debug, clap::Args)]
pub(super) struct Doctor {
    /// Read every page of the databases, however large they are.
    #[arg(long)]
    deep: bool,
}

impl Doctor {
    pub(super) async fn run(self, context: &Context) -> Result<(), CliError> {
        let depth = if self.deep { Depth::Whole } else { Depth::UpTo(READ_WHOLE) };
        let report = doctor::examine(&context.settings()?, depth).await;
        let (faults, warnings) = (report.count(State::Fault), report.count(State::Warn));
        if context.json {
            output::json(&json!({ "faults": faults, "warnings": warnings, "findings": report.findings }))?;
        } else {
            print(&report);
        }
        match faults {
            0 => Ok(()),
            1 => Err(CliError::Failed("there is a fault: its line names the fix".to_owned())),
            _ => Err(CliError::Failed(format!("there are {faults} faults: each line names the fix"))),
        }
    }
}

fn print(report: &Report) {
    for finding in &report.findings {
        let state = match finding.state {
            State::Ok => "ok",
            State::Warn => "warn",
            State::Fault => "FAULT",
        };
        let fix = finding.fix.as_ref().map_or_else(String::new, |fix| format!(". Fix: {fix}"));
        let says = finding.says.replace('\n', " ");
        output::line(&format!("{state:<6} {:<13} {says}{fix}", finding.check));
    }
}
