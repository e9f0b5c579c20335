//! Time and chance, passed in.

use uuid::Uuid;

use crate::time::Timestamp;

/// Where time and chance come from, so that a whole host can run under a test's clock and seed.
pub trait World: Send + Sync {
    /// What time it is.
    fn now(&self) -> Timestamp;

    /// Fills `bytes` with random bytes, fit for keys.
    fn fill(&self, bytes: &mut [u8]);

    /// Fills `bytes` with random bytes for what is drawn several times a message and only has to differ: ids. Keys,
    /// tokens and nonces are drawn with [`fill`](Self::fill).
    fn fill_often(&self, bytes: &mut [u8]) {
        self.fill(bytes);
    }

    /// A new UUIDv7.
    fn uuid(&self) -> Uuid {
        let mut random = [0; 10];
        self.fill_often(&mut random);
        let millis = u64::try_from(self.now().as_millis()).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
    }
}
