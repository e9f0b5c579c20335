//! What a plugin proposes, built so that it always fits the contract.

mod fact;
mod handover;
mod reply;

use crate::Error;
use crate::bindings::santun::plugin::types as wit;
use crate::limited::Forbidden;
use crate::outgoing::Outgoing;

pub use handover::{Handover, Priority, Reason};
pub use reply::{Outcome, Reply};

use fact::{check_fact, fact, shortened};

/// What should happen, with what was learnt and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    decision: Decision,
    labels: Vec<String>,
    attributes: Vec<wit::Fact>,
    facts: Vec<wit::Fact>,
    confidence: Option<f32>,
    why: String,
}

/// What should happen.
#[derive(Clone, Debug, PartialEq)]
pub enum Decision {
    /// Nothing from this plugin.
    Pass,
    /// Answer the customer.
    Reply(Reply),
    /// Give the conversation to a human.
    Handover(Handover),
}

impl Verdict {
    fn new(decision: Decision, why: impl Into<String>) -> Self {
        let why = shortened(why.into(), 512);
        Self { decision, labels: Vec::new(), attributes: Vec::new(), facts: Vec::new(), confidence: None, why }
    }

    /// Leave it to the next plugin. `why` is one sentence for the operator, as everywhere here; what is
    /// longer than 512 bytes is shortened.
    pub fn pass(why: impl Into<String>) -> Self {
        Self::new(Decision::Pass, why)
    }

    /// Answer the customer.
    pub fn reply(reply: Reply, why: impl Into<String>) -> Self {
        Self::new(Decision::Reply(reply), why)
    }

    /// Give the conversation to a human.
    pub fn handover(handover: Handover, why: impl Into<String>) -> Self {
        Self::new(Decision::Handover(handover), why)
    }

    /// A label for the conversation, such as `complaint`: at most 16, of at most 64 bytes.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.labels.push(label.into());
        self
    }

    /// Something learnt about the contact, such as `city` = `Bandung`: at most 16.
    #[must_use]
    pub fn attribute(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.attributes.push(fact(name, value));
        self
    }

    /// Something that the agent should see beside the conversation: at most 16. A value longer than 512
    /// bytes is shortened.
    #[must_use]
    pub fn fact(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.facts.push(fact(name, value));
        self
    }

    /// How sure the plugin is, from 0 to 1.
    #[must_use]
    pub fn confidence(mut self, confidence: f32) -> Self {
        self.confidence = Some(confidence.clamp(0.0, 1.0));
        self
    }

    /// What should happen.
    pub fn decision(&self) -> &Decision {
        &self.decision
    }

    /// `pass`, `reply` or `handover`.
    pub fn kind(&self) -> &'static str {
        match self.decision {
            Decision::Pass => "pass",
            Decision::Reply(_) => "reply",
            Decision::Handover(_) => "handover",
        }
    }

    /// The reply, if it is one.
    pub fn as_reply(&self) -> Option<&Reply> {
        match &self.decision {
            Decision::Reply(reply) => Some(reply),
            _ => None,
        }
    }

    /// The handover in the contract's shape, if it is one.
    pub fn as_handover(&self) -> Option<&wit::Handover> {
        match &self.decision {
            Decision::Handover(handover) => Some(handover.as_wit()),
            _ => None,
        }
    }

    /// The words of all messages of a reply, joined by line breaks; empty for other decisions.
    pub fn words(&self) -> String {
        let messages = self.as_reply().map(Reply::messages).unwrap_or_default();
        messages.iter().map(Outgoing::words).collect::<Vec<_>>().join("\n")
    }

    /// The ids and titles that can be tapped in a reply, in order.
    pub fn options(&self) -> Vec<(&str, &str)> {
        self.as_reply().map(Reply::messages).unwrap_or_default().iter().flat_map(Outgoing::options).collect()
    }

    /// The labels.
    pub fn labels(&self) -> &[String] {
        &self.labels
    }

    /// What was learnt about the contact, by name.
    pub fn learnt(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|fact| fact.name == name).map(|fact| &*fact.value)
    }

    /// A fact for the agent, by name.
    pub fn shown(&self, name: &str) -> Option<&str> {
        self.facts.iter().find(|fact| fact.name == name).map(|fact| &*fact.value)
    }

    /// The sentence for the operator.
    pub fn why(&self) -> &str {
        &self.why
    }

    /// The shape of the contract.
    ///
    /// # Errors
    ///
    /// If the verdict has too many labels, attributes or facts, one of their names does not fit the
    /// contract, or a message is empty: a mistake in the plugin, named in the error.
    pub fn into_wit(self) -> Result<wit::Verdict, Error> {
        if self.labels.len() > 16 || self.attributes.len() > 16 || self.facts.len() > 16 {
            return Err("a verdict has at most 16 labels, 16 attributes and 16 facts".into());
        }
        if self.labels.iter().any(|label| label.is_empty() || label.len() > 64) {
            return Err("a label has 1 to 64 bytes".into());
        }
        self.attributes.iter().chain(&self.facts).try_for_each(check_fact)?;
        Ok(wit::Verdict {
            decision: self.decision.into_wit()?,
            labels: self.labels,
            attributes: self.attributes,
            facts: self.facts,
            confidence: self.confidence,
            why: self.why,
        })
    }
}

impl Decision {
    fn into_wit(self) -> Result<wit::Decision, Error> {
        match self {
            Self::Pass => Ok(wit::Decision::Pass),
            Self::Reply(reply) => {
                let empty =
                    |message: &Outgoing| matches!(&message.0, wit::Outgoing::Text(text) if text.trim().is_empty());
                if reply.messages.iter().any(empty) {
                    return Err(Forbidden::Empty.into());
                }
                let messages = reply.messages.into_iter().map(|message| message.0).collect();
                Ok(wit::Decision::Reply(wit::Reply { messages, outcome: reply.outcome.as_str().to_owned() }))
            }
            Self::Handover(handover) => {
                if handover.0.facts.len() > 16 {
                    return Err("a handover has at most 16 facts".into());
                }
                handover.0.facts.iter().try_for_each(check_fact)?;
                Ok(wit::Decision::Handover(handover.0))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verdict_that_breaks_the_contract_is_named_before_it_leaves() {
        let many = (0..17).fold(Verdict::pass("x"), |verdict, n| verdict.label(n.to_string()));
        assert!(many.into_wit().is_err());
        let error = Verdict::pass("x").fact("Order State", "x").into_wit().unwrap_err();
        assert!(error.sentence().contains("`Order State`"));
        assert!(Verdict::reply(Reply::answer(" "), "x").into_wit().is_err());
    }

    #[test]
    fn a_reply_carries_its_outcome_in_the_contracts_word() {
        let verdict = Verdict::reply(Reply::question("Nomor pesanannya berapa kak?"), "x").into_wit().unwrap();
        let wit::Decision::Reply(reply) = verdict.decision else { panic!("not a reply") };
        assert_eq!(reply.outcome, "question");
        assert_eq!(reply.messages.len(), 1);
    }
}
