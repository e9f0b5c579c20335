//! What the customer reads.

use santun_plugin::prelude::*;

use crate::CHOICE;
use crate::index::{Blob, Index, Scored, Stored};

/// The entry's answer.
pub(crate) fn answer<B: Blob>(index: &Index<B>, scored: Scored) -> Verdict {
    let Some(entry) = index.entry(scored.entry) else { return Verdict::pass("the index has no such entry") };
    let why = format!("entry “{}” ({}) fits with {:.2}", entry.question, entry.key, scored.score);
    Verdict::reply(Reply::answer(entry.answer), why).fact("faq-entry", entry.question).confidence(scored.score)
}

/// The answer of an entry that the customer chose.
pub(crate) fn chosen<B: Blob>(index: &Index<B>, key: &str, context: &Context) -> Verdict {
    let Some(entry) = index.by_key(key) else {
        return Verdict::pass(format!("the chosen entry {key} is no longer there"));
    };
    let entry = in_language(index, entry, context);
    let why = format!("the customer chose entry “{}” ({})", entry.question, entry.key);
    Verdict::reply(Reply::answer(entry.answer), why).fact("faq-entry", entry.question).confidence(1.0)
}

fn in_language<B: Blob>(index: &Index<B>, entry: Stored, context: &Context) -> Stored {
    if entry.language.as_deref().is_none_or(|code| code == context.language) {
        return entry;
    }
    entry.twin.and_then(|twin| index.entry(twin)).unwrap_or(entry)
}

/// The likeliest entries to choose from; in other words, and with a human among them, where it was asked before and
/// did not help. `before` is how often in a row.
///
/// # Errors
///
/// If an entry's key does not fit a choice.
pub(crate) fn offer<B: Blob>(
    index: &Index<B>,
    scored: &[Scored],
    before: u32,
    context: &Context,
) -> Result<Verdict, Error> {
    let best = scored.first().map_or(0.0, |scored| scored.score);
    let mut rows: Vec<Row> = Vec::with_capacity(scored.len());
    let mut named = String::new();
    let mut titles: Vec<String> = Vec::new();
    let (mut keys, mut questions) = (Vec::with_capacity(scored.len()), Vec::with_capacity(scored.len()));
    for entry in scored.iter().filter_map(|scored| Some((scored.score, index.entry(scored.entry)?))) {
        let (score, entry) = entry;
        if !named.is_empty() {
            named.push_str(", ");
        }
        named.push_str(&format!("“{}” {score:.2}", entry.question));
        let title = distinct(title_of(&entry.question), &titles);
        titles.push(title.clone());
        let mut row = Row::new(format!("{CHOICE}{}", entry.key), RowTitle::new(title.clone())?)?;
        if title != bare(&entry.question) {
            row = row.description(RowDescription::new(cut(&entry.question, 72))?);
        }
        rows.push(row);
        keys.push(entry.key);
        questions.push(entry.question);
    }
    if rows.is_empty() {
        return Ok(Verdict::pass("the index has no such entries"));
    }
    if let [only] = &keys[..] {
        return only_one(&questions[0], only, context).map(|verdict| verdict.confidence(best));
    }
    if before > 0 {
        rows.push(Row::human(context.say(row_title!("Bicara dengan Agen"), row_title!("Talk to a human"))));
    }
    let opener = context.say(title!("Lihat pilihan"), title!("See options"));
    let list = List::new(which(before, context), opener, rows)?;
    // What is asked a third time was not understood.
    let reply = if before < 2 { Reply::question(list) } else { Reply::fallback(list) };
    Ok(Verdict::reply(reply, format!("several entries may fit: {named}")).confidence(best))
}

fn which(before: u32, context: &Context) -> &str {
    match before {
        0 => context.say(
            "Biar aku tidak salah jawab, yang kakak maksud yang mana? Pilih di bawah ini ya, atau jelaskan lagi.",
            "Just to be sure, which of these do you mean? Please choose below, or put it in other words.",
        ),
        1 => context.say(
            "Kalau yang ini, maksud kakak yang mana? Kalau tidak ada yang cocok, tim kami bisa bantu ya.",
            "And here, which of these is it? If none of them fits, our team can help.",
        ),
        _ => context.say(
            "Maaf kak, aku masih kurang paham 🙏 Mungkin salah satu dari ini? Kalau bukan, tim kami bisa bantu ya.",
            "Sorry, I still don't quite understand. Is it one of these? Or our team can help.",
        ),
    }
}

/// With one entry there is nothing to choose from: whether it is meant is asked.
fn only_one(question: &str, key: &str, context: &Context) -> Result<Verdict, Error> {
    let body = if context.english() {
        format!("Do you mean “{question}”? If not, please put it in other words.")
    } else {
        format!("Kakak mau tanya “{question}” ya? Kalau bukan, coba jelaskan lagi, kak.")
    };
    let yes = context.say(title!("Ya, betul"), title!("Yes, that"));
    let message = Buttons::new(body, [Button::new(format!("{CHOICE}{key}"), yes)?])?;
    Ok(Verdict::reply(Reply::question(message), format!("“{question}” may fit")))
}

/// The words that fit a row: whole words, an ellipsis if some are left out.
fn title_of(question: &str) -> String {
    cut(bare(question), 24)
}

/// A question as a title says it, without its mark.
fn bare(question: &str) -> &str {
    question.trim_end_matches(['?', '.', ' '])
}

/// At most `max` of WhatsApp's characters, cut between words where that is possible.
fn cut(text: &str, max: usize) -> String {
    let length = |text: &str| text.encode_utf16().count();
    if length(text) <= max {
        return text.to_owned();
    }
    let mut end = 0;
    for (at, ch) in text.char_indices() {
        if length(&text[..at + ch.len_utf8()]) > max - 1 {
            break;
        }
        end = at + ch.len_utf8();
    }
    let kept = &text[..end];
    let words = kept.rfind(' ').filter(|space| *space > max / 2).map_or(kept, |space| &kept[..space]);
    format!("{}…", words.trim_end_matches([' ', ',', '-']))
}

/// Two rows may not have one title.
fn distinct(title: String, others: &[String]) -> String {
    if !others.contains(&title) {
        return title;
    }
    (2..=9)
        .map(|number| format!("{} ({number})", cut(&title, 20)))
        .find(|title| !others.contains(title))
        .unwrap_or(title)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_cut_between_words_and_stay_distinct() {
        let title = title_of("Berapa lama pengiriman ke luar pulau Jawa?");
        assert_eq!(title, "Berapa lama pengiriman…");
        assert_eq!(distinct(title.clone(), &[title]), "Berapa lama… (2)");
        assert_eq!(title_of("Bisa COD?"), "Bisa COD");
        assert!(cut(&"😀".repeat(40), 24).encode_utf16().count() <= 24);
    }
}
