//! Points to which something brings the host that does not happen with each message.

use std::time::Duration;

use reqwest::Method;
use santun_store::faults::Point;
use santun_tests::lab::{Crowd, Lab, Order, Plan, bot, eventually, seeded};
use serde_json::json;
use tokio::time::sleep;

use super::crashed_and_back;

/// A start.
pub(super) const STARTING: [Point; 2] = [Point::Opened, Point::Restored];

/// A stop.
pub(super) const STOPPING: [Point; 1] = [Point::Drained];

/// A version that is applied: the one before is served until its second point.
pub(super) const APPLYING: [Point; 2] = [Point::FilesKept, Point::Applied];

/// A person who is forgotten.
pub(super) const FORGETTING: [Point; 4] =
    [Point::KeyDestroyed, Point::LogEmptied, Point::ForgetWritten, Point::Forgotten];

/// A customer's file.
pub(super) const FETCHING: [Point; 2] = [Point::MediaFetched, Point::MediaKept];

/// A timer, and an agent.
pub(super) const ACTING: [Point; 2] = [Point::Ticked, Point::Acted];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crash_while_starting_or_stopping_is_followed_by_a_start_like_any_other() {
    let mut rng = seeded();
    let mut lab = Lab::serving(Plan::default()).await;
    let mut crowd = Crowd::of(&lab, 4, "Pagi", 3000).await;
    for point in STARTING {
        crowd.writes(&mut rng).await;
        lab.kill().await;
        crowd.writes(&mut rng).await;
        lab.begin_crashing_at(point.name());
        crashed_and_back(&mut lab, point).await;
    }
    lab.kill().await;
    let [drained] = STOPPING;
    lab.serve_crashing_at(drained.name()).await;
    lab.ready().await;
    crowd.all_write().await;
    lab.signal("TERM").await;
    crashed_and_back(&mut lab, drained).await;
    crowd.check(&lab, Order::Kept).await.unwrap_or_else(|wrong| panic!("{wrong}"));
    lab.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crash_while_a_version_is_applied_leaves_the_one_before_or_the_new_one() {
    let mut lab = Lab::serving(Plan::default()).await;
    let customer = lab.phone.customer("Tari", "628113000001").await;
    for (point, (name, served)) in APPLYING.into_iter().zip([("Dewi", false), ("Ratna", true)]) {
        lab.kill().await;
        lab.serve_crashing_at(point.name()).await;
        lab.ready().await;
        lab.write("bot.toml", bot(0).replace("Sari", name));
        let applied = lab.santun(&["apply"]).await;
        assert_ne!(applied.code, 0, "whoever applied is not told that it was done: {applied:?}");
        crashed_and_back(&mut lab, point).await;
        let exported = lab.santun(&["export"]).await;
        assert_eq!(exported.out.contains(name), served, "after a crash at {}: {exported:?}", point.name());
        let written = if served { "pesan kedua." } else { "pesan pertama." };
        lab.phone.writes(&customer, written).await;
        lab.phone.hears(&customer, written).await;
    }
    let again = lab.santun(&["apply"]).await;
    assert_eq!(again.code, 0, "{again:?}");
    lab.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crash_while_somebody_is_forgotten_ends_with_them_forgotten() {
    let mut lab = Lab::serving(Plan::default()).await;
    for (at, point) in FORGETTING.into_iter().enumerate() {
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
    for (at, point) in FETCHING.into_iter().enumerate() {
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

    let [ticked, acted] = ACTING;
    lab.kill().await;
    lab.serve_crashing_at(ticked.name()).await;
    lab.ready().await;
    // Nobody comes for longer than `no_agent_minutes`.
    lab.set_clock(6);
    crashed_and_back(&mut lab, ticked).await;
    eventually("the customer is told that nobody is there", async || {
        (lab.phone.answers(&customer).await.len() > told).then_some(())
    })
    .await;
    sleep(Duration::from_secs(2)).await;
    assert_eq!(lab.phone.answers(&customer).await.len(), told + 1, "once");

    lab.kill().await;
    lab.serve_crashing_at(acted.name()).await;
    lab.ready().await;
    let taken = lab.santun(&["conversation", "take", &id, "--as", "rina"]).await;
    assert_ne!(taken.code, 0, "{taken:?}");
    crashed_and_back(&mut lab, acted).await;
    let whole = lab.conversation("Wulan").await.expect("the conversation");
    assert_eq!(whole["line"]["owner"], "agent", "{whole}");
    let reply = lab.santun(&["conversation", "reply", &id, "Halo kak, dengan Rina", "--as", "rina"]).await;
    assert_eq!(reply.code, 0, "{reply:?}");
    lab.phone.hears(&customer, "dengan Rina").await;
    lab.stop().await;
}
