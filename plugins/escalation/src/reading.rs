//! A message as every part of the plugin reads it: once.

use crate::cues::Cues;
use crate::figures::Figures;

/// A message, read.
#[derive(Clone, Debug)]
pub struct Reading<'t> {
    /// As it was typed.
    pub text: &'t str,
    /// Its words, and what they are about.
    pub cues: Cues,
    /// What it counts and names.
    pub figures: Figures,
}

impl<'t> Reading<'t> {
    /// Reads a text.
    pub fn of(text: &'t str) -> Self {
        Self { text, cues: Cues::of(text), figures: Figures::of(text) }
    }
}
