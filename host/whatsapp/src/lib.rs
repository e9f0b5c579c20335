//! WhatsApp's Cloud API: signed webhooks in, calls of the Graph out.
//!
//! - [`signature`] lets in only what Meta signed, and answers Meta's handshake.
//! - [`webhook`] reads a webhook's body into updates in our own words.
//! - [`errors`] says what an answer of the Graph means for a message that was to be sent.
//!
//! Nothing here reads a clock, stores anything, or logs a message's content.

pub mod errors;
pub mod signature;
pub mod webhook;
