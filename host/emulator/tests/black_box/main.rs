//! The emulator over real HTTP, as a client of the Cloud API, a host and a person at the phone meet it.

mod api;
mod chats;
mod clock;
mod coexistence;
mod customers;
mod disorder;
mod faults;
mod limits;
mod media;
mod phone;
mod sends;
mod standing;
mod support;
mod templates;
mod validation;
mod webhooks;
