//! The host: HTTP surface, workers, configuration and command line around the rooms that do the work.

pub mod secrets;
pub mod settings;
pub mod world;
