//! Plugins that misbehave: what becomes of them, and that another plugin answers all the same.

use std::sync::Arc;

use santun_engine::*;
use serde_json::json;

use crate::support::*;

async fn two() -> (Arc<Behaviour>, Arc<Behaviour>) {
    let engine = engine();
    (hostile(&engine, setup("bad")).await, hostile(&engine, setup("good")).await)
}

/// Does the deed, and has the other plugin answer afterwards.
async fn deed(deed: &str) -> Answer {
    let (bad, good) = two().await;
    let answer = ask(&bad, deed).await;
    assert_eq!(text(&ask(&good, "echo still here").await), "still here");
    answer
}

async fn ends_as(what: &str, code: &str, says: &str) {
    let answer = deed(what).await;
    let (found, message) = failed(&answer);
    assert_eq!(found, code, "{message}");
    assert!(message.contains(says), "{message}");
    assert!(answer.writes.is_empty());
}

#[tokio::test]
async fn a_loop_ends_at_cpu_ms() {
    ends_as("loop", "cpu_ms", "limits.cpu_ms").await;
}

#[tokio::test]
async fn memory_growth_ends_at_memory_mb() {
    let engine = engine();
    let mut small = setup("bad");
    (small.limits.memory_mb, small.limits.cpu_ms) = (8, 5_000);
    let (bad, good) = (hostile(&engine, small).await, hostile(&engine, setup("good")).await);
    let answer = ask(&bad, "grow").await;
    let (code, message) = failed(&answer);
    assert_eq!(code, "memory_mb");
    assert!(message.contains("memory_mb = 8"), "{message}");
    assert_eq!(text(&ask(&good, "echo still here").await), "still here");
}

#[tokio::test]
async fn a_panic_is_a_trap_that_repeats_what_was_said() {
    ends_as("trap", "trap", "boom, as told").await;
}

#[tokio::test]
async fn deep_recursion_is_a_trap() {
    // Which of its two stacks ends first depends on the compiler.
    ends_as("recurse", "trap", "recurse").await;
}

#[tokio::test]
async fn exit_is_a_trap() {
    ends_as("exit", "trap", "exit").await;
}

#[tokio::test]
async fn an_oversized_answer_exceeds_output_kb_whatever_its_size() {
    ends_as("oversize 100", "output_kb", "output_kb = 64").await;
    ends_as("oversize 10000", "output_kb", "output_kb = 64").await;
}

#[tokio::test]
async fn a_flood_of_randomness_ends_at_random_kb() {
    ends_as("random-flood", "random_kb", "randomness").await;
}

#[tokio::test]
async fn too_much_in_one_host_call_ends_at_host_fuel() {
    ends_as("log-big", "host_fuel", "host function").await;
}

#[tokio::test]
async fn a_flood_of_state_ends_at_state_kb() {
    ends_as("state-flood", "state_kb", "state_kb = 64").await;
}

#[tokio::test]
async fn a_flood_of_requests_ends_at_http_requests() {
    ends_as("http-flood http://127.0.0.1:1/", "http_requests", "http_requests = 4").await;
}

#[tokio::test]
async fn an_invalid_verdict_is_named_by_its_field() {
    ends_as("empty-reply", "invalid-verdict", "reply.messages").await;
}

#[tokio::test]
async fn the_plugins_own_error_is_passed_on() {
    ends_as("error", "error", "no such order").await;
}

#[tokio::test]
async fn a_flood_of_logs_is_dropped_and_counted_and_the_call_goes_on() {
    let answer = deed("log-flood").await;
    assert_eq!(text(&answer), "flooded");
    assert!(answer.logs.lines > 0 && answer.logs.dropped > 9_000, "{:?}", answer.logs);
}

#[tokio::test]
async fn a_trap_leaves_no_trace_in_state() {
    ends_as("set-then-trap k", "trap", "after a write").await;
}

#[tokio::test]
async fn a_loop_in_the_start_is_refused_and_others_go_on() {
    let engine = engine();
    let revision = engine.admit(&guest("looping-start")).await.unwrap();
    let mut setup = setup("looping");
    setup.limits.prepare_cpu_ms = 50;
    let refused = engine.ready(revision, setup).await.unwrap_err();
    assert_eq!(refused.code(), "check");
    assert!(refused.to_string().contains("prepare_cpu_ms"), "{refused}");
    let good = hostile(&engine, crate::support::setup("good")).await;
    assert_eq!(text(&ask(&good, "echo on").await), "on");
}

#[tokio::test]
async fn a_loop_or_a_trap_in_prepare_is_refused() {
    let engine = engine();
    for (deed, says) in [("loop", "prepare_cpu_ms"), ("trap", "prepare was told to")] {
        let revision = engine.admit(&guest("hostile")).await.unwrap();
        let mut setup = config(json!({ "prepare": deed }));
        setup.limits.prepare_cpu_ms = 50;
        let refused = engine.ready(revision, setup).await.unwrap_err();
        assert_eq!(refused.code(), "check");
        assert!(refused.to_string().contains(says), "{refused}");
    }
}

#[tokio::test]
async fn too_small_a_table_limit_is_named() {
    let engine = engine();
    let revision = engine.admit(&guest("hostile")).await.unwrap();
    let mut setup = setup("small");
    setup.limits.table_elements = 1;
    let refused = engine.ready(revision, setup).await.unwrap_err();
    assert!(refused.to_string().contains("table_elements = 1"), "{refused}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_looping_guests_stall_nobody_on_two_threads() {
    let engine = engine();
    let mut long = setup("bad");
    (long.limits.cpu_ms, long.limits.wall_ms) = (60_000, 600_000);
    let (bad, good) = (hostile(&engine, long).await, hostile(&engine, setup("good")).await);
    let loops: Vec<_> = (0..2)
        .map(|_| {
            let bad = bad.clone();
            tokio::spawn(async move { ask(&bad, "loop").await })
        })
        .collect();
    while bad.gauges().running < 2 {
        tokio::task::yield_now().await;
    }
    for _ in 0..20 {
        assert_eq!(text(&ask(&good, "echo through").await), "through");
    }
    // Both would loop for a minute: everybody was answered while they did.
    assert!(loops.iter().all(|task| !task.is_finished()));
    loops.iter().for_each(|task| task.abort());
}

#[tokio::test]
async fn wall_time_ends_a_call_and_names_itself() {
    let engine = engine();
    let mut short = setup("slow");
    (short.limits.cpu_ms, short.limits.wall_ms) = (60_000, 60);
    let slow = hostile(&engine, short).await;
    let answer = ask(&slow, "loop").await;
    assert_eq!(failed(&answer).0, "wall_ms");
}

#[tokio::test]
async fn repeated_failure_opens_the_breaker_and_a_good_probe_closes_it() {
    let world = Arc::new(Still::default());
    let engine = Engine::new(EngineSettings { world: world.clone(), ..settings() }).unwrap();
    let plugin = hostile(&engine, setup("flaky")).await;
    for _ in 0..5 {
        assert_eq!(failed(&ask(&plugin, "trap").await).0, "trap");
    }
    assert_eq!(failed(&ask(&plugin, "echo hi").await).0, "breaker-open");
    assert!(matches!(plugin.gauges().breaker, BreakerState::Open { .. }));
    world.pass(31);
    assert_eq!(text(&ask(&plugin, "echo hi").await), "hi");
    assert_eq!(plugin.gauges().breaker, BreakerState::Closed { failures: 0 });
}
