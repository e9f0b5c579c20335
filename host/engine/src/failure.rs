//! From an error inside a guest to a failure with a name.

use santun_core::verdict::Failure;
use wasmtime::component::ResourceTableError;
use wasmtime::{PoolConcurrencyLimitError, Trap, WasmBacktrace};
use wasmtime_wasi::I32Exit;

use crate::call::RecallError;
use crate::guest::Guest;
use crate::limits::{Exceeded, Limit};

/// Bytes of a guest's last words that an error repeats.
const LAST_WORDS: usize = 400;

/// A failure with one of the codes that are not limits.
pub(crate) fn failure(code: &str, message: impl Into<String>) -> Failure {
    Failure { code: code.to_owned(), message: message.into() }
}

/// Names what ended a call. `output` is the limit for what the call gives back.
pub(crate) fn of_error(error: &wasmtime::Error, guest: &Guest, output: Exceeded) -> Failure {
    if let Some(exceeded) = exceeded(error, guest, output) {
        return exceeded.failure();
    }
    if error.is::<PoolConcurrencyLimitError>() {
        return failure(Limit::Concurrency.name(), "all instances of the host are in use; try again");
    }
    if let Some(error) = error.downcast_ref::<RecallError>() {
        return failure("host", error.to_string());
    }
    let what = if let Some(trap) = error.downcast_ref::<Trap>() {
        format!("the plugin trapped: {trap}")
    } else if let Some(I32Exit(status)) = error.downcast_ref::<I32Exit>() {
        format!("the plugin called exit with status {status}")
    } else {
        format!("the plugin was ended: {}", error.root_cause())
    };
    failure("trap", explained(what, error, guest))
}

fn exceeded(error: &wasmtime::Error, guest: &Guest, output: Exceeded) -> Option<Exceeded> {
    if let Some(exceeded) = error.downcast_ref::<Exceeded>() {
        return Some(*exceeded);
    }
    let bounds = &guest.surroundings.bounds;
    if matches!(error.downcast_ref::<ResourceTableError>(), Some(ResourceTableError::Full)) {
        return Some(Exceeded::new(Limit::Handles, bounds.handles));
    }
    if guest.space.refused.is_some() {
        return guest.space.refused;
    }
    // wasmtime has no types for these.
    let cause = error.root_cause().to_string();
    if cause.contains("fuel allocated for hostcalls") {
        // On its way out of the guest nothing of the guest is on the stack any more.
        let inside = error.downcast_ref::<WasmBacktrace>().is_some_and(|trace| !trace.frames().is_empty());
        return Some(if inside { Exceeded::new(Limit::HostFuel, bounds.host_fuel_kb) } else { output });
    }
    if cause.contains("instance count too high") {
        return Some(Exceeded::new(Limit::Instances, bounds.core_instances));
    }
    if cause.contains("handle") && cause.contains("limit") {
        return Some(Exceeded::new(Limit::Handles, bounds.handles));
    }
    None
}

/// Adds where it happened, and what the guest said before it did.
fn explained(mut what: String, error: &wasmtime::Error, guest: &Guest) -> String {
    let frames = error.downcast_ref::<WasmBacktrace>().map(WasmBacktrace::frames).unwrap_or_default();
    let names = || frames.iter().filter_map(|frame| frame.func_name());
    // The innermost functions of a panic are the panic's own.
    let telling = names().map(demangled).find(|name| !is_machinery(name)).or_else(|| names().next().map(demangled));
    if let Some(name) = telling {
        what.push_str(&format!(", in `{name}`"));
    }
    let said = String::from_utf8_lossy(&guest.call.last_words);
    let said = said.trim();
    if !said.is_empty() {
        let end = said.floor_char_boundary(LAST_WORDS);
        what.push_str("; it said: ");
        what.push_str(&said[..end].replace('\n', " "));
    }
    what
}

fn demangled(name: &str) -> String {
    format!("{:#}", rustc_demangle::demangle(name))
}

fn is_machinery(name: &str) -> bool {
    ["abort", "rust_panic", "__rust", "_RN", "std::", "core::", "alloc::", "panic"]
        .iter()
        .any(|own| name.starts_with(own))
        || name.starts_with('<') && name.contains(" as core::")
}
