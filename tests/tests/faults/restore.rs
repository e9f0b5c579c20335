//! A restore is stopped at any of its steps: nobody serves what is half there, and the same command finishes it.

use santun_store::faults::Point;
use santun_tests::lab::{Lab, Plan, Said};

/// A restore.
pub(super) const RESTORING: [Point; 4] =
    [Point::RestoreNoted, Point::KeysRestored, Point::MadeWay, Point::DataRestored];

async fn stopped_at(lab: &Lab, point: Point, command: &[&str]) -> Said {
    let stopped = lab.santun_with(command, &[("SANTUN_CRASH_AT", point.name())]).await;
    assert!(stopped.err.contains(&format!("crashed at {}", point.name())), "{stopped:?}");
    stopped
}

/// No host serves what is half there, and the host that starts after the second try knows exactly whom it should.
async fn finished_by(lab: &mut Lab, customer: &str, point: Point, command: &[&str]) {
    let step = point.name();
    lab.begin_serving();
    assert!(!lab.ended().await.success(), "{step}: a host served");
    assert!(lab.log().contains("was begun and not finished"), "{step}: {}", lab.log());
    let again = lab.santun(command).await;
    assert_eq!(again.code, 0, "{step}: {again:?}");
    lab.serve().await;
    lab.ready().await;
    assert!(lab.conversation("Lama").await.is_some(), "{step}: whoever was in the backup is back");
    assert!(lab.conversation("Baru").await.is_none(), "{step}: whoever came later is not");
    lab.phone.writes(customer, &format!("kembali {step}.")).await;
    lab.phone.hears(customer, &format!("kembali {step}.")).await;
    lab.stop().await;
}

/// A machine with a conversation in its backup and one that came later, and the customer of the first.
async fn backed_up() -> (Lab, String) {
    let mut lab = Lab::serving(Plan::default()).await;
    let customer = lab.phone.customer("Lama", "628114100001").await;
    let later = lab.phone.customer("Baru", "628114100002").await;
    lab.phone.writes(&customer, "halo.").await;
    lab.phone.hears(&customer, "halo.").await;
    let taken = lab.santun(&["backup", "data", "--keys", "keys"]).await;
    assert_eq!(taken.code, 0, "{taken:?}");
    lab.phone.writes(&later, "halo.").await;
    lab.phone.hears(&later, "halo.").await;
    lab.stop().await;
    (lab, customer)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_the_machines_own_keys_data_that_was_in_place_is_kept_aside() {
    let (mut lab, customer) = backed_up().await;
    let command = ["restore", "data", "--replace"];
    for point in RESTORING {
        let before = std::fs::read(lab.folder.join("santun.db")).expect("the data in place");
        stopped_at(&lab, point, &command).await;
        finished_by(&mut lab, &customer, point, &command).await;
        let aside = std::fs::read_dir(&lab.folder).expect("the folder").filter_map(Result::ok);
        let mut aside = aside.map(|entry| entry.path()).filter(|path| {
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            name.starts_with("santun.db.replaced-") && !name.ends_with("-wal") && !name.ends_with("-shm")
        });
        let kept = aside.next().expect("the data that made way");
        assert!(aside.next().is_none(), "{}: it made way once", point.name());
        assert_eq!(std::fs::read(&kept).expect("it"), before, "{}: the data that made way is whole", point.name());
        std::fs::remove_file(kept).expect("it can go");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_a_machine_that_lost_everything_the_keys_that_were_put_in_place_are_known_again() {
    let (mut lab, customer) = backed_up().await;
    let command = ["restore", "data", "--keys", "keys"];
    for point in RESTORING {
        for database in ["santun.db", "santun-keys.db"] {
            for ending in ["", "-wal", "-shm"] {
                let _ = std::fs::remove_file(lab.folder.join(format!("{database}{ending}")));
            }
        }
        stopped_at(&lab, point, &command).await;
        finished_by(&mut lab, &customer, point, &command).await;
    }
}
