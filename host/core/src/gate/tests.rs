//! The gate as a whole: what happens to the drafts of a step, and to what waits in the outbox.
