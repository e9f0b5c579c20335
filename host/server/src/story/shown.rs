//! What the host shows of a conversation, held against what was expected.

use std::collections::HashSet;

use reqwest::Method;
use santun_core::draft::Author;
use santun_core::ids::{ConversationId, StepId, TurnId};
use santun_core::outgoing::Outgoing;
use santun_core::trace::{Effect, Trace};
use santun_core::turn::TurnBody;
use serde_json::Value;

use super::expect::{
    ConsentExpected, Expectation, HistoryExpected, KeptExpected, OwnerExpected, ReplyExpected, RequestExpected,
    RequestShape, TraceExpected,
};
use super::phone::{CallError, Lines};
use crate::http::api::views::{ConversationWhole, TurnLine, word};

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

/// What of it a message misses.
fn misses(turn: &TurnLine, expected: &ReplyExpected) -> Vec<String> {
    let mut misses = Vec::new();
    misses.extend(
        expected.contains.iter().filter(|text| !has(&turn.text, text)).map(|text| format!("no “{text}” in it")),
    );
    let unwanted = expected.not_contains.iter().filter(|text| has(&turn.text, text));
    misses.extend(unwanted.map(|text| format!("“{text}” is in it")));
    let TurnBody::Said { author, content } = &turn.body else { return misses };
    let (by, outcome, wording) = match author {
        Author::Plugin { plugin, outcome, .. } => (plugin.as_str(), word(outcome), None),
        Author::Host { wording, .. } => ("host", String::new(), Some(wording)),
        Author::Agent { .. } => ("agent", String::new(), None),
    };
    let whole = |wanted: &String| wanted.contains('@');
    let wording = match (wording, expected.wording.as_ref().is_some_and(whole)) {
        (Some(wording), true) => wording.to_string(),
        (Some(wording), false) => wording.key.as_str().to_owned(),
        (None, _) => String::new(),
    };
    let mut compare = |what: &str, wanted: &Option<String>, is: &str| {
        if let Some(wanted) = wanted
            && wanted != is
        {
            misses.push(format!("{what} is `{is}`, not `{wanted}`"));
        }
    };
    compare("its author", &expected.by, by);
    compare("its kind", &expected.kind, &turn.kind);
    compare("its outcome", &expected.outcome, &outcome);
    compare("its wording", &expected.wording, &wording);
    if let Some(delivery) = &turn.delivery {
        let progress = delivery.progress.as_deref().unwrap_or(&delivery.state);
        compare("its delivery", &expected.delivery, progress);
    }
    let titles = titles(content);
    let absent = expected.buttons.iter().filter(|title| !titles.iter().any(|is| is.eq_ignore_ascii_case(title)));
    misses.extend(absent.map(|title| format!("no button “{title}” (there are: {})", list(&titles))));
    misses
}

fn titles(content: &Outgoing) -> Vec<&str> {
    match content {
        Outgoing::Buttons { buttons, .. } => buttons.iter().map(|button| button.title.as_str()).collect(),
        Outgoing::List { sections, .. } => {
            sections.iter().flat_map(|section| &section.rows).map(|row| row.title.as_str()).collect()
        }
        Outgoing::Link { label, .. } => vec![label],
        _ => Vec::new(),
    }
}

fn request_fits(request: &Value, shape: &RequestShape) -> Result<(), String> {
    let named = [
        ("reason", &shape.reason),
        ("division", &shape.division),
        ("priority", &shape.priority),
        ("promised", &shape.promised),
    ];
    for (key, wanted) in named {
        if let Some(wanted) = wanted
            && request[key] != wanted.as_str()
        {
            return Err(format!("the request's {key} is {}, not `{wanted}`", request[key]));
        }
    }
    let summary = request["summary"].as_str().unwrap_or_default();
    if let Some(text) = shape.summary.0.iter().find(|text| !has(summary, text)) {
        return Err(format!("no “{text}” in the request's summary: “{summary}”"));
    }
    let facts = request["facts"].as_array().map(Vec::as_slice).unwrap_or_default();
    for (name, text) in &shape.facts {
        let fits =
            |fact: &Value| fact["name"] == name.as_str() && has(fact["value"].as_str().unwrap_or_default(), text);
        if !facts.iter().any(fits) {
            return Err(format!("no fact `{name}` with “{text}”; the facts are {}", request["facts"]));
        }
    }
    Ok(())
}

fn trace_fits(trace: &Trace, expected: &TraceExpected) -> bool {
    let why_fits = |why: &str| expected.why.as_deref().is_none_or(|text| has(why, text));
    let of_rule = expected.rule.is_none() && expected.effect.is_none()
        || trace.rulings.iter().any(|ruling| {
            expected.rule.as_deref().is_none_or(|rule| ruling.rule.as_str() == rule)
                && expected.effect.as_deref().is_none_or(|effect| effect_name(ruling.effect) == effect)
                && (expected.plugin.is_some() || why_fits(&ruling.why))
        });
    let of_plugin = expected.plugin.is_none() && expected.decision.is_none()
        || trace.verdicts.iter().any(|record| {
            let (decision, why) = match (&record.verdict, &record.failure) {
                (Some(verdict), _) => (verdict.decision.name(), verdict.why.clone()),
                (None, Some(failure)) => ("failed", failure.to_string()),
                (None, None) => ("", String::new()),
            };
            expected.plugin.as_deref().is_none_or(|plugin| record.plugin.as_str() == plugin)
                && expected.decision.as_deref().is_none_or(|wanted| wanted == decision)
                && (expected.rule.is_some() || why_fits(&why))
        });
    let of_note = expected.note.as_deref().is_none_or(|text| trace.notes.iter().any(|note| has(note, text)));
    of_rule && of_plugin && of_note && expected.trigger.as_deref().is_none_or(|trigger| trace.trigger == trigger)
}

fn described(trace: &Trace) -> String {
    let rulings = trace.rulings.iter().filter(|ruling| !matches!(ruling.effect, Effect::Passed | Effect::NotBound));
    let rulings =
        rulings.map(|ruling| format!("{} {}: {}", ruling.rule.as_str(), effect_name(ruling.effect), ruling.why));
    let verdicts = trace.verdicts.iter().map(|record| match &record.verdict {
        Some(verdict) => format!("{} {}: {}", record.plugin, verdict.decision.name(), verdict.why),
        None => format!("{} failed", record.plugin),
    });
    let lines: Vec<String> = verdicts.chain(rulings).chain(trace.notes.iter().cloned()).collect();
    format!("{} [{}]", trace.trigger, lines.join("; "))
}

const fn effect_name(effect: Effect) -> &'static str {
    match effect {
        Effect::Passed => "passed",
        Effect::Changed => "changed",
        Effect::Refused => "refused",
        Effect::NotBound => "not_bound",
    }
}

fn words_of(expected: &ReplyExpected) -> String {
    let mut words: Vec<String> = expected.contains.iter().map(|text| format!("“{text}”")).collect();
    words.extend(expected.by.iter().map(|by| format!("by {by}")));
    words.extend(expected.wording.iter().map(|wording| format!("with the wording {wording}")));
    words.join(", ")
}

/// Whether a text contains another, whatever their case.
fn has(text: &str, part: &str) -> bool {
    text.to_lowercase().contains(&part.to_lowercase())
}

/// Whether all of these are there in this order, perhaps with others between them.
fn in_order(expected: &[String], is: &[&str], fits: impl Fn(&str, &str) -> bool) -> bool {
    let mut rest = is.iter();
    expected.iter().all(|expected| rest.any(|is| fits(expected, is)))
}

fn strings(value: &Value) -> Vec<&str> {
    value.as_array().map(Vec::as_slice).unwrap_or_default().iter().filter_map(Value::as_str).collect()
}

fn list<T: AsRef<str>>(words: &[T]) -> String {
    if words.is_empty() {
        return "none".to_owned();
    }
    words.iter().map(|word| format!("`{}`", word.as_ref())).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_found_whatever_their_case_and_in_their_order() {
        assert!(has("Halo Kak", "halo"));
        let expected = ["a".to_owned(), "c".to_owned()];
        assert!(in_order(&expected, &["a", "b", "c"], |expected, is| expected == is));
        assert!(!in_order(&expected, &["c", "a"], |expected, is| expected == is));
    }
}
