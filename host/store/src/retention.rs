//! What is dropped because its time is over.

use santun_core::time::Timestamp;

use crate::error::StoreError;
use crate::store::Store;
use crate::writer::{FadeJob, Job};

/// Rows of a kind that one run looks at, at most: the writer is not to be kept from its work.
const AT_ONCE: u64 = 2_000;

// Turns are numbered in the order of arrival, and steps' and requests' ids begin with their time: the
// oldest are found without an index on when they were.
macro_rules! oldest_turns {
    () => {
        "SELECT id FROM (SELECT id, arrived_at, undecided FROM turns ORDER BY seq LIMIT 2000) AS oldest
         WHERE arrived_at < $1 AND undecided = 0 AND NOT EXISTS (
             SELECT 1 FROM outbox WHERE outbox.id = oldest.id AND outbox.state IN ('queued', 'sending'))"
    };
}

/// In this order: what belongs to a turn goes with it, or before it.
const DROP: [&str; 4] = [
    concat!("DELETE FROM outbox WHERE id IN (", oldest_turns!(), ")"),
    concat!("DELETE FROM media WHERE turn IN (", oldest_turns!(), ")"),
    "DELETE FROM traces WHERE step IN (
        SELECT step FROM (SELECT step, at FROM traces ORDER BY step LIMIT 2000) AS oldest WHERE at < $1)",
    "DELETE FROM requests WHERE id IN (
        SELECT id FROM (SELECT id, closed_at FROM requests WHERE closed_at IS NOT NULL ORDER BY id LIMIT 2000) AS oldest
        WHERE closed_at < $1)",
];
const DROP_TURNS: &str = concat!("DELETE FROM turns WHERE id IN (", oldest_turns!(), ")");

/// Whether more is left to drop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Expired {
    /// Turns that were dropped.
    pub turns: u64,
    /// Whether there may be more: the run has dropped as much of something as one run may.
    pub more: bool,
}

/// What has faded in one run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Faded {
    /// Persons who have lost their name and what was known of them.
    pub contacts: u64,
    /// Whether there may be more.
    pub more: bool,
}

impl Store {
    /// Lets persons fade who have neither written nor been written to since that time: their names, their attributes,
    /// and what plugins remember of their conversations are gone. What they consented to and refused stays, with the
    /// number that it hangs on. A bounded number at once, the longest idle first.
    pub async fn fade(&self, before: Timestamp) -> Result<Faded, StoreError> {
        self.submit(|reply| Job::Fade(FadeJob { before, faded: Faded::default(), reply })).await
    }

    /// Drops turns that arrived before that time, with their outbox rows and files, traces of steps, and
    /// requests that were closed: the oldest first, a bounded number at once. What no step has decided
    /// about, and what still waits to be sent, stays.
    pub async fn turns_expire(&self, before: Timestamp) -> Result<Expired, StoreError> {
        self.write(move |connection| {
            Box::pin(async move {
                let mut more = false;
                for statement in DROP {
                    let dropped = sqlx::query(statement).bind(before.as_millis()).execute(&mut *connection).await?;
                    more |= dropped.rows_affected() >= AT_ONCE;
                }
                let turns = sqlx::query(DROP_TURNS).bind(before.as_millis()).execute(&mut *connection).await?;
                let turns = turns.rows_affected();
                Ok(Expired { turns, more: more || turns >= AT_ONCE })
            })
        })
        .await
    }
}
