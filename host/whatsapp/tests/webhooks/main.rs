//! Every shape of a webhook that WhatsApp documents, by payloads of our own, and bodies of no shape at all.

mod around;
mod malformed;
mod messages;
mod odd;
mod people;
mod support;
