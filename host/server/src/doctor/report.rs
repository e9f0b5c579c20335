//! What was found.

use serde::Serialize;

/// How something stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// As it should be.
    Ok,
    /// It works, and somebody should see to it.
    Warn,
    /// It does not work, or will not.
    Fault,
}

/// What one check found.
#[derive(Clone, Debug, Serialize)]
pub struct Finding {
    /// What was looked at.
    pub check: &'static str,
    /// How it stands.
    pub state: State,
    /// What was found, in a sentence.
    pub says: String,
    /// What to do, unless all is well.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fix: Option<String>,
}

/// Everything that was found, in the order of the checks.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Report {
    /// One for each check.
    pub findings: Vec<Finding>,
}

impl Report {
    pub(super) fn ok(&mut self, check: &'static str, says: impl Into<String>) {
        self.findings.push(Finding { check, state: State::Ok, says: says.into(), fix: None });
    }

    pub(super) fn warn(&mut self, check: &'static str, says: impl Into<String>, fix: impl Into<String>) {
        self.findings.push(Finding { check, state: State::Warn, says: says.into(), fix: Some(fix.into()) });
    }

    pub(super) fn fault(&mut self, check: &'static str, says: impl Into<String>, fix: impl Into<String>) {
        self.findings.push(Finding { check, state: State::Fault, says: says.into(), fix: Some(fix.into()) });
    }

    /// How many checks ended like this.
    pub fn count(&self, state: State) -> usize {
        self.findings.iter().filter(|finding| finding.state == state).count()
    }
}
