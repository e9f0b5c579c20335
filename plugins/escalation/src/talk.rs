//! The decision: what is known of a message and the turns before it, and why a human is called, if one is.

use santun_plugin::prelude::*;
use santun_plugin::{Reason, Turn};

use crate::certain;
use crate::classes::Class;
use crate::cues::Cue;
use crate::history::{self, Past};
use crate::model::{Judgement, Model};
use crate::reading::Reading;
use crate::settings::Set;
use crate::summary;
use crate::triggers::{self, Trigger};
use crate::wish;

/// How far below the threshold a rule that fires is believed.
const BELIEVED: f32 = 0.7;
/// How far below it one that tells of danger is, and any in a long message: among much else the model weighs little.
const DANGER_BELIEVED: f32 = 2.0;
/// Words of an everyday wish that are known to mean nothing: what is wished for.
const STRANGE_IN_A_WISH: usize = 2;
/// From so many words on a message is long.
const LONG: usize = 24;

/// What is known when it is decided.
pub(crate) struct Talk<'t> {
    pub(crate) set: &'t Set,
    pub(crate) reading: &'t Reading<'t>,
    pub(crate) past: &'t Past,
    pub(crate) turns: &'t [Turn],
    pub(crate) counters: santun_plugin::Counters,
}

impl Talk<'_> {
    /// Why a human is called, if one is.
    pub(crate) fn trigger(&self) -> Option<Trigger> {
        let on = |trigger: &Trigger| !self.set.is_off(trigger.rule);
        let judgement = Model::built_in().judge(self.reading, self.past);
        // 0 and more: a human is needed, says the model. Of words that it has never met it can say nothing.
        let need = if self.strange() { f32::MIN } else { judgement.need() };
        let mut rule = if need < -DANGER_BELIEVED { None } else { self.rule().filter(on) };
        if let Some(rule) = rule.clone().filter(|rule| rule.priority == Priority::Urgent) {
            return Some(rule);
        }
        let strange = if rule.is_none() { STRANGE_IN_A_WISH } else { 0 };
        if let Some(certain) = certain::in_words(self.reading).filter(on) {
            return Some(certain);
        }
        let plain = (rule.is_some() || need >= 0.0) && wish::is_plain(&self.reading.cues, strange);
        let need = if plain { f32::MIN } else { need };
        rule = rule.filter(|_| !plain);
        if let Some(keyword) = self.keyword().filter(on) {
            return Some(keyword);
        }
        let so_far = || self.so_far().filter(on);
        if need < 0.0 {
            let believed = if self.reading.cues.length() >= LONG { DANGER_BELIEVED } else { BELIEVED };
            return rule.filter(|_| need >= -believed).or_else(so_far);
        }
        // How a conversation went is counted more surely than it is read out of words.
        let of_the_talk = matches!(judgement.class(), Class::Dissatisfied | Class::Repetition | Class::Stuck);
        let counted = if of_the_talk { so_far() } else { None };
        counted.or_else(|| Some(self.named(&judgement, rule)).filter(on)).or_else(so_far)
    }

    /// Whether no word is known: keys hit at random, a name, a code.
    fn strange(&self) -> bool {
        let loud = self.reading.cues.loudness;
        let pictures = loud.angry || loud.sad || loud.ironic;
        !loud.other_script && !pictures && self.reading.cues.each().all(|(.., meant)| meant.is_empty())
    }

    fn rule(&self) -> Option<Trigger> {
        triggers::in_words(&self.reading.cues, &self.reading.figures)
    }

    /// What the model calls for; a rule that says the same more exactly takes its place.
    fn named(&self, judgement: &Judgement, rule: Option<Trigger>) -> Trigger {
        let class = judgement.class();
        let likely = |reason: Reason| {
            let of_it = crate::classes::CLASSES.into_iter().filter(|class| class.reason() == reason);
            of_it.map(|class| judgement.share(class)).sum::<f32>() >= LIKELY
        };
        rule.filter(|rule| {
            let reason = summary::wider(rule.reason).unwrap_or(rule.reason);
            reason == class.reason() || likely(reason)
        })
        .or_else(|| if class == Class::Risk { certain::injury(&self.reading.cues) } else { None })
        .unwrap_or_else(|| Trigger {
            reason: class.reason(),
            priority: class.priority(),
            rule: class.rule(),
            words: summary::weighty(self.reading, self.past, class),
            says: class.says(),
        })
    }

    fn keyword(&self) -> Option<Trigger> {
        let found = self.set.keyword(self.reading.cues.text())?;
        Some(Trigger {
            reason: Reason::Asked,
            priority: Priority::Normal,
            rule: "keyword",
            words: found.to_owned(),
            says: ["memakai kata kunci untuk admin", "used a word that calls a human"],
        })
    }

    /// What the turns so far say, if the words alone do not.
    fn so_far(&self) -> Option<Trigger> {
        use Reason::{NoProgress, NotUnderstood, Repetition};
        let cues = &self.reading.cues;
        if cues.any(&[Cue::Thanks, Cue::Greeting]) && cues.length() <= 4 {
            return None;
        }
        let trigger =
            |reason, rule, says| Some(Trigger { reason, priority: Priority::Normal, rule, words: String::new(), says });
        let fallbacks = self.set.fallbacks();
        if fallbacks > 0 && self.counters.fallbacks_in_a_row.max(self.past.lost) >= fallbacks {
            let says = ["berkali-kali tidak dipahami bot", "was not understood several times"];
            return trigger(NotUnderstood, "fallbacks", says);
        }
        if self.past.alike >= self.set.repeats() {
            let says = ["menanyakan hal yang sama berulang kali", "keeps asking the same"];
            return trigger(Repetition, "repetition", says);
        }
        let many = self.set.turns();
        // A question that the bot asks again was no answer: those it did not understand are counted above.
        if many > 0 && self.past.same_answer && !self.past.asked {
            let says = ["mendapat jawaban yang sama dua kali", "was given the same answer twice"];
            return trigger(NoProgress, "no-progress", says);
        }
        let long = many > 0 && self.counters.customer_messages + 1 >= many;
        if long && history::without_progress(self.reading.text, self.turns, many as usize) {
            let says = ["sudah lama membahas hal ini tanpa hasil", "has gone on about this without a result"];
            return trigger(NoProgress, "no-progress", says);
        }
        None
    }
}

/// From this share of its reason on a rule names the matter better than the model does.
const LIKELY: f32 = 0.15;
