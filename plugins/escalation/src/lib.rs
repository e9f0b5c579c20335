//! Calls a human when a bot should no longer speak alone.
//!
//! First in the chain: it lets everything pass until a rule finds that the customer is in danger, that
//! money is at stake, that something went wrong, that they are upset or not content with an answer,
//! that they bargain, or that the conversation goes round in circles.

pub mod cues;
pub mod figures;
pub mod history;
pub mod patterns;
#[cfg(not(target_arch = "wasm32"))]
pub mod scoring;
mod settings;
mod summary;
pub mod triggers;

use santun_plugin::prelude::*;

use cues::{Cue, Cues};
use figures::Figures;
pub use settings::Settings;
use triggers::Trigger;

/// How many turns back the plugin looks.
const HISTORY: u32 = 30;

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
        if !["id", "en"].contains(&&*settings.summary_language) {
            return Err(Error::new(format!(
                "`summary_language` is `{}`: write `id` or `en`",
                settings.summary_language
            )));
        }
        Prepared::of(&settings)
    }

    fn handle(event: &Event, context: &Context, host: &dyn Host) -> Result<Verdict, Error> {
        let taps = event.choice().is_some();
        let text = event.text();
        if taps || text.trim().is_empty() {
            return Ok(Verdict::pass("no words of the customer's own"));
        }
        let settings: Settings = host.prepared()?;
        let cues = Cues::of(&text);
        let figures = Figures::of(&text);
        let trigger = keyword(&settings, &cues)
            .or_else(|| triggers::in_words(&cues, &figures))
            .or_else(|| in_conversation(&settings, &cues, &text, context, host))
            .filter(|trigger| !settings.off.iter().any(|off| off == trigger.rule));
        let Some(trigger) = trigger else { return Ok(Verdict::pass("nothing calls for a human")) };
        Ok(summary::handover(&settings, &trigger, &cues, &figures, context))
    }
}

fn keyword(settings: &Settings, cues: &Cues) -> Option<Trigger> {
    let padded = format!(" {} ", cues.text());
    let found = settings.keywords.iter().find(|keyword| {
        let folded = Cues::of(keyword);
        !folded.text().is_empty() && padded.contains(&format!(" {} ", folded.text()))
    })?;
    Some(Trigger {
        reason: santun_plugin::Reason::Asked,
        priority: Priority::Normal,
        rule: "keyword",
        words: found.clone(),
        says: ["memakai kata kunci untuk admin", "used a word that calls a human"],
    })
}

/// What the turns so far say, if the words alone do not.
fn in_conversation(
    settings: &Settings,
    cues: &Cues,
    text: &str,
    context: &Context,
    host: &dyn Host,
) -> Option<Trigger> {
    use santun_plugin::Reason;
    let small_talk = cues.any(&[Cue::Thanks, Cue::Greeting]) && cues.length() <= 4;
    if small_talk {
        return None;
    }
    let counters = context.counters;
    if settings.fallbacks > 0 && counters.fallbacks_in_a_row >= settings.fallbacks {
        return Some(Trigger {
            reason: Reason::NotUnderstood,
            priority: Priority::Normal,
            rule: "fallbacks",
            words: String::new(),
            says: ["berkali-kali tidak dipahami bot", "was not understood several times"],
        });
    }
    if counters.customer_messages == 0 && counters.sessions <= 1 {
        return None;
    }
    let turns = host.history(HISTORY);
    let earlier = history::earlier(&turns);
    if settings.fallbacks > 0 && history::not_understood(&turns) >= settings.fallbacks {
        return Some(Trigger {
            reason: Reason::NotUnderstood,
            priority: Priority::Normal,
            rule: "fallbacks",
            words: String::new(),
            says: ["berkali-kali tidak dipahami bot", "was not understood several times"],
        });
    }
    let again = history::asked_before(text, &turns);
    let impatient =
        cues.any(&[Cue::AskedBefore, Cue::Again, Cue::Insist]) || cues.loudness.marks || cues.loudness.capitals;
    if again.alike >= settings.repeats
        || (again.unanswered >= 1 && !cues.has(Cue::Suppose))
        || (again.alike >= 1 && impatient)
    {
        return Some(Trigger {
            reason: Reason::Repetition,
            priority: Priority::Normal,
            rule: "repetition",
            words: text.chars().take(80).collect(),
            says: ["menanyakan hal yang sama berulang kali", "keeps asking the same"],
        });
    }
    let many = settings.turns as usize;
    let round = history::answer_repeated(&turns) && !cues.any(&[Cue::Thanks, Cue::Greeting]);
    if many > 0 && round {
        return Some(Trigger {
            reason: Reason::NoProgress,
            priority: Priority::Normal,
            rule: "no-progress",
            words: String::new(),
            says: ["mendapat jawaban yang sama dua kali", "was given the same answer twice"],
        });
    }
    if many > 0 && counters.customer_messages as usize + 1 >= many && history::without_progress(text, &earlier, many) {
        return Some(Trigger {
            reason: Reason::NoProgress,
            priority: Priority::Normal,
            rule: "no-progress",
            words: String::new(),
            says: ["sudah lama membahas hal ini tanpa hasil", "has gone on about this without a result"],
        });
    }
    None
}
