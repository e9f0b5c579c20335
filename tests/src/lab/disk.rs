//! A disk under the host that can be watched, lose power, fill up, turn read-only and fail, without the rights of
//! the system's owner: a small library in C stands between the host and its files.
//!
//! What it keeps to: a name, once made and synced, stays; removing and renaming are durable at once. What it
//! takes away at [`Disk::lose_power`]: of everything that was written to a file and not yet synced, any part,
//! sector by sector; and whole new files that were never synced.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use rand::RngExt as _;
use rand::rngs::StdRng;
use tempfile::TempDir;

use super::Lab;

const SOURCE: &str = include_str!("disk/between.c");

/// What a disk writes whole or not at all.
const SECTOR: usize = 512;

/// Bytes of a record before its name: kind and length of the name, place, length of its data.
const HEAD: usize = 24;

/// The disk under a lab's host.
pub struct Disk {
    folder: PathBuf,
    log: PathBuf,
    trouble: PathBuf,
    before: BTreeMap<String, Vec<u8>>,
    place: TempDir,
}

/// Whether the disk keeps its word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Syncs {
    /// What was synced is durable.
    Honest,
    /// A sync does nothing: as with `synchronous = OFF`.
    Ignored,
}

/// What is wrong with the disk for the moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DiskTrouble {
    /// Nothing.
    None,
    /// Nothing more fits on it.
    Full,
    /// It can only be read.
    ReadOnly,
    /// Writes seem to work, and syncs fail.
    SyncsFail,
}

/// What a loss of power has taken.
#[derive(Clone, Copy, Debug, Default)]
pub struct Lost {
    /// Changes that were not synced.
    pub open: usize,
    /// Sectors and changes of size that are gone.
    pub gone: usize,
    /// Completed syncs before it.
    pub syncs: usize,
}

enum Change<'a> {
    Wrote { at: usize, data: &'a [u8] },
    Cut { size: usize },
}

/// A file as it surely is, and what was done to it since.
#[derive(Default)]
struct File<'a> {
    sure: Vec<u8>,
    /// With the places in the log, and in order.
    since: Vec<(usize, Change<'a>)>,
    never_synced: bool,
}

impl Disk {
    /// Puts a disk under the lab's host, from its next start on.
    pub fn under(lab: &mut Lab) -> Self {
        let place = tempfile::tempdir().expect("a temporary folder");
        let folder = fs::canonicalize(&lab.folder).expect("the folder");
        let disk = Self {
            folder,
            log: place.path().join("log"),
            trouble: place.path().join("trouble"),
            before: BTreeMap::new(),
            place,
        };
        let set = |name: &str, value: &Path| (name.to_owned(), value.display().to_string());
        lab.environment = vec![
            set("LD_PRELOAD", &between(disk.place.path())),
            set("DISK_FOLDER", &disk.folder),
            set("DISK_LOG", &disk.log),
            set("DISK_TROUBLE", &disk.trouble),
        ];
        lab.folder.clone_from(&disk.folder);
        disk
    }

    /// Something is wrong with it from now on, or nothing any more.
    pub fn has(&self, trouble: DiskTrouble) {
        let letter = match trouble {
            DiskTrouble::None => "",
            DiskTrouble::Full => "f",
            DiskTrouble::ReadOnly => "r",
            DiskTrouble::SyncsFail => "s",
        };
        let new = self.trouble.with_extension("new");
        fs::write(&new, letter).and_then(|()| fs::rename(&new, &self.trouble)).expect("the trouble is told");
    }

    /// The next host is killed before its nth write to a database: most often in the middle of a commit.
    pub fn ends_at(&self, lab: &mut Lab, write: u32) {
        self.ends_never(lab);
        lab.environment.push(("DISK_ENDS_AT".to_owned(), write.to_string()));
    }

    /// The next host is not killed by the disk.
    pub fn ends_never(&self, lab: &mut Lab) {
        lab.environment.retain(|(name, _)| name != "DISK_ENDS_AT");
    }

    /// What is there now, while no host runs, is durable.
    pub fn settle(&mut self) {
        self.before.clear();
        read_below(&self.folder, &self.folder, &mut self.before);
        fs::write(&self.log, "").expect("the log");
    }

    /// The host is dead and the power was lost at that moment: its files become what a disk may have kept.
    pub fn lose_power(&mut self, syncs: Syncs, rng: &mut StdRng) -> Lost {
        let log = fs::read(&self.log).expect("the log");
        let mut lost = Lost::default();
        let files = replay(std::mem::take(&mut self.before), &log, syncs, &mut lost);
        // Now and then nothing that was not synced is there, or nearly all of it.
        let kept_of_100 = [0, 10, 50, 90, 99][rng.random_range(0..5)];
        let mut there = BTreeMap::new();
        for (name, file) in files {
            if file.never_synced && rng.random_range(0..100) >= kept_of_100 {
                lost.gone += 1;
                continue;
            }
            there.insert(name, survive(file, kept_of_100, rng, &mut lost));
        }
        let mut now = BTreeMap::new();
        read_below(&self.folder, &self.folder, &mut now);
        for name in now.keys().filter(|name| !there.contains_key(*name)) {
            fs::remove_file(self.folder.join(name)).expect("it is gone");
        }
        for (name, bytes) in there {
            // Written into, so that it keeps its rights; what was removed by the host's own hand stays away.
            if now.get(&name) != Some(&bytes) {
                fs::write(self.folder.join(name), bytes).expect("it is as the disk kept it");
            }
        }
        for shared_memory in ["santun.db-shm", "santun-keys.db-shm"] {
            let _ = fs::remove_file(self.folder.join(shared_memory));
        }
        self.settle();
        lost
    }
}

fn replay<'a>(
    before: BTreeMap<String, Vec<u8>>,
    log: &'a [u8],
    syncs: Syncs,
    lost: &mut Lost,
) -> BTreeMap<String, File<'a>> {
    let sure = |(name, sure)| (name, File { sure, ..File::default() });
    let mut files: BTreeMap<String, File<'a>> = before.into_iter().map(sure).collect();
    let mut at = 0;
    while let Some(head) = log.get(at..at + HEAD) {
        let number = |from: usize, to: usize| {
            let bytes = head[from..to].iter().rev();
            bytes.fold(0_usize, |number, byte| (number << 8) | usize::from(*byte))
        };
        let (kind, name_length, place, length) = (number(0, 4), number(4, 8), number(8, 16), number(16, 24));
        let name_at = at + HEAD;
        let data_at = name_at + name_length;
        let (Some(name), Some(data)) = (log.get(name_at..data_at), log.get(data_at..data_at + length)) else { break };
        let name = String::from_utf8_lossy(name).into_owned();
        match kind {
            1 => files.entry(name).or_default().since.push((at, Change::Wrote { at: place, data })),
            2 => files.entry(name).or_default().since.push((at, Change::Cut { size: place })),
            3 if syncs == Syncs::Honest => {
                lost.syncs += 1;
                let file = files.entry(name).or_default();
                file.never_synced = false;
                let open = file.since.iter().position(|(began, _)| *began >= place).unwrap_or(file.since.len());
                for (_, change) in file.since.drain(..open) {
                    change.apply(&mut file.sure);
                }
            }
            3 => lost.syncs += 1,
            4 => drop(files.remove(&name)),
            5 => {
                if let Some(file) = files.remove(&name) {
                    files.insert(String::from_utf8_lossy(data).into_owned(), file);
                }
            }
            6 => drop(files.insert(name, File { never_synced: true, ..File::default() })),
            other => panic!("the disk's log holds a record of kind {other}"),
        }
        at = data_at + length;
    }
    files
}

fn survive(file: File<'_>, kept_of_100: u32, rng: &mut StdRng, lost: &mut Lost) -> Vec<u8> {
    let mut bytes = file.sure;
    for (_, change) in file.since {
        lost.open += 1;
        let mut survives = || {
            let survives = rng.random_range(0..100) < kept_of_100;
            lost.gone += usize::from(!survives);
            survives
        };
        match change {
            Change::Cut { .. } if survives() => change.apply(&mut bytes),
            Change::Cut { .. } => {}
            Change::Wrote { at, data } => {
                let mut from = 0;
                while from < data.len() {
                    let to = data.len().min(from + SECTOR - (at + from) % SECTOR);
                    if survives() {
                        Change::Wrote { at: at + from, data: &data[from..to] }.apply(&mut bytes);
                    }
                    from = to;
                }
            }
        }
    }
    bytes
}

impl Change<'_> {
    fn apply(&self, bytes: &mut Vec<u8>) {
        match *self {
            Self::Cut { size } => bytes.resize(size, 0),
            Self::Wrote { at, data } => {
                if bytes.len() < at + data.len() {
                    bytes.resize(at + data.len(), 0);
                }
                bytes[at..at + data.len()].copy_from_slice(data);
            }
        }
    }
}

/// All files below a folder but those that are not the host's own, by their names.
fn read_below(root: &Path, folder: &Path, into: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            read_below(root, &path, into);
            continue;
        }
        let name = path.strip_prefix(root).expect("below").display().to_string();
        if name != "host.log" && !name.ends_with("-shm") {
            into.insert(name, fs::read(&path).expect("a file"));
        }
    }
}

/// Builds the library.
fn between(folder: &Path) -> PathBuf {
    let (source, library) = (folder.join("between.c"), folder.join("between.so"));
    fs::write(&source, SOURCE).expect("the source");
    let compiler = std::env::var("CC").unwrap_or_else(|_| "cc".to_owned());
    let mut command = Command::new(compiler);
    command.args(["-shared", "-fPIC", "-O1", "-o"]).args([&library, &source]).arg("-ldl");
    let built = command.output().expect("a C compiler");
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    library
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng as _;

    use super::*;

    fn record(kind: u32, name: &str, at: u64, data: &[u8]) -> Vec<u8> {
        let mut bytes = kind.to_le_bytes().to_vec();
        bytes.extend(u32::try_from(name.len()).unwrap().to_le_bytes());
        bytes.extend(at.to_le_bytes());
        bytes.extend(u64::try_from(data.len()).unwrap().to_le_bytes());
        bytes.extend(name.as_bytes());
        bytes.extend(data);
        bytes
    }

    fn kept(log: &[u8], syncs: Syncs) -> BTreeMap<String, Vec<u8>> {
        let mut lost = Lost::default();
        let before = BTreeMap::from([("a".to_owned(), b"old".to_vec())]);
        let mut rng = StdRng::seed_from_u64(1);
        let files = replay(before, log, syncs, &mut lost).into_iter();
        files.map(|(name, file)| (name, survive(file, 0, &mut rng, &mut lost))).collect()
    }

    #[test]
    fn what_was_synced_stays_and_what_came_while_it_was_is_not_in_it() {
        let first = record(1, "a", 0, b"new");
        let second = record(1, "a", 3, b"er");
        let sync = record(3, "a", u64::try_from(first.len()).unwrap(), b"");
        let log = [first, second, sync].concat();
        assert_eq!(kept(&log, Syncs::Honest)["a"], b"new");
        assert_eq!(kept(&log, Syncs::Ignored)["a"], b"old");
    }

    #[test]
    fn a_renamed_file_takes_along_what_is_not_synced() {
        let log = [record(6, "b", 0, b""), record(1, "b", 0, b"new"), record(5, "b", 0, b"a")].concat();
        assert_eq!(kept(&log, Syncs::Honest)["a"], b"");
        assert!(!kept(&log, Syncs::Honest).contains_key("b"));
    }
}
