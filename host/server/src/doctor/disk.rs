//! Is there room, and can it be written?

use std::io::Write as _;
use std::path::{Path, PathBuf};

use super::Examination;
use super::report::Report;

const CHECK: &str = "disk";

/// Below this a busy day can fill it.
const LITTLE: u64 = 1024 * 1024 * 1024;

/// Below this the databases' logs may not find room.
const TOO_LITTLE: u64 = 256 * 1024 * 1024;

pub(super) fn check(examination: &Examination<'_>, report: &mut Report) {
    let settings = examination.settings;
    let file = |url: &str| {
        let address = settings.database_url(url);
        address.strip_prefix("sqlite:").map(PathBuf::from)
    };
    let mut folders: Vec<PathBuf> = Vec::new();
    let database = &settings.database;
    for path in [file(&database.url), file(&database.keys)].into_iter().flatten() {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.map_or_else(|| PathBuf::from("."), Path::to_owned);
        if !folders.contains(&folder) {
            folders.push(folder);
        }
    }
    let cache = settings.path(&settings.plugins.cache);
    if cache.is_dir() && !folders.contains(&cache) {
        folders.push(cache);
    }
    for folder in folders {
        look_at(&folder, report);
    }
}

fn look_at(folder: &Path, report: &mut Report) {
    let shown = folder.display();
    if !folder.is_dir() {
        let fix = format!("mkdir -p {shown}, owned by the host's user; or change `database.url`");
        return report.fault(CHECK, format!("there is no folder {shown}"), fix);
    }
    if let Err(error) = try_to_write(folder) {
        let fix = match error.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => {
                "make room: move backups and logs away, or enlarge the disk".to_owned()
            }
            std::io::ErrorKind::ReadOnlyFilesystem => {
                "see `dmesg` for why the system made it read-only, repair it, and mount it for writing".to_owned()
            }
            _ => format!("give {shown} to the host's user (chown, ReadWritePaths= of the unit), and run this as them"),
        };
        return report.fault(CHECK, format!("{shown} cannot be written: {error}"), fix);
    }
    match rustix::fs::statvfs(folder) {
        Ok(stat) => {
            let free = stat.f_bavail.saturating_mul(stat.f_frsize);
            let share = 100 * stat.f_bavail / stat.f_blocks.max(1);
            let says = format!("{shown} has {} free ({share} %)", size(free));
            let fix = "make room: move backups and logs away, or enlarge the disk";
            if free < TOO_LITTLE {
                report.fault(CHECK, says, fix);
            } else if stat.f_files > 0 && stat.f_favail == 0 {
                report.fault(CHECK, format!("{shown} has room, but no more files (inodes)"), "remove small files");
            } else if free < LITTLE {
                report.warn(CHECK, says, fix);
            } else {
                report.ok(CHECK, says);
            }
        }
        Err(error) => report.ok(CHECK, format!("{shown} can be written; how much is free cannot be told ({error})")),
    }
}

/// Writes a small file, has the system put it onto the disk, and removes it.
fn try_to_write(folder: &Path) -> std::io::Result<()> {
    let path = folder.join(format!(".santun-doctor-{}", std::process::id()));
    let written = std::fs::File::create(&path).and_then(|mut file| {
        file.write_all(&[0; 4096])?;
        file.sync_all()
    });
    // What could not be made need not go.
    let _ = std::fs::remove_file(&path);
    written
}

/// Bytes for people.
pub(super) fn size(bytes: u64) -> String {
    const UNITS: [&str; 5] = ["bytes", "KB", "MB", "GB", "TB"];
    let mut value = bytes;
    let mut unit = 0;
    while value >= 10_000 && unit + 1 < UNITS.len() {
        value /= 1024;
        unit += 1;
    }
    format!("{value} {}", UNITS[unit])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_told_in_a_unit_that_suits_them() {
        assert_eq!([0, 9_999, 123_456, 3 << 30].map(size), ["0 bytes", "9999 bytes", "120 KB", "3072 MB"]);
    }

    #[test]
    fn a_folder_is_left_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        try_to_write(folder.path()).unwrap();
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
