//! What an agent reads first, when nobody has written a better summary.

use super::composer::Composer;
use crate::language::Language;
use crate::message::Message;
use crate::turn::{Speaker, Turn};

/// A summary for the agent when nobody has written a better one: what was asked before, what the bot said to it,
/// and the customer's own last words.
pub(super) fn summary_of(step: &Composer<'_>, messages: &[Message]) -> String {
    let words: Vec<&str> =
        messages.iter().map(|message| message.body.content.words()).filter(|words| !words.is_empty()).collect();
    let kinds = || messages.iter().map(|message| message.body.content.kind()).collect::<Vec<_>>().join(", ");
    let last = match words.as_slice() {
        [] => kinds(),
        words => clip(&words.join(" / "), 300),
    };
    let before: Vec<&Turn> = step
        .scene
        .past
        .iter()
        .filter(|turn| !turn.body.words().is_empty() && messages.iter().all(|message| message.id != turn.id))
        .collect();
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

/// At most `limit` characters, cut at a word, with an ellipsis if something is missing.
fn clip(text: &str, limit: usize) -> String {
    let Some((end, _)) = text.char_indices().nth(limit) else { return text.to_owned() };
    let head = &text[..end];
    let head = head.rsplit_once(char::is_whitespace).map_or(head, |(head, _)| head);
    format!("{head}…")
}
