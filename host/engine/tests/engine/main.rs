//! The engine with real guests: components built from `tests/guests`.

mod admission;
mod capabilities;
mod golden;
mod hostile;
mod http;
mod support;
mod world;
