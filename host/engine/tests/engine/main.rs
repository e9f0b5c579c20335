//! The engine with real guests: components built from `tests/guests`.

mod admission;
mod capabilities;
mod forged;
mod golden;
mod hostile;
mod hostile_by_hand;
mod hostile_from_the_start;
mod http;
mod isolation;
mod support;
mod world;
