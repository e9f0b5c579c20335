//! What the guest prints: kept up to a bound, and logged when the call ends.

use async_trait::async_trait;
use bytes::Bytes;
use parking_lot::Mutex;
use wasmtime::component::Resource;
use wasmtime_wasi::p2::bindings::cli::{stderr, stdout};
use wasmtime_wasi::p2::{DynOutputStream, OutputStream, Pollable, StreamResult};

use std::sync::Arc;

use super::Shared;
use crate::guest::Guest;
use crate::log::Level;

/// Bytes of each stream that are kept in one call.
const KEPT: usize = 16 << 10;

/// What was printed in this call and not yet logged.
#[derive(Debug, Default)]
pub(crate) struct Printed {
    stdout: Mutex<Vec<u8>>,
    stderr: Mutex<Vec<u8>>,
}

#[derive(Clone, Copy)]
enum Stream {
    Stdout,
    Stderr,
}

impl Printed {
    fn of(&self, stream: Stream) -> &Mutex<Vec<u8>> {
        match stream {
            Stream::Stdout => &self.stdout,
            Stream::Stderr => &self.stderr,
        }
    }
}

impl Guest {
    /// Logs what was printed, at the end of a call.
    pub(crate) fn log_printed(&mut self) {
        let shared = self.shared.clone();
        for (stream, level) in [(Stream::Stdout, Level::Info), (Stream::Stderr, Level::Error)] {
            let bytes = std::mem::take(&mut *shared.printed.of(stream).lock());
            if !bytes.is_empty() {
                self.printed(level, &bytes);
            }
        }
    }

    fn open(&mut self, stream: Stream) -> wasmtime::Result<Resource<DynOutputStream>> {
        let output: DynOutputStream = Box::new(Output { stream, shared: self.shared.clone() });
        Ok(self.resources().push(output)?)
    }
}

impl stdout::Host for Guest {
    fn get_stdout(&mut self) -> wasmtime::Result<Resource<DynOutputStream>> {
        self.open(Stream::Stdout)
    }
}

impl stderr::Host for Guest {
    fn get_stderr(&mut self) -> wasmtime::Result<Resource<DynOutputStream>> {
        self.open(Stream::Stderr)
    }
}

struct Output {
    stream: Stream,
    shared: Arc<Shared>,
}

impl OutputStream for Output {
    fn write(&mut self, bytes: Bytes) -> StreamResult<()> {
        let mut kept = self.shared.printed.of(self.stream).lock();
        let room = KEPT.saturating_sub(kept.len());
        kept.extend_from_slice(&bytes[..bytes.len().min(room)]);
        Ok(())
    }

    fn flush(&mut self) -> StreamResult<()> {
        Ok(())
    }

    fn check_write(&mut self) -> StreamResult<usize> {
        Ok(KEPT)
    }
}

#[async_trait]
impl Pollable for Output {
    async fn ready(&mut self) {}
}
