//! What an agent reads first, when nobody has written a better summary.

use super::composer::Composer;
use crate::language::Language;
use crate::message::Message;
use crate::turn::{Speaker, Turn};

/// A summary for the agent when nobody has written a better one: what was asked before, what the bot said to it,
/// and the customer's own last words, which are the last of the past where no messages are given.
pub(super) fn summary_of(step: &Composer<'_>, messages: &[Message]) -> String {
    let past = step.scene.past.iter();
    let mut before: Vec<&Turn> = past
        .filter(|turn| !turn.body.words().is_empty() && messages.iter().all(|message| message.id != turn.id))
        .collect();
    let last = if messages.is_empty() {
        let Some(at) = before.iter().rposition(|turn| turn.by == Speaker::Customer) else { return String::new() };
        clip(before.remove(at).body.words(), 300)
    } else if let Some(words) = words_of(messages) {
        clip(&words, 300)
    } else {
        messages.iter().map(|message| message.body.content.kind()).collect::<Vec<_>>().join(", ")
    };
    let mut asked: Vec<&str> =
        before.iter().rev().filter(|turn| turn.by == Speaker::Customer).take(2).map(|turn| turn.body.words()).collect();
    asked.reverse();
    let said = before.iter().rev().find(|turn| turn.by == Speaker::Bot).map(|turn| clip(turn.body.words(), 160));
    let (earlier, answer, latest) = match step.scene.facts.bot.language {
        Language::Id => ("Sebelumnya", "Jawaban bot", "Pesan terakhir"),
        Language::En => ("Before", "The bot said", "Last message"),
    };
    let mut lines = Vec::new();
    if !asked.is_empty() {
        lines.push(format!("{earlier}: {}", clip(&asked.join(" / "), 200)));
        lines.extend(said.map(|said| format!("{answer}: {}", said.replace('\n', " "))));
    }
    lines.push(format!("{latest}: {last}"));
    lines.join("\n")
}

/// What the customer has written since the request was opened, behind the request's summary.
pub(super) fn goes_on(step: &mut Composer<'_>, messages: &[Message]) {
    let then = match step.scene.facts.bot.language {
        Language::Id => "Lalu: ",
        Language::En => "Then: ",
    };
    let Some(words) = words_of(messages) else { return };
    let Some(request) = &mut step.conversation.request else { return };
    // Only a line of its own is one: words of the customer may begin so, too.
    let (summary, last) = request.summary.rsplit_once('\n').unwrap_or(("", &request.summary));
    let (summary, earlier) = match last.strip_prefix(then) {
        Some(earlier) => (summary, format!("{earlier} / ")),
        None => (request.summary.as_str(), String::new()),
    };
    let words = words.replace('\n', " ");
    let line = format!("{then}{}", end_of(&format!("{earlier}{words}"), 300));
    request.summary = if summary.is_empty() { line } else { format!("{summary}\n{line}") };
    step.request_stands(false);
}

/// What messages say, if they say anything in words.
fn words_of(messages: &[Message]) -> Option<String> {
    let words = messages.iter().map(|message| message.body.content.words());
    let words: Vec<&str> = words.filter(|words| !words.is_empty()).collect();
    (!words.is_empty()).then(|| words.join(" / "))
}

/// At most the last `limit` characters, cut at a word, with an ellipsis if something is missing.
fn end_of(text: &str, limit: usize) -> String {
    let excess = text.chars().count().saturating_sub(limit);
    if excess == 0 {
        return text.to_owned();
    }
    let tail: String = text.chars().skip(excess).collect();
    format!("…{}", tail.split_once(char::is_whitespace).map_or(tail.as_str(), |(_, tail)| tail))
}

/// At most `limit` characters, cut at a word, with an ellipsis if something is missing.
fn clip(text: &str, limit: usize) -> String {
    let Some((end, _)) = text.char_indices().nth(limit) else { return text.to_owned() };
    let head = &text[..end];
    let head = head.rsplit_once(char::is_whitespace).map_or(head, |(head, _)| head);
    format!("{head}…")
}
