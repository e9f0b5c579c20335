//! What the host shows of a conversation, held against what was expected.

mod reply;
mod request;
mod trace;
mod words;

use std::collections::HashSet;

use reqwest::Method;
use santun_core::ids::{ConversationId, StepId, TurnId};
use santun_core::trace::Trace;
use santun_core::turn::TurnBody;
use serde_json::Value;

use super::expect::{
    ConsentExpected, Expectation, HistoryExpected, KeptExpected, OwnerExpected, ReplyExpected, RequestExpected,
    TraceExpected,
};
use super::phone::{CallError, Lines};
use crate::http::api::views::{ConversationWhole, TurnLine};
use reply::{misses, words_of};
use request::request_fits;
use trace::{described, trace_fits};
use words::{has, in_order, list, strings};

/// Everything that expectations look at.
pub(super) struct Shown<'a> {
    whole: Option<&'a ConversationWhole>,
    before: &'a HashSet<TurnId>,
    /// Who has the conversation: kind, division, login.
    owner: Value,
    /// The evidence of the consent ledger's lines.
    ledger: Vec<String>,
    kept: Value,
}

impl<'a> Shown<'a> {
    pub(super) async fn look(
        lines: &Lines,
        whole: Option<&'a ConversationWhole>,
        id: Option<ConversationId>,
        before: &'a HashSet<TurnId>,
    ) -> Result<Self, CallError> {
        let kept: Value = lines.host(Method::GET, "/kept", None, None).await?;
        let mut shown = Self { whole, before, owner: Value::Null, ledger: Vec::new(), kept };
        let (Some(whole), Some(id)) = (whole, id) else { return Ok(shown) };
        let page: Value = lines.host(Method::GET, "/conversations?limit=200", None, None).await?;
        let id = id.to_string();
        let line = page["conversations"].as_array().and_then(|lines| lines.iter().find(|line| line["id"] == id));
        shown.owner = line.cloned().unwrap_or_default();
        if let Some(contact) = whole.conversation["contact"].as_str() {
            let contact: Value = lines.host(Method::GET, &format!("/contacts/{contact}"), None, None).await?;
            let ledger = contact["ledger"].as_array().map(Vec::as_slice).unwrap_or_default();
            shown.ledger = ledger.iter().filter_map(|line| line["evidence"].as_str()).map(str::to_owned).collect();
        }
        Ok(shown)
    }

    /// Messages that the history says were sent from here.
    pub(super) fn sent(&self) -> impl Iterator<Item = TurnId> {
        let accepted = |turn: &&TurnLine| turn.delivery.as_ref().is_some_and(|delivery| delivery.state == "accepted");
        self.turns().filter(accepted).map(|turn| turn.id)
    }

    fn turns(&self) -> impl DoubleEndedIterator<Item = &'a TurnLine> {
        self.whole.into_iter().flat_map(|whole| &whole.turns)
    }

    fn new_turns(&self) -> impl DoubleEndedIterator<Item = &'a TurnLine> {
        self.turns().filter(|turn| !self.before.contains(&turn.id))
    }

    /// What was said to the customer since the step began.
    fn said(&self) -> impl DoubleEndedIterator<Item = &'a TurnLine> {
        self.new_turns().filter(|turn| matches!(turn.body, TurnBody::Said { .. }))
    }

    fn traces(&self) -> impl Iterator<Item = &'a Trace> {
        let steps: HashSet<StepId> = self.new_turns().filter_map(|turn| turn.step).collect();
        self.whole.into_iter().flat_map(|whole| &whole.steps).filter(move |trace| steps.contains(&trace.step))
    }

    fn conversation(&self) -> &Value {
        self.whole.map_or(&Value::Null, |whole| &whole.conversation)
    }

    /// Whether it is true, or what is true instead. `replies` counts the messages that earlier
    /// expectations of the step have met.
    pub(super) fn check(&self, expected: &Expectation, replies: &mut usize) -> Result<(), String> {
        match expected {
            Expectation::Reply(reply) => self.reply(reply, replies),
            Expectation::Silence(true) => self.count(0, 0),
            Expectation::Silence(false) => self.count(1, u64::MAX),
            Expectation::Messages(count) => self.count(count.at_least, count.at_most),
            Expectation::NotSaid(texts) => {
                let found = self.said().find_map(|turn| {
                    let text = texts.0.iter().find(|text| has(&turn.text, text))?;
                    Some((turn, text))
                });
                found.map_or(Ok(()), |(turn, text)| Err(format!("`{text}` was said: “{}”", turn.text)))
            }
            Expectation::Owner(owner) => self.owner(owner),
            Expectation::Request(request) => self.request(request),
            Expectation::Labels(labels) => {
                let is = strings(&self.conversation()["labels"]);
                let missing = labels.0.iter().find(|label| !is.contains(&label.as_str()));
                missing.map_or(Ok(()), |label| Err(format!("there is no label `{label}`; there are: {}", list(&is))))
            }
            Expectation::Attributes(attributes) => {
                let is = &self.conversation()["attributes"];
                let missing = attributes.iter().find(|(name, value)| is[name.as_str()] != value.as_str());
                missing.map_or(Ok(()), |(name, value)| Err(format!("`{name}` is not `{value}`; known is {is}")))
            }
            Expectation::Consent(consent) => self.consent(consent),
            Expectation::Trace(trace) => self.trace(trace),
            Expectation::Heard(heard) => {
                let is: Vec<&str> = self.traces().filter_map(|trace| trace.heard.as_deref()).collect();
                let met = if heard == "nothing" { is.is_empty() } else { is.contains(&heard.as_str()) };
                met.then_some(())
                    .ok_or_else(|| format!("expected that the host heard `{heard}`; it heard: {}", list(&is)))
            }
            Expectation::Happened(happened) => {
                let system = self.new_turns().filter(|turn| turn.by == "system");
                let is: Vec<&str> = system.map(|turn| turn.kind.as_str()).collect();
                let met = in_order(&happened.0, &is, |expected, is| expected == is);
                met.then_some(()).ok_or_else(|| {
                    format!("expected that this happened: {}; there was: {}", list(&happened.0), list(&is))
                })
            }
            Expectation::Turns(turns) => {
                let is: Vec<&str> = self.new_turns().map(|turn| turn.kind.as_str()).collect();
                (turns.0 == is)
                    .then_some(())
                    .ok_or_else(|| format!("expected the turns {}; they are: {}", list(&turns.0), list(&is)))
            }
            Expectation::History(history) => self.history(history),
            Expectation::Language(language) => {
                let is = self.conversation()["language"].as_str().unwrap_or_default();
                (is == language).then_some(()).ok_or_else(|| format!("the language is `{is}`, not `{language}`"))
            }
            Expectation::Kept(kept) => self.kept(kept),
        }
    }

    fn count(&self, at_least: u64, at_most: u64) -> Result<(), String> {
        let said: Vec<&str> = self.said().map(|turn| turn.text.as_str()).collect();
        if (at_least..=at_most).contains(&(said.len() as u64)) {
            return Ok(());
        }
        let expected = match (at_least, at_most) {
            (0, 0) => "nothing".to_owned(),
            (least, most) if least == most => format!("{least} messages"),
            (least, u64::MAX) => format!("at least {least} messages"),
            (least, most) => format!("{least} to {most} messages"),
        };
        let words: Vec<String> = said.iter().map(|text| format!("“{text}”")).collect();
        Err(format!("expected {expected}; there were {}: {}", said.len(), words.join(", ")))
    }

    fn reply(&self, expected: &ReplyExpected, replies: &mut usize) -> Result<(), String> {
        let mut nearest: Option<(usize, String)> = None;
        for (at, turn) in self.said().enumerate().skip(*replies) {
            let misses = misses(turn, expected);
            if misses.is_empty() {
                *replies = at + 1;
                return Ok(());
            }
            if nearest.as_ref().is_none_or(|(fewest, _)| misses.len() < *fewest) {
                nearest = Some((misses.len(), format!("“{}”: {}", turn.text, misses.join("; "))));
            }
        }
        Err(match nearest {
            Some((_, nearest)) => format!("no reply fits; the nearest is {nearest}"),
            None => format!("a reply was expected ({}), and there is none", words_of(expected)),
        })
    }

    fn owner(&self, expected: &OwnerExpected) -> Result<(), String> {
        let (key, wanted) = match expected {
            OwnerExpected::Kind(kind) => ("owner", kind),
            OwnerExpected::Queue(division) => ("division", division),
            OwnerExpected::Agent(login) => ("agent", login),
        };
        let is = |key: &str| self.owner[key].as_str().unwrap_or("none").to_owned();
        if is(key) == *wanted {
            return Ok(());
        }
        Err(format!(
            "expected the {key} `{wanted}`; the owner is `{}`, division {}, agent {}",
            is("owner"),
            is("division"),
            is("agent")
        ))
    }

    fn request(&self, expected: &RequestExpected) -> Result<(), String> {
        let request = &self.conversation()["request"];
        match (expected, request.is_null()) {
            (RequestExpected::None, true) => Ok(()),
            (RequestExpected::None, false) => Err(format!("no request was to be open; there is one: {request}")),
            (RequestExpected::Open(_), true) => Err("a request was to be open; there is none".to_owned()),
            (RequestExpected::Open(shape), false) => request_fits(request, shape),
        }
    }

    fn consent(&self, expected: &ConsentExpected) -> Result<(), String> {
        let consents = &self.conversation()["consents"];
        if let Some(wanted) = expected.opted_out {
            let is = !consents["opted_out_at"].is_null();
            if is != wanted {
                return Err(format!("opted out is {is}, not {wanted}"));
            }
        }
        if let Some(purpose) = expected.granted.0.iter().find(|purpose| consents["granted"][purpose.as_str()].is_null())
        {
            return Err(format!("consent for `{purpose}` is not given; given is {}", consents["granted"]));
        }
        match &expected.ledger {
            Some(ledger) if *ledger != self.ledger => {
                Err(format!("the ledger's evidence is {}, not {}", list(&self.ledger), list(ledger)))
            }
            _ => Ok(()),
        }
    }

    fn trace(&self, expected: &TraceExpected) -> Result<(), String> {
        if self.traces().any(|trace| trace_fits(trace, expected)) {
            return Ok(());
        }
        let seen: Vec<String> = self.traces().map(described).collect();
        Err(format!("no trace fits {expected:?}; there are: {}", seen.join(" | ")))
    }

    fn history(&self, expected: &HistoryExpected) -> Result<(), String> {
        let texts: Vec<&str> = self.turns().map(|turn| turn.text.as_str()).collect();
        if !in_order(&expected.contains.0, &texts, |expected, is| has(is, expected)) {
            return Err(format!("the history does not have these in this order: {}", list(&expected.contains.0)));
        }
        if let Some(unwanted) = expected.not_contains.0.iter().find(|text| texts.iter().any(|is| has(is, text))) {
            return Err(format!("“{unwanted}” is in the history"));
        }
        let kinds: Vec<&str> = self.turns().map(|turn| turn.kind.as_str()).collect();
        if !in_order(&expected.kinds.0, &kinds, |expected, is| expected == is) {
            return Err(format!("the history's turns are {}, not {}", list(&kinds), list(&expected.kinds.0)));
        }
        let said = self.turns().filter_map(|turn| turn.delivery.as_ref());
        let became: Vec<&str> = said.map(|delivery| delivery.progress.as_deref().unwrap_or(&delivery.state)).collect();
        if !in_order(&expected.deliveries.0, &became, |expected, is| expected == is) {
            let wanted = list(&expected.deliveries.0);
            return Err(format!("what became of the messages is {}, not {wanted}", list(&became)));
        }
        Ok(())
    }

    fn kept(&self, expected: &KeptExpected) -> Result<(), String> {
        let kept = self.kept.as_array().map(Vec::as_slice).unwrap_or_default();
        let fits = |line: &&Value| {
            expected.field.as_deref().is_none_or(|field| line["field"] == field)
                && expected.contains.as_deref().is_none_or(|text| has(line["json"].as_str().unwrap_or_default(), text))
        };
        if kept.iter().any(|line| fits(&line)) {
            return Ok(());
        }
        let fields: Vec<&str> = kept.iter().filter_map(|line| line["field"].as_str()).collect();
        Err(format!("nothing that was kept fits {expected:?}; kept is: {}", list(&fields)))
    }
}
