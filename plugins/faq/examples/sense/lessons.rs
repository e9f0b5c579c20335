//! What is taught: shops, and shops made of intents and of words that belong together.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;

use santun_concepts::intents::NOTHING;
use santun_plugin_faq::entries::Entry;

use crate::learning::{Dice, Features, Lesson, Text};
use crate::shops::{self, Shop};

#[path = "../../../concepts/examples/intents/phrases.rs"]
#[allow(dead_code, reason = "it is the example's of the intents")]
mod phrases;

/// Shops made of intents and of kin, for each round.
const OF_INTENTS: usize = 40;
const OF_KIN: usize = 20;
/// Messages of a shop made of intents that ask nothing.
const OF_NOTHING: usize = 12;
/// Entries of a shop that is made.
const ENTRIES: usize = 45;

/// What shops are made of.
pub(crate) struct Stuff {
    pub(crate) intents: Vec<Intent>,
    /// What asks nothing of any shop.
    nothing: Vec<Text>,
    /// Words that belong together, their name first.
    pub(crate) kin: Vec<Vec<Text>>,
}

/// Something that is asked.
#[derive(Default)]
pub(crate) struct Intent {
    /// As shops put it.
    questions: Vec<Text>,
    /// In all ways.
    ways: Vec<Text>,
}

/// A shop as a lesson.
pub(crate) fn of_shop(shop: &Shop, features: &mut Features) -> Lesson {
    let ways = |entry: &Entry, features: &mut Features| {
        std::iter::once(&entry.question).chain(&entry.also).map(|way| features.text(way)).collect()
    };
    Lesson {
        entries: shop.entries.iter().map(|entry| ways(entry, features)).collect(),
        asked: shop.asked.iter().map(|(text, answer)| (features.text(text), *answer)).collect(),
    }
}

impl Stuff {
    /// What lies under the concepts' `intents` and `kin`.
    pub(crate) fn read(concepts: &Path, features: &mut Features) -> Result<Self, Box<dyn Error>> {
        let phrases = phrases::read(&concepts.join("intents"))?;
        let mut intents: BTreeMap<u16, Intent> = BTreeMap::new();
        for sample in phrases.samples() {
            let text = features.text(&sample.text);
            let intent = intents.entry(sample.intent).or_default();
            if phrases.lines[sample.line].1.ends_with('?') {
                intent.questions.push(text.clone());
            }
            intent.ways.push(text);
        }
        let nothing = intents.remove(&NOTHING).unwrap_or_default().ways;
        let intents = intents.into_values().filter(|intent| !intent.questions.is_empty()).collect();
        let groups = shops::kin(&concepts.join("kin"))?;
        let kin = groups.iter().map(|group| group.iter().map(|member| features.text(member)).collect()).collect();
        Ok(Self { intents, nothing, kin })
    }

    /// Shops made of what belongs together.
    pub(crate) fn lessons(&self, dice: &mut Dice) -> Vec<Lesson> {
        let mut lessons = Vec::new();
        for _ in 0..OF_INTENTS {
            let mut lesson = made(dice, self.intents.len(), |dice, at| {
                let Intent { questions, ways } = &self.intents[at];
                let asked = (0..5).map(|_| ways[dice.below(ways.len())].clone()).collect();
                (questions[dice.below(questions.len())].clone(), asked)
            });
            let nothing = |_| (self.nothing[dice.below(self.nothing.len())].clone(), None);
            lesson.asked.extend((0..OF_NOTHING).map(nothing));
            lessons.push(lesson);
        }
        if self.kin.len() < ENTRIES * 2 {
            return lessons;
        }
        for _ in 0..OF_KIN {
            lessons.push(made(dice, self.kin.len(), |dice, at| {
                let group = &self.kin[at];
                let member = |dice: &mut Dice| group[dice.below(group.len())].clone();
                let mut entry = if dice.below(2) == 0 { group[0].clone() } else { Text::new() };
                for _ in 0..=dice.below(3) {
                    entry.extend(member(dice));
                }
                let asked = (0..4).map(|_| {
                    let mut asked = member(dice);
                    if dice.below(3) == 0 {
                        asked.extend(member(dice));
                    }
                    asked
                });
                (entry, asked.collect())
            }));
        }
        lessons
    }
}

/// A lesson whose entries are picked at random among so many, each with what is asked of it.
fn made(dice: &mut Dice, many: usize, mut of: impl FnMut(&mut Dice, usize) -> (Text, Vec<Text>)) -> Lesson {
    let mut picked: Vec<usize> = (0..many).collect();
    dice.shuffle(&mut picked);
    let mut lesson = Lesson::default();
    for (place, at) in picked.into_iter().take(ENTRIES).enumerate() {
        let (entry, asked) = of(dice, at);
        lesson.entries.push(vec![entry]);
        lesson.asked.extend(asked.into_iter().map(|text| (text, Some(place))));
    }
    lesson
}
