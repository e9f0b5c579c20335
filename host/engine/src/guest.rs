//! What a store holds: the guest's side of the host, in one call.

mod history;
mod log_lines;
mod prepared;
mod requests;
mod state;

use std::sync::Arc;

use bytes::Bytes;
use rand_chacha::ChaCha8Rng;
use santun_core::bot::Limits;
use santun_core::ids::{PluginName, RevisionId, StepId};
use santun_core::time::Timestamp;
use santun_core::verdict::{StateScope, StateWrite};
use wasmtime::component::ResourceTable;
use wasmtime_wasi::WasiCtx;

use crate::call::{HttpRecord, LogCount, Recall};
use crate::http::{Access, Client};
use crate::limits::{Exceeded, Space};
use crate::log::GuestLog;
use crate::meter::Meter;
use crate::settings::Bounds;
use crate::wasi::Shared;

/// What is the same in every call of a behaviour.
#[derive(Debug)]
pub(crate) struct Surroundings {
    pub(crate) plugin: PluginName,
    pub(crate) revision: RevisionId,
    pub(crate) limits: Limits,
    pub(crate) bounds: Bounds,
    /// Earlier turns that it may read.
    pub(crate) history_turns: u32,
    /// Where it may send requests.
    pub(crate) access: Access,
    pub(crate) client: Arc<Client>,
    pub(crate) log: GuestLog,
}

/// The data of a store.
pub(crate) struct Guest {
    pub(crate) surroundings: Arc<Surroundings>,
    pub(crate) prepared: Bytes,
    pub(crate) space: Space,
    pub(crate) meter: Arc<Meter>,
    pub(crate) cpu: Exceeded,
    pub(crate) call: CallState,
    pub(crate) shared: Arc<Shared>,
    table: ResourceTable,
    /// Made when the guest first asks for what it serves: most calls never do.
    wasi: Option<Box<WasiCtx>>,
}

/// What belongs to one call.
pub(crate) struct CallState {
    pub(crate) step: StepId,
    pub(crate) seed: u64,
    pub(crate) now: Timestamp,
    /// Absent while `prepare` runs: there is no conversation.
    pub(crate) recall: Option<Arc<dyn Recall>>,
    /// Whether requests may be sent.
    pub(crate) network: Network,
    pub(crate) writes: Vec<StateWrite>,
    /// Shared keys that were read, with the version seen.
    pub(crate) versions: Vec<(String, u64)>,
    pub(crate) state_bytes: usize,
    pub(crate) logs: LogCount,
    pub(crate) log_bytes: usize,
    /// What the guest wrote to stderr or logged as an error: the message of a panic.
    pub(crate) last_words: Vec<u8>,
    pub(crate) http: Vec<HttpRecord>,
    pub(crate) random: Option<Box<ChaCha8Rng>>,
    pub(crate) random_bytes: u64,
}

/// Whether requests may be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Network {
    /// As granted.
    Granted,
    /// Not while a plugin is prepared or checked.
    Closed,
}

impl CallState {
    pub(crate) fn new(
        step: StepId,
        seed: u64,
        now: Timestamp,
        recall: Option<Arc<dyn Recall>>,
        network: Network,
    ) -> Self {
        Self {
            step,
            seed,
            now,
            recall,
            network,
            writes: Vec::new(),
            versions: Vec::new(),
            state_bytes: 0,
            logs: LogCount::default(),
            log_bytes: 0,
            last_words: Vec::new(),
            http: Vec::new(),
            random: None,
            random_bytes: 0,
        }
    }

    /// The staged write of a key, if there is one.
    fn staged(&self, scope: StateScope, key: &str) -> Option<&StateWrite> {
        self.writes.iter().find(|write| write.scope == scope && write.key == key)
    }
}

impl Guest {
    pub(crate) fn new(
        surroundings: Arc<Surroundings>,
        prepared: Bytes,
        meter: Arc<Meter>,
        cpu: Exceeded,
        call: CallState,
    ) -> Self {
        let Surroundings { limits, bounds, .. } = &*surroundings;
        let space = Space::new(limits.memory_mb.min(bounds.memory_mb), limits.table_elements, bounds.core_instances);
        let mut table = ResourceTable::new();
        table.set_max_capacity(bounds.handles as usize);
        Self { surroundings, prepared, space, meter, cpu, call, shared: Arc::default(), table, wasi: None }
    }

    /// The resources that the guest holds.
    pub(crate) fn resources(&mut self) -> &mut ResourceTable {
        &mut self.table
    }

    /// The rest of WASI with the resources, made now if it has not been.
    pub(crate) fn wasi_parts(&mut self, make: fn() -> WasiCtx) -> (&mut WasiCtx, &mut ResourceTable) {
        (self.wasi.get_or_insert_with(|| Box::new(make())), &mut self.table)
    }
}
