//! WASI as guests see it: empty, virtual and repeatable.

use santun_core::ids::StepId;

use crate::support::*;

#[tokio::test]
async fn there_are_no_files_no_sockets_and_no_environment() {
    let plugin = hostile(&engine(), setup("w")).await;
    assert_eq!(text(&ask(&plugin, "surroundings").await), "files false, socket false, variables 0");
}

#[tokio::test]
async fn clocks_are_virtual_sleeping_takes_no_time_and_the_wall_clock_shows_the_decision() {
    let plugin = hostile(&engine(), setup("w")).await;
    let asked = Asked::default();
    let answer = ask_as(&plugin, "clock", &asked).await;
    assert_eq!(text(&answer), format!("3600 {}", asked.now.as_millis()));
}

#[tokio::test]
async fn randomness_is_seeded_by_the_step_and_the_plugin() {
    let engine = engine();
    let (a, b) = (hostile(&engine, setup("a")).await, hostile(&engine, setup("b")).await);
    let asked = Asked::default();
    let first = ask_as(&a, "random", &asked).await;
    assert_eq!(text(&ask_as(&a, "random", &asked).await), text(&first));
    assert_ne!(text(&ask_as(&b, "random", &asked).await), text(&first));
    let step: StepId = "01890000-0000-7000-8000-000000000001".parse().unwrap();
    assert_ne!(text(&ask_as(&a, "random", &Asked { step, ..Asked::default() }).await), text(&first));
}

#[tokio::test]
async fn what_is_printed_is_logged() {
    let plugin = hostile(&engine(), setup("w")).await;
    assert_eq!(ask(&plugin, "print").await.logs.lines, 2);
}
