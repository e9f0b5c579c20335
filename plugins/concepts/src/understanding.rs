//! What a text is about, what it asks, and where it points, in one reading.

use crate::SHOP;
use crate::features::{NEIGHBOURS, features};
use crate::intents::{self, Leaning};
use crate::reading::{self, Letters, Meaning};
use crate::sense::{self, Sense};

/// What is understood of a text.
#[derive(Clone, Debug, PartialEq)]
pub struct Understood {
    /// What it is about.
    pub meaning: Meaning,
    /// What it asks, the likeliest intents first.
    pub leanings: Vec<Leaning>,
    /// What it means, as a direction.
    pub sense: Sense,
}

/// What is learnt, for understanding.
#[derive(Clone, Copy)]
pub struct Models<'m> {
    /// What features say of intents.
    pub intents: intents::Model<'m>,
    /// Where features point.
    pub senses: sense::Model<'m>,
}

impl Models<'static> {
    /// The built-in ones.
    pub fn built_in() -> Self {
        Self { intents: intents::Model::built_in(), senses: sense::Model::built_in() }
    }
}

/// Understands a text.
pub fn understand(text: &str) -> Understood {
    understand_with(&Models::built_in(), text)
}

/// [`understand`] with other models.
pub fn understand_with(models: &Models<'_>, text: &str) -> Understood {
    let (tokens, letters) = reading::tokens(&SHOP, text, Letters::Unknown);
    let meaning = reading::with_fields(text, &tokens, &letters);
    let mut leaning = intents::Sums::of(&models.intents);
    let mut pointing = sense::Sum::of(&models.senses);
    let mut points = false;
    features(&SHOP, &tokens, &letters, &meaning, |hash, value| {
        leaning.add(hash, value);
        // As with intents, pieces of words never seen point nowhere alone.
        points |= pointing.add(hash, value) && value >= NEIGHBOURS;
    });
    // A number alone asks nothing.
    if tokens.iter().all(|token| token.number) {
        return Understood { meaning, leanings: Vec::new(), sense: Sense::NONE };
    }
    let sense = if points { pointing.direction() } else { Sense::NONE };
    Understood { meaning, leanings: leaning.leanings(), sense }
}
