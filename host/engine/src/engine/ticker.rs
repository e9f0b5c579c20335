//! The clock by which guests are interrupted.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Duration;

/// One epoch. A guest that computes is interrupted at each: charged, and sent to the end of the queue
/// of its thread.
const TICK: Duration = Duration::from_millis(1);

/// The thread that ticks; it stops when this is dropped.
pub(super) struct Ticker {
    stopped: Arc<AtomicBool>,
}

impl Ticker {
    pub(super) fn start(engine: &wasmtime::Engine) -> std::io::Result<Self> {
        let stopped = Arc::new(AtomicBool::new(false));
        let (engine, stop) = (engine.weak(), stopped.clone());
        std::thread::Builder::new().name("santun-ticker".into()).spawn(move || {
            while !stop.load(Relaxed)
                && let Some(engine) = engine.upgrade()
            {
                engine.increment_epoch();
                drop(engine);
                std::thread::sleep(TICK);
            }
        })?;
        Ok(Self { stopped })
    }
}

impl Drop for Ticker {
    fn drop(&mut self) {
        self.stopped.store(true, Relaxed);
    }
}
