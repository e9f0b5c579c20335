//! The threads that compile plugins.
//!
//! Compiling takes every core that it gets, for seconds with large plugins, while customers wait for answers.
//! So it has threads of its own, which the operating system lets run when no other thread of the host wants
//! to: a plugin that is swapped under traffic is ready a little later, and nobody waits for it.

use rayon::{ThreadPool, ThreadPoolBuildError, ThreadPoolBuilder};

/// How far the threads stand back: the most that a process may ask for.
const NICENESS: i32 = 19;

/// Threads that stand back.
pub(super) struct Compiler {
    threads: ThreadPool,
}

impl Compiler {
    /// A thread a core.
    pub(super) fn start() -> Result<Self, ThreadPoolBuildError> {
        let threads = ThreadPoolBuilder::new()
            .thread_name(|nth| format!("santun-compile-{nth}"))
            .start_handler(|_| stand_back())
            .build()?;
        Ok(Self { threads })
    }

    /// Does this work on those threads, and all that it divides itself into. Blocks until it is done.
    pub(super) fn run<T: Send>(&self, work: impl FnOnce() -> T + Send) -> T {
        self.threads.install(work)
    }
}

/// On Linux a thread's niceness is its own. Elsewhere it would be the whole process's.
fn stand_back() {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::nice(NICENESS) {
        tracing::warn!(%error, "compiling could not be given a low priority: a swap may slow down answers");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(target_os = "linux")]
    fn whatever_is_compiled_stands_back_and_nothing_else_does() {
        let compiler = Compiler::start().unwrap();
        let niceness = || rustix::process::getpriority_process(None).unwrap();
        let before = niceness();
        assert_eq!(compiler.run(niceness), NICENESS);
        // What it divides itself into, too.
        let both = compiler.run(|| rayon::join(niceness, niceness));
        assert_eq!(both, (NICENESS, NICENESS));
        assert_eq!(niceness(), before);
    }
}
