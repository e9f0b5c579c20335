//! A plugin that does little, so that what is measured is the host: `santun bench` asks it.
//!
//! It reads its configuration and the last turns, counts the words of the message that were said
//! before, and answers with the number: whatever a real plugin does at least.

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
        let text = event.text();
        let said_before = |word: &&str| turns.iter().any(|turn| turn.text.split_whitespace().any(|said| said == *word));
        let known = text.split_whitespace().filter(said_before).count();
        let all = text.split_whitespace().count();
        Ok(Verdict::reply(Reply::answer(format!("{known} / {all}")), "counted"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_were_said_before_are_counted() {
        let host = TestHost::new().configure::<Measured>("{}").unwrap().with_history(&[("customer", "di mana paket")]);
        assert_eq!(host.ask::<Measured>("paket saya di mana").unwrap().words(), "3 / 4");
    }
}
