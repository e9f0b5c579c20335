//! A customer's conversation as the host remembers it, and what is wrong with it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::Order;

/// What is not as it should be.
pub(super) enum Trouble {
    /// It may still come.
    NotYet(String),
    /// It can only become worse.
    Wrong(String),
}

/// A conversation as the host remembers it.
pub(super) struct Kept {
    pub(super) whole: Value,
}

impl Kept {
    fn turns(&self) -> impl Iterator<Item = &Value> {
        self.whole["turns"].as_array().into_iter().flatten()
    }

    /// The messages that are in the history, in its order.
    pub(super) fn asked(&self) -> Vec<String> {
        let customers = self.turns().filter(|turn| turn["by"] == "customer");
        customers.flat_map(|turn| tags(turn["text"].as_str().unwrap_or_default())).collect()
    }

    fn said_in(&self, state: &str) -> impl Iterator<Item = &Value> {
        self.turns().filter(move |turn| turn["delivery"]["state"] == state)
    }

    /// Answers of which nobody knows whether they were sent.
    pub(super) fn unknown(&self) -> usize {
        self.said_in("unknown").count()
    }

    /// Whether a human was called.
    pub(super) fn human_called(&self) -> bool {
        self.why_a_human().is_some()
    }

    fn why_a_human(&self) -> Option<&str> {
        self.whole["conversation"]["request"]["reason"].as_str()
    }

    /// Holds it against what its customer wrote, in order, and the answers that reached them.
    pub(super) fn compare(&self, written: &[String], answered: &[String]) -> Result<(), Trouble> {
        let mut asked = self.asked();
        asked.sort_by_key(|tag| number(tag));
        let before = asked.len();
        asked.dedup();
        if asked.len() != before {
            return Err(Trouble::Wrong(format!("in the history more than once: {asked:?}")));
        }
        // What WhatsApp never told about, or told too late.
        if let Some(reason) = self.why_a_human().filter(|reason| *reason != "undeliverable") {
            return Err(Trouble::Wrong(format!("a human was called for another reason: {reason}")));
        }
        if asked != written {
            let missing: Vec<_> = written.iter().filter(|tag| !asked.contains(tag)).collect();
            return Err(Trouble::NotYet(format!("{missing:?} in the history")));
        }
        // An answer that never came is excused by nothing but itself: whoever was called, nobody knows of this one.
        let perhaps: BTreeSet<String> =
            self.said_in("unknown").flat_map(|turn| tags(turn["text"].as_str().unwrap_or_default())).collect();
        let missing: Vec<_> = written.iter().filter(|tag| !answered.contains(tag)).collect();
        let inexcusable: Vec<_> = missing.iter().filter(|tag| !perhaps.contains(**tag)).collect();
        if !inexcusable.is_empty() {
            return Err(Trouble::NotYet(format!("{inexcusable:?} answered, or of unknown fate\n{}", self.whole)));
        }
        if !missing.is_empty() && !self.human_called() {
            return Err(Trouble::NotYet(format!("a human called for {missing:?}\n{}", self.whole)));
        }
        if self.said_in("sending").next().is_some() {
            return Err(Trouble::NotYet("nothing under way".to_owned()));
        }
        Ok(())
    }
}

/// Whether the answers that reached a customer are each there once, and in order.
pub(super) fn heard(answered: &[String], order: Order) -> Result<(), Trouble> {
    let mut times: BTreeMap<&String, u32> = BTreeMap::new();
    answered.iter().for_each(|tag| *times.entry(tag).or_default() += 1);
    let twice: Vec<_> = times.iter().filter(|(_, times)| **times > 1).collect();
    if !twice.is_empty() {
        return Err(Trouble::Wrong(format!("answered more than once: {twice:?}")));
    }
    let numbers: Vec<u32> = answered.iter().map(|tag| number(tag)).collect();
    if order == Order::Kept && !numbers.is_sorted() {
        return Err(Trouble::Wrong(format!("answered out of order: {numbers:?}")));
    }
    Ok(())
}

/// Which questions a message is or answers: `k3m17` is the customer 3's message 17.
pub(super) fn tags(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric());
    let tag = |word: &&str| {
        let numbers = word.strip_prefix('k').and_then(|rest| rest.split_once('m'));
        numbers.is_some_and(|(k, m)| k.parse::<u32>().is_ok() && m.parse::<u32>().is_ok())
    };
    words.filter(tag).map(str::to_owned).collect()
}

fn number(tag: &str) -> u32 {
    tag.split_once('m').and_then(|(_, number)| number.parse().ok()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn kept(answers: &[(&str, &str)], human: Value) -> Kept {
        let asked = ["pesan k0m0", "pesan k0m1"].map(|text| json!({ "by": "customer", "text": text }));
        let said = |(text, state): &(&str, &str)| json!({ "by": "bot", "text": text, "delivery": { "state": state } });
        let turns: Vec<Value> = asked.into_iter().chain(answers.iter().map(said)).collect();
        Kept { whole: json!({ "turns": turns, "conversation": { "request": human } }) }
    }

    fn judged(answers: &[(&str, &str)], human: Value, reached: &[&str]) -> Result<(), String> {
        let own = |tags: &[&str]| tags.iter().map(|tag| (*tag).to_owned()).collect::<Vec<_>>();
        match kept(answers, human).compare(&own(&["k0m0", "k0m1"]), &own(reached)) {
            Ok(()) => Ok(()),
            Err(Trouble::NotYet(what) | Trouble::Wrong(what)) => Err(what),
        }
    }

    #[test]
    fn a_human_who_was_called_excuses_no_answer_but_the_one_that_nobody_knows_of() {
        let called = || json!({ "reason": "undeliverable" });
        let unknown = [("Gema A: pesan k0m0", "unknown"), ("Gema A: pesan k0m1", "accepted")];
        assert!(judged(&unknown, called(), &["k0m1"]).is_ok());
        assert!(judged(&unknown, Value::Null, &["k0m0", "k0m1"]).is_ok(), "it reached them after all");
        assert!(judged(&unknown, Value::Null, &["k0m1"]).unwrap_err().starts_with("a human called for [\"k0m0\"]"));
        assert!(judged(&unknown, called(), &["k0m0"]).unwrap_err().starts_with("[\"k0m1\"] answered"));
        assert!(judged(&[], called(), &[]).is_err(), "a host that answers nobody and calls a human for everybody");
    }
}
