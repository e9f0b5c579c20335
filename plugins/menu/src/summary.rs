//! What a human reads who takes over after guided steps: one sentence, in the business's own words.

use crate::config::Item;

/// Words at the end of an answer that say nothing of it.
const ADDRESSES: [&str; 12] = ["kak", "kakak", "ka", "min", "gan", "sis", "ya", "dong", "deh", "aja", "saja", "please"];

/// The sentence: the item's `summary` with the answers put in, or its title and the answers.
pub(crate) fn of(item: &Item, answers: &[(String, String)]) -> String {
    let said = |name: &str, value: &str| {
        let option = item.steps.iter().any(|step| step.attribute == name && step.options.iter().any(|o| o == value));
        if option { value.to_owned() } else { plain(value) }
    };
    let Some(template) = &item.summary else {
        let answers: Vec<String> = answers.iter().map(|(name, value)| said(name, value)).collect();
        return format!("{}: {}.", item.title, answers.join(", "));
    };
    let mut sentence = template.clone();
    for (name, value) in answers {
        let placeholder = format!("{{{name}}}");
        while let Some(at) = sentence.find(&placeholder) {
            let value = said(name, value);
            // "kirim ke {city}" and "ke Bandung": one "ke" is enough.
            let before = sentence[..at].split_whitespace().next_back().unwrap_or_default();
            let once = match value.split_once(' ') {
                Some((first, rest)) if first.eq_ignore_ascii_case(before) => rest.to_owned(),
                _ => value,
            };
            // An answer may not bring a placeholder of its own.
            sentence.replace_range(at..at + placeholder.len(), &once.replace(['{', '}'], ""));
        }
    }
    sentence
}

/// An answer as a sentence takes it: without who it is said to, and with "kira2" written out.
fn plain(answer: &str) -> String {
    let mut words: Vec<&str> = answer.split_whitespace().collect();
    while words.len() > 1 && words.last().is_some_and(|last| ADDRESSES.contains(&last.to_lowercase().as_str())) {
        words.pop();
    }
    let written_out = |word: &&str| match word.strip_suffix('2') {
        Some(stem) if stem.len() > 2 && stem.chars().all(char::is_alphabetic) => format!("{stem}-{stem}"),
        _ => (*word).to_owned(),
    };
    words.iter().map(written_out).collect::<Vec<_>>().join(" ").trim_end_matches(['.', ',']).to_owned()
}
