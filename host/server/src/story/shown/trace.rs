//! A step's trace, held against the one that was expected.

use santun_core::trace::{Effect, Trace};

use super::words::has;
use crate::story::expect::TraceExpected;

pub(super) fn trace_fits(trace: &Trace, expected: &TraceExpected) -> bool {
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

pub(super) fn described(trace: &Trace) -> String {
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
