//! `prepared`: what `prepare` made of the configuration, piece by piece.

use super::Guest;
use crate::contract::santun::plugin::{prepared, types};

impl types::Host for Guest {}

impl prepared::Host for Guest {
    fn size(&mut self) -> wasmtime::Result<u64> {
        Ok(self.prepared.len() as u64)
    }

    fn read(&mut self, offset: u64, length: u32) -> wasmtime::Result<Vec<u8>> {
        let start = usize::try_from(offset).unwrap_or(usize::MAX).min(self.prepared.len());
        let end = start.saturating_add(length as usize).min(self.prepared.len());
        Ok(self.prepared[start..end].to_vec())
    }
}
