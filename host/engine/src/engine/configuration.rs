//! How wasmtime is set up, and why each number is that number.

use std::sync::Arc;

use wasmtime::{Config, Enabled, InstanceAllocationStrategy, PoolingAllocationConfig, Strategy, WasmBacktraceDetails};

use super::remembered::Remembered;
use crate::settings::Bounds;

/// Kept resident of a memory or a table when it is reset. With the kernel's page-map scan only pages
/// that were written are wiped, so this costs nothing for what a call does not touch, and saves the
/// page faults of what it does. Measured on a Rust guest: 26 µs a call without, 17 µs with.
const KEEP_RESIDENT: usize = 2 << 20;
/// Guest stacks: deep enough for interpreters (QuickJS, CPython), which recurse in C.
const GUEST_STACK: usize = 1 << 20;
/// The stack under a guest also carries the host functions that it calls.
const FIBER_STACK: usize = 2 << 20;

pub(super) fn of(bounds: &Bounds, remembered: Arc<Remembered>) -> wasmtime::Result<Config> {
    let mut config = Config::new();
    config.strategy(Strategy::Cranelift);
    config.enable_incremental_compilation(remembered)?;
    config.wasm_component_model(true);
    config.epoch_interruption(true);
    // A turn replays bit for bit.
    config.cranelift_nan_canonicalization(true);
    config.relaxed_simd_deterministic(true);
    // Threads are not even built in; without shared memory nothing of them could be seen.
    config.shared_memory(false);
    config.max_wasm_stack(GUEST_STACK);
    config.async_stack_size(FIBER_STACK);
    config.memory_init_cow(true);
    // A trap is rare and its trace is for an author: read debug information if there is any.
    config.wasm_backtrace_details(WasmBacktraceDetails::Enable);
    config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool(bounds)));
    Ok(config)
}

fn pool(bounds: &Bounds) -> PoolingAllocationConfig {
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(bounds.instances);
    pool.total_stacks(bounds.instances);
    // A Rust plugin has about 4 core instances, a Python one about 30. They are bookkeeping, not
    // reserved memory.
    pool.total_core_instances(bounds.instances.saturating_mul(bounds.core_instances));
    pool.max_core_instances_per_component(bounds.core_instances);
    // Address space, not memory: 4 GiB a slot, which saves every bounds check. 512 slots are 2 TiB
    // of the 128 TiB there are. Components of one language have one memory; a few have a second.
    pool.total_memories(bounds.instances.saturating_mul(2));
    pool.max_memories_per_component(8);
    pool.max_memory_size((bounds.memory_mb as usize) << 20);
    // Shims add a table of their own to the language's.
    pool.total_tables(bounds.instances.saturating_mul(4));
    pool.max_tables_per_component(16);
    pool.table_elements(bounds.table_elements as usize);
    pool.linear_memory_keep_resident(KEEP_RESIDENT);
    pool.table_keep_resident(KEEP_RESIDENT);
    pool.pagemap_scan(Enabled::Auto);
    pool
}
