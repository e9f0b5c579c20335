//! Plugins: WebAssembly components that are checked, compiled once, and run in a fresh instance for
//! every call, each under its limits.
//!
//! The way of a plugin: its bytes are *admitted* ([`Engine::admit`]) and become a [`Revision`]; with
//! the operator's settings ([`Setup`]) that is made *ready* ([`Engine::ready`]) and becomes a
//! [`Behaviour`], which *handles* calls ([`Behaviour::handle`]). A plugin that fails, however it
//! fails, is a [`Failure`](santun_core::verdict::Failure) with a name: never a panic of the host, and
//! never a stall of another plugin.

mod behaviour;
mod breaker;
mod cache;
mod call;
mod contract;
mod engine;
mod failure;
mod guest;
mod http;
mod keyed;
mod lift;
mod limits;
mod log;
mod lower;
mod manifest;
mod meter;
mod rejected;
mod revision;
mod settings;
mod setup;
mod wasi;

pub use behaviour::{Behaviour, Gauges};
pub use breaker::BreakerState;
pub use call::{Answer, Call, ContactView, HttpRecord, LogCount, Recall, RecallError};
pub use engine::{Engine, EngineError};
pub use http::{LookUp, LookedUp};
pub use limits::Limit;
pub use manifest::{Ask, Example, Manifest, NamedDivision, Purpose};
pub use rejected::Rejected;
pub use revision::Revision;
pub use settings::{Bounds, EngineSettings, Interrupt};
pub use setup::{Secret, Setup};
