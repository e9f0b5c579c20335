//! The real host, by the contract's imports.

use crate::bindings::santun::plugin::{history, http as wit_http, log, prepared, state};
use crate::host::{Host, Scope};
use crate::http::{Failure, Request, Response};
use crate::{Level, Turn};

/// The host that runs this component.
pub(crate) struct Guest;

impl Host for Guest {
    fn history(&self, n: u32) -> Vec<Turn> {
        history::last(n)
    }

    fn state_get(&self, scope: Scope, key: &str) -> Option<Vec<u8>> {
        state::get(scope, key)
    }

    fn state_set(&self, scope: Scope, key: &str, value: &[u8]) {
        state::set(scope, key, value);
    }

    fn state_delete(&self, scope: Scope, key: &str) {
        state::delete(scope, key);
    }

    fn prepared_size(&self) -> u64 {
        prepared::size()
    }

    fn prepared_read(&self, offset: u64, length: u32) -> Vec<u8> {
        prepared::read(offset, length)
    }

    fn log(&self, level: Level, line: &str) {
        log::write(level, line);
    }

    fn send(&self, request: &Request) -> Result<Response, Failure> {
        wit_http::send(request.as_wit()).map(Response::from_wit).map_err(Failure::from_wit)
    }
}
