//! Between the contract's exports and the [`Plugin`] trait.

use crate::bindings::santun::plugin::types as wit;
use crate::{Host, Plugin};

/// `prepare` of the contract.
pub fn prepare<P: Plugin>(config: &str) -> Result<Vec<u8>, String> {
    let config = serde_json::from_str(config).map_err(|error| format!("the configuration does not fit: {error}"))?;
    let prepared = P::prepare(config);
    #[cfg(target_arch = "wasm32")]
    crate::printed::tell_rest();
    Ok(prepared?.into_bytes())
}

/// `handle` of the contract, with whatever host.
pub fn handle<P: Plugin>(event: &wit::Event, context: &wit::Context, host: &dyn Host) -> Result<wit::Verdict, String> {
    Ok(P::handle(event, context, host)?.into_wit()?)
}

/// `handle` of the contract, with the host that runs this component.
#[cfg(target_arch = "wasm32")]
pub fn handle_in_guest<P: Plugin>(event: &wit::Event, context: &wit::Context) -> Result<wit::Verdict, String> {
    let verdict = handle::<P>(event, context, &crate::guest::Guest);
    crate::printed::tell_rest();
    verdict
}
