//! A plugin for tests: says back what it was told, so that an answer names its question.
//!
//! Tests make other revisions of it by writing another letter over the mark in the built file. A message tells it
//! to do something else by a word that begins with `#`: see `asked_for`.

use std::hint::black_box;

use santun_plugin::prelude::*;

/// The letter at the end tells revisions apart. `X` refuses its check; `L`, `T` and `M` pass it, and then loop,
/// trap, and take all memory, whatever they are asked.
static MARK: &str = "santun-test-echo-mark-A";

/// The plugin.
pub struct Echo;

fn misbehave(revision: char) {
    match revision {
        'L' => loop {
            black_box(revision);
        },
        'T' => panic!("revision T traps"),
        'M' => {
            let mut taken: Vec<Vec<u8>> = Vec::new();
            loop {
                taken.push(black_box(vec![1; 1 << 20]));
            }
        }
        _ => {}
    }
}

fn letter() -> char {
    black_box(MARK).chars().next_back().unwrap_or('?')
}

/// What the customer asks for beside an echo.
fn asked_for(words: &str, host: &dyn Host) -> Result<Option<Verdict>, Error> {
    if words.contains("#gagal") {
        return Err(Error::new("a message asked for a failure"));
    }
    if words.contains("#jebak") {
        panic!("a message asked for a trap");
    }
    if words.contains("#lewat") {
        return Ok(Some(Verdict::pass("a message asked to be passed over")));
    }
    if words.contains("#serah") {
        let handover = Handover::new(Reason::Other, "a message asked for it");
        return Ok(Some(Verdict::handover(handover, "a message asked for a human")));
    }
    if words.contains("#ulang") {
        let said: Vec<String> =
            host.history(20).into_iter().filter(|turn| turn.by == "customer").map(|turn| turn.text).collect();
        return Ok(Some(Verdict::reply(
            Reply::answer(format!("Sebelumnya: {}", said.join(" | "))),
            "tells the history",
        )));
    }
    if words.contains("#ingat") {
        host.remember("kept", &words)?;
    }
    if words.contains("#sebut") {
        let kept: String = host.recall("kept").unwrap_or_else(|| "belum ada".to_owned());
        return Ok(Some(Verdict::reply(Reply::answer(format!("Ingatan: {kept}")), "tells what it was to remember")));
    }
    if words.contains("#riwayat") {
        black_box(host.history(20));
    }
    if words.contains("#hitung") {
        let seen: u32 = host.recall_shared("seen").unwrap_or(0);
        host.remember_shared("seen", &(seen + 1))?;
        host.remember("last", &words.len())?;
    }
    Ok(None)
}

#[plugin(
    name = "echo",
    purpose(id = "Mengulang kata pelanggan", en = "Says back what it was told"),
    languages("id", "en"),
    examples("pesan nomor satu" => reply),
)]
impl Plugin for Echo {
    type Config = santun_plugin::config::Nothing;

    fn handle(event: &Event, context: &Context, host: &dyn Host) -> Result<Verdict, Error> {
        let revision = letter();
        if revision == 'X' {
            return Err(Error::new("revision X refuses everything"));
        }
        if context.channel != "check" {
            misbehave(revision);
        }
        if event.text().contains("berbohong") {
            return Ok(Verdict::reply(Reply::answer("Saya manusia asli."), "asked to lie"));
        }
        if let Some(verdict) = asked_for(&event.text(), host)? {
            return Ok(verdict);
        }
        let said: Vec<&str> = event.messages().iter().filter_map(|message| message.content.words()).collect();
        if said.is_empty() {
            return Ok(Verdict::pass("nothing to say back"));
        }
        let words = format!("{} {revision}: {}", context.say("Gema", "Echo"), said.join(" / "));
        if event.text().contains("#dua") {
            let messages = [words.into(), format!("Dua {revision}: {}", said.join(" / ")).into()];
            return Ok(Verdict::reply(Reply::new(Outcome::Answer, messages), "says it back twice"));
        }
        Ok(Verdict::reply(Reply::answer(words), "says it back"))
    }
}
