//! Calls a human when a bot should no longer speak alone.
//!
//! First in the chain: it lets everything pass until it finds that the customer is in danger, that money is at stake,
//! that something went wrong, that they are upset or not content with an answer, that they bargain, or that the
//! conversation goes round in circles. A small model, learnt from the sets under `training/`, says whether a human is
//! needed; rules name the matter, and count what is better counted than learnt.

mod certain;
pub mod classes;
pub mod cues;
pub mod features;
pub mod figures;
mod frustration;
pub mod gist;
pub mod history;
#[cfg(not(target_arch = "wasm32"))]
pub mod learning;
pub mod model;
pub mod patterns;
pub mod reading;
#[cfg(not(target_arch = "wasm32"))]
pub mod scoring;
mod settings;
#[cfg(not(target_arch = "wasm32"))]
pub mod shops;
pub mod sketch;
mod summary;
mod talk;
pub mod triggers;
mod wish;

use santun_plugin::prelude::*;

use history::Past;
use reading::Reading;
use settings::Set;
pub use settings::Settings;
use talk::Talk;

/// How many turns back the plugin looks.
const HISTORY: u32 = 24;

/// Calls a human.
pub struct Escalation;

#[plugin(
    name = "escalation",
    purpose(
        id = "Memanggil manusia saat pelanggan kesal, mengulang, menawar, atau urusannya gawat",
        en = "Calls a human when a customer is upset, repeats, bargains, or the matter is serious"
    ),
    languages("id", "en"),
    asks("history" = "Sees when the same question comes again, and when a conversation goes round in circles"),
)]
impl Plugin for Escalation {
    type Config = Settings;

    fn prepare(settings: Settings) -> Result<Prepared, Error> {
        settings.laid_out()
    }

    fn handle(event: &Event, context: &Context, host: &dyn Host) -> Result<Verdict, Error> {
        let text = event.text();
        if event.choice().is_some() || text.trim().is_empty() {
            return Ok(Verdict::pass("no words of the customer's own"));
        }
        let set = Set::of(host)?;
        let reading = Reading::of(&text);
        let counters = context.counters;
        let alone = counters.customer_messages == 0 && counters.bot_replies == 0 && counters.sessions <= 1;
        let turns = if alone { Vec::new() } else { host.history(HISTORY) };
        let past = Past::of(&text, &turns);
        let talk = Talk { set: &set, reading: &reading, past: &past, turns: &turns, counters };
        match talk.trigger() {
            Some(trigger) => Ok(summary::handover(&set, &trigger, &reading, context)),
            None => Ok(Verdict::pass("nothing calls for a human")),
        }
    }
}
