//! A plugin for tests: says back what it was told, so that an answer names its question.
//!
//! Tests make other revisions of it by writing another letter over the mark in the built file.

use std::hint::black_box;

use santun_plugin::prelude::*;

/// The letter at the end tells revisions apart, and `X` refuses its check.
static MARK: &str = "santun-test-echo-mark-A";

/// The plugin.
pub struct Echo;

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
