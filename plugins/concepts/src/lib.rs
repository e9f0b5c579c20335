//! What customers of shops talk about.
//!
//! "klo ke medan brp hr nyampenya" and "Berapa lama pengiriman ke luar Jawa?" share no word, and mean
//! the same. This crate reads a text into its **features**: the concepts behind its words (shipping,
//! duration, outside Java), and the words that it has no concept for. The vocabulary lies in
//! `everyday.txt`, `concepts.txt`, `fields.txt` and `trades.txt`, is compiled into tables while the crate is built, and is
//! looked up in place: a fresh WebAssembly instance builds nothing.

pub mod compile;
mod features;
mod finding;
pub mod intents;
mod lexicon;
mod reading;
pub mod sense;
pub mod spelling;
mod understanding;

pub use features::learnable;
pub use finding::{Found, Hit, find};
pub use lexicon::{Lexicon, number_of};
pub use reading::{Feature, KNOWN_WORD, Meaning, read, read_with, resemblance};
pub use understanding::{Models, Understood, understand, understand_with};

lexicon!(SHOP);

/// Words that belong together: finer than the shop's concepts, and for comparing texts alone.
#[expect(unreachable_pub, reason = "lexicons are made for other crates too")]
mod fields {
    crate::lexicon!(FIELDS, "fields-");
}

/// More of them: a lexicon numbers 256.
#[expect(unreachable_pub, reason = "lexicons are made for other crates too")]
mod trades {
    crate::lexicon!(TRADES, "trades-");
}
