//! What a plugin proposes, built so that it always fits the contract.

use crate::Error;
use crate::bindings::santun::plugin::types as wit;
use crate::limited::Forbidden;
use crate::outgoing::Outgoing;

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

/// An answer of one to eight messages.
#[derive(Clone, Debug, PartialEq)]
pub struct Reply {
    messages: Vec<Outgoing>,
    outcome: Outcome,
}

/// What kind of answer a reply is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It resolves something.
    Answer,
    /// It needs the customer to say more.
    Question,
    /// It greets.
    Greeting,
    /// It did not understand: the host adds the way to a human, and counts.
    Fallback,
}

/// A call for a human. What the customer is told, the host writes from what is true.
#[derive(Clone, Debug, PartialEq)]
pub struct Handover(wit::Handover);

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

impl Reply {
    /// Messages in order; none, or more than eight, do not compile.
    pub fn new<const N: usize>(outcome: Outcome, messages: [Outgoing; N]) -> Self {
        const { assert!(N >= 1 && N <= 8, "a reply has one to eight messages") };
        Self { messages: messages.into(), outcome }
    }

    /// As many messages as there happen to be.
    ///
    /// # Errors
    ///
    /// If there are not one to eight.
    pub fn from_vec(outcome: Outcome, messages: Vec<Outgoing>) -> Result<Self, Forbidden> {
        if messages.is_empty() || messages.len() > 8 {
            return Err(Forbidden::MessageCount(messages.len()));
        }
        Ok(Self { messages, outcome })
    }

    /// One message that resolves something.
    pub fn answer(message: impl Into<Outgoing>) -> Self {
        Self::new(Outcome::Answer, [message.into()])
    }

    /// One message that needs the customer to say more.
    pub fn question(message: impl Into<Outgoing>) -> Self {
        Self::new(Outcome::Question, [message.into()])
    }

    /// One message that greets.
    pub fn greeting(message: impl Into<Outgoing>) -> Self {
        Self::new(Outcome::Greeting, [message.into()])
    }

    /// One message that says that the bot did not understand. The host adds the way to a human.
    pub fn fallback(message: impl Into<Outgoing>) -> Self {
        Self::new(Outcome::Fallback, [message.into()])
    }

    /// The messages.
    pub fn messages(&self) -> &[Outgoing] {
        &self.messages
    }

    /// What kind of answer it is.
    pub fn outcome(&self) -> Outcome {
        self.outcome
    }
}

impl Outcome {
    /// The contract's word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Answer => "answer",
            Self::Question => "question",
            Self::Greeting => "greeting",
            Self::Fallback => "fallback",
        }
    }
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

fn fact(name: impl Into<String>, value: impl Into<String>) -> wit::Fact {
    wit::Fact { name: name.into(), value: shortened(value.into(), 512) }
}

fn check_fact(fact: &wit::Fact) -> Result<(), Error> {
    let word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if fact.name.is_empty() || fact.name.len() > 64 || !fact.name.chars().all(word) {
        return Err(Error::new(format!(
            "`{}` is no name for a fact: use at most 64 lower-case letters, digits and hyphens",
            fact.name
        )));
    }
    Ok(())
}

/// A text of at most `max` bytes; a cut one ends with `…`.
fn shortened(mut text: String, max: usize) -> String {
    if text.len() <= max {
        return text;
    }
    text.truncate(text.floor_char_boundary(max - '…'.len_utf8()));
    text.push('…');
    text
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
