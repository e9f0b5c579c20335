//! Randomness that a replay shows again: seeded by the step and the plugin.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use sha2::{Digest, Sha256};
use wasmtime_wasi::p2::bindings::random::{insecure, insecure_seed, random};

use crate::guest::Guest;
use crate::limits::{Exceeded, Limit};

impl Guest {
    fn draw(&mut self, bytes: u64) -> wasmtime::Result<&mut ChaCha8Rng> {
        let limit = self.surroundings.bounds.random_kb;
        let call = &mut self.call;
        call.random_bytes = call.random_bytes.saturating_add(bytes);
        if call.random_bytes > u64::from(limit) << 10 {
            return Err(Exceeded::new(Limit::RandomKb, limit).into());
        }
        Ok(call.random.get_or_insert_with(|| {
            let seed = Sha256::new()
                .chain_update(b"santun:random\0")
                .chain_update(call.seed.to_le_bytes())
                .chain_update(call.step.as_uuid().as_bytes())
                .chain_update(self.surroundings.plugin.as_str())
                .finalize();
            Box::new(ChaCha8Rng::from_seed(seed.into()))
        }))
    }

    fn bytes(&mut self, length: u64) -> wasmtime::Result<Vec<u8>> {
        let rng = self.draw(length)?;
        let mut bytes = vec![0; usize::try_from(length)?];
        rng.fill_bytes(&mut bytes);
        Ok(bytes)
    }
}

impl random::Host for Guest {
    fn get_random_bytes(&mut self, length: u64) -> wasmtime::Result<Vec<u8>> {
        self.bytes(length)
    }

    fn get_random_u64(&mut self) -> wasmtime::Result<u64> {
        Ok(self.draw(8)?.next_u64())
    }
}

impl insecure::Host for Guest {
    fn get_insecure_random_bytes(&mut self, length: u64) -> wasmtime::Result<Vec<u8>> {
        self.bytes(length)
    }

    fn get_insecure_random_u64(&mut self) -> wasmtime::Result<u64> {
        Ok(self.draw(8)?.next_u64())
    }
}

impl insecure_seed::Host for Guest {
    fn insecure_seed(&mut self) -> wasmtime::Result<(u64, u64)> {
        let rng = self.draw(16)?;
        Ok((rng.next_u64(), rng.next_u64()))
    }
}
