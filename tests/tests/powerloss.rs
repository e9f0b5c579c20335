//! The power goes, which is worse than being killed: what was written and not synced is gone, in part or whole.
#![cfg(target_os = "linux")]

use std::time::{Duration, Instant};

use rand::RngExt as _;
use rand::rngs::StdRng;
use santun_tests::lab::{Crowd, Disk, Lab, Lost, Order, PATIENCE, Plan, Syncs, Writing, bot, seeded};
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

/// Twice: at any moment, and at the nth write, so that a commit is cut in two. Nothing runs afterwards.
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
        place.lab.serve().await;
        place.lab.ready().await;
        assert!(lost.syncs > 0, "the disk sees what the host does");
        gone += lost.gone;
    }
    assert!(gone > 0, "something that was not synced was lost, or this test shows nothing");
    let crowd = place.writing.stop().await;
    let outcome = crowd.check(&place.lab, Order::Kept).await.unwrap_or_else(|wrong| panic!("{wrong}"));
    println!("{losses} losses of power: {outcome:?}");
    place.lab.stop().await;
}

/// What a host says of a database that is not as it left it.
const DAMAGE: [&str; 3] = ["malformed", "not a database", "is damaged"];

/// The last line of the log that tells of damage.
fn damage(lab: &Lab) -> Option<String> {
    lab.log().lines().rev().find(|line| DAMAGE.iter().any(|words| line.contains(words))).map(str::to_owned)
}

/// Three pairs of losses on such a disk, and what is gone of what was acknowledged, or damaged, afterwards. Nothing else
/// counts: a host that ends for another reason, or answers late, fails the test.
async fn cost_of_losses(syncs: Syncs) -> Option<String> {
    let mut place = place().await;
    for _ in 0..3 {
        power_fails(&mut place, syncs).await;
        if let Err(status) = place.lab.try_serving(&[]).await {
            let why = damage(&place.lab);
            return Some(why.unwrap_or_else(|| panic!("it ended with {status}, undamaged:\n{}", place.lab.log())));
        }
    }
    let crowd = place.writing.stop().await;
    // WhatsApp holds back nothing that it has its 200 for, so that then everything was acknowledged.
    let until = Instant::now() + PATIENCE;
    while place.lab.phone.call(reqwest::Method::GET, "/webhooks", None).await["waiting"] != 0 {
        if let Some(words) = damage(&place.lab) {
            return Some(words);
        }
        assert!(Instant::now() < until, "webhooks wait, and nothing is damaged:\n{}", place.lab.log());
        sleep(Duration::from_millis(100)).await;
    }
    match crowd.missing(&place.lab).await {
        Ok(missing) => match missing.as_slice() {
            [] => {}
            [one, ..] => return Some(format!("{} messages were acknowledged and are gone, as {one}", missing.len())),
        },
        Err(told) => {
            let why = damage(&place.lab);
            return Some(why.unwrap_or_else(|| panic!("{told}, undamaged:\n{}", place.lab.log())));
        }
    }
    let duplicates = place.lab.phone.stats().await["duplicate_sends"].clone();
    let again = (duplicates != 0).then(|| format!("{duplicates} messages reached WhatsApp twice"));
    again.or_else(|| damage(&place.lab))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_disk_that_ignores_syncs_is_found_out() {
    let cost = cost_of_losses(Syncs::Ignored).await;
    println!("{}", cost.expect("something was lost, since nothing was synced: or this test sees nothing"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_disk_that_keeps_its_word_is_found_to_by_the_same_judge() {
    assert_eq!(cost_of_losses(Syncs::Honest).await, None);
}
