//! Keys, databases and disks that are not what they were.

use santun_tests::lab::Lab;
#[cfg(target_os = "linux")]
use santun_tests::lab::{Disk, DiskTrouble, Plan};

use super::{finds, line, mode, sound, warns};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_and_databases_that_do_not_fit_are_found() {
    let mut lab = sound().await;
    lab.phone.customer("Budi", "6281234567890").await;
    let written = lab.phone.customer("Siti", "6281234567891").await;
    lab.phone.writes(&written, "halo").await;
    lab.phone.hears(&written, "halo").await;
    let said = lab.santun(&["doctor"]).await;
    assert!(line(&said, "ok", "master key", "opens the keys of 1 contacts").contains("ok"), "{said:?}");
    lab.stop().await;

    mode(&lab, "santun.db", 0o644);
    warns(&lab, "database", "santun.db can be read by others", "chmod 600").await;
    mode(&lab, "santun.db", 0o600);

    let right = std::fs::read(lab.folder.join("master.key")).expect("a key");
    mode(&lab, "master.key", 0o640);
    finds(&lab, "master key", "can be read by others", "chmod 600").await;
    mode(&lab, "master.key", 0o600);
    lab.write("master.key", "ab".repeat(32));
    finds(&lab, "master key", "not the key that the databases were made with", "put the right one back").await;
    std::fs::remove_file(lab.folder.join("master.key")).expect("it was there");
    finds(&lab, "master key", "is gone", "restore it").await;
    lab.write("master.key", right);
    mode(&lab, "master.key", 0o600);

    lab.run_in("santun.db", "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) VALUES (9999, 'later', 1, x'00', 0)").await;
    finds(&lab, "database", "written by a newer santun (migration 9999)", "use that version").await;
    lab.run_in("santun.db", "DELETE FROM _sqlx_migrations WHERE version = 9999").await;
    lab.run_in("santun.db", "PRAGMA wal_checkpoint(TRUNCATE)").await;

    for (check, file) in [("database", "santun.db"), ("keys", "santun-keys.db")] {
        let whole = pages_lost(&lab, file);
        finds(&lab, check, file, "restore the last backup").await;
        lab.write(file, whole);
        let said = lab.santun(&["doctor"]).await;
        line(&said, "ok", check, &format!("{file} opens"));
    }
}

/// Pages in the middle of a database are overwritten, as by a failing disk; gives it as it was.
fn pages_lost(lab: &Lab, file: &str) -> Vec<u8> {
    const PAGE: usize = 4096;
    let whole = std::fs::read(lab.folder.join(file)).expect("the database");
    let (mut bytes, pages) = (whole.clone(), whole.len() / PAGE);
    let lost = pages / 2..(pages / 2 + 3).min(pages);
    assert!(lost.start > 0 && !lost.is_empty(), "{file} has {pages} pages");
    bytes[lost.start * PAGE..lost.end * PAGE].fill(0x5a);
    lab.write(file, bytes);
    whole
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_disk_that_takes_nothing_is_found() {
    let mut lab = Lab::at_rest(Plan::default()).await;
    let disk = Disk::under(&mut lab);
    let between: Vec<(String, String)> = lab.environment.clone();
    let between: Vec<(&str, &str)> = between.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    for (trouble, words, fix) in [
        (DiskTrouble::Full, "No space left", "make room"),
        (DiskTrouble::ReadOnly, "Read-only", "mount it for writing"),
    ] {
        disk.has(trouble);
        let said = lab.santun_with(&["doctor"], &between).await;
        let line = line(&said, "FAULT", "disk", words);
        println!("{line}");
        assert!(line.contains(fix) && said.code == 1, "{line}");
    }
    disk.has(DiskTrouble::None);
    let said = lab.santun_with(&["doctor"], &between).await;
    line(&said, "ok", "disk", "free");
}
