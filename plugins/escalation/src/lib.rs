//! Calls a human when a bot should no longer speak alone.
//!
//! First in the chain: it lets everything pass until a rule finds that the customer is in danger, that
//! money is at stake, that something went wrong, that they are upset or not content with an answer,
//! that they bargain, or that the conversation goes round in circles.

pub mod classes;
pub mod cues;
mod echo;
pub mod features;
pub mod figures;
pub mod history;
pub mod model;
pub mod patterns;
pub mod reading;
#[cfg(not(target_arch = "wasm32"))]
pub mod scoring;
mod settings;
mod summary;
#[cfg(not(target_arch = "wasm32"))]
pub mod training;
pub mod triggers;

use santun_plugin::prelude::*;

use classes::Class;
use cues::Cue;
use history::Past;
use model::{Judgement, Model};
use reading::Reading;
use settings::Set;
pub use settings::Settings;
use triggers::Trigger;

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
        let past = Past::of(&reading.words, &turns);
        let judgement = Model::built_in().judge(|put| features::each(&reading, &past, put));
        let conversation = Conversation { set: &set, reading: &reading, past: &past, judgement: &judgement };
        let Some(trigger) = conversation.trigger(context, &turns) else {
            return Ok(Verdict::pass("nothing calls for a human"));
        };
        Ok(summary::handover(&set, &trigger, &reading, context))
    }
}

/// What is known when it is decided.
struct Conversation<'c> {
    set: &'c Set,
    reading: &'c Reading,
    past: &'c Past,
    judgement: &'c Judgement,
}

/// From this share on a rule that fires is believed.
const BELIEVED: f32 = 0.6;
/// From this share on what the model sees is a better reason than a keyword.
const RATHER: f32 = 0.3;
/// From this share on the model is believed about little or strange words.
const SURE: f32 = 0.98;

impl Conversation<'_> {
    /// Why a human is called, if one is: the most telling reason of all that hold.
    fn trigger(&self, context: &Context, turns: &[santun_plugin::Turn]) -> Option<Trigger> {
        let on = |trigger: &Trigger| !self.set.is_off(trigger.rule);
        let rule = triggers::in_words(&self.reading.cues, &self.reading.figures).filter(on);
        if rule.as_ref().is_some_and(|rule| matches!(rule.rule, "self-harm" | "threat"))
            || (self.reading.figures.pieces >= triggers::MANY_PIECES
                && rule.as_ref().is_some_and(|rule| rule.rule == "bulk"))
        {
            return rule;
        }
        let class = self.judgement.class();
        let keyword = self.keyword().filter(on);
        let mut seen = self.seen(class, rule.as_ref());
        if let Some(keyword) = &keyword {
            seen.words = keyword.words.clone();
        }
        let share = self.judgement.needed();
        if let Some(rule) = rule.filter(|_| share >= BELIEVED && share < Model::built_in().threshold(class)) {
            return Some(rule);
        }
        let needed = share >= self.threshold(class) && on(&seen);
        // How a conversation went is counted more surely than read out of words.
        let of_the_talk = matches!(class, Class::Dissatisfied | Class::Repetition | Class::Stuck);
        if (!needed || of_the_talk)
            && let Some(found) = self.so_far(context, turns).filter(on)
        {
            return Some(found);
        }
        if needed {
            return Some(seen);
        }
        let keyword = keyword?;
        Some(if share >= RATHER && on(&seen) { seen } else { keyword })
    }

    /// From which share on the model's class is believed: a word or two, and words that nobody knows, tell little.
    fn threshold(&self, class: Class) -> f32 {
        let words = || self.reading.words.words();
        let known = words().filter(|word| santun_language::is_known(word)).count();
        let little = words().count() <= 2 && !self.reading.cues.any(&[Cue::Insult, Cue::Anger, Cue::Complaint]);
        let strange = known * 3 < words().count() * 2 && class != Class::Language;
        let usual = Model::built_in().threshold(class);
        match class {
            _ if little || strange => usual.max(SURE),
            // Many an ordinary wish is put unusually.
            Class::Unusual => usual.max(0.92),
            _ => usual,
        }
    }

    /// The model's class as a trigger; a rule that says the same more exactly takes its place.
    fn seen(&self, class: Class, rule: Option<&Trigger>) -> Trigger {
        if let Some(rule) = rule.filter(|rule| rule.reason == class.reason()) {
            return rule.clone();
        }
        Trigger {
            reason: class.reason(),
            priority: class.priority(),
            rule: class.rule(),
            words: summary::weighty(self.reading, self.past, self.judgement, class),
            says: class.says(),
        }
    }

    fn keyword(&self) -> Option<Trigger> {
        let found = self.set.keyword(self.reading.cues.text())?;
        Some(Trigger {
            reason: santun_plugin::Reason::Asked,
            priority: Priority::Normal,
            rule: "keyword",
            words: found.to_owned(),
            says: ["memakai kata kunci untuk admin", "used a word that calls a human"],
        })
    }

    /// What the turns so far say, if the words alone do not.
    fn so_far(&self, context: &Context, turns: &[santun_plugin::Turn]) -> Option<Trigger> {
        use santun_plugin::Reason::{NoProgress, NotUnderstood, Repetition};
        let Reading { cues, words, .. } = self.reading;
        if cues.any(&[Cue::Thanks, Cue::Greeting]) && cues.length() <= 4 {
            return None;
        }
        let trigger =
            |reason, rule, says| Some(Trigger { reason, priority: Priority::Normal, rule, words: String::new(), says });
        let fallbacks = self.set.fallbacks();
        if fallbacks > 0 && context.counters.fallbacks_in_a_row.max(self.past.lost) >= fallbacks {
            let says = ["berkali-kali tidak dipahami bot", "was not understood several times"];
            return trigger(NotUnderstood, "fallbacks", says);
        }
        if self.past.alike >= self.set.repeats() {
            let says = ["menanyakan hal yang sama berulang kali", "keeps asking the same"];
            return trigger(Repetition, "repetition", says);
        }
        let many = self.set.turns();
        if many > 0 && self.past.same_answer {
            let says = ["mendapat jawaban yang sama dua kali", "was given the same answer twice"];
            return trigger(NoProgress, "no-progress", says);
        }
        let long = many > 0 && context.counters.customer_messages + 1 >= many;
        if long && history::without_progress(words.folded(), &history::earlier(turns), many as usize) {
            let says = ["sudah lama membahas hal ini tanpa hasil", "has gone on about this without a result"];
            return trigger(NoProgress, "no-progress", says);
        }
        None
    }
}
