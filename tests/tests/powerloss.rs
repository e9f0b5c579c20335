//! The power goes, which is worse than being killed: what was written and not synced is gone, in part or whole.
#![cfg(target_os = "linux")]

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::FutureExt as _;
use rand::RngExt as _;
use rand::rngs::StdRng;
use santun_tests::lab::{Crowd, Disk, Lab, Lost, Order, Plan, Syncs, Writing, bot, seeded};
use tokio::time::sleep;

/// Losses of power, unless `SANTUN_POWER_LOSSES` says otherwise.
const LOSSES: u32 = 20;

struct Place {
    lab: Lab,
    disk: Disk,
    writing: Writing,
    rng: StdRng,
}

/// A host on a disk that is watched, and a crowd that writes to it.
async fn place() -> Place {
    let mut rng = seeded();
    let mut lab = Lab::at_rest(Plan { bot: bot([0, 20][rng.random_range(0..2)]), ..Plan::default() }).await;
    let mut disk = Disk::under(&mut lab);
    lab.serve().await;
    let applied = lab.santun(&["apply"]).await;
    assert_eq!(applied.code, 0, "{applied:?}");
    lab.ready().await;
    // What was there before the customers came is durable, whatever the disk does with syncs.
    lab.stop().await;
    disk.settle();
    lab.serve().await;
    lab.ready().await;
    let crowd = Crowd::of(&lab, 12, "Listrik", 4000).await;
    let writing = crowd.keep_writing(&mut rng);
    Place { lab, disk, writing, rng }
}

/// Twice: at any moment, and at the nth write, so that a commit is cut in two.
async fn power_fails(place: &mut Place, syncs: Syncs) -> Lost {
    sleep(Duration::from_millis(place.rng.random_range(100..1_000))).await;
    place.lab.kill().await;
    let first = place.disk.lose_power(syncs, &mut place.rng);
    let write = place.rng.random_range(1..400);
    place.disk.ends_at(&mut place.lab, write);
    place.lab.begin_serving();
    place.lab.ended().await;
    let second = place.disk.lose_power(syncs, &mut place.rng);
    println!("{first:?}, and at write {write}: {second:?}");
    place.disk.ends_never(&mut place.lab);
    place.lab.serve().await;
    place.lab.ready().await;
    Lost { open: first.open + second.open, gone: first.gone + second.gone, syncs: first.syncs + second.syncs }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_loss_of_power_loses_nothing_that_was_acknowledged() {
    let losses = std::env::var("SANTUN_POWER_LOSSES").ok();
    let losses = losses.map_or(LOSSES, |asked| asked.parse().expect("SANTUN_POWER_LOSSES is a number"));
    let mut place = place().await;
    let mut gone = 0;
    for _ in 0..losses.div_ceil(2) {
        let lost = power_fails(&mut place, Syncs::Honest).await;
        assert!(lost.syncs > 0, "the disk sees what the host does");
        gone += lost.gone;
    }
    assert!(gone > 0, "something that was not synced was lost, or this test shows nothing");
    let crowd = place.writing.stop().await;
    let outcome = crowd.check(&place.lab, Order::Kept).await.unwrap_or_else(|wrong| panic!("{wrong}"));
    println!("{losses} losses of power: {outcome:?}");
    place.lab.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_disk_that_ignores_syncs_is_found_out() {
    let mut place = place().await;
    let fared = async move {
        for _ in 0..3 {
            power_fails(&mut place, Syncs::Ignored).await;
        }
        let crowd = place.writing.stop().await;
        crowd.check_within(Duration::from_secs(15), &place.lab, Order::Kept).await
    };
    match AssertUnwindSafe(fared).catch_unwind().await {
        Ok(Ok(outcome)) => panic!("nothing was lost though nothing was synced: this test sees nothing ({outcome:?})"),
        Ok(Err(lost)) => println!("found out: {lost}"),
        Err(_) => println!("found out: the host does not start, as said above"),
    }
}
