//! The host's time and chance, its life and death, and the record of all that happens.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use santun_core::time::Timestamp;
use santun_core::world::World;
use sha2::{Digest as _, Sha256};
use tokio::sync::Notify;
use tokio::time::Instant;

use crate::chance::Chance;

/// When every simulation begins: a Tuesday morning in Jakarta.
const BEGINNING: i64 = 1_789_443_000_000;

/// Time, as it passes on the runtime of a host's life, and chance.
pub(crate) struct SimWorld {
    chance: Chance,
    time: Mutex<Time>,
}

#[derive(Default)]
struct Time {
    /// What passed in lives before this one.
    before: i64,
    /// When this life began, on its runtime.
    began: Option<Instant>,
    /// By how much the host's clock is wrong.
    wrong_by: i64,
    /// Each jump of the host's clock: what it showed before, and after.
    jumps: Vec<(i64, i64)>,
}

impl Time {
    fn host(&self) -> i64 {
        BEGINNING + passed(self) + self.wrong_by
    }
}

impl SimWorld {
    pub(crate) fn new(seed: u64) -> Self {
        Self { chance: Chance::of(seed, 1), time: Mutex::new(Time::default()) }
    }

    /// A runtime has begun.
    pub(crate) fn life_begins(&self) {
        self.time.lock().unwrap().began = Some(Instant::now());
    }

    /// It is about to end.
    pub(crate) fn life_ends(&self) {
        let mut time = self.time.lock().unwrap();
        time.before = passed(&time);
        time.began = None;
    }

    /// Milliseconds since 1970, by a clock that is right.
    pub(crate) fn truth(&self) -> i64 {
        BEGINNING + passed(&self.time.lock().unwrap())
    }

    /// Sets the host's clock ahead, or back.
    pub(crate) fn set_wrong_by(&self, millis: i64) {
        let mut time = self.time.lock().unwrap();
        let before = time.host();
        time.wrong_by = millis;
        let after = time.host();
        time.jumps.push((before, after));
    }

    /// So much is about to pass in one leap.
    pub(crate) fn leaps(&self, by: Duration) {
        let mut time = self.time.lock().unwrap();
        let before = time.host();
        time.jumps.push((before, before + i64::try_from(by.as_millis()).unwrap()));
    }

    /// What the host's clock showed before the jumps right before this time of it. What is done then may have been
    /// decided there, a few slow statements earlier.
    pub(crate) fn before_jumps(&self, mut clock: i64) -> i64 {
        const LATELY: i64 = 300;
        for (before, after) in self.time.lock().unwrap().jumps.iter().rev() {
            if (*after..=after + LATELY).contains(&clock) {
                clock = clock.min(*before);
            }
        }
        clock
    }
}

fn passed(time: &Time) -> i64 {
    time.before + time.began.map_or(0, |began| i64::try_from(began.elapsed().as_millis()).unwrap())
}

impl World for SimWorld {
    fn now(&self) -> Timestamp {
        let wrong_by = self.time.lock().unwrap().wrong_by;
        Timestamp::from_millis(self.truth() + wrong_by)
    }

    fn fill(&self, bytes: &mut [u8]) {
        self.chance.fill(bytes);
    }
}

/// Whether the host lives. It dies when somebody says so; from that moment nothing that it does has any effect.
#[derive(Default)]
pub(crate) struct Fate {
    dead: AtomicBool,
    died: Notify,
}

impl Fate {
    pub(crate) fn kill(&self) {
        self.dead.store(true, Ordering::Relaxed);
        self.died.notify_one();
    }

    pub(crate) fn is_dead(&self) -> bool {
        self.dead.load(Ordering::Relaxed)
    }

    /// Returns once it is dead.
    pub(crate) async fn death(&self) {
        while !self.is_dead() {
            self.died.notified().await;
        }
    }

    pub(crate) fn revive(&self) {
        self.dead.store(false, Ordering::Relaxed);
    }
}

/// Everything that happened, in order.
#[derive(Default)]
pub(crate) struct Log {
    lines: Mutex<Vec<String>>,
    wrong: Mutex<Vec<String>>,
}

impl Log {
    pub(crate) fn line(&self, at: i64, what: impl Into<String>) {
        let since = Duration::from_millis(u64::try_from(at - BEGINNING).unwrap());
        self.lines.lock().unwrap().push(format!("{:>10.3} {}", since.as_secs_f64(), what.into()));
    }

    /// Something that must not be.
    pub(crate) fn wrong(&self, at: i64, what: impl Into<String>) {
        let what = what.into();
        self.line(at, format!("WRONG: {what}"));
        self.wrong.lock().unwrap().push(what);
    }

    pub(crate) fn all_wrong(&self) -> Vec<String> {
        self.wrong.lock().unwrap().clone()
    }

    pub(crate) fn text(&self) -> String {
        self.lines.lock().unwrap().join("\n")
    }

    /// The same for two runs in which the same happened.
    pub(crate) fn digest(&self) -> String {
        let digest = Sha256::digest(self.text());
        digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
    }
}
