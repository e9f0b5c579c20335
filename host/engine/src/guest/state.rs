//! `state`: what the plugin remembers. Writes are staged here and leave with the verdict.

use santun_core::verdict::{StateScope, StateWrite};

use super::Guest;
use crate::contract::santun::plugin::state;
use crate::limits::{Exceeded, Limit};

/// Bytes of a key.
const KEY: usize = 128;

impl state::Host for Guest {
    async fn get(&mut self, scope: state::Scope, key: String) -> wasmtime::Result<Option<Vec<u8>>> {
        check(&key)?;
        let scope = scope_of(scope);
        if let Some(write) = self.call.staged(scope, &key) {
            return Ok(write.value.clone());
        }
        let Some(recall) = self.call.recall.clone() else { return Ok(None) };
        let found = recall.state(&self.surroundings.plugin, scope, &key).await?;
        let (value, version) = match found {
            Some((value, version)) => (Some(value), version),
            None => (None, 0),
        };
        if scope == StateScope::Shared && !self.call.versions.iter().any(|(read, _)| *read == key) {
            self.call.versions.push((key, version));
        }
        Ok(value)
    }

    fn set(&mut self, scope: state::Scope, key: String, value: Vec<u8>) -> wasmtime::Result<()> {
        self.stage(scope_of(scope), key, Some(value))
    }

    fn delete(&mut self, scope: state::Scope, key: String) -> wasmtime::Result<()> {
        self.stage(scope_of(scope), key, None)
    }
}

impl Guest {
    fn stage(&mut self, scope: StateScope, key: String, value: Option<Vec<u8>>) -> wasmtime::Result<()> {
        check(&key)?;
        let call = &mut self.call;
        // Every write counts, an overwritten one too: what is counted is the host's work.
        call.state_bytes = call.state_bytes.saturating_add(key.len() + value.as_ref().map_or(0, Vec::len));
        let limit = self.surroundings.limits.state_kb;
        if call.state_bytes > (limit as usize) << 10 {
            return Err(Exceeded::new(Limit::StateKb, limit).into());
        }
        if let Some(write) = call.writes.iter_mut().find(|write| write.scope == scope && write.key == key) {
            write.value = value;
            return Ok(());
        }
        let read_version = match scope {
            StateScope::Shared => call.versions.iter().find(|(read, _)| *read == key).map(|(_, version)| *version),
            StateScope::Conversation => None,
        };
        call.writes.push(StateWrite { plugin: self.surroundings.plugin.clone(), scope, key, value, read_version });
        Ok(())
    }
}

fn check(key: &str) -> wasmtime::Result<()> {
    if key.is_empty() || key.len() > KEY {
        wasmtime::bail!("a state key has {} bytes; it must have 1 to {KEY}", key.len());
    }
    Ok(())
}

fn scope_of(scope: state::Scope) -> StateScope {
    match scope {
        state::Scope::Conversation => StateScope::Conversation,
        state::Scope::Shared => StateScope::Shared,
    }
}
