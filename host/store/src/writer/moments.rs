//! The moments of a batch at which a crash must do no harm.

use super::Batch;
use crate::faults::{Point, pass};

impl Batch {
    /// It is written, and not committed.
    pub(super) fn written(&self) {
        self.pass_each([Point::IngestWritten, Point::StepWritten, Point::OutboxWritten, Point::ForgetWritten]);
    }

    /// It is durable, and nobody is told.
    pub(super) fn committed(&self) {
        self.pass_each([Point::IngestCommitted, Point::StepCommitted, Point::OutboxCommitted, Point::Forgotten]);
    }

    fn pass_each(&self, [ingest, step, outbox, forget]: [Point; 4]) {
        let kinds = [
            (!self.ingest.is_empty(), ingest),
            (!self.commits.is_empty(), step),
            (!self.outbox.is_empty(), outbox),
            (!self.forget.is_empty(), forget),
        ];
        kinds.into_iter().filter(|(present, _)| *present).for_each(|(_, point)| pass(point));
    }
}
