//! Fail points: all the places, one between every two durable steps, at which a test can end the process.
//!
//! A debug build started with `SANTUN_CRASH_AT=<name>` (or `<name>:<n>`) aborts when it passes that point
//! for the first (or nth) time, as it would at a crash: nothing is flushed, nobody is told. A build without
//! debug assertions, and so a release, has no fail points: [`pass`] is empty there.

macro_rules! points {
    ($($(#[doc = $what:literal])+ $point:ident = $name:literal,)+) => {
        /// A place between two durable steps.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Point {
            $($(#[doc = $what])+ $point,)+
        }

        impl Point {
            /// All of them, in the order of a message's way.
            pub const ALL: &[Self] = &[$(Self::$point,)+];

            /// The name by which a test asks for it.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$point => $name,)+
                }
            }
        }
    };
}

points! {
    /// A new master key is written and not in its place.
    KeyMade = "start:key-made",
    /// The store is open; what was served is not yet restored.
    Opened = "start:opened",
    /// What was served is served again; conversations with unfinished work are not yet woken.
    Restored = "start:restored",
    /// Keys of new contacts are durable; the data that they are for is not.
    KeysAdded = "ingest:keys-added",
    /// Arrivals are written and not committed.
    IngestWritten = "ingest:written",
    /// Arrivals are durable; nobody knows.
    IngestCommitted = "ingest:committed",
    /// Arrivals are durable and known; no lane has them and Meta is not answered.
    Received = "receive:stored",
    /// Lanes have the arrivals; Meta is not answered.
    Routed = "receive:routed",
    /// A lane has a message in its hands.
    Arrived = "lane:arrived",
    /// A step's membership is fixed; the plugins are not yet asked.
    Decided = "lane:decided",
    /// The plugins have answered; nothing of it is kept.
    Asked = "lane:asked",
    /// A step's effect is written and not committed.
    StepWritten = "step:written",
    /// A step's effect is durable; its lane does not know.
    StepCommitted = "step:committed",
    /// A step's effect is durable and known; none of its words is being sent.
    StepKnown = "lane:step-known",
    /// A message is durably `sending`; no request was made.
    Noted = "deliver:noted",
    /// The Graph has answered; that is not noted.
    GraphAnswered = "deliver:answered",
    /// What became of messages is written and not committed.
    OutboxWritten = "outbox:written",
    /// What became of messages is durable; their lanes do not know.
    OutboxCommitted = "outbox:committed",
    /// A timer has gone off; what follows is not kept.
    Ticked = "lane:ticked",
    /// What an agent did is durable; they are not told.
    Acted = "act:committed",
    /// A customer's file is fetched and not kept.
    MediaFetched = "media:fetched",
    /// A customer's file is kept; nobody knows.
    MediaKept = "media:kept",
    /// The files of a version are kept; the version is not.
    FilesKept = "apply:files-kept",
    /// A version is durable; the one before is served.
    Applied = "apply:appended",
    /// A person's key is gone from its table, and may still stand in that table's log.
    KeyDestroyed = "forget:key-destroyed",
    /// A person's key is gone for good; what it sealed and what points to them is there.
    LogEmptied = "forget:log-emptied",
    /// What points to a person is removed and that is not committed.
    ForgetWritten = "forget:written",
    /// A person is forgotten; whoever asked for it is not told.
    Forgotten = "forget:committed",
    /// It is noted that a restore has begun; nothing is put in place.
    RestoreNoted = "restore:noted",
    /// The keys are in place; the data is not.
    KeysRestored = "restore:keys-in-place",
    /// The data that was in place has made way.
    MadeWay = "restore:made-way",
    /// All is in place; the note that a restore has begun is there.
    DataRestored = "restore:data-in-place",
    /// The host has stopped to work; its databases are not closed.
    Drained = "stop:drained",
}

/// Passes a fail point: the process ends here if it was started so.
#[cfg(debug_assertions)]
pub fn pass(point: Point) {
    armed::pass(point);
}

/// Passes a fail point: this build has none.
#[cfg(not(debug_assertions))]
#[inline(always)]
pub const fn pass(_: Point) {}

#[cfg(debug_assertions)]
mod armed {
    use std::io::Write as _;
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::Point;

    /// Where this process ends, and how often it still passes there.
    struct Armed {
        point: Point,
        passes: AtomicU32,
    }

    pub(super) fn pass(point: Point) {
        static ARMED: OnceLock<Option<Armed>> = OnceLock::new();
        let Some(armed) = ARMED.get_or_init(read) else { return };
        if armed.point == point && armed.passes.fetch_sub(1, Ordering::Relaxed) == 1 {
            // Whoever started it so reads here that it came to the point.
            let _ = writeln!(std::io::stderr(), "crashed at {}", point.name());
            std::process::abort();
        }
    }

    fn read() -> Option<Armed> {
        let asked = std::env::var("SANTUN_CRASH_AT").ok()?;
        let named = |name: &str| Point::ALL.iter().copied().find(|point| point.name() == name);
        let (point, passes) = match named(&asked) {
            Some(point) => (Some(point), 1),
            None => {
                let (name, passes) = asked.rsplit_once(':').unwrap_or((&asked, "1"));
                (named(name), passes.parse().unwrap_or(1))
            }
        };
        if point.is_none() {
            tracing::error!("SANTUN_CRASH_AT names no fail point: {asked}");
        }
        Some(Armed { point: point?, passes: AtomicU32::new(passes) })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_point_has_a_name_of_its_own() {
        let names: HashSet<_> = Point::ALL.iter().map(|point| point.name()).collect();
        assert_eq!(names.len(), Point::ALL.len());
    }
}
