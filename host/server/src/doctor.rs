//! `santun doctor`: looks at a whole set-up as it really is, and names the fix for each fault.
//!
//! It works beside a running host and without one, and changes nothing: it reads the databases through
//! connections that cannot write, asks the Graph what it knows, and calls the host through the address by which
//! the world knows it.

mod database;
mod disk;
mod graph;
mod host;
mod plugins;
mod report;
mod secrets;
mod served;
mod webhook;

use std::sync::Arc;
use std::time::Duration;

use santun_core::world::World;

pub use report::{Finding, Report, State};
pub use santun_store::Depth;

use crate::settings::Settings;
use crate::world::SystemWorld;

/// How long any one call may take.
const PATIENCE: Duration = Duration::from_secs(15);

/// What every check has at hand.
struct Examination<'a> {
    settings: &'a Settings,
    world: Arc<dyn World>,
    depth: Depth,
}

/// Looks at everything that these settings name.
pub async fn examine(settings: &Settings, depth: Depth) -> Report {
    // Another part of the process may have chosen ring before; both are the same.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let examination = Examination { settings, world: Arc::new(SystemWorld), depth };
    let mut report = Report::default();
    let secrets = secrets::check(&examination, &mut report);
    let host = host::check(&examination, &mut report).await;
    disk::check(&examination, &mut report);
    let mut data = database::check(&examination, &mut report).await;
    let served = served::check(&examination, &mut data, &mut report).await;
    if let Some(served) = &served {
        plugins::check(&examination, served, data.open(), host.as_ref(), &mut report).await;
        graph::check(&examination, served, &secrets, &mut report).await;
    }
    webhook::check(&examination, &secrets, host.is_some(), &mut report).await;
    report
}
