//! What customers of shops talk about.
//!
//! "klo ke medan brp hr nyampenya" and "Berapa lama pengiriman ke luar Jawa?" share no word, and mean
//! the same. This crate reads a text into its **features**: the concepts behind its words (shipping,
//! duration, outside Java), and the words that it has no concept for. The vocabulary lies in
//! `lexicon.txt`, is compiled into tables while the crate is built, and is looked up in place: a fresh
//! WebAssembly instance builds nothing.

mod lexicon;
mod reading;
pub mod spelling;

/// Its constants are shared with the build script.
#[expect(dead_code, reason = "only the flags are needed at run time")]
mod compile;

pub use lexicon::{CONCEPTS, concept};
pub use reading::{Feature, KNOWN_WORD, Meaning, read, resemblance};
