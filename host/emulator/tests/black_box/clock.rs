//! What happens when the clock is put forward.

use santun_emulator::Statuses;
use serde_json::json;

use crate::support::Scene;

const PATIENT: std::time::Duration = std::time::Duration::from_secs(3_600);

#[tokio::test]
async fn redelivery_goes_on_for_days_and_ends_after_seven() {
    // An hour between attempts: only the clock can bring the next one.
    let patient = |settings: &mut santun_emulator::EmulatorSettings| {
        settings.redelivery.first = PATIENT;
        settings.redelivery.longest = PATIENT;
    };
    let scene = Scene::with(patient).await;
    scene.host.answer_next([500; 50]);
    scene.budi().await;
    let attempts = |count: usize| scene.host.wait(move |webhooks| (webhooks.len() >= count).then_some(()));
    attempts(1).await;
    scene.control("/clock", json!({ "days": 6, "hours": 23 })).await;
    attempts(2).await;
    while scene.look("/stats").await["failed_attempts"] != 2 {
        tokio::task::yield_now().await;
    }
    assert_eq!(scene.look("/stats").await["updates_waiting"], 1, "it is still repeated");
    scene.control("/clock", json!({ "hours": 2 })).await;
    while scene.look("/stats").await["updates_dropped"] == 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(scene.look("/stats").await["updates_waiting"], 0);
    assert_eq!(scene.host.webhooks().len(), 2, "after seven days nobody asks again");
}

#[tokio::test]
async fn a_message_that_is_still_on_its_way_arrives_when_its_time_has_come() {
    let scene = Scene::with(|settings| {
        settings.statuses = Statuses::Delivered;
        settings.delivery_delay = PATIENT;
    })
    .await;
    scene.budi().await;
    scene.send(json!({ "text": { "body": "hai" } })).await;
    assert_eq!(scene.host.updates("statuses", 1).await.len(), 1);
    scene.control("/clock", json!({ "hours": 1 })).await;
    assert_eq!(scene.host.updates("statuses", 2).await[1]["status"], "delivered");
}

#[tokio::test]
async fn the_clock_goes_forward_by_at_most_forty_days_at_a_time() {
    let scene = Scene::start().await;
    assert_eq!(scene.control_refuses("/clock", json!({ "days": 41 })).await.0, 400);
    let clock = scene.control("/clock", json!({ "days": 40 })).await;
    assert_eq!(clock["ahead_ms"], 40_i64 * 24 * 3600 * 1000);
}
