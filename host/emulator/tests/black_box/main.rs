//! The emulator over real HTTP, as a client of the Cloud API, a host and a person at the phone meet it.

mod chats;
mod customers;
mod faults;
mod media;
mod sends;
mod support;
mod validation;
mod webhooks;
