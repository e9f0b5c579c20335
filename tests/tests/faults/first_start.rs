//! The very first start goes wrong: the next one does what it would have done.

use santun_store::faults::Point;
#[cfg(target_os = "linux")]
use santun_tests::lab::{Disk, DiskTrouble};
use santun_tests::lab::{Lab, Plan};

/// The first start of all.
pub(super) const MAKING_THE_KEY: [Point; 1] = [Point::KeyMade];

/// Starts, applies, and answers a customer, as on any other day.
async fn works(lab: &mut Lab) {
    lab.serve().await;
    let applied = lab.santun(&["apply"]).await;
    assert_eq!(applied.code, 0, "{applied:?}");
    lab.ready().await;
    let key = std::fs::read_to_string(lab.folder.join("master.key")).expect("the master key");
    assert_eq!(key.trim().len(), 64);
    let left = std::fs::read_dir(&lab.folder).expect("the folder").filter_map(Result::ok);
    let left: Vec<_> = left.map(|entry| entry.file_name()).filter(|name| name == "master.key.new").collect();
    assert!(left.is_empty(), "{left:?}");
    let customer = lab.phone.customer("Ratna", "628118000001").await;
    lab.phone.writes(&customer, "halo.").await;
    lab.phone.hears(&customer, "halo.").await;
    lab.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crash_while_the_master_key_is_made_leaves_no_half_a_key() {
    let mut lab = Lab::at_rest(Plan::default()).await;
    let [point] = MAKING_THE_KEY;
    lab.begin_crashing_at(point.name());
    lab.crashed(point.name()).await;
    assert!(!lab.folder.join("master.key").exists(), "no key is in place before it is whole");
    works(&mut lab).await;
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_disk_without_room_leaves_no_half_a_key() {
    let mut lab = Lab::at_rest(Plan::default()).await;
    let disk = Disk::under(&mut lab);
    disk.has(DiskTrouble::Full);
    lab.begin_serving();
    let ended = lab.ended().await;
    assert!(!ended.success(), "{ended:?}");
    let log = lab.log();
    assert!(log.contains("master.key") && log.contains("No space left on device"), "{log}");
    assert!(!lab.folder.join("master.key").exists());
    disk.has(DiskTrouble::None);
    works(&mut lab).await;
}
