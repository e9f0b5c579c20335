//! A store on one thread, each of whose statements somebody else lets through: for simulations of a host.
//!
//! SQLite works on threads of its own here, and which of them answers first is chance. A store that was opened
//! with [`Store::open_stepped`](crate::Store::open_stepped) holds the thread that asks until SQLite has
//! answered. With a world and a runtime that leave nothing to chance either, the same work is then done in the
//! same order each time.

use std::fmt;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::Thread;
use std::time::Duration;

/// What becomes of a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// SQLite gets it.
    Now,
    /// SQLite gets it after a while, in which others go on.
    After(Duration),
    /// SQLite does not get it: the disk has failed.
    Fails,
    /// Whoever asks for this `COMMIT` is told that it is done, and it is undone: no disk that keeps its word. A
    /// simulation that does not notice sees nothing.
    Undone,
    /// SQLite does not get it, and nobody ever gets an answer: the host has died.
    Never,
}

/// Lets statements through.
pub trait Steps: Send + Sync {
    /// What becomes of the next statement. Undoing must not fail: `ROLLBACK` gets through even where this says
    /// [`Step::Fails`].
    fn step(&self, sql: &str) -> Step;
}

impl fmt::Debug for dyn Steps {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Steps")
    }
}

/// Whether a statement is done that was let through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Passed {
    /// As it says.
    Through,
    /// It only seems so: the transaction is undone in its place.
    Undone,
}

/// Waits as [`Steps`] says.
pub(crate) async fn pass(steps: &dyn Steps, sql: &str) -> Result<Passed, sqlx::Error> {
    match steps.step(sql) {
        Step::Now => Ok(Passed::Through),
        Step::Undone if sql == "COMMIT" => Ok(Passed::Undone),
        Step::Undone => Ok(Passed::Through),
        Step::After(while_) => {
            tokio::time::sleep(while_).await;
            Ok(Passed::Through)
        }
        Step::Fails if sql == "ROLLBACK" => Ok(Passed::Through),
        Step::Fails => Err(sqlx::Error::Io(std::io::Error::other("the disk has failed"))),
        Step::Never => std::future::pending().await,
    }
}

/// Runs a future that another thread completes, and holds this thread until then if there are steps.
pub(crate) async fn held<F: Future>(steps: Option<&Arc<dyn Steps>>, future: F) -> F::Output {
    if steps.is_some() { hold(future) } else { future.await }
}

/// Runs a future that another thread completes, and holds this thread until then.
pub fn hold<F: Future>(future: F) -> F::Output {
    struct Unpark(Thread);
    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let mut future = pin!(future);
    let waker = Waker::from(Arc::new(Unpark(std::thread::current())));
    let mut context = Context::from_waker(&waker);
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(output) => return output,
            Poll::Pending => std::thread::park(),
        }
    }
}
