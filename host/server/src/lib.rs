//! The host: HTTP surface, workers, configuration and command line around the rooms that do the work.

pub mod apply;
pub mod backup;
#[cfg(feature = "bench")]
pub mod bench;
pub mod cli;
pub mod clock;
pub mod doctor;
pub mod emulate;
pub mod gauges;
pub mod host;
pub mod http;
pub mod lane;
pub mod lanes;
pub mod live;
pub mod local_token;
pub mod media;
mod memory;
pub mod paces;
pub mod readiness;
pub mod receive;
pub mod refusals;
pub mod secrets;
pub mod serve;
pub mod settings;
pub mod sole;
pub mod spans;
pub mod story;
pub mod supervisor;
pub mod telemetry;
pub mod templates;
pub mod timers;
pub mod transcript;
pub mod world;
