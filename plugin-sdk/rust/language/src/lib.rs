//! Everyday Indonesian and English, as customers of a shop type it.
//!
//! No I/O, no allocation at start, no dependencies: fit for a plugin that runs in a fresh instance for
//! every message, and for the host's own ears.
//!
//! - [`normalise`] turns what was typed into standard words; [`root`] takes one further, to its root.
//! - [`topic`] names what a word is about (`kirim`, `bayar`, `retur` …), so that *nyampe*, *delivery* and
//!   *pengiriman* meet; [`is_function_word`] tells words that say nothing about it.
//! - [`closes`] tells thanks and nods, which ask for nothing, from everything else; [`asks_what_you_do`] knows the
//!   question what a bot is there for; [`words_of`] gives the bare words, and
//!   [`is_one_of`] looks one up in a list, and [`Words`] in one that is laid out while compiling.
//! - [`grams`] and [`alike`] compare spellings; [`detect`] tells the language; [`Mood::of`] the mood.

mod abilities;
mod closing;
mod distance;
mod fold;
mod grams;
mod language;
mod letters;
mod list;
mod mood;
mod normalise;
mod plain;
mod root;
mod spelling;
mod table;
mod topics;
mod vocabulary;

pub use abilities::asks_what_you_do;
pub use closing::closes;
pub use distance::{alike, distance};
pub use grams::grams;
pub use language::{Language, detect};
pub use list::Words;
#[doc(hidden)]
pub use list::{__laid_out, __slots_for, __words};
pub use mood::{Cue, Mood};
pub use normalise::{Kind, Normalised, Token, normalise};
pub use plain::{is_one_of, words_of};
pub use root::{root, root_and_known};
pub use table::same;
pub use topics::{TOPICS, topic, topics, topics_of};
pub use vocabulary::{is_function_word, is_known};
