//! Everyday Indonesian and English, as customers of a shop type it.
//!
//! No I/O, no allocation at start, no dependencies: fit for a plugin that runs in a fresh instance for
//! every message, and for the host's own ears.
//!
//! - [`normalise`] turns what was typed into standard words; [`root`] takes one further, to its root.
//! - [`topic`] names what a word is about (`kirim`, `bayar`, `retur` …), so that *nyampe*, *delivery* and
//!   *pengiriman* meet; [`is_function_word`] tells words that say nothing about it.
//! - [`closes`] tells thanks and nods, which ask for nothing, from everything else.
//! - [`grams`] and [`alike`] compare spellings; [`detect`] tells the language; [`Mood::of`] the mood.

mod closing;
mod distance;
mod fold;
mod grams;
mod language;
mod mood;
mod normalise;
mod root;
mod spelling;
mod table;
mod topics;
mod vocabulary;

pub use closing::closes;
pub use distance::{alike, distance};
pub use grams::grams;
pub use language::{Language, detect};
pub use mood::{Cue, Mood};
pub use normalise::{Kind, Normalised, Token, normalise};
pub use root::root;
pub use topics::{TOPICS, topic, topics};
pub use vocabulary::{is_function_word, is_known};
