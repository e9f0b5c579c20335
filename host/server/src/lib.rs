//! The host: HTTP surface, workers, configuration and command line around the rooms that do the work.

pub mod apply;
#[cfg(feature = "bench")]
pub mod bench;
pub mod cli;
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
pub mod paces;
pub mod receive;
pub mod secrets;
pub mod serve;
pub mod settings;
pub mod sole;
pub mod spans;
pub mod story;
pub mod telemetry;
pub mod timers;
pub mod transcript;
pub mod world;
