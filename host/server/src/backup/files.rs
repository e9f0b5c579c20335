//! Files of a backup: written for their owner alone, durable, known by their SHA-256.

use std::fs::{File, OpenOptions};
use std::io::{self, BufReader, Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

/// Bytes that are read at a time.
const CHUNK: usize = 256 * 1024;

/// Size and SHA-256 of a file.
pub(super) fn sum(file: &Path) -> io::Result<(u64, String)> {
    let mut reader = BufReader::with_capacity(CHUNK, File::open(file)?);
    let mut hash = Sha256::new();
    let mut buffer = vec![0; CHUNK];
    let mut size = 0;
    loop {
        match reader.read(&mut buffer)? {
            0 => return Ok((size, hex::encode(hash.finalize()))),
            read => {
                hash.update(&buffer[..read]);
                size += read as u64;
            }
        }
    }
}

/// Makes a folder, and those that it is in, for its owner alone; one that is there stays as it is.
pub(super) fn make_folder(folder: &Path) -> io::Result<()> {
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

/// Writes a file that replaces an older one only when it is whole and durable.
pub(super) fn write_whole(file: &Path, bytes: &[u8]) -> io::Result<()> {
    let fresh = file.with_extension("new");
    let mut writer = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&fresh)?;
    writer.write_all(bytes)?;
    writer.sync_all()?;
    std::fs::rename(&fresh, file)?;
    sync_folder_of(file)
}

/// Copies a file to where none is, for its owner alone.
pub(super) fn copy(from: &Path, to: &Path) -> io::Result<()> {
    let mut reader = File::open(from)?;
    let mut writer = OpenOptions::new().write(true).create_new(true).mode(0o600).open(to)?;
    io::copy(&mut reader, &mut writer)?;
    writer.sync_all()?;
    sync_folder_of(to)
}

/// The names in a file's folder outlast a loss of power.
pub(super) fn sync_folder_of(file: &Path) -> io::Result<()> {
    match file.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        Some(folder) => File::open(folder)?.sync_all(),
        None => File::open(".")?.sync_all(),
    }
}

/// What SQLite keeps beside a database.
pub(super) const BESIDE: [&str; 2] = ["-wal", "-shm"];

/// A database's file, or one beside it.
pub(super) fn with(database: &Path, ending: &str) -> PathBuf {
    let mut name = database.to_owned().into_os_string();
    name.push(ending);
    name.into()
}

/// Removes a database and what is beside it, if it is there.
pub fn remove_database(database: &Path) -> io::Result<()> {
    for ending in BESIDE.iter().chain([&""]) {
        match std::fs::remove_file(with(database, ending)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}
