//! A message as every part of the plugin reads it: once.

use santun_language::{Normalised, normalise};

use crate::cues::Cues;
use crate::figures::Figures;

/// A message, read.
#[derive(Clone, Debug)]
pub struct Reading {
    /// Its standard words.
    pub words: Normalised,
    /// What calls for a human in it.
    pub cues: Cues,
    /// What it counts and names.
    pub figures: Figures,
}

impl Reading {
    /// Reads a text.
    pub fn of(text: &str) -> Self {
        Self { words: normalise(text), cues: Cues::of(text), figures: Figures::of(text) }
    }
}
