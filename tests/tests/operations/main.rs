//! What operators do with a host that works: back it up, bring it back, change its secrets, stop it, install it, bring
//! it to a new version.
#![cfg(target_os = "linux")]

mod backup;
mod drain;
mod package;
mod rotation;
mod supervisor;
mod upgrade;
