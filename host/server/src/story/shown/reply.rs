//! A message, held against the reply that was expected.

use santun_core::draft::Author;
use santun_core::outgoing::Outgoing;
use santun_core::turn::TurnBody;

use super::words::{has, list};
use crate::http::api::views::{TurnLine, word};
use crate::story::expect::ReplyExpected;

/// What of it a message misses.
pub(super) fn misses(turn: &TurnLine, expected: &ReplyExpected) -> Vec<String> {
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

pub(super) fn words_of(expected: &ReplyExpected) -> String {
    let mut words: Vec<String> = expected.contains.iter().map(|text| format!("“{text}”")).collect();
    words.extend(expected.by.iter().map(|by| format!("by {by}")));
    words.extend(expected.wording.iter().map(|wording| format!("with the wording {wording}")));
    words.join(", ")
}
