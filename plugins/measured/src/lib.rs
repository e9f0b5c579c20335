//! A plugin that does little, so that what is measured is the host: `santun bench` asks it.
//!
//! It reads its configuration and the last turns, counts the words of the message and those that the
//! customer has written before, and answers with the numbers: whatever a real plugin does at least.

use santun_plugin::prelude::*;

/// The plugin.
pub struct Measured;

/// What it is set up with.
#[derive(Clone, Debug, Config)]
pub struct Settings {
    /// How many turns it looks back.
    #[config(default = 10, min = 0, max = 100)]
    pub turns: u32,
}

#[plugin(
    name = "measured",
    purpose(id = "Mengukur host: menghitung kata", en = "Measures the host: counts words"),
    languages("id", "en"),
    asks(
        "history" = "Counts the words that were said before",
        "warm" = "Shows what a call costs without a new instance",
    ),
)]
impl Plugin for Measured {
    type Config = Settings;

    fn handle(event: &Event, _context: &Context, host: &dyn Host) -> Result<Verdict, Error> {
        let settings: Settings = host.prepared()?;
        let turns = host.history(settings.turns);
        let before: usize = turns.iter().filter(|turn| turn.by == "customer").map(|turn| words(&turn.text)).sum();
        let now: usize = event.messages().iter().filter_map(|message| message.content.words()).map(words).sum();
        Ok(Verdict::reply(Reply::answer(format!("{now} / {before}")), "counted"))
    }
}

/// Words between single blanks.
fn words(text: &str) -> usize {
    text.bytes().filter(|byte| *byte == b' ').count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_now_and_before_are_counted() {
        let host = TestHost::new().configure::<Measured>("{}").unwrap().with_history(&[("customer", "di mana paket")]);
        assert_eq!(host.ask::<Measured>("paket saya di mana").unwrap().words(), "4 / 3");
    }
}
