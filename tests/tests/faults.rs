//! The host crashes at every point between two durable steps, once each, and goes on.

use std::collections::BTreeSet;
use std::time::Duration;

use rand::RngExt as _;
use rand::rngs::StdRng;
use reqwest::Method;
use santun_store::faults::Point;
use santun_tests::lab::{Crowd, Lab, Order, Plan, bot, eventually, revision, seeded};
use serde_json::json;
use tokio::time::sleep;

/// What brings the host to a point.
#[derive(Clone, Copy, PartialEq, Eq)]
enum By {
    /// Customers write: the point is passed again and again.
    Traffic,
    /// A test does it: one below, or in `first_start.rs` or `operations/restore.rs`.
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

/// The host has crashed where it was asked to, and runs again.
async fn crashed_and_back(lab: &mut Lab, point: Point) {
    lab.crashed(point.name()).await;
    lab.serve().await;
    lab.ready().await;
}

async fn traffic_meets(points: impl Iterator<Item = Point>, rng: &mut StdRng, settle_ms: u32) {
    let mut lab = Lab::serving(Plan { bot: bot(settle_ms), ..Plan::default() }).await;
    let mut crowds = Vec::new();
    for (at, point) in points.enumerate() {
        let times = if point == Point::KeysAdded { 1 } else { rng.random_range(1..6) };
        println!("{} at its pass {times}", point.name());
        lab.kill().await;
        // It may come to the point as soon as it starts, with what an earlier crash has left.
        lab.begin_crashing_at(&format!("{}:{times}", point.name()));
        let crowd = Crowd::of(&lab, 6, point.name(), 2000 + u32::try_from(at).expect("few")).await;
        let writing = crowd.keep_writing(rng);
        crashed_and_back(&mut lab, point).await;
        sleep(Duration::from_millis(200)).await;
        crowds.push((point, writing.stop().await));
    }
    for (point, crowd) in &crowds {
        match crowd.check(&lab, Order::Kept).await {
            Ok(outcome) => println!("{}: {outcome:?}", point.name()),
            Err(wrong) => panic!("after a crash at {}: {wrong}", point.name()),
        }
    }
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
async fn a_crash_while_starting_or_stopping_is_followed_by_a_start_like_any_other() {
    let mut rng = seeded();
    let mut lab = Lab::serving(Plan::default()).await;
    let mut crowd = Crowd::of(&lab, 4, "Pagi", 3000).await;
    for point in [Point::Opened, Point::Restored] {
        crowd.writes(&mut rng).await;
        lab.kill().await;
        crowd.writes(&mut rng).await;
        lab.begin_crashing_at(point.name());
        crashed_and_back(&mut lab, point).await;
    }
    lab.kill().await;
    lab.serve_crashing_at(Point::Drained.name()).await;
    lab.ready().await;
    crowd.all_write().await;
    lab.signal("TERM").await;
    crashed_and_back(&mut lab, Point::Drained).await;
    crowd.check(&lab, Order::Kept).await.unwrap_or_else(|wrong| panic!("{wrong}"));
    lab.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crash_while_a_version_is_applied_leaves_the_one_before_or_the_new_one() {
    let mut lab = Lab::serving(Plan::default()).await;
    let customer = lab.phone.customer("Tari", "628113000001").await;
    for (point, name, served) in [(Point::FilesKept, "Dewi", false), (Point::Applied, "Ratna", true)] {
        lab.kill().await;
        lab.serve_crashing_at(point.name()).await;
        lab.ready().await;
        lab.write("bot.toml", bot(0).replace("Sari", name));
        let applied = lab.santun(&["apply"]).await;
        assert_ne!(applied.code, 0, "whoever applied is not told that it was done: {applied:?}");
        crashed_and_back(&mut lab, point).await;
        let exported = lab.santun(&["export"]).await;
        assert_eq!(exported.out.contains(name), served, "after a crash at {}: {exported:?}", point.name());
        lab.phone.writes(&customer, &format!("halo {}.", point.name())).await;
        lab.phone.hears(&customer, point.name()).await;
    }
    let again = lab.santun(&["apply"]).await;
    assert_eq!(again.code, 0, "{again:?}");
    lab.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crash_while_somebody_is_forgotten_ends_with_them_forgotten() {
    let mut lab = Lab::serving(Plan::default()).await;
    let points = [Point::KeyDestroyed, Point::LogEmptied, Point::ForgetWritten, Point::Forgotten];
    for (at, point) in points.into_iter().enumerate() {
        let name = format!("Lupa {at}");
        let number = format!("62811300010{at}");
        let customer = lab.phone.customer(&name, &number).await;
        lab.phone.writes(&customer, "rahasia pertama.").await;
        lab.phone.hears(&customer, "pertama.").await;
        let before = lab.conversation(&name).await.expect("the conversation");
        let contact = before["conversation"]["contact"].as_str().expect("the contact's id").to_owned();
        lab.kill().await;
        lab.serve_crashing_at(point.name()).await;
        lab.ready().await;
        let token = lab.token();
        let path = format!("/api/v1/contacts/{contact}");
        let asked = lab.request(Method::DELETE, &path).bearer_auth(token).send().await;
        assert!(asked.is_err(), "whoever asked is not told that it was done");
        crashed_and_back(&mut lab, point).await;
        // The writer's first batch removes what is left: the start itself brings one.
        let (status, _) = lab.api(Method::GET, &format!("/contacts/{contact}"), None).await;
        assert_eq!(status, 404, "{}", point.name());
        assert!(lab.conversation(&name).await.is_none(), "{}: the conversation is gone", point.name());
        let id = before["line"]["id"].as_str().expect("an id");
        let (status, _) = lab.api(Method::GET, &format!("/conversations/{id}"), None).await;
        assert_eq!(status, 404, "{}", point.name());
        let left = lab
            .number_in("santun.db", "SELECT COUNT(*) FROM contacts WHERE person IS NOT NULL AND forgotten_at IS NULL")
            .await;
        assert_eq!(left, 0, "{}: nothing of them is left in the data", point.name());
        let noted = lab.number_in("santun-keys.db", "SELECT COUNT(*) FROM forgetting").await;
        assert_eq!(noted, 0, "{}: the note that they are being forgotten is gone too", point.name());
        // Whoever writes again is somebody new; they go too, so that the next look finds nobody.
        lab.phone.writes(&customer, "rahasia kedua.").await;
        lab.phone.hears(&customer, "kedua.").await;
        let now = lab.conversation(&name).await.expect("a new conversation");
        assert_ne!(now["conversation"]["contact"], before["conversation"]["contact"]);
        let (status, _) = lab
            .api(
                Method::DELETE,
                &format!("/contacts/{}", now["conversation"]["contact"].as_str().expect("an id")),
                None,
            )
            .await;
        assert_eq!(status, 204);
    }
    lab.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crash_while_a_file_is_fetched_does_not_lose_the_file() {
    let mut lab = Lab::serving(Plan::default()).await;
    for (at, point) in [Point::MediaFetched, Point::MediaKept].into_iter().enumerate() {
        let name = format!("Foto {at}");
        let customer = lab.phone.customer(&name, &format!("62811300020{at}")).await;
        lab.kill().await;
        lab.serve_crashing_at(point.name()).await;
        lab.ready().await;
        lab.phone.sends(&customer, json!({ "type": "image", "caption": "ini fotonya." })).await;
        crashed_and_back(&mut lab, point).await;
        eventually("the file is there", async || {
            let whole = lab.conversation(&name).await?;
            let turns = whole["turns"].as_array()?.iter();
            let turn = turns.filter(|turn| turn["by"] == "customer").find_map(|turn| turn["id"].as_str())?.to_owned();
            let (status, _) = lab.api(Method::GET, &format!("/turns/{turn}/media"), None).await;
            (status == 200).then_some(())
        })
        .await;
    }
    lab.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crash_while_an_agent_acts_or_a_timer_goes_off_does_it_once() {
    let mut lab = Lab::serving(Plan::default()).await;
    assert_eq!(lab.santun(&["user", "add", "rina", "--name", "Rina"]).await.code, 0);
    let customer = lab.phone.customer("Wulan", "628113000300").await;
    lab.phone.writes(&customer, "mau bicara dengan manusia").await;
    let id = eventually("a human is called", async || {
        let whole = lab.conversation("Wulan").await?;
        (whole["line"]["owner"] == "queue").then(|| whole["line"]["id"].as_str().expect("an id").to_owned())
    })
    .await;
    let told = lab.phone.answers(&customer).await.len();

    lab.kill().await;
    lab.serve_crashing_at(Point::Ticked.name()).await;
    lab.ready().await;
    // Nobody comes for longer than `no_agent_minutes`.
    lab.set_clock(6);
    crashed_and_back(&mut lab, Point::Ticked).await;
    eventually("the customer is told that nobody is there", async || {
        (lab.phone.answers(&customer).await.len() > told).then_some(())
    })
    .await;
    sleep(Duration::from_secs(2)).await;
    assert_eq!(lab.phone.answers(&customer).await.len(), told + 1, "once");

    lab.kill().await;
    lab.serve_crashing_at(Point::Acted.name()).await;
    lab.ready().await;
    let taken = lab.santun(&["conversation", "take", &id, "--as", "rina"]).await;
    assert_ne!(taken.code, 0, "{taken:?}");
    crashed_and_back(&mut lab, Point::Acted).await;
    let whole = lab.conversation("Wulan").await.expect("the conversation");
    assert_eq!(whole["line"]["owner"], "agent", "{whole}");
    let reply = lab.santun(&["conversation", "reply", &id, "Halo kak, dengan Rina", "--as", "rina"]).await;
    assert_eq!(reply.code, 0, "{reply:?}");
    lab.phone.hears(&customer, "dengan Rina").await;
    lab.stop().await;
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
    assert!(Point::ALL.iter().any(|point| brought_to(*point) == By::Deed));
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
