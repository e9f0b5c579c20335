//! WhatsApp's Cloud API: signed webhooks in, calls of the Graph out.
//!
//! - [`signature`] lets in only what Meta signed, and answers Meta's handshake.
//! - [`webhook`] reads a webhook's body into updates in our own words.
//! - [`graph`] sends messages, marks them as read, and fetches and uploads files.
//! - [`templates`] are what an account may send outside the 24 hours, and whether what fills them fits.
//! - [`errors`] says what an answer of the Graph means for a message that was to be sent.
//! - [`pacing`] keeps a number and a contact below WhatsApp's limits.
//!
//! Nothing here reads a clock, stores anything, or logs a message's content.

pub mod errors;
pub mod graph;
pub mod pacing;
pub mod signature;
pub mod templates;
pub mod webhook;
