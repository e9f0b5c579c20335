//! A call for a human.

use super::fact::{fact, shortened};
use crate::bindings::santun::plugin::types as wit;

/// A call for a human. What the customer is told, the host writes from what is true.
#[derive(Clone, Debug, PartialEq)]
pub struct Handover(pub(super) wit::Handover);

/// Why a human is called, as reports count it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The customer asked.
    Asked,
    /// A complaint.
    Complaint,
    /// Anger, despair.
    Frustration,
    /// The same question again.
    Repetition,
    /// Many turns, no result.
    NoProgress,
    /// Not understood, repeatedly.
    NotUnderstood,
    /// Money is at stake.
    Money,
    /// Sensitive or dangerous.
    Risk,
    /// The customer speaks of ending their life, or of hurting themselves.
    SelfHarm,
    /// Somebody is hurt or ill, or something is dangerous.
    Injury,
    /// The customer is in grief or hardship.
    Grief,
    /// Bargaining or closing a sale.
    Negotiation,
    /// A confirmed order should change.
    OrderChange,
    /// Too involved for a bot.
    Complex,
    /// Nothing that was foreseen.
    Unusual,
    /// A file that somebody must look at.
    Media,
    /// Anything else.
    Other,
}

/// How pressing a call for a human is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Priority {
    /// When there is time.
    Low,
    /// In turn.
    Normal,
    /// Before the others.
    High,
    /// At once.
    Urgent,
}

impl Reason {
    /// The contract's word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Complaint => "complaint",
            Self::Frustration => "frustration",
            Self::Repetition => "repetition",
            Self::NoProgress => "no-progress",
            Self::NotUnderstood => "not-understood",
            Self::Money => "money",
            Self::Risk => "risk",
            Self::SelfHarm => "self-harm",
            Self::Injury => "injury",
            Self::Grief => "grief",
            Self::Negotiation => "negotiation",
            Self::OrderChange => "order-change",
            Self::Complex => "complex",
            Self::Unusual => "unusual",
            Self::Media => "media",
            Self::Other => "other",
        }
    }
}

impl Priority {
    /// The contract's word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Normal => "normal",
            Self::High => "high",
            Self::Urgent => "urgent",
        }
    }
}

impl Handover {
    /// A call for a human with what they must know, readable in five seconds; what is longer than 512
    /// bytes is shortened.
    pub fn new(reason: Reason, summary: impl Into<String>) -> Self {
        Self(wit::Handover {
            reason: reason.as_str().to_owned(),
            priority: Priority::Normal.as_str().to_owned(),
            division: None,
            summary: shortened(summary.into(), 512),
            facts: Vec::new(),
        })
    }

    /// How pressing it is, if not normal.
    #[must_use]
    pub fn priority(mut self, priority: Priority) -> Self {
        self.0.priority = priority.as_str().to_owned();
        self
    }

    /// The division that should take it, by its name in `bot.toml`, if not the default one.
    #[must_use]
    pub fn division(mut self, division: impl Into<String>) -> Self {
        self.0.division = Some(division.into());
        self
    }

    /// A fact for the agent; a value longer than 512 bytes is shortened.
    #[must_use]
    pub fn fact(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.0.facts.push(fact(name, value));
        self
    }

    /// The shape of the contract.
    pub fn as_wit(&self) -> &wit::Handover {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_summary_is_shortened_to_what_the_contract_takes() {
        let handover = Handover::new(Reason::Complaint, "é".repeat(400));
        assert!(handover.as_wit().summary.len() <= 512);
        assert!(handover.as_wit().summary.ends_with('…'));
    }
}
