//! A plugin for tests: says back what it was told, so that an answer names its question.
//!
//! Tests make other revisions of it by writing another letter over the mark in the built file.

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

#[plugin(
    name = "echo",
    purpose(id = "Mengulang kata pelanggan", en = "Says back what it was told"),
    languages("id", "en"),
    examples("pesan nomor satu" => reply),
)]
impl Plugin for Echo {
    type Config = santun_plugin::config::Nothing;

    fn handle(event: &Event, context: &Context, _host: &dyn Host) -> Result<Verdict, Error> {
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
        let said: Vec<&str> = event.messages().iter().filter_map(|message| message.content.words()).collect();
        if said.is_empty() {
            return Ok(Verdict::pass("nothing to say back"));
        }
        let words = format!("{} {revision}: {}", context.say("Gema", "Echo"), said.join(" / "));
        Ok(Verdict::reply(Reply::answer(words), "says it back"))
    }
}
