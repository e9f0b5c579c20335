//! The host crashes at every point between two durable steps, once each, and goes on.

mod deeds;
mod first_start;
mod restore;

use std::collections::{BTreeSet, HashSet};
use std::time::Duration;

use rand::RngExt as _;
use rand::rngs::StdRng;
use santun_store::faults::Point;
use santun_tests::lab::{Crowd, Lab, Order, Plan, bot, eventually, revision, seeded};
use tokio::time::sleep;

/// What brings the host to a point.
#[derive(Clone, Copy, PartialEq, Eq)]
enum By {
    /// Customers write: the point is passed again and again.
    Traffic,
    /// A test in one of the rooms beside this does it.
    Deed,
}

/// Every point is somebody's: a new one does not compile until it is said here what brings the host to it.
const fn brought_to(point: Point) -> By {
    use Point as P;
    match point {
        P::KeysAdded
        | P::IngestWritten
        | P::IngestCommitted
        | P::Received
        | P::Routed
        | P::Arrived
        | P::Decided
        | P::Asked
        | P::StepWritten
        | P::StepCommitted
        | P::StepKnown
        | P::Noted
        | P::GraphAnswered
        | P::OutboxWritten
        | P::OutboxCommitted => By::Traffic,
        P::KeyMade
        | P::Opened
        | P::Restored
        | P::Ticked
        | P::Acted
        | P::MediaFetched
        | P::MediaKept
        | P::FilesKept
        | P::Applied
        | P::KeyDestroyed
        | P::LogEmptied
        | P::ForgetWritten
        | P::Forgotten
        | P::RestoreNoted
        | P::KeysRestored
        | P::MadeWay
        | P::DataRestored
        | P::Drained => By::Deed,
    }
}

/// The host has crashed where it was asked to, and runs again; gives how many messages were being sent.
async fn crashed_and_back(lab: &mut Lab, point: Point) -> usize {
    lab.crashed(point.name()).await;
    let cut_off = lab.being_sent().await;
    lab.serve().await;
    lab.ready().await;
    cut_off
}

async fn traffic_meets(points: impl Iterator<Item = Point>, rng: &mut StdRng, settle_ms: u32) {
    let mut lab = Lab::serving(Plan { bot: bot(settle_ms), ..Plan::default() }).await;
    let mut crowds = Vec::new();
    let (mut cut_off, mut unknown) = (0, 0);
    for (at, point) in points.enumerate() {
        let times = if point == Point::KeysAdded { 1 } else { rng.random_range(1..6) };
        println!("{} at its pass {times}", point.name());
        lab.kill().await;
        cut_off += lab.being_sent().await;
        // It may come to the point as soon as it starts, with what an earlier crash has left.
        lab.begin_crashing_at(&format!("{}:{times}", point.name()));
        let crowd = Crowd::of(&lab, 6, point.name(), 2000 + u32::try_from(at).expect("few")).await;
        let writing = crowd.keep_writing(rng);
        cut_off += crashed_and_back(&mut lab, point).await;
        sleep(Duration::from_millis(200)).await;
        crowds.push((point, writing.stop().await));
    }
    for (point, crowd) in &crowds {
        match crowd.check(&lab, Order::Kept).await {
            Ok(outcome) => {
                println!("{}: {outcome:?}", point.name());
                unknown += outcome.unknown;
            }
            Err(wrong) => panic!("after a crash at {}: {wrong}", point.name()),
        }
    }
    assert!(unknown <= cut_off, "nobody knows of {unknown} answers, and the crashes met {cut_off} being sent");
    lab.stop().await;
}

fn of_traffic() -> Vec<Point> {
    Point::ALL.iter().copied().filter(|point| brought_to(*point) == By::Traffic).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crash_on_the_way_of_a_message_loses_nothing_and_repeats_nothing() {
    let mut rng = seeded();
    let points = of_traffic();
    let half = points.len() / 2;
    traffic_meets(points[..half].iter().copied(), &mut rng, 0).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crash_on_the_way_of_an_answer_loses_nothing_and_repeats_nothing() {
    let mut rng = seeded();
    let points = of_traffic();
    let half = points.len() / 2;
    traffic_meets(points[half..].iter().copied(), &mut rng, 20).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn that_nobody_knows_of_an_answer_is_not_forgotten_while_the_host_is_down() {
    let mut lab = Lab::serving(Plan::default()).await;
    lab.kill().await;
    lab.serve_crashing_at(Point::Noted.name()).await;
    lab.ready().await;
    let customer = lab.phone.customer("Yuni", "628113000400").await;
    lab.phone.writes(&customer, "satu.").await;
    crashed_and_back(&mut lab, Point::Noted).await;
    eventually("nobody knows", async || {
        let whole = lab.conversation("Yuni").await?;
        let mut said = whole["turns"].as_array()?.iter();
        said.any(|turn| turn["delivery"]["state"] == "unknown").then_some(())
    })
    .await;
    lab.kill().await;
    // It is down until after the time for which an answer blocks what is behind it.
    lab.set_clock(2);
    lab.serve().await;
    lab.ready().await;
    eventually("a human is called", async || {
        let whole = lab.conversation("Yuni").await?;
        (whole["conversation"]["request"]["reason"] == "undeliverable").then_some(())
    })
    .await;
    lab.stop().await;
}

#[test]
fn no_point_is_named_twice_and_none_is_without_its_way() {
    let ways: BTreeSet<_> = Point::ALL.iter().map(|point| point.name()).collect();
    assert_eq!(ways.len(), Point::ALL.len());
    // Whoever adds a point and calls it a deed must bring the host to it as well.
    let of_deeds = Point::ALL.iter().copied().filter(|point| brought_to(*point) == By::Deed);
    let met = [
        &first_start::MAKING_THE_KEY[..],
        &deeds::STARTING,
        &deeds::STOPPING,
        &deeds::APPLYING,
        &deeds::FORGETTING,
        &deeds::FETCHING,
        &deeds::ACTING,
        &restore::RESTORING,
    ];
    let met: Vec<Point> = met.concat();
    assert_eq!(met.iter().collect::<HashSet<_>>().len(), met.len(), "each is met by one test");
    assert_eq!(met.into_iter().collect::<HashSet<_>>(), of_deeds.collect::<HashSet<_>>());
}

/// The steps in which a plugin failed, as the log tells.
fn failed_in(lab: &Lab) -> Vec<String> {
    let log = lab.log();
    let lines = log.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
    let failed = lines.filter(|line| line["fields"]["message"] == "a plugin failed");
    failed.filter_map(|line| line["fields"]["step"].as_str().map(str::to_owned)).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_step_that_runs_again_after_a_crash_is_the_same_step() {
    let mut lab = Lab::serving(Plan::default()).await;
    // A plugin that fails says in which step it was asked.
    lab.write("next.wasm", revision('T'));
    let installed = lab.santun(&["plugin", "install", "next.wasm", "--name", "echo"]).await;
    assert_eq!(installed.code, 0, "{installed:?}");
    lab.stop().await;
    lab.serve_crashing_at(Point::Asked.name()).await;
    let customer = lab.phone.customer("Rina", "628117700001").await;
    lab.phone.writes(&customer, "halo.").await;
    crashed_and_back(&mut lab, Point::Asked).await;
    let whole = eventually("the message is decided", async || {
        let whole = lab.conversation("Rina").await?;
        whole["turns"][0]["step"].is_string().then_some(whole)
    })
    .await;
    let asked = failed_in(&lab);
    assert_eq!(asked.len(), 2, "asked before the crash and after it: {asked:?}");
    assert_eq!(asked[0], asked[1]);
    assert_eq!(whole["turns"][0]["step"], asked[0].as_str());
    assert!(whole["steps"].as_array().expect("traces").iter().any(|trace| trace["step"] == asked[0].as_str()));
}
