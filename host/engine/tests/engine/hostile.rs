//! Plugins that misbehave when they are asked: what becomes of them, how long that takes, and that
//! another plugin answers all the same.

use std::sync::Arc;

use santun_engine::*;

use crate::support::*;

async fn ends_as(deed: &str, code: &str, says: &str) {
    Two::of(&engine(), setup("bad")).await.ends_as(deed, code, says).await;
}

#[tokio::test]
async fn a_loop_ends_at_cpu_ms() {
    ends_as("loop", "cpu_ms", "limits.cpu_ms").await;
}

#[tokio::test]
async fn memory_growth_ends_at_memory_mb() {
    let mut small = setup("bad");
    (small.limits.memory_mb, small.limits.cpu_ms) = (8, 5_000);
    Two::of(&engine(), small).await.ends_as("grow", "memory_mb", "memory_mb = 8").await;
}

#[tokio::test]
async fn a_message_that_is_larger_than_the_plugins_memory_ends_at_memory_mb() {
    let mut small = setup("bad");
    small.limits.memory_mb = 2;
    let words = format!("echo {}", "x".repeat(3 << 20));
    Two::of(&engine(), small).await.ends_as(&words, "memory_mb", "memory_mb = 2").await;
}

#[tokio::test]
async fn a_panic_is_a_trap_that_repeats_what_was_said() {
    ends_as("trap", "trap", "boom, as told").await;
}

#[tokio::test]
async fn a_trap_repeats_what_was_logged_as_an_error() {
    ends_as("log-then-trap", "trap", "it said: the table of prices is empty").await;
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
async fn asking_the_host_for_ever_ends_at_cpu_ms() {
    for deed in ["ask-history", "ask-state", "ask-prepared"] {
        ends_as(deed, "cpu_ms", "limits.cpu_ms").await;
    }
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
async fn a_trap_leaves_no_trace_in_state() {
    ends_as("set-then-trap k", "trap", "after a write").await;
}

#[tokio::test]
async fn a_flood_of_logs_is_dropped_and_counted_and_the_call_goes_on() {
    let answer = Two::of(&engine(), setup("bad")).await.told("log-flood").await;
    assert_eq!(text(&answer), "flooded");
    assert!(answer.logs.lines > 0 && answer.logs.dropped > 9_000, "{:?}", answer.logs);
}

#[tokio::test]
async fn a_flood_of_prints_is_cut_off_and_the_call_goes_on() {
    let answer = Two::of(&engine(), setup("bad")).await.told("print-flood").await;
    assert_eq!(text(&answer), "printed");
    assert!(answer.logs.lines > 0 && answer.logs.lines < 1_000, "{:?}", answer.logs);
}

#[tokio::test]
async fn sleeping_for_a_century_takes_no_time() {
    let answer = Two::of(&engine(), setup("bad")).await.told("sleep 3155760000").await;
    assert_eq!(text(&answer), "3155760000");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_looping_guests_stall_nobody_on_two_threads() {
    let mut long = setup("bad");
    (long.limits.cpu_ms, long.limits.wall_ms) = (60_000, 600_000);
    let Two { bad, good, .. } = Two::of(&engine(), long).await;
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
    let mut short = setup("slow");
    (short.limits.cpu_ms, short.limits.wall_ms) = (60_000, 60);
    Two::of(&engine(), short).await.ends_as("loop", "wall_ms", "limits.wall_ms").await;
}

#[tokio::test]
async fn too_small_a_table_limit_is_named() {
    let mut small = setup("small");
    small.limits.table_elements = 1;
    let refused = refused(&engine(), "a table of one element", &guest("hostile"), small).await;
    assert!(refused.to_string().contains("table_elements = 1"), "{refused}");
}

#[tokio::test]
async fn repeated_failure_opens_the_breaker_and_a_good_probe_closes_it() {
    let world = Arc::new(Still::default());
    let engine = Engine::new(EngineSettings { world: world.clone(), ..settings() }).unwrap();
    let two = Two::of(&engine, setup("flaky")).await;
    for _ in 0..5 {
        two.ends_as("trap", "trap", "boom").await;
    }
    two.ends_as("echo hi", "breaker-open", "left alone").await;
    assert!(matches!(two.bad.gauges().breaker, BreakerState::Open { .. }));
    world.pass(31);
    assert_eq!(text(&two.told("echo hi").await), "hi");
    assert_eq!(two.bad.gauges().breaker, BreakerState::Closed { failures: 0 });
}
