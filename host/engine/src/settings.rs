//! How an engine is set up.

use std::path::PathBuf;
use std::sync::Arc;

use santun_core::world::World;

/// What an [`Engine`](crate::Engine) needs to know of its host.
#[derive(Clone)]
pub struct EngineSettings {
    /// The folder in which compiled code is kept; `None` compiles at every start.
    pub cache: Option<PathBuf>,
    /// The key by which compiled code is authenticated before it is mapped. It must not be kept in
    /// the cache's folder.
    pub cache_key: [u8; 32],
    /// The secret that contacts' opaque keys are made with. Another secret gives every plugin another
    /// key for every contact, so it must last as long as plugins' shared state.
    pub contact_secret: [u8; 32],
    /// Time, for breakers and the age of warm instances.
    pub world: Arc<dyn World>,
    /// What no plugin may exceed, whatever the operator grants.
    pub bounds: Bounds,
}

/// What no plugin may exceed, whatever its own limits say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Instances of all plugins at the same time.
    pub instances: u32,
    /// Core instances inside one instance of a plugin. Python's have about thirty.
    pub core_instances: u32,
    /// Mebibytes of memory that a limit may be set to.
    pub memory_mb: u32,
    /// Elements that one table may have.
    pub table_elements: u32,
    /// KiB that may cross from the guest to the host in one call of a host function.
    pub host_fuel_kb: u32,
    /// Handles of host resources that a guest may hold.
    pub handles: u32,
    /// KiB of randomness in one call.
    pub random_kb: u32,
    /// Milliseconds for one HTTP request, redirects included.
    pub http_ms: u32,
    /// KiB that `prepare` may give back.
    pub prepared_kb: u32,
    /// Whether guests that compute are interrupted.
    pub interrupt: Interrupt,
}

/// Whether guests that compute are interrupted, to be charged and to let others go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interrupt {
    /// At each millisecond.
    EachMillisecond,
    /// Never: what a guest computes happens at one moment, and `cpu_ms` limits nothing. For simulations with
    /// guests that can be trusted.
    Never,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            instances: 256,
            core_instances: 64,
            memory_mb: 1_024,
            table_elements: 100_000,
            host_fuel_kb: 2_048,
            handles: 1_000,
            random_kb: 1_024,
            http_ms: 10_000,
            prepared_kb: 65_536,
            interrupt: Interrupt::EachMillisecond,
        }
    }
}
