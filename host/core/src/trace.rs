//! The record of a step: what was heard, what every plugin proposed, how every rule ruled.

use serde::{Deserialize, Serialize};

use crate::ids::{AppliedId, PluginName, RevisionId, StepId, TurnId};
use crate::time::Timestamp;
use crate::verdict::{Failure, Verdict};

/// Good enough to explain a step, and to replay it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trace {
    /// The step.
    pub step: StepId,
    /// When it was decided.
    pub at: Timestamp,
    /// What set it off: `messages`, `meanwhile`, `ear`, `handed_back`, `timer`, `action`, `echo`.
    pub trigger: String,
    /// The applied configuration that it was decided under.
    pub applied: Option<AppliedId>,
    /// What the host's own ears heard, if anything: `stop`, `start`, `human`, `are_you_a_bot`,
    /// `who_are_you`, `my_data`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heard: Option<String>,
    /// The plugins that were asked, in order.
    #[serde(default)]
    pub verdicts: Vec<VerdictRecord>,
    /// Rulings of the gate, in order.
    #[serde(default)]
    pub rulings: Vec<Ruling>,
    /// What the host decided by itself, in sentences.
    #[serde(default)]
    pub notes: Vec<String>,
}

/// What one plugin proposed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct VerdictRecord {
    /// The plugin.
    pub plugin: PluginName,
    /// The revision that ran.
    pub revision: RevisionId,
    /// Microseconds, from asking to answer.
    pub micros: u64,
    /// Its verdict.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verdict: Option<Verdict>,
    /// Why there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<Failure>,
}

/// The names of the gate's rules, in the order in which they rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// The bot says that it is one.
    Disclosure,
    /// The way to a human is open and said.
    HumanPath,
    /// Only the owner's side speaks.
    Ownership,
    /// What the business starts was agreed to.
    Consent,
    /// WhatsApp's 24-hour window.
    Window,
    /// Waits, hours and "an agent is coming" are true.
    Promises,
    /// WhatsApp's limits of form.
    Form,
    /// No secrets, no repetition, no disturbance.
    Care,
}

impl Rule {
    /// Every rule, in the order in which they rule.
    pub const ALL: [Self; 8] = [
        Self::Disclosure,
        Self::HumanPath,
        Self::Ownership,
        Self::Consent,
        Self::Window,
        Self::Promises,
        Self::Form,
        Self::Care,
    ];

    /// Its name, as in the trace and in metrics.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Disclosure => "disclosure",
            Self::HumanPath => "human_path",
            Self::Ownership => "ownership",
            Self::Consent => "consent",
            Self::Window => "window",
            Self::Promises => "promises",
            Self::Form => "form",
            Self::Care => "care",
        }
    }
}

/// How one rule ruled on one message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ruling {
    /// The rule.
    pub rule: Rule,
    /// The message.
    pub turn: TurnId,
    /// What it did.
    pub effect: Effect,
    /// Why, in a sentence; with the wording (`key@version`) where the rule added words.
    pub why: String,
}

/// What a rule did to a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// It let it pass as it was.
    Passed,
    /// It changed it, or added a message.
    Changed,
    /// It refused it.
    Refused,
    /// It does not bind this author.
    NotBound,
}
