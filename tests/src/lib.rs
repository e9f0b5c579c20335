//! Black-box tests: the real `santun` program, the emulator as WhatsApp, the order service as the shop.
//!
//! [`Rig::start`] sets all of it up on free ports and in a folder of its own; everything ends with it.

mod config;
pub mod lab;
mod programs;
mod rig;

pub use config::{MergeError, merge, usual};
pub use programs::{MissingProgram, program, shipped};
pub use rig::{Rig, RigError, USERS};
