//! The disk under the store: slow, broken for a while, or gone with the host in the middle of a transaction.

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use santun_store::{Step, Steps};
use tempfile::TempDir;

use crate::chance::Chance;
use crate::world::{Fate, Log, SimWorld};

/// Whether a disk keeps its word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Word {
    /// What it says is kept is kept.
    Kept,
    /// Of one commit in so many nothing is kept, and nobody is told: what this test must find out.
    Broken(u64),
}

/// Lets the store's statements through, or not.
pub(crate) struct Disk {
    word: Word,
    world: Arc<SimWorld>,
    fate: Arc<Fate>,
    log: Arc<Log>,
    chance: Chance,
    troubles: Mutex<Troubles>,
}

#[derive(Default)]
struct Troubles {
    /// The host dies before this many more statements are done.
    dies_in: Option<u64>,
    /// So many more statements fail.
    fails: u64,
    /// One in so many statements takes a while, if not none.
    slow: u64,
}

impl Disk {
    pub(crate) fn new(seed: u64, word: Word, world: Arc<SimWorld>, fate: Arc<Fate>, log: Arc<Log>) -> Self {
        Self { word, world, fate, log, chance: Chance::of(seed, 2), troubles: Mutex::default() }
    }

    pub(crate) fn die_in(&self, statements: u64) {
        self.troubles.lock().unwrap().dies_in = Some(statements);
    }

    pub(crate) fn fail(&self, statements: u64) {
        self.troubles.lock().unwrap().fails = statements;
    }

    pub(crate) fn slow_down(&self, one_in: u64) {
        self.troubles.lock().unwrap().slow = one_in;
    }

    /// From now on the disk is as it should be.
    pub(crate) fn mend(&self) {
        *self.troubles.lock().unwrap() = Troubles::default();
    }
}

impl Steps for Disk {
    fn step(&self, sql: &str) -> Step {
        if self.fate.is_dead() {
            return Step::Never;
        }
        let mut troubles = self.troubles.lock().unwrap();
        match &mut troubles.dies_in {
            Some(0) => {
                troubles.dies_in = None;
                let first = sql.split_whitespace().take(3).collect::<Vec<_>>().join(" ");
                self.log.line(self.world.truth(), format!("the host dies before {first}"));
                self.fate.kill();
                return Step::Never;
            }
            Some(left) => *left -= 1,
            None => {}
        }
        if troubles.fails > 0 {
            troubles.fails -= 1;
            return Step::Fails;
        }
        if let (Word::Broken(one_in), "COMMIT") = (self.word, sql)
            && self.chance.one_in(one_in)
        {
            self.log.line(self.world.truth(), "the disk breaks its word");
            return Step::Undone;
        }
        if troubles.slow > 0 && self.chance.one_in(troubles.slow) {
            return Step::After(Duration::from_millis(self.chance.between(1, 60)));
        }
        Step::Now
    }
}

/// A folder in memory, if the machine has one.
pub(crate) fn folder() -> TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }.expect("a folder")
}

/// The addresses of both databases in a folder.
pub(crate) fn addresses(folder: &Path) -> [String; 2] {
    ["data.db", "keys.db"].map(|file| format!("sqlite:{}", folder.join(file).display()))
}

/// Copies what a host that stopped well has left.
pub(crate) fn copy(from: &Path, to: &Path) {
    for file in ["data.db", "keys.db"] {
        std::fs::copy(from.join(file), to.join(file)).expect("a copy");
    }
}
