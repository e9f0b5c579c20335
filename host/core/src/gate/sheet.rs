//! How every rule ruled on one message.

use crate::ids::TurnId;
use crate::trace::{Effect, Rule, Ruling};

/// One line for each rule. It costs nothing until a rule has something to say.
#[derive(Debug)]
pub(super) struct Sheet([(Effect, String); Rule::ALL.len()]);

impl Sheet {
    pub(super) fn new() -> Self {
        Self(std::array::from_fn(|_| (Effect::Passed, String::new())))
    }

    /// The rule does not bind this author.
    pub(super) fn not_bound(&mut self, rule: Rule) {
        self.0[rule as usize].0 = Effect::NotBound;
    }

    /// The rule changed the message, or added one; several changes stand beside each other.
    pub(super) fn changed(&mut self, rule: Rule, why: impl Into<String>) {
        let (effect, said) = &mut self.0[rule as usize];
        *effect = Effect::Changed;
        if !said.is_empty() {
            said.push_str("; ");
        }
        said.push_str(&why.into());
    }

    /// The rule let the message pass, for a reason worth keeping.
    pub(super) fn passed(&mut self, rule: Rule, why: impl Into<String>) {
        self.0[rule as usize].1 = why.into();
    }

    /// The rule refused the message.
    pub(super) fn refused(&mut self, rule: Rule, why: impl Into<String>) {
        self.0[rule as usize] = (Effect::Refused, why.into());
    }

    /// The lines, in the order of the rules.
    pub(super) fn into_rulings(self, turn: TurnId) -> impl Iterator<Item = Ruling> {
        Rule::ALL.into_iter().zip(self.0).map(move |(rule, (effect, why))| Ruling { rule, turn, effect, why })
    }
}
